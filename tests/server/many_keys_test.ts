// Calls with many keys hash and load them in windows, ahead of the command that asks for them. What
// they answer and change must be what one call for each key would.

import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { keyRange, register } from "../../commands/registry.ts";
import { MIN_PREFETCH_KEYS } from "../../server/keyspace/database.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";

/** The keys that calls change. */
const CHANGED_KEYS = 600;
/** With the others there are always enough for keys to be loaded ahead. */
const KEYS = CHANGED_KEYS + MIN_PREFETCH_KEYS;

const keyOf = (index: number) => `key:${index}`;

async function fill(peer: Peer): Promise<void> {
  const request = ["MSET"];
  for (let i = 0; i < KEYS; i++) request.push(keyOf(i), `v${i}`);
  assertEquals(await peer.ask(...request), "+OK\r\n");
}

const bulk = (text: string | undefined) =>
  text === undefined ? "$-1\r\n" : `$${text.length}\r\n${text}\r\n`;

Deno.test("MGET, MSET, EXISTS and DEL of any number of keys agree with a map", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  await fill(peer);
  const model = new Map(Array.from({ length: KEYS }, (_, i) => [keyOf(i), `v${i}`]));
  // Repeated keys, and keys that are gone, are likely.
  const keys = fc.array(fc.nat(CHANGED_KEYS - 1).map(keyOf), {
    minLength: 1,
    maxLength: 300,
    size: "max",
  });
  const call = fc.oneof(
    fc.record({ kind: fc.constantFrom("MGET", "EXISTS", "DEL", "UNLINK"), keys }),
    // Values of other lengths move their entries while later keys of the window are known already.
    fc.record({ kind: fc.constant("MSET"), keys, length: fc.nat(200) }),
    fc.record({ kind: fc.constant("expire"), keys }),
    fc.record({ kind: fc.constant("RENAME"), keys }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 8 }), async (calls) => {
      for (const { kind, keys, ...rest } of calls) {
        if (kind === "expire") {
          for (const key of keys) {
            peer.queue("PEXPIRE", key, "1");
            model.delete(key);
          }
          await peer.flush();
          for (let i = 0; i < keys.length; i++) await peer.receive();
          clock.nowMs += 2;
        } else if (kind === "MSET") {
          const value = "x".repeat("length" in rest ? rest.length : 0);
          assertEquals(await peer.ask("MSET", ...keys.flatMap((key) => [key, value])), "+OK\r\n");
          for (const key of keys) model.set(key, value);
        } else if (kind === "RENAME") {
          // A second key, but not of many: no window of the call before may serve it.
          const [from, to] = [keys[0], keyOf(CHANGED_KEYS)];
          const value = model.get(from);
          assertEquals(
            await peer.ask("RENAME", from, to),
            value === undefined ? "-ERR no such key\r\n" : "+OK\r\n",
          );
          if (value === undefined) continue;
          model.delete(from);
          model.set(to, value);
          assertEquals(await peer.ask("GET", to), bulk(value));
        } else if (kind === "MGET") {
          const values = keys.map((key) => bulk(model.get(key)));
          assertEquals(await peer.ask("MGET", ...keys), `*${keys.length}\r\n${values.join("")}`);
        } else {
          const present = kind === "EXISTS" ? keys : new Set(keys);
          let count = 0;
          for (const key of present) if (model.has(key)) count++;
          if (kind !== "EXISTS") { for (const key of keys) model.delete(key); }
          assertEquals(await peer.ask(kind, ...keys), `:${count}\r\n`);
        }
      }
    }),
    { numRuns: 60 },
  );
  server.keyspace.arena.verify();
});

register({
  name: "test.anyorder",
  arity: -3,
  complexity: "O(N)",
  group: "generic",
  since: "7.2.0",
  summary: "Asks for keys forwards and backwards, and for arguments that are no keys.",
  flags: ["readonly"],
  keys: keyRange(1, -1, 2),
  run(call) {
    const found = (i: number) => call.db.peek(call.key(i)) !== NONE;
    const { reply, count } = call;
    reply.array(3 * (count - 1));
    for (let i = 1; i < count; i++) reply.boolean(found(i));
    for (let i = count - 1; i >= 1; i--) reply.boolean(found(i));
    for (let i = 1; i < count; i++) reply.boolean(found(i));
  },
});

Deno.test("a command may ask for keys in any order, and for what is no key", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await fill(peer);
  const request = ["test.anyorder"];
  const replies: string[] = [];
  for (let i = 1; i <= 400; i++) {
    const present = i % 3 !== 0;
    request.push(present ? keyOf(i) : `absent:${i}`);
    replies.push(present ? ":1\r\n" : ":0\r\n");
  }
  const forwards = replies.join("");
  const backwards = replies.reverse().join("");
  const expected = `*1200\r\n${forwards}${backwards}${forwards}`;
  assertEquals(await peer.ask(...request), expected);
  // Nothing of an earlier call's window is taken for its own, whose keys are further apart.
  await peer.ask("EXISTS", ...Array.from({ length: 10 }, (_, i) => `absent:${i}`));
  assertEquals(await peer.ask(...request), expected);
});

Deno.test("keys of a call are loaded ahead, each once, and only in a large database", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const [database] = server.keyspace.databases;
  const loaded: number[] = [];
  const prefetch = database.prefetch.bind(database);
  database.prefetch = (hashes, entries, count) => {
    loaded.push(count);
    return prefetch(hashes, entries, count);
  };
  const keys = Array.from({ length: 201 }, (_, i) => keyOf(i));
  await peer.ask("MGET", ...keys);
  assertEquals(loaded, []);
  await fill(peer);
  loaded.length = 0;
  // The executor has hashed the first, for which there is nothing to wait together with.
  await peer.ask("MGET", ...keys);
  assertEquals(loaded, [64, 64, 64, 8]);
  loaded.length = 0;
  await peer.ask("MSET", ...keys.flatMap((key) => [key, "v"]));
  assertEquals(loaded, [64, 64, 64, 8]);
});
