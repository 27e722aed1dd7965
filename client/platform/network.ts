/** The way to a server. */

import type { Endpoint } from "../endpoint.ts";
import type { ByteSource } from "./terminal.ts";

/** What a client needs of a connection. */
export interface EndpointSocket extends ByteSource {
  /** @returns how many of the bytes were taken */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends the connection, and reads and writes that wait with it. */
  close(): void;
}

export interface Network {
  /**
   * Connects, over TLS up to keys that both sides have agreed on. Rejects where nobody answers, and
   * where a certificate cannot be read or is not to be trusted.
   */
  connect(endpoint: Endpoint): Promise<EndpointSocket>;
}
