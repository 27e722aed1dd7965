/** Connections without a socket: two pipes, and an end for each side. */

import type { Socket as NodeSocket } from "node:net";
import type { NetAddress, Socket } from "../../server/platform/socket.ts";
import { clientEnd } from "./client_end.ts";
import { Pipe } from "./pipe.ts";
import { ServerEnd } from "./server_end.ts";

const MAX_PORT = 65_535;

let lastPort = 0;

/**
 * Connects to a server. Its list of clients shows the connection as one from this machine, from a port
 * that counts up from 1: the system gives none of the first thousand to those who connect.
 *
 * @param admit has the server serve its end
 */
export function connect(server: NetAddress, admit: (socket: Socket) => void): NodeSocket {
  lastPort = lastPort % MAX_PORT + 1;
  const client: NetAddress = { hostname: "127.0.0.1", port: lastPort };
  const requests = new Pipe();
  const replies = new Pipe();
  const stream = clientEnd(requests, replies, { client, server });
  admit(new ServerEnd(requests, replies, client, server));
  return stream;
}
