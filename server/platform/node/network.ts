/** Sockets by Node: TCP, Unix sockets, and TLS, whose module is loaded when it is wanted. */

import { Buffer } from "node:buffer";
import fs from "node:fs";
import net from "node:net";
import { dirname } from "node:path";
import process from "node:process";
import type { NetAddress, Network, PathAddress } from "../socket.ts";
import { type Ends, listenPlain, NetListener, readByEvents } from "./net_listener.ts";
import { TlsNetSocket } from "./tls_socket.ts";

/** What the system has room for; some versions of Node would listen on what is left of a longer one. */
const MAX_SOCKET_PATH_BYTES = process.platform === "linux" ? 107 : 103;

function addressOf(server: net.Server): NetAddress {
  const { address, port } = server.address() as net.AddressInfo;
  return { hostname: address, port };
}

/** Undefined where the peer is gone again: then nobody knows any more who it was. */
function endsOf(socket: net.Socket): Ends {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined || localAddress === undefined) return undefined;
  return [
    { hostname: remoteAddress, port: remotePort ?? 0 },
    { hostname: localAddress, port: localPort ?? 0 },
  ];
}

export const network: Network = {
  listen: ({ hostname: host, port, backlog }) =>
    listenPlain({ host, port, backlog }, addressOf, endsOf),

  async listenTls({ hostname: host, port, backlog, certificates, privateKey }) {
    const tls = await import("node:tls");
    const secureContext = tls.createSecureContext({
      cert: certificates,
      key: privateKey,
      minVersion: "TLSv1.2",
    });
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const listener = new NetListener<NetAddress>(server);
    server.on("connection", (plain) => {
      const ends = endsOf(plain);
      if (ends === undefined) return void plain.destroy();
      const secure = new tls.TLSSocket(plain, { isServer: true, secureContext });
      listener.arrived(readByEvents(secure, () => new TlsNetSocket(secure, ...ends)));
    });
    await listener.listen({ host, port, backlog }, addressOf);
    return listener;
  },

  async listenUnix(path, mode) {
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
      throw new Error(`the path is longer than ${MAX_SOCKET_PATH_BYTES} bytes`);
    }
    // Node takes a folder that is missing for one that may not be entered.
    fs.statSync(dirname(path));
    const ends: readonly [PathAddress, PathAddress] = [{ path: null }, { path }];
    const listener = await listenPlain({ path }, () => ends[1], () => ends);
    try {
      if (mode !== undefined) fs.chmodSync(path, mode);
    } catch (error) {
      listener.close();
      throw error;
    }
    return listener;
  },
};
