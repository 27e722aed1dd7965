/** Where the server was to listen beside its port, and could not. */

import { failures } from "../platform/platform.ts";

export class EndpointError extends Error {
  override name = "EndpointError";

  /**
   * @param setting the one that asks for it: "tls-port", …
   * @param value a port, or a path
   * @param cause what listening threw
   */
  constructor(
    readonly setting: "tls-port" | "unixsocket" | "metrics-port",
    readonly value: string | number,
    override readonly cause: unknown,
  ) {
    super(`cannot listen for ${setting} ${value}: ${failures.messageOf(cause)}`);
  }
}
