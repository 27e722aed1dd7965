/**
 * Connections by Node's streams. Its modules are loaded when something is to connect, and those of
 * TLS when that is asked for: a program that only serves has the client in it too.
 */

import type { Socket } from "node:net";
import type { Endpoint, TlsEndpoint } from "../../endpoint.ts";
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
  if (endpoint.transport === "tls") return await beginTls(endpoint);
  const { connect } = await import("node:net");
  return endpoint.transport === "unix"
    ? connect({ path: endpoint.path })
    : connect({ host: endpoint.hostname, port: endpoint.port });
}

async function beginTls({ caFile, hostname, insecure, port }: TlsEndpoint): Promise<Socket> {
  const { connect, rootCertificates } = await import("node:tls");
  // What is given here comes in the place of what is trusted otherwise.
  const ca = caFile === undefined ? undefined : [...rootCertificates, await certificatesIn(caFile)];
  return connect({ host: hostname, port, ca, rejectUnauthorized: !insecure });
}

/** Rejects with an error that names the file, unlike the system's. */
async function certificatesIn(path: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path, "utf8");
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
