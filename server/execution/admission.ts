/**
 * Whether a command may run, asked before it does. The checks stand in Redis's order, because the
 * first that refuses gives the error that a client sees; each belongs to a {@linkcode Condition} and
 * is made only where that is set, for the server, for the client or for the command.
 *
 * ```
 * number of arguments ─▶ Protected ─▶ Authentication ─▶ Transaction ─▶ Acl ─▶ … ─▶ Queue ─▶ run
 *        always            └────────────────────── only where its bit is set ─────────────────┘
 * ```
 *
 * A subsystem brings the check of its condition with {@linkcode Admission.check}, and sets the bit. That
 * of users is asked more often than any other, and may say yes without all of that: `permits`.
 */

import { assert } from "../../structures/assert.ts";
import { type Frame, wrongArity } from "./frame.ts";
import type { ExecutableCommand } from "./command_table.ts";
import { Condition } from "./condition.ts";

/**
 * What is done in place of running the command: it is queued, or its client has to wait.
 *
 * @returns whether it has replied; else the request is to be carried out later
 */
export type Instead = (call: Frame, command: ExecutableCommand) => boolean;

/**
 * What becomes of a call: undefined, it runs; text, it is refused, with that error reply; or something
 * else is done.
 */
export type Verdict = string | Instead | undefined;

/** The verdict of one condition, undefined where it lets the call through. */
export type Check = (call: Frame, command: ExecutableCommand) => Verdict;

const ACL = Condition.Acl;
const NO_PASSWORD = "NOAUTH Authentication required.";

export class Admission {
  /** Whether the client's user surely may make a call; where not, the check of Condition.Acl is made. */
  permits: (call: Frame, command: ExecutableCommand) => boolean = () => false;
  /** Conditions of the server, as bits of {@linkcode Condition}. */
  #conditions = 0;
  /** By place: the number of the condition's bit. */
  readonly #checks: (Check | undefined)[] = [];

  /** @param protection answers for the commands that a setting has to allow, such as DEBUG */
  constructor(protection: Check) {
    this.check(Condition.Protected, protection);
    this.check(
      Condition.Authentication,
      (_, command) => command.allowsNoAuth ? undefined : NO_PASSWORD,
    );
  }

  /** Brings the check of a condition. */
  check(condition: Condition, check: Check): void {
    const place = placeOf(condition);
    assert(this.#checks[place] === undefined, "a condition has one check");
    this.#checks[place] = check;
  }

  /** Sets or clears a condition of the server. */
  set(condition: Condition, isSet: boolean): void {
    if (isSet) this.#conditions |= condition;
    else this.#conditions &= ~condition;
  }

  /** What becomes of the call. O(1). */
  verdict(call: Frame, command: ExecutableCommand): Verdict {
    const active = this.#conditions | call.client.conditions | command.conditions;
    if (active === 0 && command.acceptsCount(call.args.count)) return undefined;
    if (active === ACL && command.acceptsCount(call.args.count) && this.permits(call, command)) {
      return undefined;
    }
    return this.#firstVerdict(call, command, active);
  }

  #firstVerdict(call: Frame, command: ExecutableCommand, active: number): Verdict {
    if (!command.acceptsCount(call.args.count)) return wrongArity(command).message;
    for (let left = active; left !== 0; left &= left - 1) {
      const place = placeOf(left & -left);
      const verdict = this.#checks[place]?.(call, command);
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }
}

function placeOf(condition: number): number {
  return 31 - Math.clz32(condition);
}
