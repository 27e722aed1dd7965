/** What the cases fill servers with, each request with the reply that it must get. */

import type { CheckedRequest } from "../../load/control_client.ts";

const BATCH = 100;
const TTL_SECONDS = "1000000";
const MIN_STRING_BYTES = 10;
const MAX_STRING_BYTES = 1000;
const HASH_FIELDS = 5;
const SMALL_MEMBERS = 10;

/** 20 bytes, as the members of redis-benchmark's own tests. */
function elementName(index: number): string {
  return `element:${String(index).padStart(12, "0")}`;
}

/**
 * One sorted set, every element with its index as its score unless told otherwise; `from` is the first
 * number in its names.
 */
export function sortedSetOf(
  key: string,
  count: number,
  { from = 0, score = (index: number) => index } = {},
): Iterable<CheckedRequest> {
  return inBatches(
    count,
    (request, index) => request.push(String(score(index)), elementName(from + index)),
    { head: ["ZADD", key], reply: (added) => added },
  );
}

/** One set, whose members are named by numbers from `from` on. */
export function setOf(
  key: string,
  count: number,
  from = 0,
  name: (index: number) => string = elementName,
): Iterable<CheckedRequest> {
  return inBatches(count, (request, index) => request.push(name(from + index)), {
    head: ["SADD", key],
    reply: (added) => added,
  });
}

/** One hash, with values of 16 bytes. */
export function hashOf(key: string, count: number): Iterable<CheckedRequest> {
  return inBatches(
    count,
    (request, index) => request.push(elementName(index), String(index).padStart(16, "v")),
    { head: ["HSET", key], reply: (added) => added },
  );
}

/** One list; pushing answers its new length. */
export function listOf(
  key: string,
  count: number,
  element: (index: number) => string = elementName,
): Iterable<CheckedRequest> {
  return inBatches(count, (request, index) => request.push(element(index)), {
    head: ["RPUSH", key],
    reply: (_, total) => total,
  });
}

interface Batches {
  /** What each request begins with. */
  readonly head: readonly string[];
  /** The integer that a request answers, from how much it and all so far have added. */
  readonly reply: (added: number, total: number) => number;
}

function* inBatches(
  count: number,
  append: (request: string[], index: number) => void,
  { head, reply }: Batches,
): Generator<CheckedRequest> {
  for (let first = 0; first < count; first += BATCH) {
    const end = Math.min(first + BATCH, count);
    const request = [...head];
    for (let i = first; i < end; i++) append(request, i);
    yield { request, reply: `:${reply(end - first, end)}\r\n` };
  }
}

/** Members of each small collection. */
const SMALL_COLLECTION = 5;

/** Small hashes: 5 fields with values of 5 bytes and more, as counters and names are. */
export function* smallHashes(count: number): Generator<CheckedRequest> {
  yield* smallCollections(count, "HSET", (i, n) => [`field${i}`, `v${n}-${i}`]);
}

/** Small sets of 5 integers of 6 digits. */
export function* smallIntegerSets(count: number): Generator<CheckedRequest> {
  yield* smallCollections(count, "SADD", (i, n) => [String(100_000 + (n + i * 7919) % 900_000)]);
}

/** Small lists of 5 words. */
export function* smallLists(count: number): Generator<CheckedRequest> {
  yield* smallCollections(count, "RPUSH", (i, n) => [`m${n}-${i}`]);
}

/** Small sorted sets of 5 words. */
export function* smallSortedSets(count: number): Generator<CheckedRequest> {
  yield* smallCollections(count, "ZADD", (i, n) => [String(i * 10), `m${n}-${i}`]);
}

function* smallCollections(
  count: number,
  command: string,
  words: (member: number, key: number) => string[],
): Generator<CheckedRequest> {
  for (let n = 0; n < count; n++) {
    const key = `small:${String(n).padStart(10, "0")}`;
    const request = [command, key, ...repeated(SMALL_COLLECTION, (i) => words(i, n))];
    yield { request, reply: `:${SMALL_COLLECTION}\r\n` };
  }
}

/**
 * Keys of every core type in equal parts: strings of 10 to 1,000 bytes, hashes of 5 fields, lists,
 * sets and sorted sets of 10 members each; every third key has a TTL.
 */
export function* mixedKeys(count: number): Generator<CheckedRequest> {
  for (let i = 0; i < count; i++) {
    const key = `mixed:${String(i).padStart(10, "0")}`;
    yield mixedKey(key, i);
    // 5 and 3 have no common factor, so a third of each type is hit.
    if (i % 3 === 0) yield { request: ["EXPIRE", key, TTL_SECONDS], reply: ":1\r\n" };
  }
}

function mixedKey(key: string, index: number): CheckedRequest {
  const member = (i: number) => `m${index}-${i}`;
  switch (index % 5) {
    case 0: {
      const range = MAX_STRING_BYTES - MIN_STRING_BYTES + 1;
      const length = MIN_STRING_BYTES + Math.imul(index, 2654435) % range;
      return { request: ["SET", key, "x".repeat(Math.abs(length))], reply: "+OK\r\n" };
    }
    case 1:
      return {
        request: ["HSET", key, ...repeated(HASH_FIELDS, (i) => [`field${i}`, member(i)])],
        reply: `:${HASH_FIELDS}\r\n`,
      };
    case 2:
      return {
        request: ["RPUSH", key, ...repeated(SMALL_MEMBERS, (i) => [member(i)])],
        reply: `:${SMALL_MEMBERS}\r\n`,
      };
    case 3:
      return {
        request: ["SADD", key, ...repeated(SMALL_MEMBERS, (i) => [member(i)])],
        reply: `:${SMALL_MEMBERS}\r\n`,
      };
    default:
      return {
        request: ["ZADD", key, ...repeated(SMALL_MEMBERS, (i) => [String(i * 1.5), member(i)])],
        reply: `:${SMALL_MEMBERS}\r\n`,
      };
  }
}

function repeated(count: number, words: (index: number) => string[]): string[] {
  return Array.from({ length: count }, (_, i) => words(i)).flat();
}
