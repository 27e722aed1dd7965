// Arena.reserve: whatever blocks are asked for afterwards, they are had, and a refusal comes before
// anything has changed.

import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import {
  Arena,
  ArenaFullError,
  MAX_BLOCK_BYTES,
  type Ref,
} from "../../../structures/arena/arena.ts";
import { bytesFrom, pagesFor, SEGMENT_PAGES } from "../../../structures/arena/arena_reserve.ts";
import { SEGMENT_BYTES } from "../../../structures/arena/arena_layout.ts";
import { BLOCK_BYTES } from "../../../structures/arena/size_class.ts";
import { SeededRandom } from "../seeded_random.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const PAGE = 64 * KIB;

/** Takes every free block of every class, so that whatever is allocated next needs pages. */
function fillSlabs(arena: Arena): void {
  for (const bytes of BLOCK_BYTES) {
    let taken: Ref | undefined;
    for (;;) {
      const pages = freePages(arena);
      const ref = arena.allocate(bytes);
      if (freePages(arena) !== pages) {
        taken = ref;
        break;
      }
    }
    arena.free(taken);
  }
}

function freePages(arena: Arena): number {
  let pages = 0;
  for (const words of arena.words) if (words.length > 0) pages += words[3];
  return pages;
}

/** An arena of one segment with so many free pages, in a row, and none in any slab. */
function brimful(pages: number): Arena {
  const arena = new Arena(1);
  fillSlabs(arena);
  arena.allocate((freePages(arena) - pages) * PAGE);
  assertEquals(freePages(arena), pages);
  return arena;
}

Deno.test("what is reserved can be had, in the blocks that take the most pages", () => {
  for (const bytes of [1, 16, 4 * KIB, 5000, 64 * KIB, 100 * KIB, 1 * MIB, 20 * MIB]) {
    const arena = brimful(pagesFor(bytes));
    arena.reserve(bytes);
    // One block of each class first, the largest that the rest allows; then the costliest.
    let left = bytes;
    for (const block of BLOCK_BYTES) {
      if (block > left) break;
      arena.allocate(block);
      left -= block;
    }
    for (; left >= 65 * KIB; left -= 2 * PAGE) if (left >= 2 * PAGE) arena.allocate(2 * PAGE);
    for (; left >= 64; left -= 64) arena.allocate(64);
    arena.verify();
  }
});

Deno.test("what is reserved can be had, in any blocks", () => {
  const random = new SeededRandom(77);
  for (let round = 0; round < 60; round++) {
    const bytes = random.pick([16 * KIB, 64 * KIB, 300 * KIB, 3 * MIB, 16 * MIB]);
    const arena = brimful(pagesFor(bytes));
    arena.reserve(bytes);
    let left = bytes;
    const most = random.pick([100, 5000, 70 * KIB, 5 * MIB]);
    let grown = arena.allocate(16);
    left -= 16;
    for (;;) {
      // Some blocks grow step by step, the old one being freed each time.
      const wanted = random.below(3) === 0
        ? Arena.blockBytes(arena.capacity(grown) + 1)
        : Arena.blockBytes(1 + random.below(Math.min(most, left)));
      if (wanted > left) break;
      if (random.below(3) === 0 && wanted > arena.capacity(grown)) {
        grown = arena.resize(grown, wanted);
      } else arena.allocate(wanted);
      left -= wanted;
      if (left < 16) break;
    }
    arena.verify();
  }
});

Deno.test("a refusal changes nothing, and is over when there is room", () => {
  const arena = new Arena(2);
  const start = arena.usedBytes;
  arena.reserve(64 * KIB);
  const filler: Ref[] = [];
  for (;;) {
    try {
      arena.reserve(MIB);
    } catch (error) {
      assert(error instanceof ArenaFullError);
      break;
    }
    filler.push(arena.allocate(MIB));
  }
  const { usedBytes, version } = arena;
  const pages = freePages(arena);
  for (let i = 0; i < 3; i++) assertThrows(() => arena.reserve(MIB), ArenaFullError);
  assertThrows(() => arena.reserve(50 * MIB), ArenaFullError);
  assertThrows(() => arena.reserve(Infinity), ArenaFullError);
  assertEquals([arena.usedBytes, arena.version, freePages(arena)], [usedBytes, version, pages]);
  arena.reserve(16); // less than was refused
  for (const ref of filler.splice(0, 50)) arena.free(ref);
  arena.reserve(MIB);
  for (const ref of filler) arena.free(ref);
  arena.verify();
  assertEquals(arena.usedBytes, start);
});

Deno.test("an arena that is full of holes promises what the holes hold", () => {
  const arena = new Arena(1);
  const refs: Ref[] = [];
  for (let i = 0; i < 60; i++) refs.push(arena.allocate(16 * PAGE), arena.allocate(80));
  // A block of a page or more behind each keeps the holes apart.
  const all: Ref[] = [];
  while (freePages(arena) > 0) all.push(arena.allocate(freePages(arena) > 1 ? 2 * PAGE : 4096));
  assertThrows(() => arena.reserve(16), ArenaFullError);
  for (let i = 0; i < refs.length; i += 2) arena.free(refs[i]);
  arena.reserve(16);
  for (let i = 0; i < 55; i++) {
    arena.reserve(1);
    if (freePages(arena) < 57 * 16) break;
    arena.allocate(BLOCK_BYTES[i]);
  }
  arena.verify();
  assertGreater(all.length, 0);
});

