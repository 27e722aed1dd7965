/**
 * Commands that wait for the system, as CONFIG SET does where the server is to listen elsewhere. To
 * clients such a command is one step like every other: until it is done nobody else is served, nothing
 * expires, and a transaction that it is a part of goes on behind it.
 *
 * ```
 * CONFIG SET port ─▶ wait: its call stops in the middle ─▶ work … done ─▶ its reply
 * GET, EXEC, …            postponed ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▶ run, in the order of coming
 * ```
 */

import { monotonicMs } from "../../structures/real_time.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { Frame } from "./frame.ts";
import type { Client } from "./client.ts";
import type { Pause } from "./pause.ts";
import { StoredRequest } from "./stored_request.ts";
import type { Suspension } from "./suspension.ts";

/** What goes on with a request that has stopped in the middle. */
interface Resumer {
  goOn(client: Client, suspension: Suspension, elapsedMs: number): void;
}

export class Standstill {
  readonly #keyspace: Keyspace;
  readonly #resumer: Resumer;
  readonly #pause: Pause;
  #isWaiting = false;

  constructor(keyspace: Keyspace, resumer: Resumer, pause: Pause) {
    this.#keyspace = keyspace;
    this.#resumer = resumer;
    this.#pause = pause;
  }

  /**
   * Has a call end when work is done; the command returns right behind this.
   *
   * @param work must not reject
   * @param answer writes the reply; may throw what a command may
   */
  wait<T>(call: Frame, work: Promise<T>, answer: (reply: Reply, outcome: T) => void): void {
    const { client } = call;
    const request = new StoredRequest(call.args);
    const sinceMs = monotonicMs();
    let outcome: T;
    const suspension: Suspension = { request, resume: ({ reply }) => answer(reply, outcome) };
    client.isBlocked = true;
    client.suspended = suspension;
    client.hold();
    this.#keyspace.isHeld = true;
    this.#isWaiting = true;
    this.#pause.isTotal = true;
    work.then((value) => {
      outcome = value;
      this.#goOn(client, monotonicMs() - sinceMs);
    });
  }

  #goOn(client: Client, elapsedMs: number): void {
    // In a transaction it is what is left of all of that.
    const suspension = client.suspended as Suspension;
    client.isBlocked = false;
    client.suspended = undefined;
    this.#keyspace.isHeld = false;
    this.#isWaiting = false;
    this.#resumer.goOn(client, suspension, elapsedMs);
    client.release();
    // The transaction may wait once more, before anybody else has a turn.
    if (!this.#isWaiting) this.#pause.isTotal = false;
  }
}
