/**
 * What the load generator asks for, over data that answers every question in one way only:
 *
 * ```
 * key:000000000042  ─▶  a value made from the number 42        GET, SET (writes it again)
 * bench:board       member:… 42 has score 42, never changed    ZQUERY: a page of ten
 * bench:moving      members that ZADD gives other scores       ZADD: answers 0, nothing added
 * ```
 *
 * so requests of many connections may run in any order, and every reply can still be checked. Keys
 * are those of redis-benchmark, which can be run over the same data.
 */

import type { CheckedRequest } from "./control_client.ts";
import { type Operation, OperationSet } from "./operation_set.ts";
import type { WireProtocol } from "./wire.ts";

export const WORKLOADS = ["get", "set", "zadd", "zquery", "mixed"] as const;
export type WorkloadName = typeof WORKLOADS[number];

const BOARD = "bench:board";
const MOVING = "bench:moving";
const PAGE_OFFSET = 10;
const PAGE_LIMIT = 10;
const SCORE_RANGE = 1_000_000;
/** Scores that each member of the moving set is given in turn. */
const SCORES_PER_MEMBER = 2;
const BATCH_MEMBERS = 100;

/** 16 bytes. */
function keyName(index: number): string {
  return `key:${String(index).padStart(12, "0")}`;
}

/** 16 bytes that only this key has. */
export function keyValue(index: number): string {
  return hex(mix(index)) + hex(mix(index ^ 0x5bd1e995));
}

function memberName(index: number): string {
  return `member:${String(index).padStart(9, "0")}`;
}

function movingScore(index: number): number {
  return mix(index) % SCORE_RANGE;
}

/** A 32-bit number that looks random and follows from `value`. */
function mix(value: number): number {
  let x = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}

type SingleWorkload = Exclude<WorkloadName, "mixed">;

/** The mixed workload draws from these. */
const MIX: readonly SingleWorkload[] = [
  ...new Array<SingleWorkload>(6).fill("get"),
  ...new Array<SingleWorkload>(2).fill("set"),
  "zadd",
  "zquery",
];

function operationOf(workload: SingleWorkload, index: number, keys: number): Operation {
  switch (workload) {
    case "get":
      return {
        request: ["GET", keyName(index)],
        reply: { kind: "string", text: keyValue(index) },
      };
    case "set":
      return { request: ["SET", keyName(index), keyValue(index)], reply: { kind: "ok" } };
    case "zadd": {
      const member = memberName(Math.floor(index / SCORES_PER_MEMBER));
      const score = String(movingScore(index));
      return { request: ["ZADD", MOVING, score, member], reply: { kind: "integer", value: 0 } };
    }
    case "zquery": {
      const first = Math.min(index + PAGE_OFFSET, keys);
      const scores: number[] = [];
      for (let i = first; i < Math.min(first + PAGE_LIMIT, keys); i++) scores.push(i);
      return {
        request: ["ZQUERY", BOARD, String(index), "", String(PAGE_OFFSET), String(PAGE_LIMIT)],
        reply: { kind: "scored", members: scores.map(memberName), scores },
      };
    }
  }
}

/** Fewer operations would let a window of requests begin at few places only. */
const MIN_OPERATIONS = 1 << 14;
/** Enough for the replies with many elements, which take most of the generator's memory. */
const MAX_LONG_OPERATIONS = 1 << 17;
/** The most requests that may be in one window. */
export const MAX_PIPELINE = 10_000;

/**
 * The prepared operations of a workload. Neighbours have nothing to do with each other, so a run of
 * them asks for keys all over the server's memory; together they ask for every key, if there are
 * no more keys than operations.
 */
function operationSet(
  protocol: WireProtocol,
  workload: WorkloadName,
  keys: number,
): OperationSet {
  const span = workload === "zadd" ? keys * SCORES_PER_MEMBER : keys;
  const long = workload === "zquery" || workload === "mixed";
  const wanted = long ? Math.min(span, MAX_LONG_OPERATIONS) : span;
  const stride = scatteringStride(span);
  return new OperationSet(protocol, Math.max(wanted, MIN_OPERATIONS), (i) => {
    const index = (i * stride) % span;
    return operationOf(workload === "mixed" ? mixedChoice(i) : workload, index, keys);
  });
}

function mixedChoice(index: number): SingleWorkload {
  return MIX[mix(index) % MIX.length];
}

/** A number near the golden section of `span` without a common factor: its multiples are scattered. */
export function scatteringStride(span: number): number {
  let stride = Math.max(1, Math.round(span * 0.618));
  while (commonFactor(stride, span) !== 1) stride++;
  return stride;
}

function commonFactor(a: number, b: number): number {
  return b === 0 ? a : commonFactor(b, a % b);
}

/** Prepared operations of one protocol, each workload's made when it is first asked for. */
export class OperationCatalogue {
  readonly #sets = new Map<WorkloadName, OperationSet>();

  /** @param keys keys, and members of each sorted set, that the server holds */
  constructor(readonly protocol: WireProtocol, readonly keys: number) {}

  operations(workload: WorkloadName): OperationSet {
    const existing = this.#sets.get(workload);
    if (existing !== undefined) return existing;
    const made = operationSet(this.protocol, workload, this.keys);
    this.#sets.set(workload, made);
    return made;
  }
}

/** Writes the strings. */
export function* stringData(keys: number): Generator<CheckedRequest> {
  for (let i = 0; i < keys; i++) {
    yield { request: ["SET", keyName(i), keyValue(i)], reply: "+OK\r\n" };
  }
}

/** Writes both sorted sets, which must not be there yet. */
export function* sortedSetData(keys: number): Generator<CheckedRequest> {
  yield* members(BOARD, keys, (index) => index);
  yield* members(MOVING, keys, (index) => movingScore(index * SCORES_PER_MEMBER));
}

function* members(
  key: string,
  count: number,
  score: (index: number) => number,
): Generator<CheckedRequest> {
  for (let first = 0; first < count; first += BATCH_MEMBERS) {
    const end = Math.min(first + BATCH_MEMBERS, count);
    const request = ["ZADD", key];
    for (let i = first; i < end; i++) request.push(String(score(i)), memberName(i));
    yield { request, reply: `:${end - first}\r\n` };
  }
}

/** Removes what the bench wrote. */
export function* dataRemoval(keys: number): Generator<CheckedRequest> {
  for (let i = 0; i < keys; i++) yield { request: ["DEL", keyName(i)], reply: ":1\r\n" };
}

/** The keys of the sorted sets, to be deleted before and after. */
export const SORTED_SET_KEYS: readonly string[] = [BOARD, MOVING];
