/**
 * The two ends of a connection: how clients are shown, and who is on this machine. A Unix socket has
 * one address, that of its file, and both ends are shown by it, with the port 0, as Redis does.
 */

import { type ByteString, byteStringOfText } from "../../structures/bytes/byte_string.ts";
import type { SocketAddress } from "../platform/socket.ts";

/** Both ends. */
export interface Ends {
  readonly remoteAddress: SocketAddress;
  readonly localAddress: SocketAddress;
}

/** Whether the peer is on this machine. */
export function isLocal({ remoteAddress }: Pick<Ends, "remoteAddress">): boolean {
  return "path" in remoteAddress || isLoopback(remoteAddress.hostname);
}

/** Whether an address of a peer is this machine's own: 127.0.0.0/8, ::1, or the former in IPv6. */
export function isLoopback(hostname: string): boolean {
  return hostname === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * One of the ends: `host:port`, an IPv6 host in brackets, an IPv4 host plain even where the socket is
 * dual-stack; `path:0` of a Unix socket.
 */
export function shownAddress(address: SocketAddress, { localAddress }: Ends): ByteString {
  if ("path" in address) {
    const path = "path" in localAddress ? localAddress.path : address.path;
    return `${byteStringOfText(path ?? "")}:0`;
  }
  const { hostname, port } = address;
  const host = hostname.startsWith("::ffff:") ? hostname.slice(7) : hostname;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
