/** A server that a load goes to: the way there, and what every connection says first. */

import type { Endpoint } from "../../client/endpoint.ts";
import type { EndpointSocket } from "../../client/platform/network.ts";
import { network } from "../../client/platform/platform.ts";
import { prepareConnection } from "./opening.ts";

export interface ReachedServer {
  readonly endpoint: Endpoint;
  /** Requests that log in and choose a database; none for a server without passwords. */
  readonly greeting: readonly (readonly string[])[];
}

/** A server of this machine that lets everybody in. */
export function localServer(port: number, hostname = "127.0.0.1"): ReachedServer {
  return { endpoint: { transport: "tcp", hostname, port }, greeting: [] };
}

/**
 * A connection that has said its greeting, in the protocol that it is going to speak. Rejects where one
 * of its requests fails.
 */
export async function connectToServer(
  { endpoint, greeting }: ReachedServer,
  protocol: "resp" | "native" = "resp",
): Promise<EndpointSocket> {
  const socket = await network.connect(endpoint);
  try {
    for (const request of greeting) await prepareConnection(socket, request, protocol);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
