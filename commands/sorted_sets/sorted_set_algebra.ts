/**
 * ZUNION, ZINTER, ZDIFF and their STORE forms: what they share.
 *
 * ```
 *   ZUNION      numkeys key [key …] [WEIGHTS w …] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
 *   ZUNIONSTORE destination, the same without WITHSCORES; ZDIFF has none of the others
 *
 *   sources ──▶ members and scores, in any order ──▶ sorted ──▶ a reply, or the destination's value
 * ```
 *
 * Sources may be sets, whose members have a score of 1. As in Redis, sources are used from the
 * smallest to the largest, so that sums of doubles come out alike.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";
import type { MemberAlgebra } from "../../structures/algebra/member_algebra.ts";
import { Aggregate } from "../../structures/algebra/sorted_result.ts";
import { parseDouble } from "../../structures/numbers/double_text.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import type { ArgumentDeclaration } from "../declaration.ts";
import { countedKeys, key } from "../key_spec.ts";
import { looksUpFirst, openSources } from "../members/algebra_sources.ts";
import type { CommandDeclaration } from "../registry.ts";
import { replyResult } from "./result_pieces.ts";

const NOT_A_WEIGHT = new ErrorReply("ERR weight value is not a float");

const options = new OptionCursor();
// Of the call under way.
let aggregate: Aggregate = Aggregate.Sum;
let withScores = false;

/** What is made of sources, once they are open. */
export interface SortedSetOperation {
  /** Adds the answer's members to the sorted set in the making, and sorts them. */
  fill(this: void, algebra: MemberAlgebra): void;
  /** Whether the scores of several sources become one, so that WEIGHTS and AGGREGATE mean something. */
  readonly aggregates: boolean;
}

interface AlgebraForm {
  name: string;
  since: string;
  summary: string;
  complexity: string;
  operation: SortedSetOperation;
}

/** The declaration of a command that answers what it makes of sorted sets. */
export function sortedAlgebraCommand(
  { operation, ...declared }: AlgebraForm,
): CommandDeclaration {
  return {
    ...declared,
    arity: -3,
    group: "sorted-set",
    flags: ["readonly"],
    keys: countedKeys(1, "RO", "access"),
    arguments: [
      ...algebraArguments(operation),
      { name: "withscores", type: "pure-token", token: "WITHSCORES", optional: true },
    ],
    run(call) {
      make(call, 1, operation, true);
      replyResult(call, withScores);
    },
  };
}

/** The declaration of a command that stores what it makes of sorted sets. */
export function sortedAlgebraStoreCommand(
  { operation, ...declared }: AlgebraForm,
): CommandDeclaration {
  const stored: KeyEvent = event("sortedSet", declared.name);
  const fill = (call: Call, set: SortedSet): number => {
    const { sorted } = make(call, 2, operation, false);
    try {
      if (sorted.count > 0) sorted.moveTo(set);
    } finally {
      sorted.discard();
    }
    return 1;
  };
  return {
    ...declared,
    arity: -4,
    group: "sorted-set",
    flags: ["write", "denyoom"],
    keys: [key(1, "OW", "update"), countedKeys(2, "RO", "access")],
    arguments: [{ name: "destination", type: "key" }, ...algebraArguments(operation)],
    run: (call) => call.reply.integer(call.keyspace.sortedSets.replace(call, 1, fill, stored)),
  };
}

function algebraArguments({ aggregates }: SortedSetOperation): ArgumentDeclaration[] {
  const keys: ArgumentDeclaration[] = [
    { name: "numkeys", type: "integer" },
    { name: "key", type: "key", multiple: true },
  ];
  if (!aggregates) return keys;
  return [
    ...keys,
    { name: "weight", type: "integer", token: "WEIGHTS", optional: true, multiple: true },
    {
      name: "aggregate",
      type: "oneof",
      token: "AGGREGATE",
      optional: true,
      arguments: [
        { name: "sum", type: "pure-token", token: "SUM" },
        { name: "min", type: "pure-token", token: "MIN" },
        { name: "max", type: "pure-token", token: "MAX" },
      ],
    },
  ];
}

