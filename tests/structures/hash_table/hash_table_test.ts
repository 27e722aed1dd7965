import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Arena, ArenaFullError, NONE, type Ref } from "../../../structures/arena/arena.ts";
import {
  GROW_ABOVE,
  SHRINK_BELOW,
  VISITS_PER_STEP,
} from "../../../structures/hash_table/hash_table.ts";
import {
  FAIR_NODES,
  SAMPLE_SURPLUS,
  sampleNodes,
} from "../../../structures/hash_table/hash_table_sample.ts";
import { NodeWalk } from "../../../structures/hash_table/hash_table_walk.ts";
import { InspectedTable } from "./inspected_table.ts";
import { SeededRandom } from "../seeded_random.ts";

const NODE_BYTES = 24;
const HASH_WORD = 2;
const LINE_BYTES = 64;
const CHUNK_BYTES = 65_536;

/** A table beside a plain model of it: which nodes it holds, with which hashes. */
class Pair {
  readonly arena: Arena;
  readonly table: InspectedTable;
  readonly ref: Ref;
  readonly hashes = new Map<Ref, number>();
  readonly nodes: Ref[] = [];
  readonly #places = new Map<Ref, number>();

  constructor(arena = new Arena()) {
    this.arena = arena;
    this.table = new InspectedTable(arena, (node) => arena.word(node, HASH_WORD));
    this.ref = this.table.create();
  }

  insert(hash: number): Ref {
    const node = this.#node(hash);
    try {
      this.table.insert(this.ref, node, hash);
    } catch (error) {
      this.arena.free(node);
      throw error;
    }
    this.#add(node, hash);
    return node;
  }

  remove(node: Ref): void {
    this.table.remove(this.ref, node);
    this.arena.free(node);
    this.#forget(node);
  }

  #node(hash: number): Ref {
    const node = this.arena.allocate(NODE_BYTES);
    this.arena.setWord(node, HASH_WORD, hash);
    return node;
  }

  /** Puts a new block in the place of a node, which may be free already. */
  swap(node: Ref, byResize: boolean): Ref {
    const hash = this.hashes.get(node)!;
    let copy: Ref;
    if (byResize) {
      copy = this.arena.resize(node, this.arena.capacity(node) === 64 ? 24 : 64);
      this.table.replace(this.ref, node, copy);
    } else {
      copy = this.#node(hash);
      this.table.replace(this.ref, node, copy);
      this.arena.free(node);
    }
    this.#forget(node);
    this.#add(copy, hash);
    return copy;
  }

  #add(node: Ref, hash: number): void {
    this.hashes.set(node, hash);
    this.#places.set(node, this.nodes.length);
    this.nodes.push(node);
  }

  #forget(node: Ref): void {
    const place = this.#places.get(node)!;
    const last = this.nodes.pop()!;
    if (last !== node) {
      this.nodes[place] = last;
      this.#places.set(last, place);
    }
    this.#places.delete(node);
    this.hashes.delete(node);
  }

  found(hash: number): Ref[] {
    const found: Ref[] = [];
    let node = this.table.first(this.ref, hash);
    for (; node !== NONE; node = this.table.next(this.ref, node, hash)) {
      const other = this.hashes.get(node)!;
      // Never a node that is not in the table, and none of another tag.
      assertEquals(Math.max(1, other >>> 24), Math.max(1, hash >>> 24));
      if (other === hash) found.push(node);
    }
    assertEquals(new Set(found).size, found.length);
    return found;
  }

  /** What a walk from node to node comes by, each step of which finds its place anew or does not. */
  walked(forgetful = this.nodes.length % 2 === 0): Ref[] {
    const walk = new NodeWalk(this.arena, (node) => this.hashes.get(node)!);
    const nodes: Ref[] = [];
    let node = walk.first(this.ref);
    for (; node !== NONE; node = walk.next(this.ref, node)) {
      nodes.push(node);
      if (forgetful) walk.stop();
    }
    return nodes;
  }

  /** Bytes of the table and its nodes. */
  bytes(): number {
    let bytes = this.table.memoryBytes(this.ref);
    for (const node of this.nodes) bytes += this.arena.capacity(node);
    return bytes;
  }

  verify(): void {
    this.table.verify(this.ref);
    assertEquals(this.table.size(this.ref), this.nodes.length);
    for (const [node, hash] of this.hashes) assertEquals(this.arena.word(node, HASH_WORD), hash);
  }

  /** Frees everything; all bytes must come back. */
  destroy(usedBefore: number): void {
    this.verify();
    const nodes: Ref[] = [];
    this.table.forEach(this.ref, (node) => nodes.push(node));
    assertEquals(nodes.sort(), [...this.hashes.keys()].sort());
    for (const node of nodes) this.arena.free(node);
    this.table.destroy(this.ref);
    this.arena.verify();
    assertEquals(this.arena.usedBytes, usedBefore);
  }
}

