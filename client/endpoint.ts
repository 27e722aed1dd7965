/**
 * Where a server is: behind TCP, TLS over it, or a Unix socket.
 *
 * ```
 * 127.0.0.1:1234            redis://127.0.0.1:1234
 * 127.0.0.1:6380 (TLS)      rediss://127.0.0.1:6380
 * /run/ravel.sock
 * ```
 */

export type Endpoint = TcpEndpoint | TlsEndpoint | UnixEndpoint;

interface TcpEndpoint {
  readonly transport: "tcp";
  readonly hostname: string;
  readonly port: number;
}

export interface TlsEndpoint {
  readonly transport: "tls";
  readonly hostname: string;
  readonly port: number;
  /** A file, in PEM, with certificates that are trusted beside those that the runtime trusts. */
  readonly caFile?: string;
  /** Whether any certificate is taken, whoever it belongs to. */
  readonly insecure: boolean;
}

interface UnixEndpoint {
  readonly transport: "unix";
  readonly path: string;
}

/** An address as people write it: IPv6 in brackets; a path as it is. */
export function shownEndpoint(endpoint: Endpoint): string {
  return endpoint.transport === "unix" ? endpoint.path : hostPort(endpoint.hostname, endpoint.port);
}

export function hostPort(hostname: string, port: number): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
