/** Sockets by Deno: its listeners and connections are what the server works with, as they are. */

import type { Network } from "../socket.ts";

// Deno listens at once; what it throws is what the promises reject with.
export const network: Network = {
  async listen({ hostname, port, backlog }) {
    return await Deno.listen({ hostname, port, tcpBacklog: backlog });
  },
  async listenTls({ hostname, port, backlog, certificates, privateKey }) {
    const identity = { cert: certificates, key: privateKey };
    return await Deno.listenTls({ hostname, port, tcpBacklog: backlog, ...identity });
  },
  async listenUnix(path, mode) {
    const listener = await Deno.listen({ transport: "unix", path });
    try {
      if (mode !== undefined) Deno.chmodSync(path, mode);
    } catch (error) {
      listener.close();
      throw error;
    }
    return listener;
  },
};