Deno.test("random operations agree with a map, whatever the quality of the hashes", () => {
  const operation = fc.record({
    kind: fc.constantFrom("insert", "insert", "insert", "remove", "remove", "replace", "resize"),
    value: fc.integer(),
  });
  const hashMasks = fc.constantFrom(-1, 0xff, 0x0f000003, 0xff000000 | 0, 7, 0);
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 300, size: "max" }),
      hashMasks,
      (operations, hashMask) => {
        const pair = new Pair(sharedArena);
        const usedBefore = sharedArena.usedBytes - sharedArena.capacity(pair.ref);
        for (const { kind, value } of operations) {
          const node = pair.nodes[Math.abs(value) % pair.nodes.length];
          if (kind === "insert") pair.insert(value & hashMask);
          else if (node === undefined) continue;
          else if (kind === "remove") pair.remove(node);
          else pair.swap(node, kind === "resize");
        }
        pair.verify();
        for (const [node, hash] of pair.hashes) assertEquals(pair.found(hash).includes(node), true);
        assertEquals(pair.walked().sort(), [...pair.hashes.keys()].sort());
        assertEquals(sharedArena.usedBytes - usedBefore, pair.bytes());
        const equal = [...pair.hashes.values()].filter((hash) => hash === (1 & hashMask)).length;
        assertEquals(pair.found(1 & hashMask).length, equal);
        pair.destroy(usedBefore);
      },
    ),
    { numRuns: 200, seed: 11 },
  );
});
const sharedArena = new Arena();

Deno.test("a table breathes through several chunks and directories and returns every byte", () => {
  const random = new SeededRandom(5);
  const arena = new Arena();
  const start = arena.usedBytes;
  const pair = new Pair(arena);
  for (const target of [70_000, 6000, 40_000, 300, 9000, 0, 20_000, 1]) {
    let operations = 0;
    while (pair.nodes.length !== target) {
      const towards = random.below(10) < 9;
      if ((pair.nodes.length < target) === towards) pair.insert(random.bits());
      else if (pair.nodes.length > 0) pair.remove(random.pick(pair.nodes));
      if (++operations % 10_007 === 0) pair.verify();
    }
    pair.verify();
    for (let i = 0; i < 1000 && target > 0; i++) {
      const node = random.pick(pair.nodes);
      assertEquals(pair.found(pair.hashes.get(node)!).includes(node), true);
      assertEquals(pair.found(random.bits() | 1).every((n) => pair.hashes.has(n)), true);
    }
    while (pair.table.rehashStep(pair.ref, 1000));
    assertLess(pair.table.bucketCount(pair.ref), Math.max(2, target / SHRINK_BELOW) + 1);
    assertEquals(pair.bytes(), arena.usedBytes - start);
  }
  arena.verify();
  pair.destroy(start);
});

Deno.test("an operation touches a bounded number of buckets and one chunk at most", () => {
  const random = new SeededRandom(6);
  const arena = new Arena();
  const pair = new Pair(arena);
  const { table, ref } = pair;
  let resizes = 0;
  const operate = (operation: () => void) => {
    const positionBefore = table.rehashPosition(ref);
    const bucketsBefore = table.bucketCount(ref);
    const usedBefore = arena.usedBytes;
    operation();
    const position = table.rehashPosition(ref);
    // A directory that comes with a resize, a node, overflow buckets, and one chunk more or less.
    assertLess(Math.abs(arena.usedBytes - usedBefore), CHUNK_BYTES + 1024);
    if (positionBefore === -1 && position !== -1) {
      resizes++;
      assertEquals(position, 0, "the operation that starts a resize moves no bucket");
    } else if (
      positionBefore !== -1 && position !== -1 && position - positionBefore > VISITS_PER_STEP
    ) {
      // Over the limit only by leaping over buckets that no chunk was ever made for.
      assertEquals(position % 1024, 0);
      assertLess(position - positionBefore, 1024 * VISITS_PER_STEP);
    } else if (positionBefore !== -1 && position === -1) {
      assertLess(table.bucketCount(ref), bucketsBefore);
    }
  };
  for (let i = 0; i < 140_000; i++) operate(() => pair.insert(random.bits()));
  assertLess(pair.nodes.length / GROW_ABOVE * 0.99, table.bucketCount(ref));
  const last = pair.nodes.slice();
  for (const node of last) operate(() => pair.remove(node));
  assertGreater(resizes, 18);
  assertLess(table.bucketCount(ref), 20);
});

