/** A socket that speaks TLS, by Node: the handshake is made as its first bytes come. */

import type tls from "node:tls";
import { after, cancel } from "../../../structures/real_time.ts";
import type { SocketAddress } from "../socket.ts";
import { NetSocket, SocketClosedError } from "./net_socket.ts";

/** So long a peer may take to read what it is told at the end. */
const GOODBYE_MS = 1000;

export class TlsNetSocket extends NetSocket {
  readonly #secure: tls.TLSSocket;
  readonly #agreed: Promise<void>;

  constructor(secure: tls.TLSSocket, remoteAddr: SocketAddress, localAddr: SocketAddress) {
    super(secure, remoteAddr, localAddr);
    this.#secure = secure;
    this.#agreed = new Promise((resolve, reject) => {
      secure.once("secure", resolve);
      // How a server that Node does not know of is told what a handshake failed with.
      secure.once("_tlsError", (error: Error) => secure.destroy(error));
      secure.once("error", reject);
      secure.once("close", () => reject(new SocketClosedError("the socket is closed")));
    });
    this.#agreed.catch(() => {});
  }

  handshake(): Promise<void> {
    return this.#agreed;
  }

  /** The bytes of TLS are Node's own, which tells when they are on their way. */
  override write(bytes: Uint8Array): Promise<number> {
    return this.writeAndWait(bytes, bytes.length);
  }

  /** Says goodbye in TLS's way, unless there is still something else to be said. */
  override close(): void {
    const secure = this.#secure;
    if (secure.destroyed || secure.writableLength > 0) return super.close();
    secure.end();
    const timer = after(GOODBYE_MS, () => super.close());
    secure.once("finish", () => {
      cancel(timer);
      super.close();
    });
  }
}
