/**
 * What SET and MSETEX are told behind keys and values: on what condition they write, and what becomes
 * of the expiry.
 *
 * ```
 *   NX | XX | IFEQ value | IFNE value | IFDEQ digest | IFDNE digest     SET alone compares, and
 *   GET                                                                 answers what was there
 *   EX s | PX ms | EXAT s | PXAT ms | KEEPTTL
 * ```
 *
 * One object for each of them, filled anew by every call.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { KEEP_EXPIRY, NO_EXPIRY } from "../../server/keyspace/strings.ts";
import { expiryOption, instantArgument } from "../arguments/expiry.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { conditionOption } from "./value_condition.ts";

const options = new OptionCursor();

/** See the top of the file. */
export class WriteOptions {
  onlyIfMissing = false;
  onlyIfPresent = false;
  /** On the value, as value_condition.ts has it; 0 for none. */
  condition = 0;
  /** Index of the argument with what the condition compares. */
  comparedAt = 0;
  /** Whether what was there is to be answered. */
  get = false;
  #keepsExpiry = false;
  /** How an expiry is given, as arguments/expiry.ts says; 0 where there is none. */
  #unit = 0;
  #timeAt = 0;
  readonly #isSet: boolean;

  /** @param isSet whether the options are there that only SET has */
  constructor(isSet: boolean) {
    this.#isSet = isSet;
  }

  /** Reads the arguments from `from` on. @throws {ErrorReply} for what is no option, or goes not with another */
  read(args: Arguments, from: number): void {
    this.onlyIfMissing = false;
    this.onlyIfPresent = false;
    this.condition = 0;
    this.get = false;
    this.#keepsExpiry = false;
    this.#unit = 0;
    options.begin(args, from);
    while (options.hasMore) {
      const isKnown = this.#readCondition() || this.#isSet && this.#readGet() || this.#readExpiry();
      if (!isKnown) throw SYNTAX_ERROR;
    }
  }

  // NX and XX may be given again.
  #readCondition(): boolean {
    if (this.condition !== 0) return false;
    if (!this.onlyIfPresent && options.flag("NX")) return this.onlyIfMissing = true;
    if (!this.onlyIfMissing && options.flag("XX")) return this.onlyIfPresent = true;
    if (!this.#isSet || this.onlyIfMissing || this.onlyIfPresent) return false;
    this.condition = conditionOption(options);
    this.comparedAt = options.valueAt;
    return this.condition !== 0;
  }

  #readGet(): boolean {
    if (!options.flag("GET")) return false;
    return this.get = true;
  }

  #readExpiry(): boolean {
    if (this.#unit === 0 && options.flag("KEEPTTL")) return this.#keepsExpiry = true;
    if (this.#keepsExpiry) return false;
    const unit = expiryOption(options);
    // One and the same may be given again; the last counts.
    if (unit === 0 || this.#unit !== 0 && unit !== this.#unit) return false;
    this.#unit = unit;
    this.#timeAt = options.valueAt;
    return true;
  }

  /**
   * The expiry for what is written: an instant in milliseconds, NO_EXPIRY or KEEP_EXPIRY.
   *
   * @throws {ErrorReply} where it is no time
   */
  expiry(call: Call): number | bigint {
    if (this.#unit !== 0) return instantArgument(call, this.#timeAt, this.#unit);
    return this.#keepsExpiry ? KEEP_EXPIRY : NO_EXPIRY;
  }
}
