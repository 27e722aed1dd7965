/**
 * Taking apart what nothing refers to any more: the part of a lazy free that may run on another
 * thread. Plain JavaScript without imports, because its text is also the source of that thread's
 * program: a Worker that is started from a Blob needs no permission to read files.
 *
 * A large value is a hash table of blocks (an AVL tree's nodes are the same blocks) or a chain of
 * nodes that own a block each, and a database is a hash table of entries some of which hold such
 * values. A {@linkcode Shape} says in numbers where the links are, so that this module knows nothing
 * of keys and types.
 *
 * On the other thread a block is not freed, for free lists belong to the main thread. The blocks of
 * each page are threaded into a chain, and the chains are pushed on a lock-free stack in segment 0,
 * from where the main thread splices each into its slab in O(1):
 *
 * ```
 * stack ──▶ ┌ block ─────────────────────────────────┐      ┌ block ┐      ┌ block ┐
 *           │ next block · next chain · last · count │ ───▶ │ next  │ ───▶ │       │  one page's
 *           └────────────────┬───────────────────────┘      └───────┘      └───────┘
 *                            ▼ the next page's chain
 * ```
 *
 * @module
 */

/**
 * Where the links of one kind of value are, in words of its blocks.
 *
 * @typedef {TableShape | ChainShape} Shape
 */

/**
 * A chain of nodes, each of which refers to one block without links.
 *
 * @typedef {object} ChainShape
 * @property {number} headWord word of the root block that refers to the first node
 * @property {number} nextWord word of a node that refers to the next
 * @property {number} blockWord word of a node that refers to the block it owns
 */

/**
 * A hash table of nodes.
 *
 * @typedef {object} TableShape
 * @property {number} tableWord word of the root block that refers to the hash table; -1 where the
 *   value is a hash table
 * @property {number} nextWord word of a node at which its chain goes on
 * @property {ChildShapes | null} children values that the nodes own
 */

/**
 * How to find the value that a node owns.
 *
 * @typedef {object} ChildShapes
 * @property {number} kindWord word of a node that tells its kind
 * @property {number} kindMask bits of that word that are the kind
 * @property {number} slotWord word that refers to the value …
 * @property {number} slotShiftBit … one further on where this bit of `kindWord` is set
 * @property {readonly number[]} shapes for each kind the index of the value's shape, PLAIN_BLOCK or
 *   NO_CHILD
 */

/** A node of this kind owns nothing. */
export const NO_CHILD = -1;
/** A node of this kind owns one block without links. */
export const PLAIN_BLOCK = -2;

const SEGMENT_SHIFT = 23;
const SEGMENT_MASK = (1 << SEGMENT_SHIFT) - 1;
const PAGE_SHIFT = 13;
const PAGES_PER_SEGMENT = 1024;
/** Buckets of a chunk of a bucket array; see bucket_array.ts. */
const CHUNK_BUCKETS = 16384;
/** Chains are handed over after so many blocks, so that memory comes back while work goes on. */
const BLOCKS_PER_HANDOVER = 65536;

/** Walks values and gives each of their blocks to `release`. */
export class Reclaimer {
  /**
   * @param {readonly Int32Array[]} segments
   * @param {readonly Shape[]} shapes
   * @param {(block: number) => void} release called once a block, after its links were read
   */
  constructor(segments, shapes, release) {
    this.segments = segments;
    this.shapes = shapes;
    this.release = release;
  }

  /**
   * Releases every block of a value. O(blocks).
   *
   * @param {number} shapeIndex
   * @param {number} ref
   */
  reclaim(shapeIndex, ref) {
    const shape = this.shapes[shapeIndex];
    if ("headWord" in shape) {
      this.#reclaimChain(this.#word(ref, shape.headWord), shape);
      this.release(ref);
    } else if (shape.tableWord === -1) {
      this.#reclaimTable(ref, shape);
    } else {
      this.#reclaimTable(this.#word(ref, shape.tableWord), shape);
      this.release(ref);
    }
  }

  /**
   * @param {number} first
   * @param {ChainShape} shape
   */
  #reclaimChain(first, shape) {
    for (let node = first; node !== 0;) {
      const next = this.#word(node, shape.nextWord);
      this.release(this.#word(node, shape.blockWord));
      this.release(node);
      node = next;
    }
  }

