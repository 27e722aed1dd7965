// Random commands on a sorted set, in every encoding and from one to the other, against a model in
// plain JavaScript; and every byte that they took comes back.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, serveQuietly } from "../harness/quiet_server.ts";

/** A sorted set as a map, whose order is found anew at every question. */
class Model {
  readonly scores = new Map<string, number>();

  ordered(): [member: string, score: number][] {
    return [...this.scores].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  }

  /** The elements between two bounds by score, each of which may begin with a parenthesis. */
  between([min, max]: readonly string[]): [member: string, score: number][] {
    const isAbove = (score: number) =>
      min.startsWith("(") ? score > Number(min.slice(1)) : score >= Number(min);
    const isBelow = (score: number) =>
      max.startsWith("(") ? score < Number(max.slice(1)) : score <= Number(max);
    return this.ordered().filter(([, score]) => isAbove(score) && isBelow(score));
  }

  /** The elements of a list from one rank to another, which may be counted from the end. */
  ranks<T>(elements: readonly T[], [first, last]: readonly string[]): T[] {
    const rank = (text: string) => Number(text) < 0 ? elements.length + Number(text) : Number(text);
    return elements.slice(Math.max(0, rank(first)), Math.max(0, rank(last) + 1));
  }

  /** Removes elements, and answers how many. */
  remove(elements: readonly [member: string, score: number][]): string {
    for (const [member] of elements) this.scores.delete(member);
    return `:${elements.length}\r\n`;
  }

  /** The reply to a request, in RESP2. */
  ask(request: readonly string[]): string {
    const [name, , ...rest] = request;
    const { scores } = this;
    switch (name) {
      case "ZADD": {
        const [score, member] = rest;
        const isNew = !scores.has(member);
        scores.set(member, Number(score));
        return `:${isNew ? 1 : 0}\r\n`;
      }
      case "ZREM":
        return `:${rest.filter((member) => scores.delete(member)).length}\r\n`;
      case "ZSCORE":
        return bulk(scores.get(rest[0])?.toString());
      case "ZRANK": {
        const rank = this.ordered().findIndex(([member]) => member === rest[0]);
        return rank < 0 ? bulk(undefined) : `:${rank}\r\n`;
      }
      case "ZCARD":
        return `:${scores.size}\r\n`;
      case "ZINCRBY": {
        const [increment, member] = rest;
        const score = (scores.get(member) ?? 0) + Number(increment);
        scores.set(member, score);
        return bulk(String(score));
      }
      case "ZREVRANK": {
        const rank = this.ordered().reverse().findIndex(([member]) => member === rest[0]);
        return rank < 0 ? bulk(undefined) : `:${rank}\r\n`;
      }
      case "ZMSCORE":
        return `*${rest.length}\r\n` +
          rest.map((member) => bulk(scores.get(member)?.toString())).join("");
      case "ZCOUNT":
        return `:${this.between(rest).length}\r\n`;
      case "ZREMRANGEBYSCORE":
        return this.remove(this.between(rest));
      case "ZREMRANGEBYRANK":
        return this.remove(this.ranks(this.ordered(), rest));
      case "ZREVRANGE":
        return array(this.ranks(this.ordered().reverse(), rest).flat());
      case "ZREVRANGEBYSCORE":
        return array(this.between([rest[1], rest[0]]).reverse().flat());
      case "ZPOPMIN": {
        const popped = this.ordered().slice(0, Number(rest[0]));
        for (const [member] of popped) scores.delete(member);
        return array(popped.flat());
      }
      default: {
        const [min, max, , , offset, limit] = rest.map(Number);
        const within = this.ordered().filter(([, score]) => score >= min && score <= max);
        return array(within.slice(offset, limit < 0 ? undefined : offset + limit).flat());
      }
    }
  }
}

function bulk(text: string | undefined): string {
  return text === undefined ? "$-1\r\n" : `$${text.length}\r\n${text}\r\n`;
}

function array(values: readonly (string | number)[]): string {
  return `*${values.length}\r\n` + values.map((value) => bulk(String(value))).join("");
}

const members = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "\xff", "\0", "7"), maxLength: 3 }),
  fc.integer({ min: -30, max: 30 }).map(String),
);
const scores = fc.integer({ min: -40, max: 40 }).map((quarters) => String(quarters / 4));
const bounds = fc.tuple(fc.constantFrom("", "("), scores).map((parts) => parts.join(""));
const ranks = fc.integer({ min: -50, max: 50 }).map(String);
const requests = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constant("ZINCRBY"), fc.constant("z"), scores, members),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom("ZCOUNT"), fc.constant("z"), bounds, bounds),
  },
  fc.tuple(fc.constant("ZREMRANGEBYSCORE"), fc.constant("z"), bounds, bounds),
  fc.tuple(fc.constant("ZREMRANGEBYRANK"), fc.constant("z"), ranks, ranks),
  fc.tuple(fc.constant("ZREVRANGE"), fc.constant("z"), ranks, ranks, fc.constant("WITHSCORES")),
  fc.tuple(
    fc.constant("ZREVRANGEBYSCORE"),
    fc.constant("z"),
    bounds,
    bounds,
    fc.constant("WITHSCORES"),
  ),
  fc.array(members, { minLength: 1, maxLength: 4 }).map((all) => ["ZMSCORE", "z", ...all]),
  { weight: 6, arbitrary: fc.tuple(fc.constant("ZADD"), fc.constant("z"), scores, members) },
  {
    weight: 2,
    arbitrary: fc.array(members, { minLength: 1, maxLength: 3 }).map((
      all,
    ) => ["ZREM", "z", ...all]),
  },
  fc.tuple(fc.constantFrom("ZSCORE", "ZRANK", "ZREVRANK"), fc.constant("z"), members),
  fc.constant(["ZCARD", "z"]),
  fc.nat(3).map((count) => ["ZPOPMIN", "z", String(count)]),
  fc.tuple(scores, scores, fc.nat(5), fc.integer({ min: -1, max: 5 })).map((
    [min, max, offset, limit],
  ) => ["ZRANGE", "z", min, max, "BYSCORE", "LIMIT", String(offset), String(limit), "WITHSCORES"]),
);

Deno.test("sorted set: random commands in every encoding, against a model", async () => {
  for (const limit of ["1000", "12", "0"]) {
    await using server = await serveQuietly({ directives: { "zset-max-listpack-entries": limit } });
    using peer = await Peer.connect(server.address.port);
    const { arena } = server.keyspace;
    // The table of keys takes its first memory with its first key, and keeps it.
    await peer.ask("ZADD", "z", "1", "first");
    await peer.ask("ZREM", "z", "first");
    const bytesBefore = arena.usedBytes;
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { maxLength: 120, size: "max" }), async (all) => {
        const model = new Model();
        for (const request of all) peer.queue(...request.map(latin1));
        await peer.flush();
        for (const request of all) assertEquals(await peer.receive(), model.ask(request));
        arena.verify();
        await peer.ask("ZREM", "z", ...[...model.scores.keys(), "none"].map(latin1));
        assertEquals(arena.usedBytes, bytesBefore);
      }),
      { numRuns: 60 },
    );
    await flushAndDrain(server);
  }
});

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
