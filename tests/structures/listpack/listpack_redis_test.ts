// Listpacks against those that redis-server makes: a DUMP carries the listpack as it is, behind a
// type byte and an RDB length, and before ten bytes of version and checksum.

import { assert, assertEquals } from "@std/assert";
import { Arena, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../../../structures/arena/arena.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { Listpack } from "../../../structures/listpack/listpack.ts";
import { SortedSet, SortedSetEncoding } from "../../../structures/sorted_set/sorted_set.ts";
import { RedisReference, withoutRedis } from "../../harness/redis_reference.ts";
import { blockOfDump } from "../dump.ts";
import { SeededRandom } from "../seeded_random.ts";

const RDB_HASH_LISTPACK = 16;
const RDB_ZSET_LISTPACK = 17;

async function redisWithWideLimits(): Promise<RedisReference> {
  const redis = await RedisReference.start();
  await redis.call("CONFIG", "SET", "rdbcompression", "no");
  for (const type of ["hash", "zset"]) {
    await redis.call("CONFIG", "SET", `${type}-max-listpack-value`, "3000000");
    await redis.call("CONFIG", "SET", `${type}-max-listpack-entries`, "100000");
  }
  return redis;
}

async function redisListpack(redis: RedisReference, key: string, type: number) {
  const dump = await redis.call("DUMP", key);
  assert(dump instanceof Uint8Array);
  return blockOfDump(dump, type);
}

function ownBytes(arena: Arena, ref: Ref): Uint8Array {
  const start = (ref & SEGMENT_MASK) << 3;
  const total = new Listpack(arena).totalBytes(ref);
  return arena.bytes[ref >>> SEGMENT_SHIFT].slice(start, start + total);
}

/** Texts at both edges of every encoding and backlen, and what is almost an integer. */
function entryTexts(): string[] {
  const texts = [
    "",
    "a",
    "-",
    "-0",
    "+1",
    "01",
    " 1",
    "1.5",
    "1e3",
    "héllo",
    "9223372036854775808",
  ];
  for (const bits of [7, 12, 15, 23, 31, 32, 53, 63]) {
    for (const edge of [2n ** BigInt(bits), -(2n ** BigInt(bits))]) {
      for (const value of [edge - 1n, edge, edge + 1n]) texts.push(String(value));
    }
  }
  for (const body of [63, 64, 127, 128, 4095, 4096, 16_383, 16_384, 2_097_151]) {
    for (const length of [body - 6, body - 5, body - 4, body - 2, body - 1, body]) {
      texts.push("x".repeat(length));
    }
  }
  return texts;
}

Deno.test({
  name: "listpack: the same bytes as redis-server's, for every encoding",
  ignore: withoutRedis,
  async fn() {
    await using redis = await redisWithWideLimits();
    const arena = new Arena();
    const listpack = new Listpack(arena);
    const encoder = new TextEncoder();
    for (const text of entryTexts()) {
      const bytes = encoder.encode(text);
      await redis.call("DEL", "h");
      await redis.call("HSET", "h", "field", bytes, "7", "last");
      let ref = listpack.create();
      for (const part of [encoder.encode("field"), bytes, "7", "last"]) {
        const entry = typeof part === "string" ? encoder.encode(part) : part;
        ref = listpack.append(ref, entry, 0, entry.length);
      }
      const theirs = await redisListpack(redis, "h", RDB_HASH_LISTPACK);
      assertEquals(ownBytes(arena, ref), theirs, text.slice(0, 40));
      const imported = listpack.import(theirs, 0, theirs.length);
      listpack.verify(imported);
      arena.free(imported);
      arena.free(ref);
    }
    assertEquals(arena.usedBytes, 0);
  },
});

Deno.test({
  name: "sorted set: the same listpack as redis-server's after every change",
  ignore: withoutRedis,
  async fn() {
    await using redis = await redisWithWideLimits();
    const arena = new Arena();
    const limits = { maxListpackEntries: 1000, maxListpackValueBytes: 3_000_000 };
    const set = new SortedSet(arena, new KeyHasher(1, 2), limits);
    set.create();
    const random = new SeededRandom(11);
    const members = ["a", "b", "ab", "", "7", "-7", "07", "70000", "9223372036854775807"];
    for (let i = 0; i < 20; i++) members.push(`member:${i}`);
    // Redis 7.0 prints 17 digits and not the fewest: scores for which that is the same text.
    const scores = [
      "0",
      "-0",
      "1",
      "-1",
      "127",
      "128",
      "-4097",
      "0.5",
      "-0.25",
      "1.2379400392853803e+27",
      "inf",
    ];
    scores.push("-inf", "4611686018427387904", "-4611686018427387904", "9007199254740993", "1e15");
    const encoder = new TextEncoder();
    for (let i = 0; i < 400; i++) {
      const member = random.pick(members);
      const bytes = encoder.encode(member);
      if (random.below(4) === 0) {
        const removed = await redis.call("ZREM", "z", member);
        assertEquals(set.remove(bytes, 0, bytes.length) ? 1 : 0, Number(removed));
      } else {
        const score = random.pick(scores);
        await redis.call("ZADD", "z", score, member);
        set.add(Number(score.replace("inf", "Infinity")), bytes, 0, bytes.length);
      }
      if (set.count === 0) continue;
      assertEquals(ownBytes(arena, set.ref), await redisListpack(redis, "z", RDB_ZSET_LISTPACK));
    }
    assertEquals(set.encoding, SortedSetEncoding.Listpack);
    set.verify();
    set.destroy();
    assertEquals(arena.usedBytes, 0);
  },
});
