/**
 * CLIENT PAUSE: for some time the requests of clients are not carried out, all of them or those that
 * may change something. Beside it, the moments in which the server stands still (standstill.ts).
 *
 * ```
 * request ──▶ paused? ── no ──▶ run
 *                └─ yes ──▶ its client is held ──▶ the pause is over ──▶ asked for again,
 *                           in the order of coming                       in that order
 * ```
 *
 * A second pause adds to the first: the later end and the stricter scope count. While there is a
 * pause no key is collected because it has expired; readers find it gone all the same. What a client
 * does within its own transaction is done before the pause that it began there takes effect.
 */

import type { Keyspace } from "../keyspace/keyspace.ts";
import type { Admission, Instead } from "./admission.ts";
import type { Frame } from "./frame.ts";
import type { Client, ClientNotes, Facet, FacetKind } from "./client.ts";
import type { ExecutableCommand } from "./command_table.ts";
import { effectsOf, mayReplicate } from "./call_effects.ts";
import { Condition } from "./condition.ts";
import type { Gates } from "./invoker.ts";
import { after, cancel, soon, type Timer } from "../../structures/real_time.ts";

/** What a pause holds back; the stricter scope is the greater number. */
export const PauseScope = {
  None: 0,
  /** Commands that write or have effects for replicas, and transactions with such. */
  Writes: 1,
  /** Every request. */
  All: 2,
} as const;
export type PauseScope = typeof PauseScope[keyof typeof PauseScope];

/** Longest time that a timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A client whose last request waits for the end of the pause. */
class Postponed implements Facet {
  isWaiting = false;

  constructor(readonly clients: Set<Postponed>, readonly client: Client) {}

  note(notes: ClientNotes): void {
    if (this.isWaiting) notes.flags += "b";
  }

  /** A client that is held sends no RESET that would be carried out. */
  reset(): void {}

  ended(): void {
    this.clients.delete(this);
  }
}

export class Pause {
  readonly #admission: Admission;
  readonly #keyspace: Keyspace;
  readonly #now: () => number;
  #scope: PauseScope = PauseScope.None;
  #endMs = 0;
  #isTotal = false;
  /** In the order in which they came. */
  readonly #postponed = new Set<Postponed>();
  readonly #facet: FacetKind<Postponed> = {
    make: (client) => new Postponed(this.#postponed, client),
  };
  #timer: Timer | undefined;

  /** @param now milliseconds since 1970 */
  constructor(keyspace: Keyspace, { admission }: Gates, now: () => number) {
    this.#admission = admission;
    this.#keyspace = keyspace;
    this.#now = now;
    admission.check(
      Condition.Pause,
      (call, command) => this.#holdsBack(call, command) ? this.#postpone : undefined,
    );
  }

  /** What is held back now. */
  get scope(): PauseScope {
    return this.#scope;
  }

  /** Clients whose request waits. */
  get postponedClients(): number {
    return this.#postponed.size;
  }

  /** Whether every request is held back, of whomever, until this is false again. */
  get isTotal(): boolean {
    return this.#isTotal;
  }

  set isTotal(isTotal: boolean) {
    this.#isTotal = isTotal;
    this.#admission.set(Condition.Pause, isTotal || this.#scope !== PauseScope.None);
    if (!isTotal) this.#resume();
  }

  /** Pauses until a time, in milliseconds since 1970; or longer or more, as an earlier pause has it. */
  begin(untilMs: number, scope: PauseScope): void {
    if (scope > this.#scope) this.#scope = scope;
    if (untilMs > this.#endMs) this.#endMs = untilMs;
    this.update();
    // A transaction that pauses goes on, and writes where keys have expired.
    soon(() => this.#keyspace.collectsOnRead = this.#scope === PauseScope.None);
  }

  /** CLIENT UNPAUSE. O(clients that wait). */
  end(): void {
    this.#endMs = 0;
    this.update();
  }

  /** Ends the pause if its time is over, else sees to it that it does. */
  update(): void {
    if (this.#scope === PauseScope.None) return;
    cancel(this.#timer);
    this.#timer = undefined;
    const leftMs = this.#endMs - this.#now();
    if (leftMs > 0) {
      this.#admission.set(Condition.Pause, true);
      this.#timer = after(Math.min(MAX_TIMER_MS, Math.ceil(leftMs)), () => this.update());
      return;
    }
    this.#scope = PauseScope.None;
    this.#endMs = 0;
    this.#admission.set(Condition.Pause, this.#isTotal);
    this.#keyspace.collectsOnRead = true;
    this.#resume();
  }

  #holdsBack(call: Frame, command: ExecutableCommand): boolean {
    const { client, depth } = call;
    if (this.#isTotal) return depth === 0;
    // Whoever runs commands for others was let through, and replicas always are.
    if (depth > 0 || (client.conditions & Condition.ReplicaClient) !== 0) return false;
    if (this.#scope === PauseScope.All || mayReplicate(effectsOf(call, command))) return true;
    const { transaction } = client;
    return command.fullName === "exec" && transaction?.mayReplicate === true;
  }

  readonly #postpone: Instead = ({ client }) => {
    const postponed = client.facet(this.#facet);
    client.isPostponed = true;
    postponed.isWaiting = true;
    this.#postponed.add(postponed);
    client.hold();
    return false;
  };

  /** Lets those go on who waited, the first that came first; a new pause may hold them once more. */
  #resume(): void {
    const waiting = [...this.#postponed];
    this.#postponed.clear();
    for (const postponed of waiting) {
      const { client } = postponed;
      postponed.isWaiting = false;
      client.isResumed = true;
      client.release();
    }
  }

  close(): void {
    cancel(this.#timer);
  }
}