Deno.test("growth keeps pace with insertions, shrinking with removals", () => {
  const random = new SeededRandom(7);
  const pair = new Pair();
  const { table, ref } = pair;
  for (let i = 1; i <= 40_000; i++) {
    pair.insert(random.bits());
    // Never so late that the next resize is due before one is over.
    const isLate = i > 1.2 * GROW_ABOVE * table.bucketCount(ref);
    assertEquals(isLate, false);
  }
  while (pair.nodes.length > 0) {
    pair.remove(random.pick(pair.nodes));
    const atMost = Math.max(16, 4 * pair.nodes.length / SHRINK_BELOW);
    assertLess(table.bucketCount(ref), atMost + 1);
  }
  pair.insert(1);
  assertEquals(pair.found(1).length, 1);
});

Deno.test("a scan returns every node that stays, across growth, shrinking and resizes", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = new SeededRandom(seed);
    const arena = new Arena();
    const pair = new Pair(arena);
    const { table, ref } = pair;
    const staying = new Set<Ref>();
    const leaving: Ref[] = [];
    const peak = random.pick([10, 300, 3000, 20_000]);
    for (let i = 0; i < peak; i++) {
      const node = pair.insert(random.bits() & (seed % 5 === 0 ? 0x3f : -1));
      if (random.below(10) === 0) staying.add(node);
      else leaving.push(node);
    }
    const visited = new Set<Ref>();
    let cursor = 0;
    let calls = 0;
    let strangers = 0;
    let changes = 10 * peak;
    let growing = seed % 2 === 0;
    do {
      cursor = table.scan(ref, cursor, (node) => {
        if (!pair.hashes.has(node)) strangers++;
        visited.add(node);
      });
      calls++;
      if (random.below(50) === 0) growing = !growing;
      const burst = random.below(random.pick([1, 5, 200]));
      for (let i = 0; i < burst && changes-- > 0; i++) {
        if (growing) {
          if (pair.nodes.length < 3 * peak) leaving.push(pair.insert(random.bits()));
        } else if (leaving.length > 0) {
          const index = random.below(leaving.length);
          const node = leaving[index];
          leaving[index] = leaving[leaving.length - 1];
          leaving.pop();
          pair.remove(node);
        }
      }
      if (random.below(20) === 0) table.rehashStep(ref, 1000);
    } while (cursor !== 0);
    assertEquals(strangers, 0);
    assertLess(calls, 16 * peak + 100);
    for (const node of staying) assertEquals(visited.has(node), true, `seed ${seed} lost a node`);
    pair.verify();
  }
});

Deno.test("a scan of a table at rest returns each node once, in as many calls as buckets", () => {
  const random = new SeededRandom(8);
  const pair = new Pair();
  for (let i = 0; i < 1000; i++) pair.insert(random.bits());
  while (pair.table.rehashStep(pair.ref, 10));
  const visited: Ref[] = [];
  let calls = 0;
  let cursor = 0;
  do {
    cursor = pair.table.scan(pair.ref, cursor, (node) => visited.push(node));
    calls++;
  } while (cursor !== 0);
  assertEquals(calls, pair.table.bucketCount(pair.ref));
  assertEquals(visited.length, 1000);
  assertEquals(new Set(visited).size, 1000);
  assertEquals(pair.table.scan(pair.ref, 0xffffffff, () => {}), 0, "a foreign cursor does no harm");
});

