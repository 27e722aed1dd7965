// HyperLogLogs: the bytes and estimates of redis-server, and strings that clients have made look
// like one.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const HEADER = (encoding: string) =>
  `HYLL\\x${encoding}\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00`;
const STALE = "\\x80";

const COMMANDS = `
  PFADD h a b c d e f g
  GET h
  OBJECT ENCODING h
  PFCOUNT h
  GET h
  PFADD h a b
  PFADD h h
  GET h
  PFCOUNT h
  PFCOUNT h
  PFADD new
  GET new
  PFADD new
  PFCOUNT new
  GET new
  PFADD "" ""
  GET ""
  PFCOUNT missing
  PFCOUNT h missing new
  PFADD h2 x y z a
  PFCOUNT h h2
  PFMERGE m h h2 missing
  GET m
  PFCOUNT m
  PFMERGE h
  GET h
  PFMERGE fresh
  GET fresh
  PFMERGE fresh2 missing
  GET fresh2
  OBJECT ENCODING fresh2
  PFDEBUG ENCODING h
  PFDEBUG DECODE h
  PFDEBUG TODENSE h
  PFDEBUG TODENSE h
  PFDEBUG ENCODING h
  PFDEBUG DECODE h
  PFDEBUG GETREG h2
  PFDEBUG encoding h2
  STRLEN h
  GET h
  PFCOUNT h
  PFADD h new-element
  PFCOUNT h
  PFMERGE m2 h2 h
  PFDEBUG ENCODING m2
  GET m2
  PFMERGE h2 h
  GET h2
  EXPIRE h2 1000
  PFADD h2 more
  PFMERGE h2 m
  TTL h2
  PFDEBUG FOO h
  PFDEBUG ENCODING missing
  PFDEBUG ENCODING
  PFDEBUG ENCODING h h
  PFADD
  PFCOUNT
  PFMERGE
  RPUSH l a
  PFADD l a
  PFCOUNT l
  PFCOUNT h l
  PFMERGE l h
  PFMERGE h l
  PFDEBUG ENCODING l
  SET s "no HyperLogLog, but as long"
  PFADD s a
  PFCOUNT s
  PFCOUNT h s
  PFMERGE s h
  PFMERGE h s
  PFDEBUG GETREG s
  SET n 1234567890123456789
  PFADD n a
  PFCOUNT n
  SET short HYLL
  PFADD short a
`;

const HOSTILE = `
  SET h "${HEADER("00")}${STALE}"
  PFADD h a
  PFCOUNT h
  SET h "${HEADER("02")}${STALE}\\x7f\\xff"
  PFADD h a
  PFCOUNT h
  SET h "${HEADER("01")}${STALE}"
  PFADD h a
  PFCOUNT h
  PFCOUNT h missing
  PFMERGE m h
  PFDEBUG GETREG h
  PFDEBUG TODENSE h
  PFDEBUG DECODE h
  PFDEBUG ENCODING h
  SET h "${HEADER("01")}${STALE}\\x7f\\xfe"
  PFCOUNT h
  PFCOUNT h missing
  PFADD h a b c d e
  GET h
  SET h "${HEADER("01")}${STALE}\\x7f\\xff\\x00"
  PFCOUNT h
  PFCOUNT h missing
  PFMERGE m h
  PFADD h a
  GET h
  SET h "${HEADER("01")}${STALE}\\x7f\\xff\\x80\\x00"
  PFCOUNT h
  PFDEBUG TODENSE h
  SET h "${HEADER("01")}${STALE}\\x83\\x7f\\xff"
  PFCOUNT h
  PFDEBUG TODENSE h
  PFDEBUG DECODE h
  SET h "${HEADER("01")}${STALE}\\xff\\x7f\\xfb"
  PFCOUNT h
  PFDEBUG DECODE h
  PFADD h a b c
  GET h
  PFCOUNT h missing
  SET h "${HEADER("01")}${STALE}\\x40\\x00\\x40\\x00\\x7f\\xfd"
  PFADD h 1 2 3 4 5 6 7 8
  GET h
  PFCOUNT h
  SET cached "HYLL\\x01\\x00\\x00\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f\\x7f\\xff"
  PFCOUNT cached
  OBJECT ENCODING cached
  SET cached "HYLL\\x01\\x00\\x00\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08rubbish"
  PFCOUNT cached
  PFCOUNT cached cached
  PFADD d a
  PFDEBUG TODENSE d
  SETRANGE d 16 "\\xff\\xff\\xff\\xff\\xff\\xff"
  SETRANGE d 15 "\\x80"
  PFCOUNT d
  PFCOUNT d missing
  PFDEBUG GETREG d
  SETRANGE d 12303 x
  PFCOUNT d
  APPEND d x
  PFCOUNT d
  PFADD d a
`;

