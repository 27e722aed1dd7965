/** Connections by Node's streams. */

import { readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import type { Endpoint } from "../../endpoint.ts";
import type { EndpointSocket, Network } from "../network.ts";
import { failures } from "./failures.ts";
import { StreamSource } from "./stream_source.ts";

async function connect(endpoint: Endpoint): Promise<EndpointSocket> {
  const socket = await begin(endpoint);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(endpoint.transport === "tls" ? "secureConnect" : "connect", resolve);
      socket.on("error", reject);
      // A peer may hang up in the midst of a handshake.
      socket.once("close", () => reject(new Error("the server closed the connection")));
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return new StreamSocket(socket);
}

async function begin(endpoint: Endpoint): Promise<Socket> {
  if (endpoint.transport === "unix") return connectPlain({ path: endpoint.path });
  const place = { host: endpoint.hostname, port: endpoint.port };
  if (endpoint.transport === "tcp") return connectPlain(place);
  const { caFile, insecure } = endpoint;
  // Loaded only here, as it takes a while.
  const { connect: connectTls, rootCertificates } = await import("node:tls");
  // What is given here comes in the place of what is trusted otherwise.
  const ca = caFile === undefined ? undefined : [...rootCertificates, certificatesIn(caFile)];
  return connectTls({ ...place, ca, rejectUnauthorized: !insecure });
}

/** @throws an error that names the file, unlike the system's */
function certificatesIn(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${path} cannot be read: ${failures.messageOf(error)}`);
  }
}

class StreamSocket extends StreamSource implements EndpointSocket {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super(socket);
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      // A copy, as the caller may change its bytes as soon as they are taken.
      this.#socket.write(bytes.slice(), (error) => {
        if (error) reject(error);
        else resolve(bytes.length);
      });
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

export const network: Network = { connect };
