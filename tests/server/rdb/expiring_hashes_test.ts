// Dumps of hashes whose fields expire, as Redis 7.4 writes them: byte for byte where they are packed,
// restored with every expiry, refused where somebody has made them up.

import { assert, assertEquals } from "@std/assert";
import { DetachedValue } from "../../../server/keyspace/detached_value.ts";
import { RdbFormatError, RdbReader } from "../../../server/keyspace/rdb/rdb_reader.ts";
import { discard } from "../../../server/keyspace/value_attachment.ts";
import { ValueReader } from "../../../server/keyspace/rdb/value_reader.ts";
import { ReplyError } from "../../../protocol/reply_value.ts";
import { flushAndDrain, ManualClock, serveQuietly } from "../../harness/quiet_server.ts";
import { WireClient } from "../../harness/wire_client.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";
import { dumpOf, signed } from "./dump_values.ts";

const FAR_MS = 2_000_000_000_000;

/** Of redis-server 7.4.1: f0, f1 and f2 with v0, v1, v2; f0 and f2 expire at FAR_MS and 24 s later. */
const OF_REDIS = bytesOf(
  "1900204aa9d1010000353500000009008266300382763003f400204aa9d1010000098266320382763203f4c07d" +
    "4aa9d10100000982663103827631030001ff0c009455e513f9630091",
);

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g)!, (byte) => parseInt(byte, 16));
}

/** A request that makes a hash of so many fields, of which every other expires. */
async function fill(client: WireClient, key: string, fields: number): Promise<void> {
  const pairs = Array.from({ length: fields }, (_, i) => [`f${i}`, `v${i}`]).flat();
  await client.call("HSET", key, ...pairs);
  for (let i = 0; i < fields; i += 2) {
    const ms = FAR_MS + (i * 37) % 50 * 1000;
    await client.call("HPEXPIREAT", key, String(ms), "FIELDS", "1", `f${i}`);
  }
}

/** All that a hash says of itself. */
async function stateOf(client: WireClient, key: string, fields: number): Promise<unknown> {
  const names = Array.from({ length: fields }, (_, i) => `f${i}`);
  return [
    await client.call("HMGET", key, ...names),
    await client.call("HPEXPIRETIME", key, "FIELDS", String(fields), ...names),
    await client.call("OBJECT", "ENCODING", key),
    await client.call("HLEN", key),
  ];
}

Deno.test("a small hash with fields that expire is dumped as by Redis 7.4, and restored", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  await fill(client, "h", 3);
  assertEquals(await client.call("DUMP", "h"), OF_REDIS);
  assertEquals(await client.call("RESTORE", "copy", "0", OF_REDIS), "OK");
  assertEquals(await stateOf(client, "copy", 3), await stateOf(client, "h", 3));
  assertEquals(await client.call("DUMP", "copy"), OF_REDIS);
});

Deno.test("hashes with fields that expire: DUMP, RESTORE, COPY, MOVE, SWAPDB", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using client = await WireClient.connect(server.address.port);
  const { keyspace } = server;
  for (const fields of [1, 3, 40, 700]) {
    await fill(client, "h", fields);
    const state = await stateOf(client, "h", fields);
    const dump = await client.call("DUMP", "h") as Uint8Array;
    assertEquals(dump[0], fields < 512 ? 25 : 24);
    assertEquals(dump[dump.length - 10], 12);
    await client.call("RESTORE", "restored", "0", dump);
    await client.call("COPY", "h", "copied");
    await client.call("COPY", "h", "copied", "DB", "2");
    assertEquals(await stateOf(client, "restored", fields), state);
    assertEquals(await stateOf(client, "copied", fields), state);
    assertEquals(keyspace.databases.map((db) => db.fieldExpiringCount).slice(0, 3), [3, 0, 1]);
    await client.call("MOVE", "h", "1");
    await client.call("SWAPDB", "1", "0");
    assertEquals(await stateOf(client, "h", fields), state);
    assertEquals(keyspace.databases.map((db) => db.fieldExpiringCount).slice(0, 3), [1, 2, 1]);
    // Each copy loses its fields by itself.
    await client.call("HPERSIST", "h", "FIELDS", "1", "f0");
    await client.call("SELECT", "1");
    assertEquals(await stateOf(client, "copied", fields), state);
    for (const db of keyspace.databases.slice(0, 3)) {
      db.forEach((entry) => keyspace.hashes.open(entry).verify());
    }
    await client.call("SELECT", "0");
    await flushAndDrain(server);
  }
});

