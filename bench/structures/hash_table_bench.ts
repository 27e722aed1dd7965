/** The hash and the hash table, with a million nodes: far more than a cache holds. */

import { Arena, NONE } from "../../structures/arena/arena.ts";
import { KeyHasher } from "../../structures/hash_table/hash.ts";
import { HashTable } from "../../structures/hash_table/hash_table.ts";
import { ELEMENTS, names, OPERATIONS, Sequence } from "./population.ts";

const NODE_BYTES = 24;
/** A node is the number of its key. */
const KEY_WORD = 2;
const BATCH = 64;

const hasher = new KeyHasher(0x1234567, 0x89abcde);
const keys = names(ELEMENTS);
const hashes = Int32Array.from({ length: ELEMENTS }, (_, i) => hasher.hash(keys, i * 16, 16));
const random = new Sequence();
const drawn = Int32Array.from({ length: ELEMENTS }, () => random.below(ELEMENTS));

function filledTable() {
  const arena = new Arena();
  const operations = new HashTable(
    arena,
    (node) => hasher.hash(keys, arena.word(node, KEY_WORD) * 16, 16),
  );
  const table = operations.create();
  const nodes = new Int32Array(ELEMENTS);
  for (let i = 0; i < ELEMENTS; i++) {
    nodes[i] = arena.allocate(NODE_BYTES);
    arena.setWord(nodes[i], KEY_WORD, i);
    operations.insert(table, nodes[i], hashes[i]);
  }
  return { operations, table, nodes };
}

const filled = filledTable();
const results = new Int32Array(OPERATIONS);
let turn = 0;

/** Where the next OPERATIONS random draws begin. */
function nextDraws(): number {
  turn = (turn + OPERATIONS) % (drawn.length - OPERATIONS);
  return turn;
}

Deno.bench({
  name: `hash of 16 bytes, × ${OPERATIONS}`,
  group: "table",
  fn() {
    for (let i = 0; i < OPERATIONS; i++) results[i] = hasher.hash(keys, i * 16, 16);
  },
});

Deno.bench({
  name: `find one of 1 M, × ${OPERATIONS}`,
  group: "table",
  fn() {
    const { operations, table } = filled;
    const from = nextDraws();
    for (let i = 0; i < OPERATIONS; i++) {
      if (operations.first(table, hashes[drawn[from + i]]) === NONE) throw new Error("lost a node");
    }
  },
});

const batchHashes = new Int32Array(BATCH);
const candidates = new Int32Array(BATCH);

Deno.bench({
  name: `candidates for ${BATCH} at a time among 1 M, × ${BATCH * 16}`,
  group: "table",
  fn() {
    const { operations, table } = filled;
    const from = nextDraws() % (drawn.length - BATCH * 16);
    for (let batch = 0; batch < 16; batch++) {
      for (let i = 0; i < BATCH; i++) batchHashes[i] = hashes[drawn[from + batch * BATCH + i]];
      operations.candidates(table, batchHashes, candidates, BATCH);
    }
  },
});

Deno.bench({
  name: `remove and insert one of 1 M, × ${OPERATIONS}`,
  group: "table",
  fn() {
    const { operations, table, nodes } = filled;
    const from = nextDraws();
    for (let i = 0; i < OPERATIONS; i++) {
      const index = drawn[from + i];
      operations.remove(table, nodes[index]);
      operations.insert(table, nodes[index], hashes[index]);
    }
  },
});
