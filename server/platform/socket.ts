/**
 * Sockets, as the server needs them of the runtime. A socket is the runtime's own object, not one
 * around it: the loop of a connection calls the runtime directly.
 */

/** One end of a connection, or where a listener listens. */
export interface NetAddress {
  readonly hostname: string;
  readonly port: number;
}

/** The same of a Unix socket: a file's path; null at the end that has connected to it. */
export interface PathAddress {
  readonly path: string | null;
}

export type SocketAddress = NetAddress | PathAddress;

export interface Socket {
  readonly remoteAddr: SocketAddress;
  readonly localAddr: SocketAddress;
  /** Waits for bytes and puts them into `buffer`. @returns how many, null at the end */
  read(buffer: Uint8Array): Promise<number | null>;
  /** @returns how many of the bytes were taken */
  write(bytes: Uint8Array): Promise<number>;
  /** Whether small writes are sent at once, without waiting for more. Plain TCP alone has it. */
  setNoDelay?(noDelay: boolean): void;
  /**
   * Whether the system asks now and then if a silent peer is still there. It decides how often. Plain
   * TCP alone has it.
   */
  setKeepAlive?(keepAlive: boolean): void;
  /** Settles when both sides have agreed on keys; the first read does so too. Only TLS has it. */
  handshake?(): Promise<unknown>;
  /** Lets the process end while the connection is open. */
  unref?(): void;
  /** Ends the connection. @throws where it has ended already */
  close(): void;
}

export interface Listener {
  readonly addr: SocketAddress;
  /** Waits for the next connection. Fails for a peer that is gone again, and once it is closed. */
  accept(): Promise<Socket>;
  close(): void;
  /** Lets the process end while it listens. */
  unref(): void;
}

export interface ListenOptions {
  readonly hostname: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Connections that may wait to be accepted. */
  readonly backlog: number;
}

/** A listener with an address of the network. */
export interface NetListener extends Listener {
  readonly addr: NetAddress;
}

/** What a server of TLS shows of itself, in PEM. */
export interface TlsIdentity {
  /** Its certificate, and those that vouch for it behind it. */
  readonly certificates: string;
  readonly privateKey: string;
}

export interface Network {
  /** Rejects where it is not permitted, or the address is in use, malformed or not this machine's. */
  listen(options: ListenOptions): Promise<NetListener>;
  /**
   * As {@linkcode Network.listen}, with TLS 1.2 and 1.3. Clients are not asked for certificates. A
   * connection is accepted before its handshake, which its first read or write brings about. Rejects
   * also where the certificates or the key cannot be used, or do not belong together.
   */
  listenTls(options: ListenOptions & TlsIdentity): Promise<NetListener>;
  /**
   * Listens on a Unix socket, a file that must not be there yet; closing the listener removes it.
   * Rejects where it is not permitted or the path is taken, too long, or in no directory.
   *
   * @param mode the file's permissions; undefined for what the system makes of a new one
   */
  listenUnix(path: string, mode: number | undefined): Promise<Listener>;
}
