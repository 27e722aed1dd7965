/**
 * Connections by Deno: the client works with them as they are. Its TLS always checks certificates;
 * Node's part of Deno does not where it is told so, and is loaded then alone, as that takes a while.
 */

import type { Endpoint } from "../../endpoint.ts";
import type { EndpointSocket, Network } from "../network.ts";

async function connect(endpoint: Endpoint): Promise<EndpointSocket> {
  if (endpoint.transport === "unix") {
    return await Deno.connect({ transport: "unix", path: endpoint.path });
  }
  const { hostname, port } = endpoint;
  if (endpoint.transport === "tcp") {
    const socket = await Deno.connect({ hostname, port });
    socket.setNoDelay(true);
    return socket;
  }
  if (endpoint.insecure) {
    const { network } = await import("../node/network.ts");
    return await network.connect(endpoint);
  }
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

export const network: Network = { connect };
