/** Sockets by Deno: its listeners and connections are what the server works with, as they are. */

import type { Network } from "../socket.ts";

export const denoNetwork: Network = {
  listen: ({ hostname, port, backlog }) => Deno.listen({ hostname, port, tcpBacklog: backlog }),
};
