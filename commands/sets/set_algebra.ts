/**
 * SINTER, SUNION, SDIFF and their STORE forms: what they share. Which way an answer is made decides
 * about the form and the order of what comes out, and is Redis's:
 *
 * ```
 *   SINTER   walks the smallest set, and keeps what all others have        in that set's order
 *   SDIFF    walks the first set, and keeps what no other has, or makes
 *            a set of it and takes the others' members out                 } as a set has it whose
 *   SUNION   makes a set, to which all members are added                   } members came like that
 * ```
 *
 * A set in the making begins as an intset, but for SINTERSTORE.
 */

import type { Call } from "../../server/execution/call.ts";
import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";
import type { MemberAlgebra } from "../../structures/algebra/member_algebra.ts";
import { IN_TEXT, type MemberBatch } from "../../structures/algebra/member_batch.ts";
import { type MemberSet, SetEncoding } from "../../structures/set/member_set.ts";
import { key, keyRange } from "../key_spec.ts";
import type { KeyFlag } from "../../server/execution/key_spec.ts";
import { looksUpFirst, openSources } from "../members/algebra_sources.ts";
import { replyCollected, replyOwn } from "../members/algebra_pieces.ts";
import type { CommandDeclaration } from "../registry.ts";

/** How an operation is done, once its sources are open. */
export interface SetOperation {
  /** Replies with the answer. */
  reply(this: void, call: Call, algebra: MemberAlgebra): void;
  /** Makes the answer of an empty set. */
  fill(this: void, algebra: MemberAlgebra, set: MemberSet): void;
}

interface AlgebraForm {
  name: string;
  summary: string;
  complexity: string;
  operation: SetOperation;
}

/** The declaration of a command that answers what it makes of sets. */
export function algebraCommand({ operation, ...declared }: AlgebraForm): CommandDeclaration {
  return {
    ...declared,
    arity: -2,
    group: "set",
    since: "1.0.0",
    flags: ["readonly"],
    tips: ["nondeterministic_output_order"],
    keys: keyRange(1, -1, 1, "RO", "access"),
    arguments: [{ name: "key", type: "key", multiple: true }],
    run: (call) => operation.reply(call, openSources(call, 1, call.count - 1, false)),
  };
}

interface AlgebraStoreForm extends AlgebraForm {
  /** How the destination is used, as COMMAND tells it. */
  destination: KeyFlag;
}

/** The declaration of a command that stores what it makes of sets. */
export function algebraStoreCommand(
  { destination, operation, ...declared }: AlgebraStoreForm,
): CommandDeclaration {
  const stored: KeyEvent = event("set", declared.name);
  const fill = (call: Call, set: MemberSet): number => {
    operation.fill(openSources(call, 2, call.count - 2, false), set);
    return 1;
  };
  return {
    ...declared,
    arity: -3,
    group: "set",
    since: "1.0.0",
    flags: ["write", "denyoom"],
    keys: [key(1, destination, "update"), keyRange(2, -1, 1, "RO", "access")],
    arguments: [
      { name: "destination", type: "key" },
      { name: "key", type: "key", multiple: true },
    ],
    run: (call) => call.reply.integer(call.keyspace.sets.replace(call, 1, fill, stored)),
  };
}

export const INTERSECTION: SetOperation = { reply: replyIntersection, fill: fillIntersection };
export const UNION: SetOperation = { reply: replyUnion, fill: fillUnion };
export const DIFFERENCE: SetOperation = { reply: replyDifference, fill: fillDifference };

function replyIntersection(call: Call, algebra: MemberAlgebra): void {
  const { sources } = algebra;
  if (sources.hasEmpty) return call.reply.set(0);
  sources.sortBySize();
  algebra.walk(0);
  if (!algebra.nextCommon()) return call.reply.set(0);
  if (algebra.isLast) return replyBatch(call, algebra);
  algebra.collectRest(true);
  call.reply.set(algebra.places.count);
  replyCollected(call, algebra);
}

/** Replies with the members at hand, where those are all. */
function replyBatch({ reply }: Call, { batch }: MemberAlgebra): void {
  batch.writeTexts();
  const { count, lengths, starts } = batch;
  reply.set(count);
  for (let i = 0; i < count; i++) reply.bulkBytes(batch.bytesOf(i), starts[i], lengths[i]);
}

function replyUnion(call: Call, algebra: MemberAlgebra): void {
  replyMade(call, algebra, fillUnion);
}

/** Replies with a set that is made for that. */
function replyMade(call: Call, algebra: MemberAlgebra, fill: SetOperation["fill"]): void {
  const { set } = algebra;
  set.create();
  try {
    fill(algebra, set);
  } catch (error) {
    set.destroy();
    throw error;
  }
  call.reply.set(set.count);
  replyOwn(call, set);
}

