/** Groups of connections that follow a script, all on one event loop; see session_plan.ts. */

import { inBursts, prepareConnection } from "./opening.ts";
import {
  forGroup,
  type ScriptPlan,
  type ScriptStep,
  type SessionLoad,
  type SessionResult,
} from "./session_plan.ts";
import { WrongReplyError } from "./wrong_reply.ts";

const READ_BYTES = 16 * 1024;
const NOTHING = new Uint8Array(0);

/** A step in bytes. */
interface Step {
  readonly connection: Deno.Conn;
  readonly send: Uint8Array;
  readonly expect: Uint8Array;
}

export class ScriptLoad implements SessionLoad {
  private constructor(
    readonly groups: readonly ScriptGroup[],
    readonly operationsARound: number,
  ) {}

  /** Opens and prepares the connections. */
  static async open(plan: ScriptPlan): Promise<ScriptLoad> {
    const connections: Deno.Conn[][] = Array.from({ length: plan.groups }, () => []);
    const size = plan.preparation.length;
    try {
      await inBursts(plan.groups * size, async (index) => {
        const group = Math.floor(index / size);
        const place = index % size;
        const connection = await Deno.connect({ hostname: plan.hostname, port: plan.port });
        connections[group][place] = connection;
        connection.setNoDelay(true);
        for (const request of plan.preparation[place]) {
          await prepareConnection(connection, request.map((word) => forGroup(word, group)));
        }
      });
    } catch (error) {
      for (const connection of connections.flat()) connection.close();
      throw error;
    }
    const groups = connections.map((own, group) => new ScriptGroup(own, group, plan));
    return new ScriptLoad(groups, plan.operationsARound ?? 1);
  }

  async run(durationMs: number): Promise<SessionResult> {
    const startMs = performance.now();
    const endMs = startMs + durationMs;
    const rounds = await Promise.all(this.groups.map((group) => group.run(endMs)));
    return {
      operations: rounds.reduce((sum, count) => sum + count, 0) * this.operationsARound,
      elapsedMs: performance.now() - startMs,
    };
  }

  close(): void {
    for (const group of this.groups) group.close();
  }
}

class ScriptGroup {
  readonly #connections: readonly Deno.Conn[];
  readonly #rounds: readonly (readonly Step[])[];
  readonly #input = new Uint8Array(READ_BYTES);
  #next: number;

  constructor(connections: readonly Deno.Conn[], group: number, { rounds }: ScriptPlan) {
    this.#connections = connections;
    this.#rounds = rounds.map((steps) => steps.map((step) => this.#stepOf(step, group)));
    this.#next = group % rounds.length;
  }

  #stepOf({ on, send, expect }: ScriptStep, group: number): Step {
    const bytes = (text: string | undefined) =>
      text === undefined ? NOTHING : encoder.encode(forGroup(text, group));
    return { connection: this.#connections[on], send: bytes(send), expect: bytes(expect) };
  }

  /** One round after the other, at least one; how many. */
  async run(endMs: number): Promise<number> {
    let count = 0;
    do {
      for (const step of this.#rounds[this.#next]) {
        await write(step);
        if (step.expect.length > 0) await this.#read(step);
      }
      this.#next = (this.#next + 1) % this.#rounds.length;
      count++;
    } while (performance.now() < endMs);
    return count;
  }

  async #read({ connection, send, expect }: Step): Promise<void> {
    const input = this.#input;
    for (let at = 0; at < expect.length;) {
      const count = await connection.read(input);
      if (count === null) throw new Error("the server closed the connection");
      for (let i = 0; i < count; i++) {
        if (input[i] === expect[at + i]) continue;
        // What came in earlier reads was equal to what was expected.
        throw new WrongReplyError(send, expect.subarray(at), input.subarray(0, count));
      }
      at += count;
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

async function write({ connection, send }: Step): Promise<void> {
  for (let at = 0; at < send.length;) at += await connection.write(send.subarray(at));
}

const encoder = new TextEncoder();
