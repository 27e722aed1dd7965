// Random calls of all list commands, good and bad, against redis-server, at several limits and depths
// of compression: the same replies, and from redis-server 7.2 on the same encodings.

import { assertEquals } from "@std/assert";
import { serve } from "../../server/mod.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const LPOS = `
  RPUSH l a b c 1 2 3 c c a 1.0 -7 "" c
  LPOS l c
  LPOS l c RANK 2
  LPOS l c RANK -1
  LPOS l c RANK -2
  LPOS l c RANK 5
  LPOS l c RANK -5
  LPOS l c COUNT 0
  LPOS l c COUNT 2
  LPOS l c COUNT 100
  LPOS l c COUNT 2 RANK 2
  LPOS l c COUNT 2 RANK -1
  LPOS l c COUNT 0 RANK -2
  LPOS l c COUNT 0 RANK 9
  LPOS l c COUNT 0 MAXLEN 3
  LPOS l c COUNT 0 MAXLEN 2
  LPOS l c COUNT 0 MAXLEN 7 RANK 2
  LPOS l c COUNT 0 MAXLEN 1 RANK -1
  LPOS l c MAXLEN 2
  LPOS l c MAXLEN 3
  LPOS l c RANK -1 MAXLEN 1
  LPOS l a RANK -1 MAXLEN 3
  LPOS l c RANK 9223372036854775807
  LPOS l c RANK -9223372036854775807
  LPOS l c COUNT 9223372036854775807 MAXLEN 9223372036854775807
  LPOS l c RANK 1 RANK 2 COUNT 1 COUNT 0
  LPOS l 1
  LPOS l -7
  LPOS l 1.0
  LPOS l ""
  LPOS l 01
  LPOS l missing
  LPOS l missing COUNT 0
  LPOS missing c
  LPOS missing c COUNT 1
  LPOS missing c RANK 0
  lpos l c rank -1 count 2 maxlen 9
  SET s v
  LPOS s c
  LPOS s c COUNT 1
  LPOS s c RANK x
  LPOS
  LPOS l
  LPOS l c RANK
  LPOS l c COUNT
  LPOS l c MAXLEN
  LPOS l c NONSENSE 1
  LPOS l c RANK 0
  LPOS l c RANK x
  LPOS l c RANK 9223372036854775808
  LPOS l c RANK -9223372036854775808 => -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
  LPOS l c COUNT -1
  LPOS l c COUNT x
  LPOS l c COUNT 9223372036854775808
  LPOS l c MAXLEN -1
  LPOS l c MAXLEN 1.5
  LPOS l c MAXLEN -1 RANK 0
`;

comparison("LPOS", LPOS);
comparison("LPOS in RESP3, in a chain", LPOS, {
  resp3: true,
  directives: { "list-max-listpack-size": "3" },
});

const BAD = ["x", "", "1.5", "-0", "+1", "9223372036854775808", "-9223372036854775809", "-1"];

/** A random call of a list command; some make no sense. */
function call(random: SeededRandom): string[] {
  const key = () => random.pick(["l", "l", "l", "m", "n", "string"]);
  const element = () =>
    random.pick([
      String(random.below(20)),
      "e" + random.below(9),
      "the same again ".repeat(1 + random.below(9)),
      String(random.below(2 ** 31) * (random.below(2) === 0 ? 1 : -1)),
      "x".repeat(random.below(random.pick([70, 70, 5000]))),
      random.pick(["", "9223372036854775807", "-9223372036854775808", "1e5", "\u00ff\0"]),
    ]);
  const number = (bound: number) =>
    random.below(30) === 0 ? random.pick(BAD) : String(random.below(bound * 2) - bound);
  const count = (bound: number) =>
    random.below(30) === 0 ? random.pick(BAD) : String(random.below(bound));
  const end = () => random.below(30) === 0 ? "UP" : random.pick(["LEFT", "RIGHT"]);
  const many = () => Array.from({ length: 1 + random.below(random.pick([2, 9, 60])) }, element);
  const words = random.pick<() => string[]>([
    () => ["RPUSH", key(), ...many()],
    () => ["LPUSH", key(), ...many()],
    () => ["RPUSH", key(), ...many()],
    () => ["LPUSH", key(), ...many()],
    () => [random.pick(["LPUSHX", "RPUSHX"]), key(), ...many()],
    () => [random.pick(["LPOP", "RPOP"]), key()],
    () => [random.pick(["LPOP", "RPOP"]), key(), count(20)],
    () => ["LRANGE", key(), number(60), number(60)],
    () => ["LINDEX", key(), number(100)],
    () => ["LSET", key(), number(60), element()],
    () => ["LINSERT", key(), random.pick(["BEFORE", "AFTER", "after", "IN"]), element(), element()],
    () => ["LINSERT", key(), random.pick(["BEFORE", "AFTER"]), "e" + random.below(9), element()],
    () => ["LREM", key(), number(4), random.pick([element(), "e" + random.below(9)])],
    () => ["LTRIM", key(), number(9), String(-1 - random.below(9))],
    () => ["LPOS", key(), element(), "COUNT", count(3), "RANK", number(3)],
    () => ["LPOS", key(), "e" + random.below(9), "MAXLEN", count(60), "COUNT", "0"],
    () => ["LMOVE", key(), key(), end(), end()],
    () => ["RPOPLPUSH", key(), key()],
    () => ["LMPOP", count(3), key(), key(), end(), "COUNT", count(9)],
    () => ["LMPOP", "1", key(), end()],
    () => ["LLEN", key()],
    // Not changed afterwards: in Redis a list that SORT has stored goes on with nodes of 8 KiB.
    () => ["SORT", key(), "ALPHA", "LIMIT", "0", count(99), "STORE", "sorted"],
    () => ["DEL", random.pick(["l", "m", "n"])],
  ])();
  if (random.below(60) === 0) words.pop();
  if (random.below(60) === 0) words.push(element());
  return words;
}

const SIZES = ["-2", "-1", "-5", "3", "16", "128", "1"];

Deno.test({
  name: "random calls of list commands, at every limit and depth, as redis-server",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serve({ port: 0, onLogLine() {} });
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const both = async (context: string, ...words: string[]) => {
      const expected = await theirs.ask(...words);
      const actual = await ours.ask(...words);
      if (actual !== expected) assertEquals(actual, expected, `${context}: ${words.join(" ")}`);
    };
    const version = /redis_version:(\d+)\.(\d+)/.exec(await theirs.ask("INFO", "server"))!;
    const hasListpacks = Number(version[1]) * 100 + Number(version[2]) >= 702;
    const rounds = Number(Deno.env.get("RAVEL_RANDOM_ROUNDS") ?? 21);
    for (let round = 0; round < rounds; round++) {
      const random = new SeededRandom(round + 1);
      await both("", "FLUSHALL");
      await both("", "SET", "string", "value");
      await both("", "CONFIG", "SET", "list-max-listpack-size", SIZES[round % SIZES.length]);
      await both("", "CONFIG", "SET", "list-compress-depth", String(round % 3));
      for (let i = 0; i < 400; i++) {
        const words = call(random);
        const context = `round ${round}, call ${i}`;
        await both(context, ...words);
        for (const key of hasListpacks ? ["l", "m", "n", "sorted"] : []) {
          await both(`${context}: ${words.join(" ")}`, "OBJECT", "ENCODING", key);
        }
      }
      for (const key of ["l", "m", "n", "sorted"]) {
        await both(`round ${round}`, "LRANGE", key, "0", "-1");
      }
    }
    ravel.keyspace.arena.verify();
  },
});
