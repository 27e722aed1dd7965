/** Sockets by Deno: its listeners and connections are what the server works with, as they are. */

import type { Listener, Network } from "../socket.ts";

function listenUnix(path: string, mode: number | undefined): Listener {
  const listener = Deno.listen({ transport: "unix", path });
  try {
    if (mode !== undefined) Deno.chmodSync(path, mode);
  } catch (error) {
    listener.close();
    throw error;
  }
  return listener;
}

export const network: Network = {
  listen: ({ hostname, port, backlog }) => Deno.listen({ hostname, port, tcpBacklog: backlog }),
  listenTls: ({ hostname, port, backlog, certificates, privateKey }) =>
    Deno.listenTls({ hostname, port, tcpBacklog: backlog, cert: certificates, key: privateKey }),
  listenUnix,
};
