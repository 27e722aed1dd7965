/**
 * What an application asks of a server, written down on its way there, to ask it again of others.
 *
 * ```
 * application ──▶ recorder ──▶ redis-server          record: connection, words of the request
 *                   └─▶ record ──▶ replayed on a fresh redis-server and on Ravel: same replies
 * ```
 *
 * In the replay one request follows the reply to the one before, whatever its connection, so that the
 * order is the same on both; what would wait for a key takes what is there.
 */

import { assert } from "@std/assert";
import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { Peer } from "./peer.ts";

export interface RecordedRequest {
  readonly connection: number;
  readonly words: readonly Uint8Array[];
}

const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

/** Stands between an application and a server until it is disposed of. */
export class Recorder implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #work: Promise<unknown>[] = [];
  #count = 0;

  constructor(readonly serverPort: number) {
    this.#work.push(this.#accept());
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.serverPort });
      this.#connections.add(near).add(far);
      const connection = this.#count++;
      const heard = new RequestReader((words) => this.requests.push({ connection, words }));
      this.#work.push(
        this.#pass(near, far, (bytes) => heard.read(bytes)),
        this.#pass(far, near, () => {}),
      );
    }
  }

  async #pass(
    from: Deno.TcpConn,
    to: Deno.TcpConn,
    hear: (bytes: Uint8Array) => void,
  ): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (;;) {
        const count = await from.read(buffer);
        if (count === null) return;
        const bytes = buffer.subarray(0, count);
        hear(bytes);
        for (let sent = 0; sent < count;) sent += await to.write(bytes.subarray(sent));
      }
    } catch (error) {
      // Either side may close while the other still sends.
      if (error instanceof RangeError) throw error;
    } finally {
      for (const side of [from, to]) {
        if (this.#connections.delete(side)) side.close();
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    await Promise.allSettled(this.#work);
  }
}

/** A request is an array of strings, as a reply may be one. */
class RequestReader {
  readonly #input = new ByteQueue({ initialBytes: 4096, maxBytes: MAX_REQUEST_BYTES });
  readonly #decoder = new ReplyDecoder("resp");

  constructor(readonly hear: (words: Uint8Array[]) => void) {}

  read(bytes: Uint8Array): void {
    this.#input.append(bytes, 0, bytes.length);
    for (;;) {
      const request = this.#decoder.decode(this.#input);
      if (request === undefined) return;
      assert(Array.isArray(request), "a request is an array");
      this.hear(request.map((word) => {
        assert(word instanceof Uint8Array, "a word is a string");
        return word;
      }));
    }
  }
}

/** What speaks of connections, or tells what differs from server to server. */
const NOT_REPLAYED: ReadonlySet<string> = new Set([
  "auth",
  "client",
  "command",
  "config",
  "hello",
  "info",
  "ping",
  "psubscribe",
  "punsubscribe",
  "quit",
  "subscribe",
  "time",
  "unsubscribe",
]);

/** What waits, as what does not; without its last argument, the time that it would wait. */
const WITHOUT_WAITING: Readonly<Record<string, string>> = {
  brpoplpush: "RPOPLPUSH",
  blmove: "LMOVE",
  bzpopmin: "ZPOPMIN",
  bzpopmax: "ZPOPMAX",
  blpop: "LPOP",
  brpop: "RPOP",
};

/** The requests that can be asked of any server. */
export function replayable(requests: readonly RecordedRequest[]): RecordedRequest[] {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return requests.flatMap(({ connection, words }) => {
    const name = decoder.decode(words[0]).toLowerCase();
    if (NOT_REPLAYED.has(name)) return [];
    const instead = WITHOUT_WAITING[name];
    if (instead === undefined) return [{ connection, words }];
    return [{ connection, words: [encoder.encode(instead), ...words.slice(1, -1)] }];
  });
}

/** Asks a server all of it; the replies, byte for byte. */
export async function replay(
  requests: readonly RecordedRequest[],
  port: number,
): Promise<string[]> {
  const peers: Peer[] = [];
  try {
    const replies: string[] = [];
    for (const { connection, words } of requests) {
      peers[connection] ??= await Peer.connect(port);
      replies.push(await peers[connection].ask(...words));
    }
    return replies;
  } finally {
    for (const peer of peers) peer?.[Symbol.dispose]();
  }
}
