import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import {
  Arena,
  ArenaFullError,
  CHAIN,
  MAX_BLOCK_BYTES,
  type Ref,
  SEGMENT_MASK,
  SEGMENT_SHIFT,
} from "../../../structures/arena/arena.ts";
import { PAGE_SHIFT } from "../../../structures/arena/arena_layout.ts";
import {
  BLOCK_BYTES,
  CLASS_COUNT,
  CLASS_MAX_BYTES,
  classOf,
} from "../../../structures/arena/size_class.ts";
import { SeededRandom } from "../seeded_random.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const SEGMENT_BYTES = 64 * MIB;

/** Fills a block's first `length` bytes with one byte. */
function fill(arena: Arena, ref: Ref, length: number, byte: number): void {
  const start = (ref & SEGMENT_MASK) << 3;
  arena.bytes[ref >>> SEGMENT_SHIFT].fill(byte, start, start + length);
}

/** Whether a block's first `length` bytes are all `byte`; large blocks are sampled. */
function holds(arena: Arena, ref: Ref, length: number, byte: number): boolean {
  const bytes = arena.bytes[ref >>> SEGMENT_SHIFT];
  const start = (ref & SEGMENT_MASK) << 3;
  const step = length > 4096 ? 509 : 1;
  for (let i = 0; i < length; i += step) if (bytes[start + i] !== byte) return false;
  return length === 0 || bytes[start + length - 1] === byte;
}

Deno.test("size classes rise, waste little and are found by classOf", () => {
  for (let c = 0; c < CLASS_COUNT; c++) {
    assertEquals(classOf(BLOCK_BYTES[c]), c);
    if (c > 0) assertEquals(classOf(BLOCK_BYTES[c - 1] + 1), c);
    if (c > 0) assertLess(BLOCK_BYTES[c] - BLOCK_BYTES[c - 1], BLOCK_BYTES[c] / 8 + 8);
    assertEquals(BLOCK_BYTES[c] % 8, 0);
  }
  assertEquals(BLOCK_BYTES[CLASS_COUNT - 1], CLASS_MAX_BYTES);
});

Deno.test("blocks of all sizes keep their contents through random allocation and freeing", () => {
  for (const seed of [1, 2, 3]) {
    const random = new SeededRandom(seed);
    const arena = new Arena();
    const start = arena.usedBytes;
    const live: { ref: Ref; length: number; byte: number }[] = [];
    const bounds = [24, 200, 5000, 70 * KIB, 300 * KIB];
    for (let i = 0; i < 12_000; i++) {
      const growing = Math.floor(i / 3000) % 2 === 0;
      if (live.length === 0 || random.below(100) < (growing ? 65 : 30)) {
        const bound = bounds[Math.min(random.below(7), random.below(7), 4)];
        const length = random.below(bound);
        const byte = random.below(256);
        const zeroed = random.below(8) === 0;
        const ref = zeroed ? arena.allocateZeroed(length) : arena.allocate(length);
        if (zeroed) assertEquals(holds(arena, ref, arena.capacity(ref), 0), true);
        assertEquals(arena.capacity(ref), Arena.blockBytes(length));
        fill(arena, ref, length, byte);
        live.push({ ref, length, byte });
      } else {
        const index = random.below(live.length);
        const block = live[index];
        assertEquals(holds(arena, block.ref, block.length, block.byte), true);
        if (random.below(4) === 0) {
          const length = random.below(random.pick(bounds));
          block.ref = arena.resize(block.ref, length);
          assertEquals(arena.capacity(block.ref), Arena.blockBytes(length));
          assertEquals(holds(arena, block.ref, Math.min(length, block.length), block.byte), true);
          block.length = length;
          fill(arena, block.ref, length, block.byte);
        } else {
          arena.free(block.ref);
          live[index] = live[live.length - 1];
          live.pop();
        }
      }
      if (i % 1500 === 0) arena.verify();
    }
    const expected = live.reduce((sum, block) => sum + Arena.blockBytes(block.length), start);
    assertEquals(arena.usedBytes, expected);
    for (const block of live) {
      assertEquals(holds(arena, block.ref, block.length, block.byte), true);
      arena.free(block.ref);
    }
    arena.verify();
    assertEquals(arena.usedBytes, start);
  }
});

