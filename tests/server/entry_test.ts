// Keys are compared by words. Two keys with one hash are too rare to meet by chance, so the
// comparison is tested by itself.

import { assert, assertEquals } from "@std/assert";
import { Arena, NONE, type Ref } from "../../structures/arena/arena.ts";
import { Entries, entryBytes, StringEncoding, Type } from "../../server/keyspace/entry.ts";
import { Key } from "../../server/keyspace/key.ts";
import { lookUp } from "../../server/keyspace/lookup.ts";

function equals({ arena }: Entries, entry: Ref, bytes: Uint8Array, start: number, length: number) {
  const key = Object.assign(new Key(), { bytes, start, length });
  // A table in which this entry is the only one of its hash.
  const table = { first: () => entry, next: () => NONE };
  return lookUp(arena.words, table, NONE, key) === entry;
}

Deno.test("a key equals its own bytes only, whatever byte differs", () => {
  const entries = new Entries(new Arena());
  for (let length = 0; length <= 20; length++) {
    for (const hasTtlWord of [false, true]) {
      const key = Uint8Array.from({ length }, (_, i) => 200 + i);
      const entry = entries.arena.allocate(entryBytes(hasTtlWord, true, length, 3));
      entries.format(entry, Type.String, StringEncoding.Inline, hasTtlWord, length, 3, 0, 0);
      entries.bytes(entry).set(key, entries.keyStart(entry));
      // The asked-for key stands at an odd place among other bytes, as in an input buffer.
      const input = new Uint8Array(length + 8).fill(7);
      input.set(key, 3);
      assert(equals(entries, entry, input, 3, length));
      const keyStart = entries.keyStart(entry);
      assertEquals(
        new Uint8Array(entries.bytes(entry).subarray(keyStart, keyStart + length)),
        key,
      );
      assert(!equals(entries, entry, input, 3, length + 1));
      for (let i = 0; i < length; i++) {
        input[3 + i] ^= 0x80;
        assert(!equals(entries, entry, input, 3, length), `byte ${i} of ${length}`);
        input[3 + i] ^= 0x80;
      }
      assertEquals(entries.inlineStart(entry), entries.keyStart(entry) + length);
    }
  }
});

Deno.test("a key whose length has a word of its own equals itself only", () => {
  const entries = new Entries(new Arena());
  for (const encoding of [StringEncoding.Inline, StringEncoding.Block]) {
    for (const hasTtlWord of [false, true]) {
      const key = Uint8Array.from({ length: 65_537 }, (_, i) => i);
      const isInline = encoding === StringEncoding.Inline;
      const entry = entries.arena.allocate(entryBytes(hasTtlWord, isInline, key.length, 0));
      entries.format(entry, Type.String, encoding, hasTtlWord, key.length, 0, 0, 0);
      entries.bytes(entry).set(key, entries.keyStart(entry));
      assert(equals(entries, entry, key, 0, key.length));
      assert(!equals(entries, entry, key, 0, key.length - 1));
      key[65_536] ^= 1;
      assert(!equals(entries, entry, key, 0, key.length));
    }
  }
});
