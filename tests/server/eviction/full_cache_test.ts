// A cache of mixed values that is filled to three times its limit: memory stays within one percent of
// it the whole time, whatever comes and however it goes.

import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { Peer } from "../../harness/peer.ts";
import { serveQuietly } from "../../harness/quiet_server.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";

const MIB = 1024 * 1024;
const LIMIT_BYTES = 6 * MIB;
/** Two of them, which may come between two looks, are less than one percent of the limit. */
const LARGE_BYTES = 24_000;

/** A request that writes a value of any type, one in fifty of them large. */
function write(random: SeededRandom): (string | Uint8Array)[] {
  const key = `k:${random.below(1_000_000)}`;
  const many = (most: number, element: (i: number) => string) =>
    Array.from({ length: 1 + random.below(most) }, (_, i) => element(i));
  switch (random.below(10)) {
    case 0:
      return ["HSET", `h${key}`, ...many(20, (i) => `field:${i}`).flatMap((f) => [f, `of ${key}`])];
    case 1:
      return ["RPUSH", `l${key}`, ...many(100, () => "e".repeat(random.below(60)))];
    case 2:
      return ["SADD", `s${key}`, ...many(200, () => String(random.below(1e9)))];
    case 3:
      return ["ZADD", `z${key}`, ...many(100, (i) => String(i)).flatMap((i) => [i, `m${i}${key}`])];
    case 4:
      if (random.below(5) > 0) return ["SET", key, "v", "EX", String(1 + random.below(100))];
      return random.below(2) === 0
        ? ["SET", `large:${key}`, new Uint8Array(LARGE_BYTES / 2 + random.below(LARGE_BYTES / 2))]
        : ["SADD", `large:s${key}`, ...Array.from({ length: 350 }, (_, i) => `${key}:${i}`)];
    default:
      return ["SET", key, new Uint8Array(Math.floor(Math.exp(2 + random.below(700) / 100)))];
  }
}

for (const lazily of ["yes", "no"]) {
  Deno.test(`a full cache stays within one percent of its limit, evicting lazily: ${lazily}`, async () => {
    await using server = await serveQuietly({
      directives: {
        maxmemory: String(LIMIT_BYTES),
        "maxmemory-policy": "allkeys-lru",
        "lazyfree-lazy-eviction": lazily,
        // However slow the machine is that this runs on.
        "maxmemory-eviction-tenacity": "100",
      },
    });
    const { eviction, keyspace, stats } = server;
    let mostBytes = 0;
    // Looked at before room is made for each command: with what the one before has left.
    const makeRoom = eviction.makeRoom.bind(eviction);
    eviction.makeRoom = (bytes) => {
      mostBytes = Math.max(mostBytes, eviction.usedBytes);
      return makeRoom(bytes);
    };
    let writtenBytes = 0;
    const fill = async (seed: number) => {
      const random = new SeededRandom(seed);
      using peer = await Peer.connect(server.address.port);
      while (writtenBytes < 3 * LIMIT_BYTES) {
        const request = write(random);
        for (const word of request) writtenBytes += word.length;
        const reply = await peer.ask(...request);
        assertEquals(reply.startsWith("-"), false, reply);
      }
    };
    /** Clients come with a part of a large request, which counts, and go again. */
    const hinder = async () => {
      for (let i = 0; i < 100; i++) {
        using peer = await Peer.connect(server.address.port);
        await peer.send(`*2\r\n$4\r\nECHO\r\n$20000\r\n${"x".repeat(15_000)}`);
        using other = await Peer.connect(server.address.port);
        await other.ask("PING");
      }
    };
    await Promise.all([fill(1), fill(2), fill(3), hinder()]);
    assertGreater(stats.evictedKeys, 500);
    assertGreater(mostBytes, LIMIT_BYTES);
    assertLess(mostBytes, 1.01 * LIMIT_BYTES);
    // It is full, and not half empty.
    assertGreater(keyspace.arena.usedBytes, 0.9 * LIMIT_BYTES);
    await keyspace.lazyFree.drained();
    keyspace.arena.verify();
    for (const database of keyspace.databases) keyspace.table.verify(database.table);
  });
}
