// Small sets and hashes byte for byte as redis-server keeps them, which a DUMP shows.

import { assert, assertEquals } from "@std/assert";
import { Arena, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../../../structures/arena/arena.ts";
import { FieldMap, FieldMapEncoding } from "../../../structures/field_map/field_map.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { Intset } from "../../../structures/set/intset.ts";
import { Listpack } from "../../../structures/listpack/listpack.ts";
import { MemberSet, SetEncoding } from "../../../structures/set/member_set.ts";
import { RedisReference, withoutRedis } from "../../harness/redis_reference.ts";
import { latin1 } from "../byte_texts.ts";
import { blockOfDump } from "../dump.ts";
import { SeededRandom } from "../seeded_random.ts";

const RDB_SET_INTSET = 11;
const RDB_HASH_LISTPACK = 16;

function blockBytes(arena: Arena, ref: Ref, length: number): Uint8Array {
  const start = (ref & SEGMENT_MASK) << 3;
  return arena.bytes[ref >>> SEGMENT_SHIFT].slice(start, start + length);
}

async function dumpOf(redis: RedisReference, key: string, type: number): Promise<Uint8Array> {
  const dump = await redis.call("DUMP", key);
  assert(dump instanceof Uint8Array);
  return blockOfDump(dump, type);
}

Deno.test({
  name: "intset: the same bytes as redis-server's after every change",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await redis.call("CONFIG", "SET", "rdbcompression", "no");
    const arena = new Arena();
    const limits = { maxIntsetEntries: 512, maxListpackEntries: 0, maxListpackValueBytes: 0 };
    const set = new MemberSet(arena, new KeyHasher(1, 2), limits);
    const random = new SeededRandom(17);
    for (const bits of [15, 31, 63]) {
      set.create();
      await redis.call("DEL", "s");
      for (let i = 0; i < 150; i++) {
        const edge = 2n ** BigInt(i < 20 ? 6 : random.pick([6, bits]));
        const value = String(random.pick([1n, -1n]) * (edge - BigInt(random.below(60))));
        const bytes = latin1(value);
        const removes = random.below(4) === 0;
        const changed = await redis.call(removes ? "SREM" : "SADD", "s", value);
        const own = removes ? set.remove(bytes, 0, bytes.length) : set.add(bytes, 0, bytes.length);
        assertEquals(own ? 1 : 0, Number(changed));
        if (set.count === 0) continue;
        const length = new Intset(arena).totalBytes(set.ref);
        assertEquals(blockBytes(arena, set.ref, length), await dumpOf(redis, "s", RDB_SET_INTSET));
      }
      assertEquals(set.encoding, SetEncoding.Intset);
      set.destroy();
    }
    assertEquals(arena.usedBytes, 0);
  },
});

Deno.test({
  name: "hash: the same listpack as redis-server's after every change",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await redis.call("CONFIG", "SET", "rdbcompression", "no");
    const arena = new Arena();
    const limits = { maxListpackEntries: 128, maxListpackValueBytes: 64 };
    const map = new FieldMap(arena, new KeyHasher(1, 2), limits);
    map.create();
    const random = new SeededRandom(18);
    const fields = ["a", "", "7", "-7", "07", "70000", "9223372036854775807", "field", "0"];
    const values = ["", "v", "1", "-1000", "123456789", "1.5", "x".repeat(64), "y".repeat(40)];
    for (let i = 0; i < 400; i++) {
      const field = random.pick(fields);
      const bytes = latin1(field);
      if (random.below(4) === 0) {
        const removed = await redis.call("HDEL", "h", field);
        assertEquals(map.remove(bytes, 0, bytes.length) ? 1 : 0, Number(removed));
      } else {
        const value = random.pick(values);
        const added = await redis.call("HSET", "h", field, value);
        const isNew = map.set(bytes, 0, bytes.length, latin1(value), 0, value.length);
        assertEquals(isNew ? 1 : 0, Number(added));
      }
      if (map.count === 0) continue;
      const length = new Listpack(arena).totalBytes(map.ref);
      assertEquals(blockBytes(arena, map.ref, length), await dumpOf(redis, "h", RDB_HASH_LISTPACK));
    }
    assertEquals(map.encoding, FieldMapEncoding.Listpack);
    map.verify();
    map.destroy();
    assertEquals(arena.usedBytes, 0);
  },
});