Deno.test("walks may remove what they visit and add nodes, and end a pause when they fail", () => {
  const random = new SeededRandom(9);
  const arena = new Arena();
  const start = arena.usedBytes;
  const pair = new Pair(arena);
  const { table, ref } = pair;
  // In the middle of a resize, with overflow buckets.
  for (let i = 0; i < 1183 + 60; i++) pair.insert(random.bits() & 0xffff);
  assertEquals(table.isRehashing(ref), true);
  let visits = 0;
  const before = new Set(pair.nodes);
  table.forEach(ref, (node) => {
    visits++;
    if (before.delete(node)) pair.remove(node);
    if (visits % 3 === 0 && visits < 300) pair.insert(random.bits());
  });
  pair.verify();
  assertEquals(before.size, 0);
  for (let i = 0; i < 500; i++) pair.insert(random.bits());
  for (let cursor = -1; cursor !== 0;) {
    cursor = table.scan(ref, Math.max(cursor, 0), (node) => pair.remove(node));
  }
  assertEquals(table.size(ref), 0);
  pair.insert(1);
  assertThrows(() =>
    table.forEach(ref, () => {
      throw new RangeError("the visitor's own");
    }), RangeError);
  assertThrows(() =>
    table.scan(ref, 1, () => {
      throw new RangeError("the visitor's own");
    }), RangeError);
  pair.verify();
  pair.destroy(start);
});

Deno.test("no bucket moves under a walk whose visitor removes nodes", () => {
  const random = new SeededRandom(13);
  const pair = new Pair();
  const { table, ref } = pair;
  for (let i = 0; i < 4731 + 300; i++) pair.insert(random.bits());
  const position = table.rehashPosition(ref);
  assertGreater(position, 0);
  const visited = new Set<Ref>();
  let repeated = 0;
  table.forEach(ref, (node) => {
    if (visited.has(node)) repeated++;
    visited.add(node);
    if (visited.size % 2 === 0) pair.remove(node);
  });
  assertEquals(repeated, 0);
  assertEquals(visited.size, 5031);
  assertEquals(table.rehashPosition(ref), position);
  pair.insert(random.bits());
  assertGreater(table.rehashPosition(ref), position);
  pair.verify();
});

Deno.test("an insertion that makes a chunk leaves the resize alone", () => {
  const arena = new Arena();
  const pair = new Pair(arena);
  const { table, ref } = pair;
  for (const nodes of [64, 1000, 9000]) {
    table.expand(ref, nodes);
    while (table.rehashStep(ref, 1000));
  }
  assertEquals(table.bucketCount(ref), 1024);
  pair.insert(500);
  table.expand(ref, 140_000); // to sixteen chunks
  assertEquals(table.rehashPosition(ref), 0);
  pair.insert(900);
  const position = table.rehashPosition(ref);
  assertEquals(position, VISITS_PER_STEP, "empty buckets were passed");
  const used = arena.usedBytes;
  pair.insert(3 | (5 << 10));
  assertEquals(arena.usedBytes - used, CHUNK_BYTES + NODE_BYTES);
  assertEquals(table.rehashPosition(ref), position);
  pair.insert(901);
  assertEquals(arena.usedBytes - used, CHUNK_BYTES + 2 * NODE_BYTES);
  assertEquals(table.rehashPosition(ref), 2 * VISITS_PER_STEP);
  // Bucket 500 may go to any of the sixteen chunks: they are made first, one by each step.
  while (table.rehashPosition(ref) < 500) assertEquals(table.rehashStep(ref, 1), true);
  for (let chunks = 2; chunks < 16; chunks++) {
    assertEquals(arena.usedBytes - used, chunks * CHUNK_BYTES + 2 * NODE_BYTES);
    assertEquals(table.rehashPosition(ref), 500);
    table.rehashStep(ref, 1);
  }
  assertEquals(arena.usedBytes - used, 16 * CHUNK_BYTES + 2 * NODE_BYTES);
  table.rehashStep(ref, 1);
  assertEquals(table.rehashPosition(ref), 501);
  while (table.rehashStep(ref, 1000));
  pair.verify();
});

