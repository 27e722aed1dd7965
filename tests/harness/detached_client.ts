// A client without a connection: commands run for it as they would for any, and its replies stay in
// a queue of its own.

import { byteStringOf } from "../../structures/bytes/byte_string.ts";
import { OutputQueue } from "../../structures/bytes/output_queue.ts";
import { RequestBatch } from "../../protocol/arguments.ts";
import type { Reply } from "../../protocol/reply.ts";
import { Client, type Transport } from "../../server/execution/client.ts";
import type { Server } from "../../server/mod.ts";
import { drained } from "../structures/bytes/drained.ts";

class NoConnection implements Transport {
  readonly remoteAddress = "";
  readonly localAddress = "";
  readonly isLocal = true;
  readonly isUnixSocket = false;
  readonly inputBytes = 0;
  readonly inputCapacity = 0;
  readonly announcedBytes = 0;
  readonly argumentBytes = 0;
  readonly queue = new OutputQueue({ initialBytes: 1024, maxBytes: 2 ** 30 });
  isClosed = false;
  wasReleased = false;

  get outputBytes(): number {
    return this.queue.length;
  }

  get outputChunks(): number {
    return this.queue.sealedChunks;
  }

  get outputCapacity(): number {
    return this.queue.capacity;
  }

  output(): OutputQueue {
    return this.queue;
  }

  outputAdded(): void {}

  released(): void {
    this.wasReleased = true;
  }

  close(): void {
    this.isClosed = true;
  }

  finish(): void {
    this.isClosed = true;
  }
}

export class DetachedClient {
  readonly transport = new NoConnection();
  readonly client: Client;
  readonly #server: Server;

  constructor(server: Server, reply: Reply = server.dialects.resp2) {
    this.#server = server;
    const { clients, keyspace } = server;
    this.client = new Client(
      clients.nextId(),
      this.transport,
      keyspace.databases[0],
      reply,
      server.now(),
      server.acl.defaultUser,
      false,
    );
    clients.add(this.client);
  }

  /** Carries out one request and answers what it wrote, a character a byte. */
  ask(...words: readonly string[]): string {
    this.run([words]);
    return this.replies();
  }

  /** Carries out a batch; answers how many of its requests were. */
  run(requests: readonly (readonly string[])[], from = 0): number {
    const batch = new RequestBatch();
    const bytes = new TextEncoder().encode(requests.map((words) => words.join("")).join(""));
    batch.bytes = bytes;
    let at = 0;
    let index = 0;
    for (const words of requests) {
      batch.reserve(index + words.length);
      for (const word of words) {
        const length = new TextEncoder().encode(word).length;
        batch.offsets[index] = at;
        batch.lengths[index] = length;
        index++;
        at += length;
      }
      batch.finish(index);
    }
    this.#server.keyspace.updateClock();
    this.client.reply.out = this.transport.queue;
    return this.#server.executor.run(this.client, batch, from);
  }

  /** What was written since it was last asked for. */
  replies(): string {
    const bytes = drained(this.transport.queue);
    return byteStringOf(bytes, 0, bytes.length);
  }
}
