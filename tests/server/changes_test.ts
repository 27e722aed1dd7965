// Whatever changes a key is told of. A listener that reads again only what it was told of must see
// what the keyspace holds, after every command.

import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { ChangeKind } from "../../server/keyspace/changes.ts";
import { EPOCH } from "../../server/keyspace/entry_layout.ts";
import type { Server } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { allValues, keyOf, nameOf, valueOf, valueOfKey } from "./key_values.ts";

/** A copy of database 0 that follows what it is told. */
class Shadow {
  readonly values = new Map<string, string>();
  readonly #changed = new Set<string>();
  /** Entries that were about to change, by name, with what they held. */
  readonly before = new Map<string, string>();

  constructor(readonly server: Server) {
    const { keyspace } = server;
    const [database] = keyspace.databases;
    keyspace.changes.subscribe({
      willChange: (index, entry) => {
        assertEquals(index, 0);
        const { entries } = keyspace;
        const name = nameOf({
          bytes: entries.bytes(entry),
          start: entries.keyStart(entry),
          length: entries.keyLength(entry),
        });
        if (!this.before.has(name)) this.before.set(name, valueOf(keyspace, database, entry));
      },
      changed: (_, key) => this.#changed.add(nameOf(key)),
      flushed: () => this.values.clear(),
    });
  }

  /** Reads again what has changed since the last time. */
  catchUp(): void {
    const { keyspace } = this.server;
    for (const name of this.#changed) {
      // Whoever saves values before they change has seen this one, if there was one.
      const old = this.values.get(name);
      if (old !== undefined) assertEquals(this.before.get(name), old, `${name}, before`);
      const value = valueOfKey(keyspace, keyspace.databases[0], name);
      if (value === undefined) this.values.delete(name);
      else this.values.set(name, value);
    }
    this.#changed.clear();
    this.before.clear();
  }
}

const KEYS = ["a", "b", "c", "d", "e"];
const key = fc.constantFrom(...KEYS);
const member = fc.constantFrom(
  "1",
  "2",
  "x",
  "y",
  "a longer member that no listpack of these holds",
);
const members = fc.array(member, { minLength: 1, maxLength: 5 });
const integer = fc.integer({ min: -3, max: 3 }).map(String);
const time = fc.integer({ min: -2, max: 5 }).map(String);

/** Requests of every command that writes. */
const REQUESTS: Readonly<Record<string, fc.Arbitrary<(string | string[])[]>>> = {
  set: fc.tuple(key, member),
  "set-options": fc.tuple(
    key,
    member,
    fc.constantFrom(
      ["NX"],
      ["XX"],
      ["GET"],
      ["EX", "2"],
      ["PX", "1"],
      ["KEEPTTL"],
      ["NX", "GET"],
      ["PXAT", "9007199254740993"],
    ),
  ),
  mset: fc.array(fc.tuple(key, member), { minLength: 1, maxLength: 4 }).map((pairs) =>
    pairs.flat()
  ),
  incr: fc.tuple(key),
  decr: fc.tuple(key),
  incrby: fc.tuple(key, integer),
  decrby: fc.tuple(key, integer),
  del: fc.tuple(fc.array(key, { minLength: 1, maxLength: 3 })),
  unlink: fc.tuple(fc.array(key, { minLength: 1, maxLength: 3 })),
  rename: fc.tuple(key, key),
  expire: fc.tuple(key, time, fc.constantFrom([], ["NX"], ["XX"], ["GT"], ["LT"])),
  pexpire: fc.tuple(key, time),
  expireat: fc.tuple(key, fc.constantFrom("1", "1700000001", "1800000000")),
  pexpireat: fc.tuple(key, fc.constantFrom("1", "1700000000002", "9007199254740993")),
  persist: fc.tuple(key),
  lpush: fc.tuple(key, members),
  rpush: fc.tuple(key, members),
  lpushx: fc.tuple(key, members),
  rpushx: fc.tuple(key, members),
  lpop: fc.tuple(key, fc.constantFrom([], ["0"], ["2"], ["9"])),
  rpop: fc.tuple(key, fc.constantFrom([], ["0"], ["2"], ["9"])),
  lset: fc.tuple(key, integer, member),
  linsert: fc.tuple(key, fc.constantFrom("BEFORE", "AFTER"), member, member),
  lrem: fc.tuple(key, integer, member),
  ltrim: fc.tuple(key, integer, integer),
  sadd: fc.tuple(key, members),
  srem: fc.tuple(key, members),
  smove: fc.tuple(key, key, member),
  spop: fc.tuple(key, fc.constantFrom([], ["0"], ["2"], ["9"])),
  hset: fc.tuple(key, member, member),
  hmset: fc.tuple(key, member, member),
  hsetnx: fc.tuple(key, member, member),
  hincrby: fc.tuple(key, member, integer),
  hincrbyfloat: fc.tuple(key, member, integer),
  hdel: fc.tuple(key, members),
  zadd: fc.tuple(key, fc.constantFrom([], ["NX"], ["XX"], ["INCR"], ["GT"]), integer, member),
  zrem: fc.tuple(key, members),
  zpopmin: fc.tuple(key, fc.constantFrom([], ["0"], ["2"], ["9"])),
  lmove: fc.tuple(
    key,
    key,
    fc.constantFrom("LEFT", "RIGHT"),
    fc.constantFrom("LEFT", "RIGHT"),
  ),
  rpoplpush: fc.tuple(key, key),
  lmpop: fc.tuple(
    fc.constant("2"),
    key,
    key,
    fc.constant("LEFT"),
    fc.constantFrom([], ["COUNT", "2"]),
  ),
  zmpop: fc.tuple(
    fc.constant("2"),
    key,
    key,
    fc.constant("MAX"),
    fc.constantFrom([], ["COUNT", "2"]),
  ),
  zpopmax: fc.tuple(key, fc.constantFrom([], ["0"], ["2"], ["9"])),
  flushall: fc.tuple(fc.constantFrom("SYNC", "ASYNC")),
  flushdb: fc.tuple(fc.constantFrom("SYNC", "ASYNC")),
  // Those that read collect what has expired.
  get: fc.tuple(key),
  exists: fc.tuple(key),
  randomkey: fc.tuple(),
  scan: fc.constantFrom(["0"], ["0", "TYPE", "list"], ["0", "MATCH", "a"]),
};

