import { assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Arena, ArenaFullError, NONE, type Ref } from "../../structures/arena/arena.ts";
import { TtlHeap } from "../../structures/ttl_heap.ts";
import { SeededRandom } from "./seeded_random.ts";

const ENTRY_BYTES = 24;
const POSITION_WORD = 3;
const NOW_MS = 1_700_000_000_000;

/** A heap beside a plain map of what it holds. */
class Pair {
  readonly arena: Arena;
  readonly heap: TtlHeap;
  readonly ref: Ref;
  readonly expiries = new Map<Ref, number>();
  readonly entries: Ref[] = [];

  constructor(arena = new Arena()) {
    this.arena = arena;
    this.heap = new TtlHeap(arena, POSITION_WORD);
    this.ref = this.heap.create();
  }

  insert(expireAtMs: number): void {
    const entry = this.arena.allocate(ENTRY_BYTES);
    try {
      this.heap.insert(this.ref, entry, expireAtMs);
    } catch (error) {
      this.arena.free(entry);
      throw error;
    }
    this.expiries.set(entry, expireAtMs);
    this.entries.push(entry);
  }

  update(index: number, expireAtMs: number): void {
    this.heap.update(this.ref, this.entries[index], expireAtMs);
    this.expiries.set(this.entries[index], expireAtMs);
  }

  remove(index: number): void {
    const entry = this.entries[index];
    this.heap.remove(this.ref, entry);
    assertEquals(this.arena.word(entry, POSITION_WORD), 0);
    assertEquals(this.heap.expireAtMs(this.ref, entry), Infinity);
    this.arena.free(entry);
    this.expiries.delete(entry);
    this.entries[index] = this.entries[this.entries.length - 1];
    this.entries.pop();
  }

  move(index: number): void {
    const entry = this.entries[index];
    const moved = this.arena.resize(entry, this.arena.capacity(entry) === 64 ? ENTRY_BYTES : 64);
    this.heap.relocate(this.ref, moved);
    this.expiries.set(moved, this.expiries.get(entry)!);
    this.expiries.delete(entry);
    this.entries[index] = moved;
  }

  verify(): void {
    this.heap.verify(this.ref);
    assertEquals(this.heap.size(this.ref), this.entries.length);
    const least = this.entries.reduce((ms, e) => Math.min(ms, this.expiries.get(e)!), Infinity);
    assertEquals(this.heap.peekExpireAtMs(this.ref), least);
    const first = this.heap.peek(this.ref);
    if (this.entries.length === 0) assertEquals(first, NONE);
    else assertEquals(this.expiries.get(first), least);
    for (const [entry, ms] of this.expiries) {
      assertEquals(this.heap.expireAtMs(this.ref, entry), ms);
    }
  }

  /** Frees everything; all bytes must come back. */
  destroy(usedBefore: number): void {
    for (const entry of this.entries) this.arena.free(entry);
    this.heap.destroy(this.ref);
    this.arena.verify();
    assertEquals(this.arena.usedBytes, usedBefore);
  }
}

Deno.test("random operations agree with a map", () => {
  const operation = fc.record({
    kind: fc.constantFrom("insert", "insert", "insert", "update", "remove", "move"),
    which: fc.nat(),
    ms: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 2 ** 48 })),
  });
  const arena = new Arena();
  const usedBefore = arena.usedBytes;
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const pair = new Pair(arena);
      for (const { kind, which, ms } of operations) {
        const index = which % pair.entries.length;
        if (kind === "insert") pair.insert(ms);
        else if (pair.entries.length === 0) continue;
        else if (kind === "update") pair.update(index, ms);
        else if (kind === "remove") pair.remove(index);
        else pair.move(index);
      }
      pair.verify();
      pair.destroy(usedBefore);
    }),
    { numRuns: 200, seed: 21 },
  );
});

Deno.test("a heap breathes through many chunks, a chunk at a time, and returns every byte", () => {
  const random = new SeededRandom(1);
  const arena = new Arena();
  const start = arena.usedBytes;
  const pair = new Pair(arena);
  const empty = arena.usedBytes;
  for (const target of [40_000, 3000, 4093, 4094, 4092, 4100, 15, 9000, 0, 13, 14, 3, 0]) {
    let operations = 0;
    while (pair.entries.length !== target) {
      const usedBefore = arena.usedBytes;
      const ms = NOW_MS + random.below(1_000_000);
      const index = random.below(pair.entries.length);
      if (random.below(5) === 0 && pair.entries.length > 0) pair.update(index, ms);
      else if (pair.entries.length < target) pair.insert(ms);
      else pair.remove(index);
      // One chunk of 4,096 slots, one directory, one entry.
      assertLess(Math.abs(arena.usedBytes - usedBefore), 4096 * 12 + 256);
      if (++operations % 10_007 === 0) pair.heap.verify(pair.ref);
    }
    pair.verify();
    const memory = arena.usedBytes - empty - target * ENTRY_BYTES;
    assertLess(memory, Math.max(1024, target * 12 * 4, target * 12 + 2 * 4096 * 12) + 1);
  }
  assertEquals(arena.usedBytes, empty, "an emptied heap keeps its descriptor only");
  pair.destroy(start);
});