Deno.test("limits decide how a restored hash with fields that expire is held", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  await fill(client, "small", 40);
  await fill(client, "large", 700);
  const small = await client.call("DUMP", "small") as Uint8Array;
  const large = await client.call("DUMP", "large") as Uint8Array;
  await client.call("CONFIG", "SET", "hash-max-listpack-entries", "39");
  await client.call("RESTORE", "small-table", "0", small);
  assertEquals(await client.call("OBJECT", "ENCODING", "small-table"), encode("hashtable"));
  await client.call("CONFIG", "SET", "hash-max-listpack-entries", "700");
  await client.call("RESTORE", "large-listpack", "0", large);
  assertEquals(await client.call("OBJECT", "ENCODING", "large-listpack"), encode("listpackex"));
  const expiries = (state: unknown) => (state as unknown[])[1];
  for (
    const [copy, original, fields] of [
      ["small-table", "small", 40],
      ["large-listpack", "large", 700],
    ] as const
  ) {
    assertEquals(
      expiries(await stateOf(client, copy, fields)),
      expiries(await stateOf(client, original, fields)),
    );
  }
});

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A listpack with an entry for each text or integer that fits into one byte. */
function listpackOf(...entries: (string | number)[]): number[] {
  const body = entries.flatMap((entry) =>
    typeof entry === "number"
      ? [entry, 1]
      : [0x80 | entry.length, ...encode(entry), entry.length + 1]
  );
  const total = body.length + 7;
  return [total, 0, 0, 0, entries.length, 0, ...body, 0xff];
}

function packed(...entries: (string | number)[]): Uint8Array {
  const listpack = listpackOf(...entries);
  return dumpOf(25, Uint8Array.from([...new Array(8).fill(0), listpack.length, ...listpack]), 12);
}

const BAD_DUMPS: Readonly<Record<string, Uint8Array>> = {
  "no expiry behind a value": packed("a", "b"),
  "an expiry that is no number": packed("a", "b", "c"),
  "expiries out of order": packed("a", "b", 9, "c", "d", 8),
  "an expiry behind none": packed("a", "b", 0, "c", "d", 8),
  "a field twice": packed("a", "b", 8, "a", "d", 9),
  "no fields": packed(),
  "a table without its earliest expiry": dumpOf(24, Uint8Array.from([1, 0, 0]), 12),
  "a table of a field twice": dumpOf(
    24,
    Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, 97, 1, 98, 0, 1, 97, 1, 99]),
    12,
  ),
  "an expiry beyond all bounds": dumpOf(
    24,
    Uint8Array.from([0, 0, 0, 0, 0, 0x40, 0, 0, 1, 2, 1, 97, 1, 98]),
    12,
  ),
  "a table that is cut off": dumpOf(24, Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 97]), 12),
};

Deno.test("made up dumps of hashes with fields that expire are refused", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  assertEquals(await client.call("RESTORE", "k", "0", packed("a", "b", 0, "c", "d", 0)), "OK");
  assertEquals(await client.call("RESTORE", "l", "0", packed("a", "b", 9, "c", "d", 0)), "OK");
  const { usedBytes } = server.keyspace.arena;
  for (const [name, dump] of Object.entries(BAD_DUMPS)) {
    const reply = await client.call("RESTORE", "bad", "0", dump);
    assert(reply instanceof ReplyError, name);
    assertEquals(reply.message, "ERR Bad data format", name);
    assertEquals(server.keyspace.arena.usedBytes, usedBytes, name);
  }
  const reply = await client.call("RESTORE", "bad", "0", signed(OF_REDIS, 13));
  assert(reply instanceof ReplyError && reply.message.includes("version"));
});

Deno.test("dumps of hashes with fields that expire, with changed bytes", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  await fill(client, "small", 6);
  await client.call("CONFIG", "SET", "hash-max-listpack-entries", "0");
  await fill(client, "table", 6);
  const random = new SeededRandom(11);
  let restored = 0;
  for (const key of ["small", "table"]) {
    const dump = await client.call("DUMP", key) as Uint8Array;
    for (let i = 0; i < 400; i++) {
      const changed = dump.slice();
      for (let n = 1 + random.below(2); n > 0; n--) {
        changed[1 + random.below(dump.length - 11)] = random.below(256);
      }
      const reply = await client.call("RESTORE", "k", "0", signed(changed), "REPLACE");
      if (reply instanceof ReplyError) continue;
      restored++;
      const { databases: [db], hashes } = server.keyspace;
      db.forEach((entry) => hashes.open(entry).verify());
      await client.call("HGETDEL", "k", "FIELDS", "2", "f0", "f1");
    }
  }
  assert(restored > 20);
  await client.call("FLUSHALL");
  await flushAndDrain(server);
});

Deno.test("a hash with fields that expire is the same in however many pieces it comes", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  await fill(client, "h", 5);
  await fill(client, "t", 600);
  const { keyspace } = server;
  const values = new ValueReader(keyspace);
  for (const key of ["h", "t"]) {
    const dump = await client.call("DUMP", key) as Uint8Array;
    const { usedBytes } = keyspace.arena;
    const reader = new RdbReader();
    const value = new DetachedValue();
    const end = dump.length - 10;
    reader.show(dump, 0, 1);
    values.begin(reader.byte());
    let shown = 1;
    let isComplete = false;
    while (!isComplete) {
      assert(shown < end);
      reader.show(dump, reader.at, Math.min(end, shown += 3));
      isComplete = values.advance(reader, value, 2);
    }
    discard(keyspace, value);
    assertEquals(keyspace.arena.usedBytes, usedBytes);
    // One that ends too early leaves nothing.
    reader.show(dump, 0, end - 1);
    values.begin(reader.byte());
    try {
      assert(!values.advance(reader, value));
      values.abandon();
    } catch (error) {
      assert(error instanceof RdbFormatError);
    }
    assertEquals(keyspace.arena.usedBytes, usedBytes);
  }
});
