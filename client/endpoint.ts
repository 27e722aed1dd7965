/**
 * Where a server is, and the way to it: TCP, TLS over it, or a Unix socket.
 *
 * ```
 * 127.0.0.1:1234            redis://127.0.0.1:1234
 * 127.0.0.1:6380 (TLS)      rediss://127.0.0.1:6380
 * /run/ravel.sock
 * ```
 */

import { connectUnverified } from "./unverified_tls.ts";

export type Endpoint = TcpEndpoint | TlsEndpoint | UnixEndpoint;

interface TcpEndpoint {
  readonly transport: "tcp";
  readonly hostname: string;
  readonly port: number;
}

interface TlsEndpoint {
  readonly transport: "tls";
  readonly hostname: string;
  readonly port: number;
  /** A file, in PEM, with certificates that are trusted beside those that Deno trusts. */
  readonly caFile?: string;
  /** Whether any certificate is taken, whoever it belongs to. */
  readonly insecure: boolean;
}

interface UnixEndpoint {
  readonly transport: "unix";
  readonly path: string;
}

/** What a client needs of a connection. */
export interface EndpointSocket {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/** Connects, over TLS up to keys that both sides have agreed on. Rejects with what Deno rejects with. */
export async function connectTo(endpoint: Endpoint): Promise<EndpointSocket> {
  if (endpoint.transport === "unix") {
    return await Deno.connect({ transport: "unix", path: endpoint.path });
  }
  const { hostname, port } = endpoint;
  if (endpoint.transport === "tcp") {
    const socket = await Deno.connect({ hostname, port });
    socket.setNoDelay(true);
    return socket;
  }
  if (endpoint.insecure) return await connectUnverified(hostname, port);
  const { caFile } = endpoint;
  const caCerts = caFile === undefined ? [] : [await Deno.readTextFile(caFile)];
  const socket = await Deno.connectTls({ hostname, port, caCerts });
  try {
    await socket.handshake();
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** An address as people write it: IPv6 in brackets; a path as it is. */
export function shownEndpoint(endpoint: Endpoint): string {
  return endpoint.transport === "unix" ? endpoint.path : hostPort(endpoint.hostname, endpoint.port);
}

export function hostPort(hostname: string, port: number): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
