/**
 * A cursor over the options at the end of a call, so that each option is named once:
 *
 * ```ts
 * options.begin(call.args, 3);
 * while (options.hasMore) {
 *   if (options.flag("REV")) isReverse = true;
 *   else if (options.value("LIMIT", 2)) offset = call.integer(options.valueAt); // and the next
 *   else throw SYNTAX_ERROR;
 * }
 * ```
 *
 * One object serves call after call: nothing is allocated. What is asked first is found first, so
 * errors come in the order of the arguments.
 */

import type { Arguments } from "../../protocol/arguments.ts";

export class OptionCursor {
  /** Index of the first value behind the option that {@linkcode OptionCursor.value} found last. */
  valueAt = 0;
  #args!: Arguments;
  #at = 0;

  /** Goes to argument `from`. */
  begin(args: Arguments, from: number): void {
    this.#args = args;
    this.#at = from;
  }

  /** Whether there is an argument under the cursor. */
  get hasMore(): boolean {
    return this.#at < this.#args.count;
  }

  /** Index of the argument under the cursor. */
  get at(): number {
    return this.#at;
  }

  /** Whether the argument is this word, in upper case here and any case there; passes it if so. */
  flag(token: string): boolean {
    if (!this.#args.is(this.#at, token)) return false;
    this.#at++;
    return true;
  }

  /** Whether the argument is this word with `values` arguments behind it; passes all if so. */
  value(token: string, values: number): boolean {
    const at = this.#at;
    if (at + values >= this.#args.count || !this.#args.is(at, token)) return false;
    this.valueAt = at + 1;
    this.#at = at + 1 + values;
    return true;
  }
}