Deno.test("walks of long chains come to each node once, whatever the visitor removes and adds", () => {
  const random = new SeededRandom(14);
  for (let seed = 0; seed < 60; seed++) {
    const arena = new Arena();
    const start = arena.usedBytes;
    const pair = new Pair(arena);
    const { table, ref } = pair;
    const mask = random.pick([0, 1, 7, 0x01000001]);
    for (let i = random.below(200); i >= 0; i--) pair.insert(random.bits() & mask);
    const before = new Set(pair.nodes);
    const removedOfTen = random.pick([0, 3, 10]);
    const addedOfTen = random.pick([0, 5]);
    const visit = (node: Ref) => {
      if (!before.delete(node)) return assertEquals(pair.hashes.has(node), true);
      if (random.below(10) < removedOfTen) pair.remove(node);
      if (random.below(10) < addedOfTen) pair.insert(random.bits() & mask);
    };
    if (seed % 2 === 0) table.forEach(ref, visit);
    else {for (let cursor = table.scan(ref, 0, visit); cursor !== 0;) {
        cursor = table.scan(ref, cursor, visit);
      }}
    assertEquals(before.size, 0);
    pair.destroy(start);
  }
});

Deno.test("a chain has as few buckets as its nodes need, and gives back those it does not", () => {
  const arena = new Arena();
  const start = arena.usedBytes;
  const pair = new Pair(arena);
  const { table, ref } = pair;
  table.expand(ref, 30);
  while (table.rehashStep(ref, 10));
  const random = new SeededRandom(15);
  for (let i = 0; i < 5000; i++) {
    // Neither so few nor so many that the table is resized.
    const grows = pair.nodes.length < 6 || (pair.nodes.length < 36 && random.below(2) === 0);
    if (grows) pair.insert(1 | (random.below(3) << 30));
    else pair.remove(random.pick(pair.nodes));
    const lines = 4 - 1 + Math.ceil(pair.nodes.length / 12);
    assertEquals(table.memoryBytes(ref), 32 + lines * LINE_BYTES);
    assertEquals(arena.usedBytes - start, pair.bytes());
  }
  pair.verify();
});

Deno.test("a sample of buckets has every node equally often, at rest and during a resize", () => {
  const random = new SeededRandom(11);
  const below = (bound: number) => random.below(bound);
  const pair = new Pair();
  const { arena, ref, table } = pair;
  const nodes = new Int32Array(200 + SAMPLE_SURPLUS);
  assertEquals(sampleNodes(arena, ref, below, 5, nodes), 0);
  for (const [size, resizing] of [[30, false], [140, false], [150, true], [158, true]] as const) {
    while (pair.nodes.length < size) pair.insert(random.bits());
    if (!resizing) { while (table.rehashStep(ref, 10)); }
    assertEquals(table.isRehashing(ref), resizing);
    const counts = new Map<Ref, number>();
    let taken = 0;
    for (let i = 0; taken < 300_000; i++) {
      const wanted = [1, 5, 80, 200][i % 4];
      const count = sampleNodes(arena, ref, below, wanted, nodes);
      assert(count >= wanted && count <= wanted + SAMPLE_SURPLUS);
      for (let n = 0; n < count; n++) counts.set(nodes[n], (counts.get(nodes[n]) ?? 0) + 1);
      taken += count;
    }
    const mean = taken / size;
    assertEquals(counts.size, size);
    for (const node of pair.nodes) {
      assertLess(Math.abs(counts.get(node)! - mean), 6 * Math.sqrt(mean));
    }
  }
  // Of a chain that is too long each node comes, and of a table far too large there is one.
  const crowded = new Pair();
  for (let i = 0; i < 40; i++) crowded.insert(5);
  const seen = new Set<Ref>();
  for (let i = 0; i < 400; i++) {
    assertEquals(sampleNodes(crowded.arena, crowded.ref, below, 1, nodes), FAIR_NODES);
    for (const node of nodes.subarray(0, FAIR_NODES)) seen.add(node);
  }
  assertEquals(seen.size, 40);
  const sparse = new Pair();
  for (const size of [64, 1024, 16_384, 262_144]) {
    sparse.table.expand(sparse.ref, size);
    while (sparse.table.rehashStep(sparse.ref, 1000));
  }
  const only = sparse.insert(random.bits());
  for (let i = 0; i < 20; i++) {
    assertEquals(sampleNodes(sparse.arena, sparse.ref, below, 3, nodes), 1);
    assertEquals(nodes[0], only);
  }
});

