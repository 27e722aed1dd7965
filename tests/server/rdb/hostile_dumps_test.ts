// Dumps that somebody has made up: each is restored as a whole and well, or refused, and takes no
// memory that its bytes do not account for.

import { assert, assertEquals } from "@std/assert";
import { Type } from "../../../server/keyspace/entry.ts";
import type { Keyspace } from "../../../server/keyspace/keyspace.ts";
import type { Server } from "../../../server/mod.ts";
import { ReplyError, type ReplyValue } from "../../../protocol/reply_value.ts";
import { flushAndDrain, serveQuietly } from "../../harness/quiet_server.ts";
import { WireClient } from "../../harness/wire_client.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";
import { dumpOf, signed, VALUE_CASES } from "./dump_values.ts";

const ROUNDS = 60;

function assertBadFormat(reply: ReplyValue, name = ""): void {
  assert(reply instanceof ReplyError, `${name}: ${reply}`);
  assertEquals(reply.message, "ERR Bad data format", name);
}

/** Checks what the keys hold, every element of it. */
function verifyValues({ databases, entries, hashes, lists, sets, sortedSets }: Keyspace): void {
  databases[0].forEach((entry) => {
    switch (entries.type(entry)) {
      case Type.List:
        return lists.open(entry).verify();
      case Type.Set:
        return sets.open(entry).verify();
      case Type.Hash:
        return hashes.open(entry).verify();
      case Type.SortedSet:
        return sortedSets.open(entry).verify();
    }
  });
}

const EDITS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  string: [["APPEND", "k", "x"], ["GETRANGE", "k", "0", "-1"], ["STRLEN", "k"]],
  list: [["LRANGE", "k", "0", "-1"], ["RPUSH", "k", "x"], ["LPOP", "k"], ["LREM", "k", "0", "7"]],
  set: [["SMEMBERS", "k"], ["SADD", "k", "7", "x"], ["SREM", "k", "m1"], ["SPOP", "k"]],
  hash: [["HGETALL", "k"], ["HSET", "k", "7", "x", "y", "1"], ["HDEL", "k", "m1"]],
  zset: [["ZRANGE", "k", "0", "-1"], ["ZADD", "k", "7", "x", "1.5", "m1"], ["ZPOPMIN", "k"]],
};

async function tryDump(server: Server, client: WireClient, dump: Uint8Array): Promise<boolean> {
  const reply = await client.call("RESTORE", "k", "0", dump, "REPLACE");
  if (reply !== "OK") {
    assertBadFormat(reply);
    return false;
  }
  verifyValues(server.keyspace);
  const type = String(await client.call("TYPE", "k"));
  for (const edit of EDITS[type]) await client.call(...edit);
  verifyValues(server.keyspace);
  return true;
}

Deno.test("dumps with changed bytes are refused, or make whole values", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = new SeededRandom(seed);
  const below = (bound: number) => random.below(bound);
  let restored = 0;
  try {
    for (const { requests } of VALUE_CASES) {
      await client.call("DEL", "k");
      for (const request of requests) await client.call(...request);
      const dump = await client.call("DUMP", "k");
      assert(dump instanceof Uint8Array);
      const rounds = dump.length > 5000 ? ROUNDS / 10 : ROUNDS;
      for (let round = 0; round < rounds; round++) {
        let changed = dump.slice();
        for (let changes = 1 + below(3); changes > 0; changes--) {
          // The head says most: types, lengths, counts.
          const at = below(2) === 0 ? below(Math.min(12, changed.length)) : below(changed.length);
          const kind = below(8);
          if (kind === 0 && changed.length > 20) {
            changed = new Uint8Array([...changed.subarray(0, at), ...changed.subarray(at + 1)]);
          } else if (kind === 1) {
            changed = new Uint8Array([
              ...changed.subarray(0, at),
              below(256),
              ...changed.subarray(at),
            ]);
          } else if (kind === 2) changed[at] ^= 1 << below(8);
          else changed[at] = below(4) === 0 ? 0xff : below(256);
        }
        if (await tryDump(server, client, signed(changed, 11))) restored++;
      }
    }
    assert(restored > 0);
    await flushAndDrain(server);
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  }
});

