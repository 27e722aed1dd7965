/**
 * Listeners of Node, which hands each connection to a function, as the server wants them: somebody
 * asks for the next.
 *
 * ```
 * Node ──▶ whoever waits for a connection     or, where nobody does, #arrived
 * ```
 *
 * Of plain connections Node has an inner way that takes no buffer for each read: all sockets share
 * one, and what comes is copied to where it is wanted. It takes the connection's handle before Node makes
 * a socket of it. Where there is no such handle (Bun has none, which reads well without), Node's own
 * sockets are read by their events.
 */

import net from "node:net";
import type { Listener, Socket, SocketAddress } from "../socket.ts";
import { NetSocket, SocketClosedError } from "./net_socket.ts";

export class NetListener<A extends SocketAddress> implements Listener {
  readonly #server: net.Server;
  #addr: A | undefined;
  readonly #arrived: Socket[] = [];
  #failure: unknown;
  #resolve: ((socket: Socket) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #isClosed = false;

  constructor(server: net.Server) {
    this.#server = server;
  }

  /** Listens; called once, and first. Rejects with what listening fails with. */
  async listen(options: net.ListenOptions, addressOf: (server: net.Server) => A): Promise<void> {
    const server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ ...options, exclusive: true }, () => {
        server.off("error", reject);
        resolve();
      });
    });
    server.on("error", (error) => this.failed(error));
    this.#addr = addressOf(server);
  }

  get addr(): A {
    return this.#addr!;
  }

  /** Somebody has connected. */
  arrived(socket: Socket | undefined): void {
    if (socket === undefined) return;
    const resolve = this.#resolve;
    if (this.#isClosed) return socket.close();
    if (resolve === undefined) return void this.#arrived.push(socket);
    this.#resolve = this.#reject = undefined;
    resolve(socket);
  }

  /** Somebody could not be accepted. */
  failed(error: unknown): void {
    const reject = this.#reject;
    this.#resolve = this.#reject = undefined;
    if (reject === undefined) this.#failure = error;
    else reject(error);
  }

  accept(): Promise<Socket> {
    const socket = this.#arrived.shift();
    if (socket !== undefined) return Promise.resolve(socket);
    const failure = this.#isClosed
      ? new SocketClosedError("the listener is closed")
      : this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  unref(): void {
    this.#server.unref();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#server.close();
    for (const socket of this.#arrived.splice(0)) socket.close();
    this.failed(new SocketClosedError("the listener is closed"));
  }
}

/** What a server listens with, and where it hands connections to. */
interface ServerHandle {
  onconnection?: (...told: unknown[]) => void;
}

/** Whether it is the inner side of a connection as Node has it. */
function isHandle(told: unknown): told is object {
  return typeof (told as { readStart?: unknown } | undefined)?.readStart === "function";
}

/** Node reads of all plain sockets into this; what is read is taken out at once. */
const SHARED_BUFFER = new Uint8Array(64 * 1024);

/** Both ends of a connection; undefined where it has none any more. */
export type Ends = readonly [SocketAddress, SocketAddress] | undefined;

/** Listens for plain connections. Rejects with what listening fails with. */
export async function listenPlain<A extends SocketAddress>(
  options: net.ListenOptions,
  addressOf: (server: net.Server) => A,
  endsOf: (socket: net.Socket) => Ends,
): Promise<NetListener<A>> {
  const adopt = (socket: net.Socket): NetSocket | undefined => {
    const ends = endsOf(socket);
    if (ends !== undefined) return new NetSocket(socket, ...ends);
    socket.destroy();
    return undefined;
  };
  const server = net.createServer({ allowHalfOpen: true });
  const listener = new NetListener<A>(server);
  server.on("connection", (socket) => listener.arrived(readByEvents(socket, adopt)));
  await listener.listen(options, addressOf);
  takeHandles(server, listener, adopt);
  return listener;
}

/** See the top of the file. */
function takeHandles(
  server: net.Server,
  listener: NetListener<SocketAddress>,
  adopt: (socket: net.Socket) => NetSocket | undefined,
): void {
  const { _handle: inner } = server as net.Server & { readonly _handle?: ServerHandle };
  if (typeof inner?.onconnection !== "function") return;
  const byNode = inner.onconnection;
  inner.onconnection = (...told) => {
    const [error, handle] = told;
    // Whatever else is told goes its own way.
    if (error || !isHandle(handle)) return byNode.apply(inner, told);
    const callback = (count: number, bytes: Uint8Array): boolean =>
      own !== undefined && own.received(bytes, count);
    const onread = { buffer: SHARED_BUFFER, callback };
    const options: unknown = { handle, allowHalfOpen: true, onread };
    const own = adopt(new net.Socket(options as net.SocketConstructorOpts));
    listener.arrived(own);
  };
}

/** Has a socket of Node's read by its events. */
export function readByEvents<S extends NetSocket>(
  socket: net.Socket,
  adopt: (socket: net.Socket) => S | undefined,
): S | undefined {
  // Who is gone already may have had an error, of which nobody needs to hear.
  socket.on("error", () => {});
  const own = adopt(socket);
  if (own === undefined) return undefined;
  socket.on("data", (bytes: Uint8Array) => {
    if (!own.received(bytes, bytes.length)) socket.pause();
  });
  return own;
}
