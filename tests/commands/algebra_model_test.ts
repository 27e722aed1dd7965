// Set algebra of random sets and sorted sets, in every encoding, against a model in plain JavaScript;
// and every byte that was taken for it comes back.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { DetachedClient } from "../harness/detached_client.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";

/** A set or a sorted set: members with scores. */
interface Source {
  readonly isSorted: boolean;
  readonly members: ReadonlyMap<string, number>;
}

const member = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -30, max: 600 }).map(String) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }).map((n) => `member:${n}`) },
  { weight: 1, arbitrary: fc.constantFrom("", "x".repeat(64), "y".repeat(65), "9007199254740993") },
);

/** All integers, so that intsets come up, or anything. */
const members = fc.oneof(
  fc.uniqueArray(fc.integer({ min: -5000, max: 5000 }).map(String), {
    minLength: 1,
    maxLength: 520,
  }),
  fc.uniqueArray(member, { minLength: 1, maxLength: 200 }),
  fc.uniqueArray(member, { minLength: 1, maxLength: 12 }),
);

const source: fc.Arbitrary<Source> = fc.record({
  isSorted: fc.boolean(),
  members: members.map((all) => new Map(all.map((text, i) => [text, i * 7 % 11 - 3]))),
});

const OPERATIONS = ["INTER", "UNION", "DIFF"] as const;
type Operation = typeof OPERATIONS[number];

/** The members that an operation leaves, with the sums of their scores. */
function expected(operation: Operation, sources: readonly Source[]): Map<string, number> {
  const scoreIn = ({ isSorted, members }: Source, text: string) =>
    isSorted ? members.get(text)! : 1;
  const all = new Set(sources.flatMap(({ members }) => [...members.keys()]));
  const answer = new Map<string, number>();
  for (const text of all) {
    const having = sources.filter(({ members }) => members.has(text));
    const belongs = operation === "UNION" ||
      (operation === "INTER" ? having.length === sources.length : having.length === 1 &&
        having[0] === sources[0]);
    if (belongs) answer.set(text, having.reduce((sum, one) => sum + scoreIn(one, text), 0));
  }
  return answer;
}

function elementsOf(reply: string): string[] {
  const elements: string[] = [];
  let at = reply.indexOf("\r\n") + 2;
  for (let left = Number(reply.slice(1, at - 2)); left > 0; left--) {
    const start = reply.indexOf("\r\n", at) + 2;
    const length = Number(reply.slice(at + 1, start - 2));
    elements.push(reply.slice(start, start + length));
    at = start + length + 2;
  }
  return elements;
}

function inOrder(answer: ReadonlyMap<string, number>): string[] {
  return [...answer].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .flatMap(([text, score]) => [text, String(score)]);
}

Deno.test("set algebra of random sets answers and stores what a model does", async () => {
  await using server = await serveQuietly({ environment: { now: new ManualClock().now } });
  const { keyspace } = server;
  const client = new DetachedClient(server);
  keyspace.flushAll(false);
  const before = keyspace.arena.usedBytes;
  fc.assert(
    fc.property(
      fc.array(source, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...OPERATIONS),
      fc.boolean(),
      (sources, operation, withSorted) => {
        const keys = sources.map((_, i) => `k${i}`);
        const used = withSorted ? sources : sources.map((one) => ({ ...one, isSorted: false }));
        for (const [i, { isSorted, members }] of used.entries()) {
          if (!isSorted) client.ask("SADD", keys[i], ...members.keys());
          else {
            client.ask(
              "ZADD",
              keys[i],
              ...[...members].flatMap(([text, score]) => [String(score), text]),
            );
          }
        }
        const answer = expected(operation, used);
        const count = String(keys.length);
        if (used.every(({ isSorted }) => !isSorted)) {
          const wanted = [...answer.keys()].sort();
          assertEquals(elementsOf(client.ask(`S${operation}`, ...keys)).sort(), wanted);
          assertEquals(client.ask(`S${operation}STORE`, keys[0], ...keys), `:${answer.size}\r\n`);
          assertEquals(elementsOf(client.ask("SMEMBERS", keys[0])).sort(), wanted);
        } else {
          const wanted = inOrder(answer);
          assertEquals(
            elementsOf(client.ask(`Z${operation}`, count, ...keys, "WITHSCORES")),
            wanted,
          );
          if (operation === "INTER") {
            assertEquals(client.ask("ZINTERCARD", count, ...keys), `:${answer.size}\r\n`);
          }
          assertEquals(
            client.ask(`Z${operation}STORE`, keys[0], count, ...keys),
            `:${answer.size}\r\n`,
          );
          assertEquals(elementsOf(client.ask("ZRANGE", keys[0], "0", "-1", "WITHSCORES")), wanted);
        }
        keyspace.flushAll(false);
        keyspace.arena.verify();
        assertEquals(keyspace.arena.usedBytes, before, "what was taken has come back");
      },
    ),
    { numRuns: 150 },
  );
});
