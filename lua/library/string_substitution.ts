/**
 * `string.gsub`: looks for a pattern again and again, and puts something in the place of each match: a
 * text with captures, what a table has, or what a function answers. It may stop while it looks, and
 * while the function runs.
 *
 * ```
 * subject   . . . . [match] . . [match] . . .
 *                   ^           ^       ^
 *                kept: here on  start   from: the next search
 * ```
 */

import type { Frame } from "../runtime/frame.ts";
import { asLuaError, fail, type LuaError } from "../runtime/lua_error.ts";
import { withoutLevel } from "../runtime/builtin.ts";
import { type Code, LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import { type Machine, SUSPENSION } from "../runtime/machine.ts";
import { isText, type Operations, toText } from "../runtime/operations.ts";
import { firstOf, type LuaValue, type Results, typeName } from "../runtime/value.ts";
import { checkString, failArgument, optionalInt32 } from "./arguments.ts";
import { pauseIn } from "./long_work.ts";
import type { Matcher } from "./patterns/matcher.ts";
import { type Pattern, patternOf } from "./patterns/pattern.ts";
import { captured, chargeSubject, Searcher } from "./patterns/search.ts";
import { TextBuilder } from "./text_builder.ts";
import { type Template, templateOf } from "./patterns/template.ts";

export function substitutionCode(machine: Machine, operations: Operations): Code {
  const searcher = new Searcher(machine);
  return (self, ...args) => {
    const subject = checkString(args, 1);
    const source = checkString(args, 2);
    const replacement = args[2];
    const limit = optionalInt32(args, 4, subject.length + 1);
    if (
      !isText(replacement) && !(replacement instanceof LuaTable) &&
      !(replacement instanceof LuaFunction)
    ) {
      failArgument(3, "string/function/table expected");
    }
    const made = isText(replacement) ? templateOf(toText(replacement)) : replacement;
    return new Substitution(self, machine, operations, searcher, subject, source, limit, made)
      .run();
  };
}

/** Sixteen bytes are put in at the price of a step. */
const BYTES_SHIFT = 4;
/** So many matches make it worth while to put the text together otherwise. */
const MANY = 16;

class Substitution implements Frame {
  readonly #pattern: Pattern;
  readonly #matcher: Matcher;
  #made = "";
  /** Takes the text from the first matches on, where there are many. */
  #builder: TextBuilder | undefined;
  #kept = 0;
  #from = 0;
  #count = 0;
  #isSearching = false;
  #isCalling = false;

  constructor(
    readonly self: LuaFunction,
    readonly machine: Machine,
    readonly operations: Operations,
    readonly searcher: Searcher,
    readonly subject: string,
    source: string,
    readonly limit: number,
    readonly replacement: Template | LuaTable | LuaFunction,
  ) {
    chargeSubject(machine, subject);
    this.#pattern = patternOf(source);
    this.#matcher = searcher.take();
  }

  resume(results: Results): Results {
    if (this.#isCalling) {
      this.#endCall();
      this.#replaceBy(firstOf(results));
    }
    return this.run();
  }

  fail(error: LuaError): Results {
    if (this.#isCalling) this.#endCall();
    throw withoutLevel(error);
  }

  /** Goes on until the subject's end. */
  run(): Results {
    const { machine, subject, limit, replacement } = this;
    const matcher = this.#matcher;
    while (this.#isSearching || this.#mayGoOn(limit)) {
      if (machine.budget < 0) pauseIn(machine, this);
      if (!this.#isSearching) {
        matcher.begin(this.#pattern, subject, this.#from);
        this.#isSearching = true;
      }
      const outcome = matcher.search(machine);
      if (outcome === "paused") continue;
      this.#isSearching = false;
      if (outcome === "none") break;
      this.#count++;
      this.#from = matcher.end > matcher.start ? matcher.end : matcher.end + 1;
      if (replacement instanceof LuaTable) this.#replaceBy(this.#lookUp(replacement));
      else if (replacement instanceof LuaFunction) {
        this.#replaceBy(firstOf(this.#call(replacement, captured(matcher))));
      } else if (replacement.constant !== undefined) this.#put(replacement.constant);
      else if (this.#builder === undefined) this.#put(replacement.fill(matcher));
      else {
        this.#builder.add(subject, this.#kept, matcher.start);
        this.#kept = matcher.end;
        replacement.fillInto(this.#builder, matcher);
      }
    }
    this.searcher.giveBack(matcher);
    return [this.#finish(), this.#count];
  }

  #finish(): string {
    const { subject } = this;
    const builder = this.#builder;
    if (builder === undefined) {
      return this.#kept === 0 && this.#made === ""
        ? subject
        : this.#made + subject.slice(this.#kept);
    }
    builder.add(subject, this.#kept, subject.length);
    return this.#made + builder.take();
  }

  #mayGoOn(limit: number): boolean {
    return this.#count < limit && this.#from <= this.subject.length &&
      !(this.#pattern.isAnchored && this.#count > 0);
  }

  #lookUp(table: LuaTable): LuaValue {
    const key = this.#matcher.capture(0);
    const value = table.get(key);
    if (value !== undefined || table.metatable === undefined) return value;
    return firstOf(this.#call(this.operations.indexFunction, [table, key]));
  }

  #call(callee: LuaFunction, args: readonly LuaValue[]): Results {
    const { machine } = this;
    machine.enterBoundary(0);
    this.#isCalling = true;
    let results: Results;
    try {
      results = args.length === 1 ? callee.code(callee, args[0]) : callee.code(callee, ...args);
    } catch (thrown) {
      if (thrown === SUSPENSION) machine.leave(this);
      else this.#endCall();
      const error = asLuaError(thrown);
      throw error === undefined ? thrown : withoutLevel(error);
    }
    this.#endCall();
    return results;
  }

  #endCall(): void {
    this.#isCalling = false;
    this.machine.boundaries--;
  }

  /** Puts what a function or a table has answered in the place of the match. */
  #replaceBy(value: LuaValue): void {
    if (typeof value === "string") this.#put(value);
    else if (typeof value === "number") this.#put(toText(value));
    else if (value !== undefined && value !== false) {
      fail(`invalid replacement value (a ${typeName(value)})`);
    }
  }

  #put(text: string): void {
    this.machine.budget -= text.length >> BYTES_SHIFT;
    const { start, end } = this.#matcher;
    const kept = this.#kept;
    this.#kept = end;
    const builder = this.#builder;
    if (builder === undefined) {
      this.#made += kept < start ? this.subject.slice(kept, start) + text : text;
      if (this.#count === MANY) this.#builder = new TextBuilder();
      return;
    }
    builder.add(this.subject, kept, start);
    builder.add(text, 0, text.length);
  }
}