Deno.test("random() is fair, at rest and during a resize, and bounded in a sparse table", () => {
  const random = new SeededRandom(10);
  const below = (bound: number) => random.below(bound);
  const pair = new Pair();
  const { table, ref } = pair;
  assertEquals(table.random(ref, below), NONE);
  for (
    const [size, resizing] of [
      [140, false],
      [150, true],
      [156, true],
      [162, true],
      [250, false],
    ] as const
  ) {
    while (pair.nodes.length < size) pair.insert(random.bits());
    if (!resizing) { while (table.rehashStep(ref, 10)); }
    assertEquals(table.isRehashing(ref), resizing);
    const draws = 400 * size;
    const counts = new Map<Ref, number>();
    for (let i = 0; i < draws; i++) {
      const node = table.random(ref, below);
      counts.set(node, (counts.get(node) ?? 0) + 1);
    }
    let chiSquare = 0;
    for (const node of pair.nodes) chiSquare += ((counts.get(node) ?? 0) - 400) ** 2 / 400;
    assertLess(chiSquare, size - 1 + 5 * Math.sqrt(2 * (size - 1)));
    assertEquals(counts.size, size);
  }
  // One long chain, and a table far too large.
  const crowded = new Pair();
  for (let i = 0; i < 40; i++) crowded.insert(5);
  const seen = new Set<Ref>();
  for (let i = 0; i < 4000; i++) seen.add(crowded.table.random(crowded.ref, below));
  assertEquals(seen.size, 40);
  const sparse = new Pair();
  for (const size of [64, 1024, 16_384, 262_144]) {
    sparse.table.expand(sparse.ref, size);
    while (sparse.table.rehashStep(sparse.ref, 1000));
  }
  assertEquals(sparse.table.bucketCount(sparse.ref), 32_768);
  const only = sparse.insert(random.bits());
  for (let i = 0; i < 20; i++) assertEquals(sparse.table.random(sparse.ref, below), only);
  sparse.verify();
  // The periodic tick finds the table too large.
  for (let i = 0; i < 100; i++) {
    sparse.table.resizeIfNeeded(sparse.ref);
    while (sparse.table.rehashStep(sparse.ref, 1000));
  }
  assertEquals(sparse.table.bucketCount(sparse.ref), 2);
  assertEquals(sparse.found(sparse.hashes.get(only)!), [only]);
});

/** Takes all that an arena has left and answers the blocks. */
function fill(arena: Arena): Ref[] {
  const fillers: Ref[] = [];
  for (const length of [1 << 20, CHUNK_BYTES, 4096, 256, 128, 64, 32, 24, 16]) {
    assertThrows(() => {
      for (;;) fillers.push(arena.allocate(length));
    }, ArenaFullError);
  }
  return fillers;
}

Deno.test("a full arena puts a resize off; removals and lookups go on", () => {
  const arena = new Arena(1);
  const start = arena.usedBytes;
  const random = new SeededRandom(12);
  const pair = new Pair(arena);
  for (let i = 0; i < 18_000; i++) pair.insert(random.bits());
  const fillers = fill(arena);
  // 1 MiB for nodes and overflow buckets, that no chunk of buckets will get.
  arena.free(fillers.shift()!);
  const taken = arena.allocate(CHUNK_BYTES);
  arena.free(taken);
  assertThrows(() => {
    for (;;) pair.insert(random.bits());
  }, ArenaFullError);
  pair.verify();
  assertGreater(pair.nodes.length, 20_000);
  for (const [node, hash] of pair.hashes) assertEquals(pair.found(hash).includes(node), true);
  while (pair.nodes.length > 20_000) pair.remove(pair.nodes[pair.nodes.length - 1]);
  for (const filler of fillers) arena.free(filler);
  while (pair.nodes.length > 10) pair.remove(random.pick(pair.nodes));
  for (let i = 0; i < 1000; i++) pair.insert(random.bits());
  pair.destroy(start);
});

