/** `string.find`, `match` and `gmatch`. */

import { type Code, LuaFunction } from "../runtime/lua_function.ts";
import type { Machine } from "../runtime/machine.ts";
import { isTruthy, type LuaValue, NOTHING, type Results } from "../runtime/value.ts";
import { checkString, optionalInteger } from "./arguments.ts";
import { type Matcher, MAX_AT_ONCE } from "./patterns/matcher.ts";
import { patternOf, plainPattern } from "./patterns/pattern.ts";
import { captured, capturedResults, chargeSubject, Searcher } from "./patterns/search.ts";

/** Sixteen bytes are passed at the price of a step. */
const BYTES_SHIFT = 4;

export interface SearchFunctions {
  readonly find: Code;
  readonly match: Code;
  readonly gmatch: Code;
}

export function searchFunctions(machine: Machine): SearchFunctions {
  const searcher = new Searcher(machine);
  return {
    find: function (_, text, source, init, plain): Results {
      const isGiven = typeof text === "string" && typeof source === "string";
      const args = isGiven && init === undefined
        ? undefined
        : [text, source, init].slice(0, arguments.length - 1);
      const subject = isGiven ? text : checkString(args!, 1);
      const wanted = isGiven ? source : checkString(args!, 2);
      const from = args === undefined ? 0 : offset(optionalInteger(args, 3, 1), subject.length);
      if (!isTruthy(plain)) {
        const pattern = patternOf(wanted);
        if (!pattern.isPlain) return searcher.search(pattern, subject, from, range);
      }
      if (wanted.length * subject.length >= MAX_AT_ONCE) {
        return searcher.search(plainPattern(wanted), subject, from, range);
      }
      chargeSubject(machine, subject);
      const start = subject.indexOf(wanted, from);
      machine.budget -= ((start < 0 ? subject.length : start) - from) >> BYTES_SHIFT;
      return start < 0 ? undefined : [start + 1, start + wanted.length];
    },

    match: function (_, text, source, init): Results {
      const isGiven = typeof text === "string" && typeof source === "string";
      const args = isGiven && init === undefined
        ? undefined
        : [text, source, init].slice(0, arguments.length - 1);
      const subject = isGiven ? text : checkString(args!, 1);
      const wanted = isGiven ? source : checkString(args!, 2);
      const from = args === undefined ? 0 : offset(optionalInteger(args, 3, 1), subject.length);
      return searcher.search(patternOf(wanted), subject, from, captures);
    },

    gmatch: (_, ...args) => {
      const subject = checkString(args, 1);
      const source = checkString(args, 2);
      // There is no anchor here: the sign stands for itself.
      const pattern = patternOf(source.startsWith("^") ? "%" + source : source);
      let from = 0;
      const conclude = (matcher: Matcher, isFound: boolean): Results => {
        from = !isFound
          ? subject.length + 1
          : matcher.end + (matcher.end === matcher.start ? 1 : 0);
        return isFound ? capturedResults(matcher) : NOTHING;
      };
      const next = (): Results =>
        from > subject.length ? NOTHING : searcher.search(pattern, subject, from, conclude);
      return new LuaFunction(next, [], undefined, undefined);
    },
  };
}

/** The offset of a position, from 0 to the length. */
function offset(position: number, length: number): number {
  const from = position < 0 ? position + length : position - 1;
  return from < 0 ? 0 : Math.min(from, length);
}

function range(matcher: Matcher, isFound: boolean): Results {
  if (!isFound) return undefined;
  const place: LuaValue[] = [matcher.start + 1, matcher.end];
  return matcher.pattern.captures.length === 0 ? place : place.concat(captured(matcher));
}

function captures(matcher: Matcher, isFound: boolean): Results {
  return isFound ? capturedResults(matcher) : undefined;
}
