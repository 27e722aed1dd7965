/**
 * A range of a sorted set as arguments ask for it: `start stop` and the options behind them. One
 * object is read from one call after another, so that a query allocates nothing.
 *
 * ```
 *   arguments ──read()──▶ by, bounds, reverse, offset, limit ──seek(set)──▶ cursor and count
 * ```
 *
 * ZRANGE says in its options what its bounds are, and in which direction the range is given; the
 * others have it in their names.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { LexBound, type SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { readLexBound } from "./lex_bound.ts";
import { ScoreBound } from "./score.ts";

const LIMIT_BY_RANK = new ErrorReply(
  "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
);
const LEX_WITH_SCORES = new ErrorReply(
  "ERR syntax error, WITHSCORES not supported in combination with BYLEX",
);
const BAD_SCORE_BOUND = new ErrorReply("ERR min or max is not a float");
const BAD_LEX_BOUND = new ErrorReply("ERR min or max not valid string range item");

/** What the bounds of a range are. */
export const RangeBy = {
  /** Ranks, unless an option says otherwise. */
  Option: 0,
  Rank: 1,
  Score: 2,
  Lex: 3,
} as const;
export type RangeBy = typeof RangeBy[keyof typeof RangeBy];
const { Lex: LEX, Option: OPTION, Rank: RANK, Score: SCORE } = RangeBy;

const options = new OptionCursor();

export class RangeQuery {
  /** Whether the reply is to have scores. */
  withScores = false;
  readonly #acceptsScores: boolean;
  readonly #declaredBy: RangeBy;
  readonly #declaredReverse: boolean;
  #by: RangeBy = RANK;
  #reverse = false;
  #offset = 0;
  #limit = -1;
  #firstRank = 0;
  #lastRank = 0;
  readonly #minScore = new ScoreBound();
  readonly #maxScore = new ScoreBound();
  readonly #minMember = new LexBound();
  readonly #maxMember = new LexBound();

  /**
   * @param reverse whether ranges are given from their upper end to their lower
   * @param acceptsScores whether WITHSCORES is an option
   */
  constructor(by: RangeBy, reverse: boolean = false, acceptsScores: boolean = true) {
    this.#declaredBy = by;
    this.#declaredReverse = reverse;
    this.#acceptsScores = acceptsScores;
  }

  /** Whether it is a range of ranks. */
  get isByRank(): boolean {
    return this.#by === RANK;
  }

  /**
   * Reads the query from the call's argument `start` on, to its end. Bounds by member are kept by
   * reference: valid as long as the arguments.
   *
   * @throws {ErrorReply} where the arguments make no query
   */
  read(call: Call, start: number): void {
    this.#readOptions(call, start + 2);
    if (this.#by === OPTION) this.#by = RANK;
    if (this.#by === RANK && this.#limit !== -1) throw LIMIT_BY_RANK;
    if (this.#by === LEX && this.withScores) throw LEX_WITH_SCORES;
    if (this.#by === RANK) {
      this.#firstRank = call.integer(start);
      this.#lastRank = call.integer(start + 1);
    } else if (this.#reverse) {
      this.#readBounds(call, start + 1, start);
    } else {
      this.#readBounds(call, start, start + 1);
    }
  }

  #readOptions(call: Call, from: number): void {
    const isOpen = this.#declaredBy === OPTION;
    this.withScores = false;
    this.#by = this.#declaredBy;
    this.#reverse = this.#declaredReverse;
    this.#offset = 0;
    this.#limit = -1;
    options.begin(call.args, from);
    while (options.hasMore) {
      if (this.#acceptsScores && options.flag("WITHSCORES")) this.withScores = true;
      else if (options.value("LIMIT", 2)) {
        this.#offset = call.integer(options.valueAt);
        this.#limit = call.integer(options.valueAt + 1);
      } else if (isOpen && !this.#reverse && options.flag("REV")) this.#reverse = true;
      else if (this.#by === OPTION && options.flag("BYSCORE")) this.#by = SCORE;
      else if (this.#by === OPTION && options.flag("BYLEX")) this.#by = LEX;
      else throw SYNTAX_ERROR;
    }
  }

  #readBounds(call: Call, min: number, max: number): void {
    const { args } = call;
    if (this.#by === SCORE) {
      if (!this.#minScore.read(args, min) || !this.#maxScore.read(args, max)) throw BAD_SCORE_BOUND;
    } else if (
      !readLexBound(args, min, this.#minMember) || !readLexBound(args, max, this.#maxMember)
    ) throw BAD_LEX_BOUND;
  }

  /**
   * Puts the set's cursor on the first element of the range. O(log n).
   *
   * @returns how many elements follow by `advance`, that one included
   */
  seek(set: SortedSet): number {
    if (this.#by === RANK) {
      return set.rangeByRank(this.#firstRank, this.#lastRank, this.#reverse);
    }
    if (this.#by === LEX) {
      return set.rangeByLex(
        this.#minMember,
        this.#maxMember,
        this.#reverse,
        this.#offset,
        this.#limit,
      );
    }
    const min = this.#minScore;
    const max = this.#maxScore;
    return set.rangeByScore(
      min.score,
      min.inclusive,
      max.score,
      max.inclusive,
      this.#reverse,
      this.#offset,
      this.#limit,
    );
  }

  /** How many elements the range has, whatever its limit. O(log n). */
  count(set: SortedSet): number {
    if (this.#by === LEX) return set.countByLex(this.#minMember, this.#maxMember);
    const min = this.#minScore;
    const max = this.#maxScore;
    return set.countByScore(min.score, min.inclusive, max.score, max.inclusive);
  }
}