Deno.test("entries leave in the order of their expiry", () => {
  const random = new SeededRandom(2);
  const pair = new Pair();
  // Also the orders that bring out a heap's worst: rising, falling, all equal.
  for (const order of [() => random.below(1 << 30), (i: number) => i, (i: number) => -i, () => 7]) {
    const added: number[] = [];
    for (let i = 0; i < 5000; i++) {
      added.push(NOW_MS + order(i));
      pair.insert(added[i]);
    }
    pair.heap.verify(pair.ref);
    const left: number[] = [];
    while (pair.heap.size(pair.ref) > 0) {
      const entry = pair.heap.peek(pair.ref);
      left.push(pair.heap.expireAtMs(pair.ref, entry));
      pair.heap.remove(pair.ref, entry);
      pair.arena.free(entry);
    }
    assertEquals(left, added.sort((a, b) => a - b));
    pair.entries.length = 0;
    pair.expiries.clear();
  }
  assertEquals(pair.heap.peek(pair.ref), NONE);
  assertEquals(pair.heap.peekExpireAtMs(pair.ref), Infinity);
});

Deno.test("an entry of another heap, or of none, is refused", () => {
  const arena = new Arena();
  const heap = new TtlHeap(arena, POSITION_WORD);
  const [one, other] = [heap.create(), heap.create()];
  const [a, b] = [arena.allocateZeroed(ENTRY_BYTES), arena.allocateZeroed(ENTRY_BYTES)];
  heap.insert(one, a, 5);
  heap.insert(other, b, 6);
  assertThrows(() => heap.remove(other, a));
  assertThrows(() => heap.update(one, b, 1));
  heap.remove(one, a);
  assertThrows(() => heap.remove(one, a));
  assertThrows(() => heap.relocate(one, a));
  // A second view of the same arena sees the same heap.
  assertEquals(new TtlHeap(arena, POSITION_WORD).peekExpireAtMs(other), 6);
});

Deno.test("a full arena refuses an insertion and leaves heap and entry as they were", () => {
  const arena = new Arena(1);
  const start = arena.usedBytes;
  const pair = new Pair(arena);
  for (let i = 0; i < 6000; i++) pair.insert(NOW_MS - i);
  const fillers: Ref[] = [];
  const reserve: Ref[] = [];
  for (let i = 0; i < 8000; i++) {
    (i % 2 === 0 ? reserve : fillers).push(arena.allocate(ENTRY_BYTES));
  }
  for (const length of [1 << 20, 48 * 1024, 1024, 64, ENTRY_BYTES]) {
    assertThrows(() => {
      for (;;) fillers.push(arena.allocate(length));
    }, ArenaFullError);
  }
  for (const entry of reserve) arena.free(entry); // room for entries, but no page for a chunk
  assertThrows(() => {
    for (;;) pair.insert(NOW_MS);
  }, ArenaFullError);
  assertGreater(pair.entries.length, 8000);
  assertEquals((pair.entries.length + 3) % 4096, 0);
  pair.verify();
  while (pair.entries.length > 5) pair.remove(pair.entries.length - 1);
  pair.verify();
  for (const filler of fillers) arena.free(filler);
  pair.destroy(start);
});

Deno.test("expiries keep all 64 bits, and their order", () => {
  const arena = new Arena();
  const heap = new TtlHeap(arena, POSITION_WORD);
  const expiry = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 9n }),
    fc.bigInt({ min: 2n ** 32n - 3n, max: 2n ** 32n + 3n }),
  );
  const usedBefore = arena.usedBytes;
  fc.assert(
    fc.property(fc.array(expiry, { maxLength: 60 }), (expiries) => {
      const ref = heap.create();
      const entries = expiries.map((ms) => {
        const entry = arena.allocate(ENTRY_BYTES);
        heap.insert(ref, entry, 7);
        heap.update(ref, entry, ms <= Number.MAX_SAFE_INTEGER ? Number(ms) : ms);
        return entry;
      });
      heap.verify(ref);
      const byEntry = new Map(entries.map((entry, i) => [entry, expiries[i]]));
      for (const [entry, ms] of byEntry) {
        assertEquals(BigInt(heap.exactExpireAtMs(ref, entry)), ms);
        assertEquals(heap.expireAtMs(ref, entry), Number(ms));
      }
      const left: bigint[] = [];
      while (heap.size(ref) > 0) {
        const entry = heap.peek(ref);
        left.push(byEntry.get(entry)!);
        heap.remove(ref, entry);
        arena.free(entry);
      }
      assertEquals(left, expiries.toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0));
      heap.destroy(ref);
    }),
    { numRuns: 100, seed: 22 },
  );
  assertEquals(arena.usedBytes, usedBefore);
});

Deno.test("room that was made before an insertion is made once", () => {
  const arena = new Arena();
  const pair = new Pair(arena);
  const empty = arena.usedBytes;
  for (let i = 0; i < 9000; i++) {
    pair.heap.reserve(pair.ref);
    pair.heap.reserve(pair.ref);
    pair.insert(i);
  }
  pair.verify();
  for (let i = 8999; i >= 0; i--) pair.remove(i);
  assertEquals(arena.usedBytes, empty);
});