const request = fc.constantFrom(...Object.keys(REQUESTS)).chain((name) =>
  REQUESTS[name].map((words) => [name.split("-")[0], ...words.flat()])
);
/** A command, or a step of the clock. */
const step = fc.oneof({ weight: 9, arbitrary: request }, { weight: 1, arbitrary: fc.nat(3000) });

Deno.test("who reads again only what it is told of sees everything", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { "list-max-listpack-size": "3", "set-max-listpack-entries": "3" },
    environment: { now: clock.now },
  });
  server.upkeep.activeExpire = false;
  using peer = await Peer.connect(server.address.port);
  const { keyspace } = server;
  const shadow = new Shadow(server);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 200, size: "max" }), async (steps) => {
      for (const next of steps) {
        if (typeof next === "number") {
          clock.nowMs += next;
          keyspace.updateClock();
          keyspace.databases[0].collectExpired(1);
        } else await peer.ask(...next);
        shadow.catchUp();
        // What has expired and is not yet collected has not been told of, and cannot be read.
        const live = new Map(
          [...shadow.values].filter(([name]) =>
            valueOfKey(keyspace, keyspace.databases[0], name) !== undefined
          ),
        );
        assertEquals(live, allValues(keyspace, keyspace.databases[0]), String(next));
      }
    }),
    { numRuns: 60 },
  );
  keyspace.arena.verify();
});

Deno.test("listeners come and go, and hear what became of a key", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  const { changes } = server.keyspace;
  const heard: string[] = [];
  const names = Object.entries(ChangeKind);
  const unsubscribe = changes.subscribe({
    changed: (database, key, kind) =>
      heard.push(`${database} ${nameOf(key)} ${names.find(([, code]) => code === kind)![0]}`),
    willFlush: (database) => heard.push(`will flush ${database}`),
    flushed: (database) => heard.push(`flushed ${database}`),
  });
  let before = 0;
  const unsubscribeOther = changes.subscribe({ willChange: () => before++ });
  const hear = async (...words: string[]) => {
    heard.length = 0;
    await peer.ask(...words);
    return heard.join(", ");
  };
  assertEquals(await hear("SET", "k", "v"), "0 k Written");
  assertEquals(before, 0);
  assertEquals(await hear("RENAME", "k", "l"), "0 k Deleted, 0 l Written");
  assertEquals(before, 1);
  unsubscribeOther();
  assertEquals(await hear("SADD", "s", "a", "b"), "0 s Written");
  assertEquals(await hear("SADD", "s", "a"), "");
  assertEquals(await hear("SREM", "s", "a", "b"), "0 s Deleted");
  assertEquals(await hear("PEXPIRE", "l", "5"), "0 l Written");
  assertEquals(await hear("PERSIST", "l"), "0 l Written");
  assertEquals(await hear("PERSIST", "l"), "");
  assertEquals(await hear("PEXPIRE", "l", "5"), "0 l Written");
  clock.nowMs += 6;
  assertEquals(await hear("GET", "l"), "0 l Expired");
  assertEquals(await hear("SELECT", "3"), "");
  assertEquals(await hear("RPUSH", "list", "a"), "3 list Written");
  assertEquals(await hear("LSET", "list", "1", "b"), "");
  assertEquals(await hear("LPOP", "list", "7"), "3 list Deleted");
  assertEquals(await hear("FLUSHDB"), "will flush 3, flushed 3");
  assertEquals(before, 1);
  unsubscribe();
  assertEquals(await hear("SET", "k", "v"), "");
  assert(changes.dirty > 0);
});

Deno.test("an entry keeps its snapshot epoch wherever it goes, and whatever it comes to hold", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  const { keyspace } = server;
  const [database] = keyspace.databases;
  const epochOf = (name: string) => keyspace.entries.epoch(database.peek(keyOf(keyspace, name)));
  for (const [born, now] of [[EPOCH, 0], [0, EPOCH]]) {
    await peer.ask("FLUSHALL");
    keyspace.epoch = born;
    await peer.ask("SET", "k", "v");
    await peer.ask("HSET", "h", "f", "v");
    keyspace.epoch = now;
    let name = "k";
    const steps = [
      "SET k w",
      "SET k 12",
      "INCR k",
      `SET k ${"long ".trim().repeat(2000)}`,
      "EXPIRE k 100",
      "SET k short KEEPTTL",
      "SET k w EX 5",
      "PERSIST k",
      "RENAME k other",
      "EXPIRE other 9",
      "RENAME other k",
      "GET k",
    ];
    for (const step of steps) {
      clock.nowMs += 1000;
      await peer.ask(...step.split(" "));
      if (step.startsWith("RENAME")) name = step.split(" ")[2];
      assertEquals([step, epochOf(name)], [step, born]);
    }
    await peer.ask("HSET", "h", ...Array.from({ length: 2000 }, (_, i) => String(i)));
    assertEquals(epochOf("h"), born);
    await peer.ask("SET", "new", "v");
    assertEquals(epochOf("new"), now);
  }
});
