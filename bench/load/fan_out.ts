/**
 * One publisher and many subscribers, who may be spread over several Workers.
 *
 * Messages are published in batches, and only so many batches may be under way: what a subscriber has
 * not read would pile up in the server. Who is behind is known from a ring of counters that all
 * Workers share, one for each batch that may be under way:
 *
 * ```
 * publisher      waits until its counter is 0 ─▶ sets it to the number of subscribers ─▶ publishes
 * subscribers    … each takes 1 off it when it has read the batch's last byte; the last one notifies
 *
 *                   failed │ batch n │ n + 1 │ n + 2 │ n + 3 │        each a 32-bit integer
 * ```
 *
 * All messages are equal, so a subscriber counts bytes, and looks at those of a batch's last message
 * only: a generator that parsed every message would be slower than the servers.
 */

import { inBursts, prepareConnection } from "./opening.ts";
import {
  bulkText,
  type FanOutPlan,
  requestText,
  type SessionLoad,
  type SessionResult,
} from "./session_plan.ts";
import { WrongReplyError } from "./wrong_reply.ts";

const CHANNEL = "bench:news";
const FAILED = 0;
const FIRST_SLOT = 1;

/** What one Worker has of a fan-out. */
export interface FanOutShare {
  /** The first subscriber of this Worker's, and how many it has. */
  readonly subscribers: number;
  readonly publishes: boolean;
  /** See {@linkcode sharedProgress}. */
  readonly progress: Int32Array;
}

/** The counters that the Workers of a plan share. */
export function sharedProgress(plan: FanOutPlan): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (FIRST_SLOT + batchesUnderWay(plan))));
}

function batchesUnderWay({ window, pipeline }: FanOutPlan): number {
  return Math.max(1, Math.floor(window / pipeline));
}

export class FanOut implements SessionLoad {
  readonly #subscribers: readonly Subscriber[];
  readonly #publisher: Publisher | undefined;

  private constructor(subscribers: readonly Subscriber[], publisher: Publisher | undefined) {
    this.#subscribers = subscribers;
    this.#publisher = publisher;
    for (const subscriber of subscribers) subscriber.follow();
  }

  static async open(plan: FanOutPlan, share: FanOutShare): Promise<FanOut> {
    const opened: Deno.TcpConn[] = [];
    const connect = async () => {
      const connection = await Deno.connect({ hostname: plan.hostname, port: plan.port });
      opened.push(connection);
      connection.setNoDelay(true);
      return connection;
    };
    const subscribers: Subscriber[] = [];
    try {
      await inBursts(share.subscribers, async () => {
        const connection = await connect();
        await prepareConnection(connection, ["SUBSCRIBE", CHANNEL]);
        subscribers.push(new Subscriber(connection, plan, share.progress));
      });
      const publisher = share.publishes
        ? new Publisher(await connect(), plan, share.progress)
        : undefined;
      return new FanOut(subscribers, publisher);
    } catch (error) {
      for (const connection of opened) connection.close();
      throw error;
    }
  }

