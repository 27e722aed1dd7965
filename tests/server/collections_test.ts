// Edits of collections: what happens to the entry around them.

import { assertEquals, assertThrows } from "@std/assert";
import type { Caller } from "../../server/keyspace/caller.ts";
import { EMPTIED, MISSING } from "../../server/keyspace/collections.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { WRONG_TYPE } from "../../server/keyspace/refusals.ts";
import { Refusal } from "../../structures/refusal.ts";
import type { List } from "../../structures/list/list.ts";
import type { MemberSet } from "../../structures/set/member_set.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { keyOf, valueOfKey } from "./key_values.ts";

const bytes = new TextEncoder().encode("abc");
const EDITED = event("module", "test.edited");

/** A call whose arguments are keys, in database 0; no client, no command. */
function callOf(keyspace: Keyspace, ...names: string[]): Caller {
  return { db: keyspace.databases[0], key: (i) => keyOf(keyspace, names[i]) };
}

const addAll = (_: Caller, set: MemberSet) => {
  for (let i = 0; i < bytes.length; i++) set.add(bytes, i, 1);
  return bytes.length;
};
const nothing = () => 0;

Deno.test("an edit makes, changes and deletes the value of a key, and is counted", async () => {
  await using server = await serveQuietly();
  const { keyspace } = server;
  const { changes, sets } = keyspace;
  const call = callOf(keyspace, "k");
  assertEquals(sets.changePresent(call, 0, addAll, EDITED), MISSING);
  assertEquals(sets.change(call, 0, nothing, EDITED), 0);
  assertEquals([changes.dirty, keyspace.size], [0, 0]);
  assertEquals(sets.change(call, 0, addAll, EDITED), 3);
  assertEquals([changes.dirty, keyspace.size], [3, 1]);
  assertEquals(sets.changePresent(call, 0, (_, set) => set.remove(bytes, 0, 1) ? 1 : 0, EDITED), 1);
  assertThrows(() => keyspace.lists.change(call, 0, nothing, EDITED), Refusal, WRONG_TYPE.message);
  assertEquals(sets.changePresent(call, 0, () => EMPTIED, EDITED), 2);
  assertEquals([changes.dirty, keyspace.size], [6, 0]);
  const usedBytes = keyspace.arena.usedBytes;
  sets.change(call, 0, addAll, EDITED);
  const removeAll = (_: Caller, set: MemberSet) => {
    for (let i = 0; i < bytes.length; i++) set.remove(bytes, i, 1);
    return bytes.length;
  };
  assertEquals(sets.changePresent(call, 0, removeAll, EDITED), 3);
  assertEquals([changes.dirty, keyspace.size, keyspace.arena.usedBytes], [12, 0, usedBytes]);
});

Deno.test("an edit that fails half way leaves no new key, and tells of an old one", async () => {
  await using server = await serveQuietly();
  const { keyspace } = server;
  const { sets } = keyspace;
  const call = callOf(keyspace, "k");
  let told = 0;
  keyspace.changes.subscribe({ changed: () => told++ });
  const usedBytes = keyspace.arena.usedBytes;
  const fail = (_: Caller, set: MemberSet): number => {
    addAll(call, set);
    throw new Error("half way");
  };
  assertThrows(() => sets.change(call, 0, fail, EDITED), Error, "half way");
  assertEquals([keyspace.size, keyspace.arena.usedBytes, told], [0, usedBytes, 0]);
  sets.change(call, 0, (_, set) => set.add(bytes, 0, 1) ? 1 : 0, EDITED);
  told = 0;
  assertThrows(() => sets.change(call, 0, fail, EDITED), Error, "half way");
  assertEquals(told, 1);
  assertEquals(valueOfKey(keyspace, call.db, "k"), '["set","-1","a","b","c"]');
  // A refusal says that nothing has changed.
  const refuse = () => {
    throw WRONG_TYPE;
  };
  assertThrows(() => sets.change(call, 0, refuse, EDITED), Refusal);
  assertEquals(told, 1);
  // The next edit finds all in order.
  assertEquals(sets.changePresent(call, 0, () => EMPTIED, EDITED), 3);
  keyspace.arena.verify();
});

Deno.test("an edit may walk over another key of its type, but not over its own", async () => {
  await using server = await serveQuietly();
  const { keyspace } = server;
  const { lists, sets } = keyspace;
  const call = callOf(keyspace, "a", "b");
  sets.change(call, 0, addAll, EDITED);
  const copy = (_: Caller, target: MemberSet) => {
    const source = sets.read(call, 0)!;
    let added = 0;
    for (let more = source.seekFirst(); more; more = source.next()) {
      const { member } = source;
      if (target.add(member.bytes, member.start, member.length)) added++;
    }
    return added;
  };
  assertEquals(sets.change(call, 1, copy, EDITED), 3);
  assertEquals(valueOfKey(keyspace, call.db, "b"), valueOfKey(keyspace, call.db, "a"));
  const [walked, probed] = [sets.read(call, 0)!, sets.readBeside(call, 1)!];
  let common = 0;
  for (let more = walked.seekFirst(); more; more = walked.next()) {
    const { member } = walked;
    if (probed.find(member.bytes, member.start, member.length)) common++;
  }
  assertEquals(common, 3);
  assertEquals(sets.readBeside(callOf(keyspace, "none"), 0), undefined);
  const probeWithin = () => sets.change(call, 1, () => sets.readBeside(call, 0)!.count, EDITED);
  assertThrows(probeWithin, Error, "a second view within an edit");
  const within = () => sets.change(call, 1, addAll, EDITED);
  assertThrows(() => sets.change(call, 0, within, EDITED), Error, "an edit within an edit");
  // A walk that began before an edit of the same value does not go on after it.
  const reader = sets.read(call, 0)!;
  reader.seekFirst();
  sets.changePresent(call, 0, (_, set) => set.remove(bytes, 1, 1) ? 1 : 0, EDITED);
  assertThrows(() => reader.next(), Error);
  const push = (_: Caller, list: List) => {
    list.pushLast(bytes, 0, 3);
    return 1;
  };
  const listCall = callOf(keyspace, "l");
  lists.change(listCall, 0, push, EDITED);
  const walk = lists.read(listCall, 0)!;
  walk.seekFirst();
  lists.change(listCall, 0, push, EDITED);
  assertThrows(() => walk.next(), Error);
});

Deno.test("whatever a command empties or overwrites is freed as lazyfree-lazy-server-del says", async () => {
  for (const lazy of ["yes", "no"]) {
    await using server = await serveQuietly({
      directives: { "lazyfree-lazy-server-del": lazy, "lazyfree-workers": "0" },
    });
    const { keyspace } = server;
    const call = callOf(keyspace, "k");
    const numbers = Array.from({ length: 1000 }, (_, i) => new TextEncoder().encode(`member ${i}`));
    const fill = (_: Caller, set: MemberSet) => {
      for (const number of numbers) set.add(number, 0, number.length);
      return numbers.length;
    };
    keyspace.sets.change(call, 0, fill, EDITED);
    const before = keyspace.lazyFree.freed;
    keyspace.sets.changePresent(call, 0, () => EMPTIED, EDITED);
    await keyspace.lazyFree.drained();
    assertEquals(keyspace.lazyFree.freed > before, lazy === "yes");
  }
});