/** What claims to be more than it is. */
const CLAIMS: Readonly<Record<string, readonly [type: number, value: readonly number[]]>> = {
  "a string of 4 GiB": [0, [0x80, 0xff, 0xff, 0xff, 0xff]],
  "a string of 2^63 bytes": [0, [0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  "a compressed string of 2 GiB": [0, [0xc3, 3, 0x80, 0x7f, 0, 0, 0, 0, 0x61, 0]],
  "a compressed string whose bytes are missing": [0, [0xc3, 0x80, 0x7f, 0, 0, 0, 8, 0]],
  "a compressed string that refers to before itself": [0, [0xc3, 2, 3, 0x20, 5]],
  "a list of 2^40 elements": [1, [0x81, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0x61]],
  "a set of 2^40 members": [2, [0x81, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0x61]],
  "a sorted set of 2^32 members": [5, [0x80, 0xff, 0xff, 0xff, 0xff, 1, 0x61]],
  "a hash of 2^32 fields": [4, [0x80, 0xff, 0xff, 0xff, 0xff, 1, 0x61, 1, 0x61]],
  "2^32 listpacks": [18, [0x80, 0xff, 0xff, 0xff, 0xff, 2, 7, 7, 0, 0, 0, 0, 0, 0xff]],
  "a listpack of 4 GiB": [16, [7, 0xff, 0xff, 0xff, 0xff, 0, 0, 0xff]],
  "an intset of 2^32 - 1 integers": [11, [8, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]],
  "an intset of 2^31 integers of 8 bytes": [11, [8, 8, 0, 0, 0, 0, 0, 0, 0x80]],
  "a ziplist of 4 GiB": [13, [11, 0xff, 0xff, 0xff, 0xff, 10, 0, 0, 0, 0, 0, 0xff]],
  "a zipmap whose field is 4 GiB": [9, [7, 1, 254, 0xff, 0xff, 0xff, 0xff, 0xff]],
};

Deno.test("what a dump claims is not believed", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  await client.call("SET", "k", "old");
  const { arena } = server.keyspace;
  const usedBytes = arena.usedBytes;
  for (const [name, [type, value]] of Object.entries(CLAIMS)) {
    const dump = dumpOf(type, Uint8Array.from(value));
    const reply = await client.call("RESTORE", "k", "0", dump, "REPLACE");
    assertBadFormat(reply, name);
    assertEquals(arena.usedBytes, usedBytes, name);
  }
  assertEquals(new TextDecoder().decode(await client.call("GET", "k") as Uint8Array), "old");
  arena.verify();
});

Deno.test("every dump that is cut off is refused", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  const { arena } = server.keyspace;
  for (const { name, requests } of VALUE_CASES) {
    await client.call("FLUSHALL");
    for (const request of requests) await client.call(...request);
    const dump = await client.call("DUMP", "k");
    assert(dump instanceof Uint8Array);
    const usedBytes = arena.usedBytes;
    const step = Math.max(1, Math.floor(dump.length / 40));
    for (let length = 1; length < dump.length - 10; length += step) {
      const cut = dumpOf(dump[0], dump.subarray(1, length), 11);
      const reply = await client.call("RESTORE", "other", "0", cut);
      assertBadFormat(reply, `${name} at ${length}`);
    }
    assertEquals(arena.usedBytes, usedBytes, name);
  }
});

Deno.test("an integer that is packed as a text is found all the same", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  // A listpack of the strings "12", "b" and "34", "d", as no server writes it.
  const entries = [0x82, 0x31, 0x32, 3, 0x81, 0x62, 2, 0x82, 0x33, 0x34, 3, 0x81, 0x64, 2];
  const listpack = [7 + entries.length, 0, 0, 0, 4, 0, ...entries, 0xff];
  const value = Uint8Array.from([listpack.length, ...listpack]);
  assertEquals(await client.call("RESTORE", "h", "0", dumpOf(16, value)), "OK");
  assertEquals(await client.call("RESTORE", "s", "0", dumpOf(20, value, 11)), "OK");
  assertEquals(await client.call("HDEL", "h", "12", "34"), 2);
  assertEquals(await client.call("SREM", "s", "12", "b", "34"), 3);
  // The same once as a text and once as an integer is there twice.
  const twice = [0x82, 0x31, 0x32, 3, 12, 1];
  const double = [7 + twice.length, 0, 0, 0, 2, 0, ...twice, 0xff];
  const reply = await client.call(
    "RESTORE",
    "t",
    "0",
    dumpOf(20, Uint8Array.from([double.length, ...double]), 11),
  );
  assertBadFormat(reply);
});

Deno.test("a listpack that does not say how many entries it has is counted", async () => {
  await using server = await serveQuietly();
  using client = await WireClient.connect(server.address.port);
  const listpack = [13, 0, 0, 0, 0xff, 0xff, 1, 1, 2, 1, 3, 1, 0xff];
  const packed = [listpack.length, ...listpack];
  const list = dumpOf(18, Uint8Array.from([2, 2, ...packed, 2, ...packed]));
  assertEquals(await client.call("RESTORE", "l", "0", list), "OK");
  assertEquals(await client.call("LLEN", "l"), 6);
  assertEquals(await client.call("RESTORE", "s", "0", dumpOf(20, Uint8Array.from(packed))), "OK");
  assertEquals(await client.call("SCARD", "s"), 3);
  verifyValues(server.keyspace);
});
