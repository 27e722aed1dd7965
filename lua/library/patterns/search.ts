/** Searches on behalf of built-in functions: most end at once, and one that takes long can be left. */

import type { Machine } from "../../runtime/machine.ts";
import type { LuaValue, Results } from "../../runtime/value.ts";
import { UNFINISHED, workOff } from "../long_work.ts";
import { Matcher } from "./matcher.ts";
import type { Pattern } from "./pattern.ts";

/** What a function answers when its search has ended. */
export type Conclusion = (matcher: Matcher, isFound: boolean) => Results;

export class Searcher {
  readonly #machine: Machine;
  /** Matchers that nobody uses. */
  readonly #spare: Matcher[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Looks for a pattern from an offset on, and answers what is concluded. */
  search(pattern: Pattern, subject: string, from: number, conclude: Conclusion): Results {
    chargeSubject(this.#machine, subject);
    const matcher = this.take();
    matcher.begin(pattern, subject, from);
    const outcome = matcher.search(this.#machine);
    if (outcome === "paused") return this.#searchOn(matcher, conclude);
    const results = conclude(matcher, outcome === "found");
    this.giveBack(matcher);
    return results;
  }

  /** Goes on with a search that takes long. Its matcher is not used again, as it may never end. */
  #searchOn(matcher: Matcher, conclude: Conclusion): Results {
    const machine = this.#machine;
    return workOff(machine, () => {
      const outcome = matcher.search(machine);
      return outcome === "paused" ? UNFINISHED : conclude(matcher, outcome === "found");
    });
  }

  /** A matcher for somebody's own use. */
  take(): Matcher {
    return this.#spare.pop() ?? new Matcher();
  }

  /** Takes a matcher back, for the next to use. */
  giveBack(matcher: Matcher): void {
    matcher.subject = "";
    if (this.#spare.length < 4) this.#spare.push(matcher);
  }
}

/** Longer subjects cost something before they are looked at: V8 may have to join their pieces. */
const LONG = 65_536;
const LONG_SHIFT = 10;

/** Charges for looking at a long subject. */
export function chargeSubject(machine: Machine, subject: string): void {
  if (subject.length >= LONG) machine.charge(subject.length >> LONG_SHIFT);
}

/** What a pattern has captured: the whole match where it has no captures. */
export function captured(matcher: Matcher): LuaValue[] {
  const count = Math.max(matcher.pattern.captures.length, 1);
  const values: LuaValue[] = [];
  for (let i = 0; i < count; i++) values.push(matcher.capture(i));
  return values;
}

/** The same as results: one value is itself. */
export function capturedResults(matcher: Matcher): Results {
  return matcher.pattern.captures.length <= 1 ? matcher.capture(0) : captured(matcher);
}
