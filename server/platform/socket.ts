/**
 * Sockets, as the server needs them of the runtime. A socket is the runtime's own object, not one
 * around it: the loop of a connection calls the runtime directly.
 */

/** One end of a connection, or where a listener listens. */
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
  /** Whether small writes are sent at once, without waiting for more. */
  setNoDelay(noDelay: boolean): void;
  /** Whether the system asks now and then if a silent peer is still there. It decides how often. */
  setKeepAlive(keepAlive: boolean): void;
  /** Ends the connection. @throws where it has ended already */
  close(): void;
}

export interface Listener {
  readonly addr: NetAddress;
  /** Waits for the next connection. Fails for a peer that is gone again, and once it is closed. */
  accept(): Promise<Socket>;
  close(): void;
}

export interface ListenOptions {
  readonly hostname: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Connections that may wait to be accepted. */
  readonly backlog: number;
}

export interface Network {
  /** @throws where it is not permitted, or the address is in use, malformed or not this machine's */
  listen(options: ListenOptions): Listener;
}