  /** Publishes for that long, and waits until everyone has read everything; messages that arrived. */
  run(durationMs: number): Promise<SessionResult> {
    if (this.#publisher === undefined) throw new Error("another Worker publishes");
    return this.#publisher.run(durationMs);
  }

  close(): void {
    for (const subscriber of this.#subscribers) subscriber.close();
    this.#publisher?.close();
  }
}

class Publisher {
  readonly #connection: Deno.Conn;
  readonly #plan: FanOutPlan;
  readonly #progress: Int32Array;
  readonly #requests: Uint8Array;
  readonly #replies: Uint8Array;
  readonly #input: Uint8Array<ArrayBuffer>;
  #batch = 0;

  constructor(connection: Deno.Conn, plan: FanOutPlan, progress: Int32Array) {
    const { pipeline, subscribers } = plan;
    this.#connection = connection;
    this.#plan = plan;
    this.#progress = progress;
    const request = requestText("PUBLISH", CHANNEL, messageOf(plan));
    this.#requests = encoder.encode(request.repeat(pipeline));
    this.#replies = encoder.encode(`:${subscribers}\r\n`.repeat(pipeline));
    this.#input = new Uint8Array(this.#replies.length);
  }

  async run(durationMs: number): Promise<SessionResult> {
    const { pipeline, subscribers } = this.#plan;
    const first = this.#batch;
    const startMs = performance.now();
    const endMs = startMs + durationMs;
    do await this.#publish(); while (performance.now() < endMs);
    for (let slot = FIRST_SLOT; slot < this.#progress.length; slot++) await this.#allRead(slot);
    return {
      operations: (this.#batch - first) * pipeline * subscribers,
      elapsedMs: performance.now() - startMs,
    };
  }

  async #publish(): Promise<void> {
    const slot = FIRST_SLOT + this.#batch % (this.#progress.length - FIRST_SLOT);
    await this.#allRead(slot);
    Atomics.store(this.#progress, slot, this.#plan.subscribers);
    this.#batch++;
    for (let at = 0; at < this.#requests.length;) {
      at += await this.#connection.write(this.#requests.subarray(at));
    }
    const replies = this.#replies;
    const input = this.#input;
    for (let at = 0; at < replies.length;) {
      const count = await this.#connection.read(input);
      if (count === null) throw new Error("the server closed the publisher's connection");
      for (let i = 0; i < count; i++) {
        if (input[i] === replies[at + i]) continue;
        throw new WrongReplyError("PUBLISH", replies.subarray(at), input.subarray(0, count));
      }
      at += count;
    }
  }

  /** Waits until nobody has to read the batch of that counter any more. */
  async #allRead(slot: number): Promise<void> {
    const progress = this.#progress;
    for (;;) {
      if (Atomics.load(progress, FAILED) !== 0) throw new Error("a subscriber has failed");
      const behind = Atomics.load(progress, slot);
      if (behind === 0) return;
      const waiting = Atomics.waitAsync(progress, slot, behind);
      if (waiting.async) await waiting.value;
    }
  }

  close(): void {
    this.#connection.close();
  }
}

class Subscriber {
  readonly #connection: Deno.Conn;
  readonly #progress: Int32Array;
  /** The bytes of a message, and of a batch. */
  readonly #message: Uint8Array;
  readonly #batchBytes: number;
  readonly #input: Uint8Array<ArrayBuffer>;
  #isClosed = false;

  constructor(connection: Deno.Conn, plan: FanOutPlan, progress: Int32Array) {
    this.#connection = connection;
    this.#progress = progress;
    const text = `*3\r\n${bulkText("message")}${bulkText(CHANNEL)}${bulkText(messageOf(plan))}`;
    this.#message = encoder.encode(text);
    this.#batchBytes = this.#message.length * plan.pipeline;
    this.#input = new Uint8Array(this.#message.length * Math.max(plan.window, plan.pipeline));
  }

  /** Reads until it is closed; a failure ends the publisher's run. */
  follow(): void {
    this.#read().catch(() => {
      if (this.#isClosed) return;
      Atomics.store(this.#progress, FAILED, 1);
      for (let slot = FIRST_SLOT; slot < this.#progress.length; slot++) {
        // Whichever the publisher waits for, it looks at FAILED when it is woken.
        Atomics.notify(this.#progress, slot);
      }
    });
  }

  async #read(): Promise<void> {
    const input = this.#input;
    const progress = this.#progress;
    const slots = progress.length - FIRST_SLOT;
    let slot = FIRST_SLOT;
    /** Of the batch under way. */
    let bytes = 0;
    for (;;) {
      const count = await this.#connection.read(input);
      if (count === null) throw new Error("the server closed a subscriber's connection");
      bytes += count;
      while (bytes >= this.#batchBytes) {
        bytes -= this.#batchBytes;
        this.#check(count - bytes);
        if (Atomics.sub(progress, slot, 1) === 1) Atomics.notify(progress, slot);
        slot = slot + 1 < FIRST_SLOT + slots ? slot + 1 : FIRST_SLOT;
      }
    }
  }

  /** The input before `end` must be the end of a message. */
  #check(end: number): void {
    const message = this.#message;
    const input = this.#input;
    for (let i = message.length - 1, at = end - 1; i >= 0 && at >= 0; i--, at--) {
      if (message[i] !== input[at]) {
        throw new WrongReplyError("SUBSCRIBE", message, input.subarray(0, end));
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#connection.close();
  }
}

function messageOf({ messageBytes }: FanOutPlan): string {
  return "m".repeat(messageBytes);
}

const encoder = new TextEncoder();