Deno.test("once its chunks are there, a growth needs no memory for long chains", () => {
  for (const spread of [2047, 0x3c0, 0x440, 0x400]) {
    const arena = new Arena(1);
    const start = arena.usedBytes;
    const random = new SeededRandom(spread);
    const pair = new Pair(arena);
    const { table, ref } = pair;
    while (table.bucketCount(ref) < 2048 || table.rehashPosition(ref) < 1) {
      const free = random.bits() & (0xff000000 | spread);
      pair.insert(pair.nodes.length < 9000 ? free : random.bits());
    }
    const buckets = table.bucketCount(ref);
    const fillers = fill(arena);
    while (table.isRehashing(ref)) {
      const position = table.rehashPosition(ref);
      table.rehashStep(ref, 1);
      assertEquals(table.rehashPosition(ref) !== position, true, "the resize stands still");
    }
    assertEquals(table.bucketCount(ref), buckets - 1024);
    pair.verify();
    for (const filler of fillers) arena.free(filler);
    assertEquals(arena.usedBytes - start, pair.bytes());
    pair.destroy(start);
  }
});

Deno.test("a table shrinks with long chains, or waits for the one block that it may need", () => {
  const arena = new Arena(1);
  const start = arena.usedBytes;
  const pair = new Pair(arena);
  const { table, ref } = pair;
  for (const nodes of [64, 1000, 9000]) {
    table.expand(ref, nodes);
    while (table.rehashStep(ref, 1000));
  }
  // Four chains of 40 become one of 160: three times four overflow buckets become thirteen.
  for (let i = 0; i < 160; i++) {
    for (let bucket = 0; bucket < 6; bucket++) pair.insert(((i & 3) << 8) | (i << 24) | bucket);
  }
  pair.remove(pair.nodes[0]);
  pair.remove(pair.nodes[0]);
  while (table.rehashPosition(ref) < 3) table.rehashStep(ref, 1);
  const fillers = fill(arena);
  const spare = fillers.pop()!;
  assertEquals(table.rehashStep(ref, 1000), true, "a full arena forbids to go on");
  assertEquals(table.rehashPosition(ref), 3);
  pair.verify();
  arena.free(spare);
  for (const filler of fillers) {
    arena.free(filler);
    table.rehashStep(ref, 1000);
    if (table.isRehashing(ref)) pair.verify();
  }
  assertEquals(table.bucketCount(ref), 256);
  pair.verify();
  pair.destroy(start);
});

Deno.test("all state is in the arena: two views share one table", () => {
  const arena = new Arena();
  const hashOf = (node: Ref) => arena.word(node, HASH_WORD);
  const mine = new InspectedTable(arena, hashOf);
  const theirs = new InspectedTable(arena, hashOf);
  const ref = mine.create();
  const nodes: Ref[] = [];
  const hashes = Int32Array.from({ length: 1000 }, (_, i) => Math.imul(i, 0x9e3779b1));
  for (let i = 0; i < 1000; i++) {
    const node = arena.allocate(16);
    arena.setWord(node, HASH_WORD, hashes[i]);
    nodes.push(node);
    (i % 2 === 0 ? mine : theirs).insert(ref, node, hashes[i]);
  }
  for (let i = 0; i < 1000; i++) {
    let found = theirs.first(ref, hashes[i]);
    while (found !== nodes[i]) found = mine.next(ref, found, hashes[i]);
    assertEquals(theirs.rehashPosition(ref), mine.rehashPosition(ref));
  }
  for (let i = 0; i < 1000; i++) (i % 3 === 0 ? mine : theirs).remove(ref, nodes[i]);
  mine.verify(ref);
  assertEquals(theirs.size(ref), 0);
});

Deno.test("candidates are the first that a lookup comes to, or none", () => {
  const random = new SeededRandom(16);
  for (const size of [0, 5, 130, 3000, 9462 + 500, 30_000]) {
    const pair = new Pair();
    for (let i = 0; i < size; i++) pair.insert(random.bits());
    const sought = Int32Array.from({ length: 2000 }, (_, i) => {
      const node = pair.nodes[random.below(size)];
      return node === undefined || i % 4 === 0 ? random.bits() : pair.hashes.get(node)!;
    });
    const nodes = new Int32Array(2000);
    pair.table.candidates(pair.ref, sought, nodes, 2000);
    let first = 0;
    sought.forEach((hash, i) => {
      if (nodes[i] !== NONE) assertEquals(nodes[i], pair.table.first(pair.ref, hash));
      if (nodes[i] === pair.table.first(pair.ref, hash)) first++;
    });
    // Not the overflow buckets: a candidate is worth no wait.
    assertGreater(first, 1800);
    pair.verify();
  }
});