  /**
   * @param {number} table see hash_table.ts: directory, mask, old directory, old mask
   * @param {TableShape} shape
   */
  #reclaimTable(table, shape) {
    for (const field of [0, 2]) {
      const directory = this.#word(table, field);
      const mask = this.#word(table, field + 1);
      if (directory === 0) continue;
      if (mask < CHUNK_BUCKETS) {
        this.#reclaimChunk(directory, mask + 1, shape);
        continue;
      }
      const chunks = (mask + 1) / CHUNK_BUCKETS;
      for (let i = 0; i < chunks; i++) {
        const chunk = this.#word(directory, i);
        if (chunk !== 0) this.#reclaimChunk(chunk, CHUNK_BUCKETS, shape);
      }
      this.release(directory);
    }
    this.release(table);
  }

  /**
   * @param {number} chunk
   * @param {number} buckets
   * @param {TableShape} shape
   */
  #reclaimChunk(chunk, buckets, shape) {
    for (let i = 0; i < buckets; i++) {
      let node = this.#word(chunk, i);
      while (node !== 0) {
        const next = this.#word(node, shape.nextWord);
        if (shape.children !== null) this.#reclaimChild(node, shape.children);
        this.release(node);
        node = next;
      }
    }
    this.release(chunk);
  }

  /**
   * @param {number} node
   * @param {ChildShapes} children
   */
  #reclaimChild(node, children) {
    const kindWord = this.#word(node, children.kindWord);
    const shape = children.shapes[kindWord & children.kindMask];
    if (shape === NO_CHILD) return;
    const slot = children.slotWord + ((kindWord >>> children.slotShiftBit) & 1);
    const child = this.#word(node, slot);
    if (shape === PLAIN_BLOCK) this.release(child);
    else this.reclaim(shape, child);
  }

  /**
   * @param {number} ref
   * @param {number} index
   */
  #word(ref, index) {
    return this.segments[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + index];
  }
}

/** Threads released blocks into a chain a page and hands the chains to the main thread. */
export class ChainBuilder {
  /** @type {Int32Array[]} */
  segments = [];
  /** Per page: the newest block of its chain, which becomes the first; 0 for none. */
  #first = new Int32Array(0);
  #last = new Int32Array(0);
  #count = new Int32Array(0);
  #pages = new Int32Array(1024);
  #pageCount = 0;
  #blocks = 0;

  /**
   * @param {number} stackWord word of segment 0 that heads the stack of chains
   */
  constructor(stackWord) {
    this.stackWord = stackWord;
  }

  /** @param {Int32Array[]} segments all segments of the arena, as they are now */
  attach(segments) {
    this.segments.length = 0;
    for (const segment of segments) this.segments.push(segment);
    const pages = segments.length * PAGES_PER_SEGMENT;
    if (pages <= this.#first.length) return;
    this.#first = new Int32Array(pages);
    this.#last = new Int32Array(pages);
    this.#count = new Int32Array(pages);
  }

  /** @param {number} block */
  add(block) {
    const page = block >>> PAGE_SHIFT;
    const first = this.#first[page];
    if (first === 0) {
      this.#last[page] = block;
      if (this.#pageCount === this.#pages.length) {
        const larger = new Int32Array(this.#pageCount * 2);
        larger.set(this.#pages);
        this.#pages = larger;
      }
      this.#pages[this.#pageCount++] = page;
    } else {
      this.segments[block >>> SEGMENT_SHIFT][(block & SEGMENT_MASK) << 1] = first;
    }
    this.#first[page] = block;
    this.#count[page]++;
    if (++this.#blocks >= BLOCKS_PER_HANDOVER) this.handOver();
  }

  /** Pushes every chain on the stack. */
  handOver() {
    const stack = this.segments[0];
    for (let i = 0; i < this.#pageCount; i++) {
      const page = this.#pages[i];
      const chain = this.#first[page];
      const words = this.segments[chain >>> SEGMENT_SHIFT];
      const at = (chain & SEGMENT_MASK) << 1;
      words[at + 2] = this.#last[page];
      words[at + 3] = this.#count[page];
      let head = Atomics.load(stack, this.stackWord);
      for (;;) {
        words[at + 1] = head;
        const seen = Atomics.compareExchange(stack, this.stackWord, head, chain);
        if (seen === head) break;
        head = seen;
      }
      this.#first[page] = 0;
      this.#count[page] = 0;
    }
    this.#pageCount = 0;
    this.#blocks = 0;
  }
}

/** Name of the Workers that run this module as their program. */
export const WORKER_NAME = "ravel-lazy-free";

/**
 * The program of a Worker: takes `{ stackWord, shapes }` first, then `{ segments }` whenever they
 * change and `{ shape, ref }` for each value; answers each value with `"done"`.
 */
function runWorker() {
  /** @type {ChainBuilder | undefined} */
  let chains;
  /** @type {Reclaimer | undefined} */
  let reclaimer;
  globalThis.addEventListener("message", (event) => {
    const message = /** @type {MessageEvent} */ (event).data;
    if (message.shapes) {
      const builder = new ChainBuilder(message.stackWord);
      chains = builder;
      reclaimer = new Reclaimer(
        builder.segments,
        message.shapes,
        (block) => builder.add(block),
      );
    } else if (message.segments) {
      chains?.attach(message.segments);
    } else {
      reclaimer?.reclaim(message.shape, message.ref);
      chains?.handOver();
      globalThis.postMessage("done");
    }
  });
}

if (globalThis.name === WORKER_NAME) runWorker();
