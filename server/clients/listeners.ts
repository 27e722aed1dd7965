/**
 * Opening the sockets that a server listens on, from Redis's `bind` words.
 *
 * The default asks for every address of both families. One dual-stack IPv6 socket serves them all,
 * and where the system has no IPv6, one IPv4 socket takes its place.
 */

import type { Config } from "../config/config.ts";

/** Listens on every address of the configuration. @throws what Deno.listen throws */
export function openListeners(config: Config): Deno.TcpListener[] {
  const wanted = config.bind.map((word) => ({
    hostname: hostnameOf(word.replace(/^-/, "")),
    optional: word.startsWith("-"),
  }));
  const hostnames = new Set(wanted.map(({ hostname }) => hostname));
  if (hostnames.has("::") && hostnames.has("0.0.0.0")) return [listenOnAll(config)];
  const listeners: Deno.TcpListener[] = [];
  let { port } = config;
  try {
    for (const { hostname, optional } of wanted) {
      try {
        const listener = listen(hostname, port, config.tcpBacklog);
        listeners.push(listener);
        // Port 0 asks for any free port, but for the same one on every address.
        port = listener.addr.port;
      } catch (error) {
        if (!optional || !(error instanceof Deno.errors.AddrNotAvailable)) throw error;
      }
    }
    if (listeners.length === 0) {
      throw new Deno.errors.AddrNotAvailable("none of the addresses to bind to is available");
    }
    return listeners;
  } catch (error) {
    for (const listener of listeners) listener.close();
    throw error;
  }
}

function listenOnAll({ port, tcpBacklog }: Config): Deno.TcpListener {
  try {
    return listen("::", port, tcpBacklog);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.NotCapable) {
      throw error;
    }
    return listen("0.0.0.0", port, tcpBacklog);
  }
}

function listen(hostname: string, port: number, tcpBacklog: number): Deno.TcpListener {
  return Deno.listen({ hostname, port, tcpBacklog });
}

/** Redis writes all addresses of a family as `*` and `::*`. */
function hostnameOf(word: string): string {
  if (word === "*") return "0.0.0.0";
  if (word === "::*") return "::";
  return word;
}