Deno.test("copy moves bytes between blocks and within one, overlapping or not", () => {
  const arena = new Arena();
  const a = arena.allocate(300);
  const b = arena.allocate(MIB);
  const bytes = (ref: Ref, length: number) => {
    const start = (ref & SEGMENT_MASK) << 3;
    return arena.bytes[ref >>> SEGMENT_SHIFT].subarray(start, start + length);
  };
  bytes(a, 300).set(Uint8Array.from({ length: 300 }, (_, i) => i));
  for (const [from, to, length] of [[0, 0, 300], [3, 5, 40], [17, 4, 200], [9, 9, 0]]) {
    arena.copy(a, from, b, to, length);
    assertEquals(bytes(b, to + length).slice(to), bytes(a, from + length).slice(from));
  }
  arena.copy(a, 0, a, 7, 200);
  assertEquals(bytes(a, 207).slice(7), Uint8Array.from({ length: 200 }, (_, i) => i));
  // Two segments.
  const filler = arena.allocate(62 * MIB);
  const c = arena.allocate(2 * MIB);
  assertEquals(c >>> SEGMENT_SHIFT !== b >>> SEGMENT_SHIFT, true);
  for (const length of [10, 300]) {
    arena.copy(a, 0, c, 1, length);
    assertEquals(bytes(c, 1 + length).slice(1), bytes(a, length).slice());
  }
  for (const ref of [a, b, c, filler]) arena.free(ref);
  arena.verify();
});

Deno.test("a value of 512 MB fits, and its memory goes back at once", () => {
  const arena = new Arena();
  const start = arena.usedBytes;
  const reserved = arena.reservedBytes;
  const small = arena.allocate(100);
  const length = 512 * MIB;
  let ref = arena.allocate(length);
  assertGreater(arena.capacity(ref), length - 1);
  const at = (ref & SEGMENT_MASK) << 3;
  const bytes = arena.bytes[ref >>> SEGMENT_SHIFT];
  bytes[at] = 1;
  bytes[at + length - 1] = 2;
  arena.verify();
  ref = arena.resize(ref, 70 * MIB);
  assertEquals(arena.bytes[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) << 3], 1);
  ref = arena.resize(ref, 1000);
  assertEquals(arena.bytes[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) << 3], 1);
  assertEquals(arena.reservedBytes, reserved);
  arena.free(ref);
  arena.free(small);
  arena.verify();
  assertEquals(arena.usedBytes, start);
  assertThrows(() => arena.allocate(MAX_BLOCK_BYTES + 1), ArenaFullError);
  assertThrows(() => arena.allocate(Infinity), ArenaFullError);
});

Deno.test("empty segments are given back and their references used again", () => {
  const arena = new Arena();
  const start = arena.usedBytes;
  const first: Ref[] = [];
  for (let i = 0; i < 200; i++) first.push(arena.allocate(MIB));
  assertEquals(arena.reservedBytes, 4 * SEGMENT_BYTES);
  const version = arena.version;
  const survivor = first.pop()!; // in the last segment
  for (const ref of first) arena.free(ref);
  assertEquals(arena.releaseEmptySegments(), 2);
  assertGreater(arena.version, version);
  assertEquals(arena.reservedBytes, 2 * SEGMENT_BYTES);
  arena.verify();
  const again: Ref[] = [];
  for (let i = 0; i < 220; i++) again.push(arena.allocateZeroed(MIB));
  assertEquals(new Set([...again, survivor]).size, 221);
  arena.verify();
  for (const ref of again) arena.free(ref);
  arena.free(survivor);
  assertEquals(arena.releaseEmptySegments(), 3);
  assertEquals(arena.releaseEmptySegments(), 0);
  assertEquals(arena.reservedBytes, SEGMENT_BYTES);
  assertEquals(arena.usedBytes, start);
  arena.verify();
});