Deno.test("a promise costs no memory and, once it is made, nothing at all", () => {
  const arena = new Arena();
  const { usedBytes, reservedBytes } = arena;
  for (let i = 0; i < 1000; i++) arena.reserve(64 * KIB);
  assertEquals([arena.usedBytes, arena.reservedBytes], [usedBytes, reservedBytes]);
  // Where the row ends, a segment is added: once.
  arena.allocate(60 * MIB);
  const { version } = arena;
  for (let i = 0; i < 1000; i++) arena.reserve(64 * KIB);
  assertEquals(arena.version, version + 1);
  assertEquals(arena.reservedBytes, 2 * SEGMENT_BYTES);
});

Deno.test("a tick neither takes the spare segment nor lets used ones stay", () => {
  const arena = new Arena();
  const start = arena.usedBytes;
  const refs = [arena.allocate(60 * MIB)];
  arena.reserve(MIB);
  for (let tick = 0; tick < 5; tick++) {
    assertEquals(arena.releaseEmptySegments(), 0);
    const { version } = arena;
    arena.reserve(MIB);
    assertEquals(arena.version, version);
  }
  for (let i = 0; i < 200; i++) {
    arena.reserve(MIB);
    refs.push(arena.allocate(MIB));
  }
  for (const ref of refs) arena.free(ref);
  assertEquals(arena.usedBytes, start);
  arena.releaseEmptySegments();
  // What was used is gone; at most one segment, never used, is there beside the first.
  assertLess(arena.reservedBytes, 2 * SEGMENT_BYTES + 1);
  for (let tick = 0; tick < 5; tick++) {
    arena.reserve(MIB);
    arena.releaseEmptySegments();
    assertLess(arena.reservedBytes, 2 * SEGMENT_BYTES + 1);
  }
  arena.verify();
});

/** As where the system gives no more memory than it has given. */
function withoutMemory(run: () => void): void {
  const given = globalThis.SharedArrayBuffer;
  globalThis.SharedArrayBuffer = class {
    constructor() {
      throw new RangeError("Array buffer allocation failed");
    }
  } as unknown as SharedArrayBufferConstructor;
  try {
    run();
  } finally {
    globalThis.SharedArrayBuffer = given;
  }
}

Deno.test("where the system refuses memory, what was reserved before is there", () => {
  const random = new SeededRandom(5);
  for (const bytes of [40 * MIB, 200 * MIB, 700 * MIB]) {
    for (const most of [MIB, 34 * MIB, 63 * MIB, 70 * MIB, 500 * MIB]) {
      const arena = new Arena();
      const start = arena.usedBytes;
      const refs = [arena.allocate(50 * MIB)];
      arena.reserve(bytes);
      withoutMemory(() => {
        for (let left = bytes;;) {
          const wanted = Arena.blockBytes(most - random.below(most >> 4));
          if (wanted > left) break;
          refs.push(arena.allocate(wanted));
          left -= wanted;
        }
      });
      arena.verify();
      for (const ref of refs) arena.free(ref);
      arena.releaseEmptySegments();
      assertEquals(arena.usedBytes, start);
    }
  }
});

Deno.test("without memory for it, a promise is refused, and small ones are kept", () => {
  const arena = new Arena();
  arena.reserve(64 * KIB);
  withoutMemory(() => {
    arena.reserve(64 * KIB);
    assertThrows(() => arena.reserve(100 * MIB), ArenaFullError);
    arena.allocate(63 * MIB);
    assertThrows(() => arena.reserve(MIB), ArenaFullError);
    assertThrows(() => arena.reserve(MIB), ArenaFullError);
  });
  arena.releaseEmptySegments(); // a tick: the system is asked again
  arena.reserve(MIB);
  arena.reserve(100 * MIB);
  arena.verify();
});

Deno.test("references run out before a promise is made that needs more of them", () => {
  const arena = new Arena(8);
  arena.reserve(100 * MIB);
  assertThrows(() => arena.reserve(300 * MIB), ArenaFullError);
  const huge = arena.allocate(100 * MIB);
  arena.allocate(60 * MIB);
  assertThrows(() => arena.reserve(150 * MIB), ArenaFullError);
  arena.free(huge);
  arena.reserve(64 * KIB);
  arena.verify();
});

Deno.test("the arithmetic of promises", () => {
  for (let pages = 1; pages <= SEGMENT_PAGES; pages++) {
    const bytes = bytesFrom(pages);
    if (bytes > 0) assertLess(pagesFor(bytes), pages + 1);
    if (pages > 100) assertGreater(bytes, 1000);
  }
  assertLess(pagesFor(64 * KIB), SEGMENT_PAGES / 3);
  assertLess(pagesFor(MIB), SEGMENT_PAGES);
  assertGreater(pagesFor(MAX_BLOCK_BYTES), SEGMENT_PAGES);
});
