/**
 * Searches on behalf of built-in functions: most end at once; one that takes long asks the host now and
 * then, and is left as a frame where the host has it stop.
 */

import type { Frame } from "../../runtime/frame.ts";
import type { LuaError } from "../../runtime/lua_error.ts";
import { type Machine, SUSPENSION } from "../../runtime/machine.ts";
import type { LuaValue, Results } from "../../runtime/value.ts";
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
    const matcher = this.take();
    matcher.begin(pattern, subject, from);
    const outcome = matcher.search(this.#machine);
    if (outcome === "paused") return new SearchFrame(this.#machine, matcher, conclude).resume();
    const results = conclude(matcher, outcome === "found");
    this.giveBack(matcher);
    return results;
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

class SearchFrame implements Frame {
  constructor(
    readonly machine: Machine,
    readonly matcher: Matcher,
    readonly conclude: Conclusion,
  ) {}

  resume(): Results {
    for (;;) {
      pauseSearch(this.machine, this);
      const outcome = this.matcher.search(this.machine);
      if (outcome !== "paused") return this.conclude(this.matcher, outcome === "found");
    }
  }

  fail(error: LuaError): Results {
    throw error;
  }
}

/** Asks the host whether to go on; leaves the frame, and throws SUSPENSION, where not. */
export function pauseSearch(machine: Machine, frame: Frame): void {
  try {
    machine.pause();
  } catch (thrown) {
    if (thrown === SUSPENSION) machine.leave(frame);
    throw thrown;
  }
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
