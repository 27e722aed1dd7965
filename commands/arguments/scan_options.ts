/** Options of SCAN and its kin: `[MATCH pattern] [COUNT count] [TYPE type] [NOVALUES]`. */

import type { Arguments } from "../../protocol/arguments.ts";
import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { GlobPattern } from "../../structures/bytes/glob.ts";
import type { Call } from "../../server/execution/call.ts";
import { OptionCursor } from "./option_cursor.ts";

const STAR = 0x2a;
const DEFAULT_COUNT = 10;
/** Buckets that a scan visits at most, for each element that it is to find. */
const STEPS_PER_ELEMENT = 10;

const options = new OptionCursor();

/** MATCH, COUNT and TYPE of a scan. One object is filled anew for each. */
export class ScanOptions {
  /** What is looked for; undefined where everything is. It reads the request's bytes. */
  pattern: GlobPattern | undefined;
  /** Index of the argument with the type's name, 0 for none. */
  type = 0;
  count = DEFAULT_COUNT;
  /** Whether fields are told without their values. */
  noValues = false;
  readonly #acceptsType: boolean;

  /** @param acceptsType whether TYPE is an option */
  constructor(acceptsType: boolean) {
    this.#acceptsType = acceptsType;
  }

  /**
   * Reads the arguments from `from` on.
   *
   * @param acceptsNoValues whether NOVALUES is an option
   * @throws {ErrorReply} for what is no option, or a count that is not positive
   */
  read(call: Call, from: number, acceptsNoValues = false): void {
    const { args } = call;
    this.pattern = undefined;
    this.type = 0;
    this.count = DEFAULT_COUNT;
    this.noValues = false;
    options.begin(args, from);
    while (options.hasMore) {
      if (options.value("COUNT", 1)) {
        this.count = call.integer(options.valueAt);
        if (this.count < 1) throw SYNTAX_ERROR;
      } else if (options.value("MATCH", 1)) {
        this.pattern = patternArgument(args, options.valueAt);
      } else if (this.#acceptsType && options.value("TYPE", 1)) {
        this.type = options.valueAt;
      } else if (acceptsNoValues && options.flag("NOVALUES")) {
        this.noValues = true;
      } else {
        throw SYNTAX_ERROR;
      }
    }
  }

  /** How many buckets the scan may visit. */
  get maxSteps(): number {
    return this.count * STEPS_PER_ELEMENT;
  }
}

/** The pattern in argument `i`, undefined for the one that everything matches, nothing too. */
export function patternArgument(args: Arguments, i: number): GlobPattern | undefined {
  if (args.length(i) === 1 && args.bytes[args.start(i)] === STAR) return undefined;
  return new GlobPattern(args.bytes, args.start(i), args.length(i));
}