for (const resp3 of [false, true]) {
  const dialect = resp3 ? "RESP3" : "RESP2";
  comparison(`HyperLogLogs (${dialect})`, COMMANDS, { resp3 });
  comparison(`what only looks like a HyperLogLog (${dialect})`, HOSTILE, { resp3 });
}
comparison(
  "what commands of HyperLogLogs declare",
  "COMMAND INFO pfadd pfmerge pfdebug pfselftest\nCOMMAND GETKEYS PFMERGE d a b",
);
comparison(
  "HyperLogLogs that are dense at once",
  "PFADD h a\nGET h\nPFADD h a b c\nGET h\nPFMERGE m h\nGET m\nPFCOUNT m",
  { directives: { "hll-sparse-max-bytes": "0" } },
);
comparison(
  "HyperLogLogs with all registers the same",
  `
  SET full "${HEADER("00")}${STALE}${"\\xff".repeat(12_288)}"
  PFCOUNT full
  GET full
  PFCOUNT full
  PFCOUNT full missing
  SET last "${HEADER("00")}${STALE}${"\\xf3\\x3c\\xcf".repeat(4096)}"
  PFCOUNT last
  GET last
  PFCOUNT last missing
  `,
);

/** Elements of all lengths, so that every way through the hash is gone. */
const elements = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.nat(50_000).map((number) => new TextEncoder().encode(`element:${number}`)),
  ),
  { minLength: 1, maxLength: 400 },
);

Deno.test({
  name: "the same elements make the same bytes as in redis-server, sparse and dense",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using ours = await Peer.connect(ravel.address.port);
    using theirs = await Peer.connect(redis.port);
    const both = async (...request: (string | Uint8Array)[]) => {
      const reply = await ours.ask(...request);
      assertEquals(reply, await theirs.ask(...request), String(request[0]));
      return reply;
    };
    const keys = fc.constantFrom("a", "b", "c");
    const limit = fc.constantFrom("0", "100", "1000", "3000", "20000");
    let denseSeen = 0;
    let sparseSeen = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(keys, elements), { maxLength: 12 }), limit, async (
        additions,
        maxBytes,
      ) => {
        await both("FLUSHALL");
        await both("CONFIG", "SET", "hll-sparse-max-bytes", maxBytes);
        for (const [key, added] of additions) {
          await both("PFADD", key, ...added);
          await both("GET", key);
          await both("PFCOUNT", key);
          if ((await both("PFDEBUG", "ENCODING", key)) === "+dense\r\n") denseSeen++;
          else sparseSeen++;
        }
        await both("PFCOUNT", "a", "b", "c");
        await both("PFMERGE", "m", "a", "b");
        await both("GET", "m");
        await both("PFMERGE", "c", "b");
        await both("GET", "c");
        await both("PFCOUNT", "m");
      }),
      { numRuns: 60, seed: 20261126 },
    );
    assert(denseSeen > 0 && sparseSeen > 0, `${denseSeen} dense, ${sparseSeen} sparse`);
    ravel.keyspace.arena.verify();
  },
});

Deno.test({
  name: "runs of values are split and joined as in redis-server",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using ours = await Peer.connect(ravel.address.port);
    using theirs = await Peer.connect(redis.port);
    for (const peer of [ours, theirs]) {
      await peer.ask("CONFIG", "SET", "hll-sparse-max-bytes", "15000");
    }
    const random = new SeededRandom(20261126);
    for (let round = 0; round < 4; round++) {
      // Registers of few small values, in runs of all lengths.
      const bytes = [0x48, 0x59, 0x4c, 0x4c, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80];
      for (let left = 16_384; left > 0;) {
        const length = 1 + random.below(Math.min(4, left));
        bytes.push(0x80 | random.below(2) << 2 | (length - 1));
        left -= length;
      }
      for (const peer of [ours, theirs]) await peer.ask("SET", "h", Uint8Array.from(bytes));
      for (let i = 0; i < 400; i++) {
        const request = ["PFADD", "h", `round ${round}, element ${i}`];
        assertEquals(await ours.ask(...request), await theirs.ask(...request));
        if (i % 10 === 9) assertEquals(await ours.ask("GET", "h"), await theirs.ask("GET", "h"));
      }
      assertEquals(await ours.ask("PFDEBUG", "ENCODING", "h"), "+sparse\r\n");
    }
  },
});

