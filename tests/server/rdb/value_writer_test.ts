// Values as they stand in Redis's snapshots: byte for byte what redis-server dumps.

import { assert, assertEquals } from "@std/assert";
import { serializedLength } from "../../../server/keyspace/rdb/value_length.ts";
import type { ByteSink } from "../../../server/keyspace/rdb/rdb_writer.ts";
import { ValueWriter } from "../../../server/keyspace/rdb/value_writer.ts";
import { Peer } from "../../harness/peer.ts";
import { serveQuietly } from "../../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../../harness/redis_reference.ts";

class Collector implements ByteSink {
  readonly collected: number[] = [];

  byte(value: number): void {
    assert(value >= 0 && value <= 255);
    this.collected.push(value);
  }

  bytes(bytes: Uint8Array, start: number, length: number): void {
    for (let i = start; i < start + length; i++) this.collected.push(bytes[i]);
  }
}

/** Requests that make one value each, under the key that is their second word. */
const VALUES: readonly (readonly string[])[] = [
  ["SET", "text", "some text"],
  ["SET", "empty", ""],
  ["SET", "i8", "-128"],
  ["SET", "i16", "-129"],
  ["SET", "i32", "2147483647"],
  ["SET", "i64", "2147483648"],
  ["SET", "wide", "-9223372036854775808"],
  ["SET", "long", "x".repeat(70)],
  ["SET", "longer", "x".repeat(20_000)],
  ["RPUSH", "short list", "a", "1", "-70000", "b".repeat(100)],
  ["RPUSH", "chain", ...Array.from({ length: 900 }, (_, i) => `element ${i * 7919}`)],
  ["RPUSH", "large elements", "a", "y".repeat(9000), "b", "z".repeat(30_000)],
  ["SADD", "integers", "1", "2", "-70000", "9007199254740993"],
  ["HSET", "packed", "a", "1", "b", "text", "c", ""],
  ["ZADD", "small", "1", "a", "2.5", "b", "-inf", "c"],
  [
    "ZADD",
    "tree",
    ...Array.from({ length: 400 }, (_, i) => [`${i * 7919 % 401 / 8}`, `m${i}`]).flat(),
  ],
];

/** Those whose members are in no order that counts. */
const UNORDERED: readonly (readonly string[])[] = [
  ["SADD", "words", ...Array.from({ length: 200 }, (_, i) => `w${i}`), "12", "y".repeat(80)],
  [
    "HSET",
    "fields",
    ...Array.from({ length: 300 }, (_, i) => [`f${i}`, `${i * 1000}`]).flat(),
    "x"
      .repeat(70),
    "1",
  ],
];

Deno.test({
  name: "values are serialized as redis-server dumps them",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await redis.call("CONFIG", "SET", "rdbcompression", "no");
    await redis.call("CONFIG", "SET", "hash-max-listpack-entries", "128");
    await using server = await serveQuietly({ directives: { "hash-max-listpack-entries": "128" } });
    using peer = await Peer.connect(server.address.port);
    for (const request of [...VALUES, ...UNORDERED]) {
      const name = request[1];
      await redis.call(...request);
      await peer.ask("FLUSHALL");
      await peer.ask(...request);
      const dump = await redis.call("DUMP", name);
      assert(dump instanceof Uint8Array);
      // A dump has the type in front, and ten bytes of version and checksum behind.
      const expected = Array.from(dump.subarray(1, dump.length - 10));
      const collector = new Collector();
      server.keyspace.databases[0].forEach((entry) => {
        new ValueWriter(server.keyspace, collector, false).write(entry);
        assertEquals(serializedLength(server.keyspace, entry, false), expected.length, name);
      });
      if (UNORDERED.includes(request)) {
        collector.collected.sort();
        expected.sort();
      }
      assertEquals(collector.collected, expected, name);
    }
  },
});