function replyDifference(call: Call, algebra: MemberAlgebra): void {
  const { set, sources } = algebra;
  if (isVoid(algebra)) return call.reply.set(0);
  if (!looksUpFirst(algebra)) return replyMade(call, algebra, fillByRemoval);
  sources.sortOthersBySize();
  algebra.walk(0);
  if (!algebra.nextOwn()) return call.reply.set(0);
  const isIntset = sources.encoding(0) === SetEncoding.Intset;
  const isListpack = sources.encoding(0) === SetEncoding.Listpack;
  if (algebra.isLast && (isIntset || isListpack && hasNoInteger(algebra))) {
    return replyBatch(call, algebra);
  }
  algebra.collectRest(false);
  const { count } = algebra.places;
  if (!isIntset && set.isSmall(count)) return replyMade(call, algebra, fillCollected);
  call.reply.set(count);
  replyCollected(call, algebra);
}

/** Whether nothing can be left of the first source. */
function isVoid({ sources }: MemberAlgebra): boolean {
  return sources.size(0) === 0 || sources.repeatsFirst;
}

/** Whether none of the members at hand, of a listpack, is an integer: a set keeps those in order. */
function hasNoInteger({ batch }: MemberAlgebra): boolean {
  for (let i = 0; i < batch.count; i++) if (batch.segments[i] === IN_TEXT) return false;
  return true;
}

/** Adds what was collected, a member after the other. */
function fillCollected(algebra: MemberAlgebra, set: MemberSet): void {
  set.expect(algebra.places.count);
  for (let at = 0, read = 0; (read = algebra.read(at)) > 0; at += read) algebra.addTo(set, true);
}

function fillIntersection(algebra: MemberAlgebra, set: MemberSet): void {
  const { batch, places, sources } = algebra;
  if (sources.hasEmpty) return;
  sources.sortBySize();
  const isIntset = sources.encoding(0) === SetEncoding.Intset;
  algebra.walk(0);
  if (!algebra.nextCommon()) return;
  if (algebra.isLast) {
    if (!isIntset) {
      look.begin();
      look.at(batch, set);
      look.layOut(set, batch.count);
    }
    return algebra.addTo(set, true);
  }
  algebra.collectRest(true);
  if (!isIntset && set.isSmall(places.count)) {
    look.begin();
    for (let at = 0, read = 0; (read = algebra.read(at)) > 0; at += read) look.at(batch, set);
    look.layOut(set, places.count);
  }
  fillCollected(algebra, set);
}

/**
 * What SINTERSTORE has to know of all members before it stores the first: begun as an intset the set
 * would become a table, and as a listpack it would end as an intset.
 */
class Look {
  #longestBytes = 0;
  #areIntegers = true;

  begin(): void {
    this.#longestBytes = 0;
    this.#areIntegers = true;
  }

  /** Looks at members, which have their texts. */
  at(batch: MemberBatch, set: MemberSet): void {
    for (let i = 0; i < batch.count; i++) {
      const length = batch.lengths[i];
      if (length > this.#longestBytes) this.#longestBytes = length;
      this.#areIntegers &&= set.isInteger(batch.bytesOf(i), batch.starts[i], length);
    }
  }

  layOut(set: MemberSet, members: number): void {
    set.layOut(members, this.#longestBytes, this.#areIntegers);
  }
}

const look = new Look();

function fillUnion(algebra: MemberAlgebra, set: MemberSet): void {
  const { sources } = algebra;
  set.expect(sources.largest);
  for (let i = 0; i < sources.count; i++) {
    const areNew = set.count === 0;
    algebra.walk(i);
    while (algebra.next()) algebra.addTo(set, areNew);
  }
}

function fillDifference(algebra: MemberAlgebra, set: MemberSet): void {
  if (isVoid(algebra)) return;
  if (!looksUpFirst(algebra)) return fillByRemoval(algebra, set);
  algebra.sources.sortOthersBySize();
  algebra.collect(false);
  fillCollected(algebra, set);
}

/** Adds all of the first source, and takes out what the others have. */
function fillByRemoval(algebra: MemberAlgebra, set: MemberSet): void {
  const { sources } = algebra;
  set.expect(sources.size(0));
  algebra.walk(0);
  while (algebra.next()) algebra.addTo(set, true);
  for (let i = 1; i < sources.count && set.count > 0; i++) {
    algebra.walk(i);
    while (algebra.next()) algebra.takeFrom(set);
  }
}
