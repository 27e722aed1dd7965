// Copies of hash tables: every node's copy is found, whatever state the table is in, and where memory
// lacks nothing is left.

import { assert, assertEquals } from "@std/assert";
import { Arena, ArenaFullError, type Ref } from "../../../structures/arena/arena.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { emptyView } from "../../../structures/bytes/byte_view.ts";
import { MemberTable } from "../../../structures/set/member_table.ts";
import { ArenaFaults } from "../arena_faults.ts";

const encoder = new TextEncoder();

function bytesOf(i: number): Uint8Array {
  return encoder.encode(`member ${i}`);
}

function membersOf(table: MemberTable, ref: Ref): string[] {
  const view = emptyView();
  const members: string[] = [];
  for (let at = table.first(ref); at !== 0; at = table.next(ref, at)) {
    table.readMember(ref, at, view);
    members.push(new TextDecoder().decode(view.bytes.slice(view.start, view.start + view.length)));
  }
  return members.sort();
}

Deno.test("a table's copy has its members, at every size and during every resize", () => {
  const arena = new Arena();
  const table = new MemberTable(arena, new KeyHasher(1, 2));
  const ref = table.create(0);
  const count = 3000;
  for (let i = 0; i < count; i++) {
    const bytes = bytesOf(i);
    assertEquals(table.find(ref, bytes, 0, bytes.length), 0);
    table.appendSought(ref, bytes, 0, bytes.length);
    if (i > 60 && i % 37 !== 0) continue;
    const usedBytes = arena.usedBytes;
    const copy = table.copy(ref);
    table.verify(copy);
    assertEquals(table.count(copy), i + 1);
    assertEquals(table.memoryBytes(copy), arena.usedBytes - usedBytes);
    if (i < 200) assertEquals(membersOf(table, copy), membersOf(table, ref));
    // What is done to the copy is nothing to the table.
    const first = table.first(copy);
    table.remove(copy, first);
    table.verify(ref);
    assertEquals(table.count(ref), i + 1);
    table.destroy(copy);
    assertEquals(arena.usedBytes, usedBytes);
  }
  // On the way down as well.
  for (let i = count - 1; i > 0; i--) {
    const bytes = bytesOf(i);
    table.remove(ref, table.find(ref, bytes, 0, bytes.length));
    if (i % 41 !== 0) continue;
    const copy = table.copy(ref);
    table.verify(copy);
    table.destroy(copy);
  }
  arena.verify();
});

Deno.test("a table whose copy finds no memory is as before, and nothing is left", () => {
  using faults = new ArenaFaults();
  const arena = new Arena();
  const table = new MemberTable(arena, new KeyHasher(1, 2));
  for (const count of [0, 1, 30, 200, 2500]) {
    const ref = table.create(0);
    for (let i = 0; i < count; i++) {
      const bytes = bytesOf(i);
      table.find(ref, bytes, 0, bytes.length);
      table.appendSought(ref, bytes, 0, bytes.length);
    }
    const usedBytes = arena.usedBytes;
    const step = Math.max(1, Math.floor(count / 50));
    for (let at = 1;; at += step) {
      faults.arm(at, true);
      let copy: Ref = 0;
      try {
        copy = table.copy(ref);
      } catch (error) {
        assert(error instanceof ArenaFullError);
      }
      const hasFailed = faults.disarm();
      if (!hasFailed) {
        table.verify(copy);
        table.destroy(copy);
        break;
      }
      assertEquals(arena.usedBytes, usedBytes, `${count} members, fault ${at}`);
    }
    table.verify(ref);
    table.destroy(ref);
  }
  arena.verify();
});
