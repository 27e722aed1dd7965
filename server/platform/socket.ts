/**
 * A connected socket, as the server needs it of the runtime. It is the runtime's own object, not one
 * around it: the loop of a connection calls the runtime directly.
 */

/** One end of a connection. */
export interface NetAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface Socket {
  readonly remoteAddr: NetAddress;
  readonly localAddr: NetAddress;
  /** Waits for bytes and puts them into `buffer`. @returns how many, null at the end */
  read(buffer: Uint8Array): Promise<number | null>;
  /** @returns how many of the bytes were taken */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends the connection. @throws where it has ended already */
  close(): void;
}