Deno.test("an estimate is near the truth, and what is merged counts once", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (let first = 0; first < 100_000; first += 1000) {
    const added = Array.from({ length: 1000 }, (_, i) => `element ${first + i}`);
    await peer.ask("PFADD", first % 2000 === 0 ? "even" : "odd", ...added);
    await peer.ask("PFADD", "all", ...added);
  }
  const count = async (...keys: string[]) => Number((await peer.ask("PFCOUNT", ...keys)).slice(1));
  const all = await count("all");
  assert(Math.abs(all - 100_000) < 3000, `${all}`);
  assertEquals(await count("even", "odd"), all);
  assertEquals(await count("even", "odd", "all", "all"), all);
  assertEquals(await peer.ask("PFMERGE", "even", "odd"), "+OK\r\n");
  assertEquals(await count("even"), all);
});

Deno.test("no bytes of a client make more of a HyperLogLog than a reply", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const { arena } = server.keyspace;
  const runs = fc.array(
    fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x3f, 0x7f, 0xff, 0x40, 0x80, 0x84)),
    { maxLength: 60 },
  );
  const command = fc.constantFrom(
    ["PFADD", "h", "a", "b", "c", "d", "e", "f", "g", "h", "i"],
    ["PFCOUNT", "h"],
    ["PFCOUNT", "h", "h"],
    ["PFMERGE", "h", "other"],
    ["PFMERGE", "other", "h"],
    ["PFDEBUG", "TODENSE", "h"],
    ["PFDEBUG", "DECODE", "h"],
  );
  await fc.assert(
    fc.asyncProperty(runs, fc.boolean(), fc.array(command, { maxLength: 8 }), async (
      bytes,
      isSparse,
      commands,
    ) => {
      // A neighbour in the same page, which nothing may be written into.
      const header = [0x48, 0x59, 0x4c, 0x4c, isSparse ? 1 : 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80];
      await peer.ask("FLUSHALL");
      await peer.ask("PFADD", "other", "x", "y", "z");
      await peer.ask("APPEND", "h", Uint8Array.from([...header, ...bytes]));
      await peer.ask("APPEND", "neighbour", "n".repeat(16 + bytes.length));
      for (const request of commands) {
        const reply = await peer.ask(...request);
        assert(/^([:+$]|-INVALIDOBJ |-WRONGTYPE |-ERR HLL enc)/.test(reply), reply.slice(0, 80));
      }
      const neighbour = await peer.ask("GET", "neighbour");
      assertEquals(neighbour, `$${16 + bytes.length}\r\n${"n".repeat(16 + bytes.length)}\r\n`);
      arena.verify();
    }),
    { numRuns: 300, seed: 20261126 },
  );
});

Deno.test("a sparse string longer than any can be is corrupted", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("PFADD", "h", "a");
  await peer.ask("SETRANGE", "h", "5000000", "x");
  for (
    const request of [
      ["PFADD", "h", "b"],
      ["PFCOUNT", "h"],
      ["PFCOUNT", "h", "h"],
      ["PFMERGE", "h"],
      ["PFDEBUG", "DECODE", "h"],
    ]
  ) {
    assertEquals(await peer.ask(...request), "-INVALIDOBJ Corrupted HLL object detected\r\n");
  }
});

Deno.test("a run without its second byte is corrupted; it is shown as it is", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "h", "HYLL\x01\0\0\0\0\0\0\0\0\0\0\0\x7f");
  await peer.ask("SETRANGE", "h", "15", Uint8Array.of(0x80));
  const corrupted = "-INVALIDOBJ Corrupted HLL object detected\r\n";
  assertEquals(await peer.ask("PFADD", "h", "a"), corrupted);
  assertEquals(await peer.ask("PFCOUNT", "h"), corrupted);
  assertEquals(await peer.ask("PFDEBUG", "DECODE", "h"), "$7\r\nZ:16129\r\n");
});

Deno.test("PFSELFTEST finds nothing wrong", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("PFSELFTEST"), "+OK\r\n");
  assertEquals(
    await peer.ask("PFSELFTEST", "x"),
    "-ERR wrong number of arguments for 'pfselftest' command\r\n",
  );
});
