/**
 * Ten thousand connections to one server, for the memory that each takes. All of them have asked once
 * before they count, so the server has had buffers for each.
 */

import { openFileLimit } from "../process_usage.ts";
import type { ServerProcess } from "../server_processes.ts";
import type { CaseContext } from "./bench_case.ts";

/** Files that a process has open besides the connections. */
const SPARE_FILES = 200;
const OPENING = 200;
const PING = "*1\r\n$4\r\nPING\r\n";
const PONG = "+PONG\r\n";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Whether this process may have so many connections; says so where it may not. */
export function mayOpen(connections: number, context: CaseContext): boolean {
  const needed = connections + SPARE_FILES;
  const limit = openFileLimit();
  if (limit >= needed) return true;
  context.log(`left out: it needs ${needed} open files, the limit is ${limit} (ulimit -n)`);
  return false;
}

export class ManyConnections implements Disposable {
  readonly #opened: Deno.Conn[] = [];

  /** Opens so many, a burst at a time, and has each ask a PING. */
  static async open(server: ServerProcess, count: number): Promise<ManyConnections> {
    const many = new ManyConnections();
    const open = async () => {
      const connection = await Deno.connect({ hostname: server.hostname, port: server.port });
      many.#opened.push(connection);
      await send(connection, PING);
      await take(connection, PONG);
    };
    try {
      for (let first = 0; first < count; first += OPENING) {
        await Promise.all(Array.from({ length: Math.min(OPENING, count - first) }, open));
      }
    } catch (error) {
      many[Symbol.dispose]();
      throw error;
    }
    return many;
  }

  /** Has each ask a PING, one after the other: none may have been forgotten. */
  async ping(): Promise<void> {
    for (const connection of this.#opened) {
      await send(connection, PING);
      await take(connection, PONG);
    }
  }

  /** Has each send its text. */
  async send(text: (index: number) => string): Promise<void> {
    for (const [index, connection] of this.#opened.entries()) await send(connection, text(index));
  }

  /** Takes from each what it must have been sent. Rejects at anything else. */
  async take(text: (index: number) => string): Promise<void> {
    for (const [index, connection] of this.#opened.entries()) await take(connection, text(index));
  }

  [Symbol.dispose](): void {
    for (const connection of this.#opened) connection.close();
  }
}

/** So short a request is never sent in parts. */
async function send(connection: Deno.Conn, text: string): Promise<void> {
  await connection.write(encoder.encode(text));
}

async function take(connection: Deno.Conn, expected: string): Promise<void> {
  const reply = new Uint8Array(expected.length + 64);
  let taken = "";
  while (taken.length < expected.length) {
    const count = await connection.read(reply);
    if (count === null) throw new Error("the server closed a connection");
    taken += decoder.decode(reply.subarray(0, count));
    if (!expected.startsWith(taken)) {
      throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(taken)}`);
    }
  }
}