Deno.test("a full arena says so, stays intact and has room again after a free", () => {
  const arena = new Arena(2);
  const start = arena.usedBytes;
  const refs: Ref[] = [];
  for (const length of [10 * MIB, 60 * KIB, 4 * KIB, 16]) {
    assertThrows(() => {
      for (;;) refs.push(arena.allocate(length));
    }, ArenaFullError);
    const used = arena.usedBytes;
    assertThrows(() => arena.allocate(length), ArenaFullError);
    assertThrows(() => arena.allocate(100 * MIB), ArenaFullError);
    assertEquals(arena.usedBytes, used);
  }
  arena.verify();
  assertGreater(arena.usedBytes, 2 * SEGMENT_BYTES * 0.99);
  assertThrows(() => arena.resize(refs[0], 20 * MIB), ArenaFullError);
  assertEquals(arena.capacity(refs[0]), 10 * MIB);
  arena.free(refs.shift()!);
  refs.push(arena.allocate(9 * MIB));
  for (const ref of refs) arena.free(ref);
  arena.verify();
  assertEquals(arena.usedBytes, start);
});

Deno.test("roots are words that a second view of segment 0 sees", () => {
  const arena = new Arena();
  arena.setRoot(0, -5);
  arena.setRoot(63, 7);
  assertEquals([arena.root(0), arena.root(1), arena.root(63)], [-5, 0, 7]);
  const ref = arena.allocate(64);
  arena.setWord(ref, 15, 99);
  const otherThread = new Int32Array(arena.words[0].buffer);
  assertEquals(otherThread[((ref & SEGMENT_MASK) << 1) + 15], 99);
  assertEquals(arena.word(ref, 15), 99);
});

/** Frees blocks as another thread would: one chain a slab, pushed onto the lock-free stack. */
function freeFromOtherThread(arena: Arena, chains: Iterable<Ref[]>): void {
  const words = arena.words.map((segment) => new Int32Array(segment.buffer));
  const setWord = (ref: Ref, index: number, value: number) =>
    words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + index] = value;
  for (const chain of chains) {
    for (let i = 0; i + 1 < chain.length; i++) setWord(chain[i], CHAIN.nextBlock, chain[i + 1]);
    setWord(chain[0], CHAIN.lastBlock, chain[chain.length - 1]);
    setWord(chain[0], CHAIN.count, chain.length);
    for (;;) {
      const head = Atomics.load(words[0], Arena.freedChainsAt);
      setWord(chain[0], CHAIN.nextChain, head);
      const was = Atomics.compareExchange(words[0], Arena.freedChainsAt, head, chain[0]);
      if (was === head) break;
    }
  }
}

Deno.test("chains of blocks that another thread freed come back, to the byte", () => {
  const arena = new Arena();
  const start = arena.usedBytes;
  const random = new SeededRandom(4);
  const kept: Ref[] = [];
  for (let round = 0; round < 20; round++) {
    const slabs = new Map<number, Ref[]>();
    let blocks = 0;
    for (let i = 0; i < 3000; i++) {
      // Up to 4 KiB a slab is one page, so a block's page names its slab.
      const ref = arena.allocate(random.pick([16, 48, 200, 4096]));
      if (random.below(10) === 0) {
        kept.push(ref);
        continue;
      }
      const page = ref >>> PAGE_SHIFT;
      const slab = slabs.get(page);
      if (slab === undefined) slabs.set(page, [ref]);
      else slab.push(ref);
      blocks++;
    }
    const alone = [arena.allocate(8 * KIB), arena.allocate(64 * KIB), arena.allocate(MIB)];
    alone.push(arena.allocate(65 * MIB));
    const used = arena.usedBytes;
    freeFromOtherThread(arena, [...slabs.values(), ...alone.map((ref) => [ref])]);
    assertEquals(arena.usedBytes, used, "nothing is free before it is collected");
    let collected = 0;
    if (round % 2 === 1) {
      // A few at a time, and more arrive in between.
      collected += arena.collectFreedChains(3);
      freeFromOtherThread(arena, [[arena.allocate(24)]]);
      collected -= 1;
      assert(arena.hasFreedChains);
      for (let i = 3; i < slabs.size + alone.length; i++) collected += arena.collectFreedChains(1);
      assert(arena.hasFreedChains);
    }
    collected += arena.collectFreedChains();
    assert(!arena.hasFreedChains);
    assertEquals(collected, blocks + alone.length);
    assertEquals(arena.collectFreedChains(), 0);
    arena.verify();
  }
  const expected = kept.reduce((sum, ref) => sum + arena.capacity(ref), start);
  assertEquals(arena.usedBytes, expected);
  for (const ref of kept) arena.free(ref);
  arena.verify();
  assertEquals(arena.usedBytes, start);
});