/** Opens the keys whose number is argument `countAt`. @throws {ErrorReply} @throws {Refusal} */
export function openCounted(call: Call, countAt: number): MemberAlgebra {
  const keys = Number(call.int64(countAt));
  if (keys < 1) {
    throw new ErrorReply(
      `ERR at least 1 input key is needed for '${call.command.fullName}' command`,
    );
  }
  if (keys > call.count - countAt - 1) throw SYNTAX_ERROR;
  return openSources(call, countAt + 1, keys, true);
}

/** Makes the sorted set that a call asks for; it belongs to the caller. */
function make(
  call: Call,
  countAt: number,
  operation: SortedSetOperation,
  mayHaveScores: boolean,
): MemberAlgebra {
  const algebra = openCounted(call, countAt);
  readOptions(call, countAt + 1 + algebra.sources.count, algebra, operation, mayHaveScores);
  try {
    operation.fill(algebra);
  } catch (error) {
    algebra.sorted.discard();
    throw error;
  }
  return algebra;
}

function readOptions(
  call: Call,
  from: number,
  { sources }: MemberAlgebra,
  { aggregates }: SortedSetOperation,
  mayHaveScores: boolean,
): void {
  const { args } = call;
  aggregate = Aggregate.Sum;
  withScores = false;
  options.begin(args, from);
  while (options.hasMore) {
    if (aggregates && options.value("WEIGHTS", sources.count)) {
      for (let i = 0; i < sources.count; i++) {
        const at = options.valueAt + i;
        const weight = parseDouble(args.bytes, args.start(at), args.length(at));
        if (Number.isNaN(weight)) throw NOT_A_WEIGHT;
        sources.setWeight(i, weight);
      }
    } else if (aggregates && options.value("AGGREGATE", 1)) {
      if (args.is(options.valueAt, "SUM")) aggregate = Aggregate.Sum;
      else if (args.is(options.valueAt, "MIN")) aggregate = Aggregate.Min;
      else if (args.is(options.valueAt, "MAX")) aggregate = Aggregate.Max;
      else throw SYNTAX_ERROR;
    } else if (mayHaveScores && options.flag("WITHSCORES")) withScores = true;
    else throw SYNTAX_ERROR;
  }
}

export const UNION: SortedSetOperation = { fill: fillUnion, aggregates: true };
export const INTERSECTION: SortedSetOperation = { fill: fillIntersection, aggregates: true };
export const DIFFERENCE: SortedSetOperation = { fill: fillDifference, aggregates: false };

function fillUnion(algebra: MemberAlgebra): void {
  const { batch, sorted, sources } = algebra;
  sources.sortBySize();
  sorted.begin(true, sources.largest);
  for (let i = 0; i < sources.count; i++) {
    const areNew = sorted.count === 0;
    algebra.walk(i);
    while (algebra.next()) {
      algebra.weigh(i);
      if (areNew) sorted.add(batch);
      else sorted.merge(batch, aggregate);
    }
  }
  sorted.sort(true);
}

function fillIntersection(algebra: MemberAlgebra): void {
  const { batch, sorted, sources } = algebra;
  sources.sortBySize();
  sorted.begin(false, 0);
  algebra.walk(0);
  while (algebra.nextCommonScored(aggregate)) sorted.add(batch);
  sorted.sort(false);
}

function fillDifference(algebra: MemberAlgebra): void {
  const { batch, sorted, sources } = algebra;
  sorted.begin(false, 0);
  if (sources.repeatsFirst) return;
  if (looksUpFirst(algebra)) {
    sources.sortOthersBySize();
    algebra.walk(0);
    while (algebra.nextOwn()) sorted.add(batch);
  } else addRemaining(algebra);
  sorted.sort(false);
}

/** Looks the members of all others up in the first source, and adds what is left of that. */
function addRemaining(algebra: MemberAlgebra): void {
  const { batch, sorted, sources } = algebra;
  const taken = new Set<number>();
  for (let i = 1; i < sources.count && taken.size < sources.size(0); i++) {
    algebra.walk(i);
    while (algebra.next()) {
      const places = algebra.placesIn(0);
      for (let j = 0; j < batch.count; j++) if (places[j] !== 0) taken.add(places[j]);
    }
  }
  algebra.walk(0);
  while (algebra.next()) {
    batch.drop(taken);
    sorted.add(batch);
  }
}
