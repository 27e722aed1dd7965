// @ts-self-types="./reclaimer.d.ts"
/**
 * Taking apart what nothing refers to any more: the part of a lazy free that may run on another
 * thread. Plain JavaScript without imports, because its text is also the source of that thread's
 * program: a Worker that is started from a Blob needs no permission to read files.
 *
 * A large value is a hash table of nodes (beside which there may be a chain: that of a tree over
 * the same nodes) or a chain of nodes that may own a block each, and a database is a hash table of
 * entries some of which hold such values. A {@linkcode Shape} says in numbers where the links are, so
 * that this module knows nothing of keys and types.
 *
 * A walk may stop after any block and go on later, in this thread or in another: all that it knows
 * is a stack of frames of plain numbers, one for each value that is inside another.
 *
 * ```
 * frame 0   │ shape │ root │ array │ chunk │ bucket │ block │ slots │     a database
 * frame 1   │ shape │ root │ array │ chunk │ bucket │ block │ slots │     one of its sorted sets
 * ```
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
 * @import { ChainShape, ChildShapes, Shape, TableShape } from "./reclaimer.d.ts"
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
const CHUNK_BUCKETS = 1024;
// A bucket, in words and granules: overflow bucket, 3 words of tags, references; see bucket_line.ts.
const LINE_SHIFT = 3;
const OVERFLOW = 0;
const TAGS = 1;
const REFS = 4;
/** Chains are handed over after so many blocks, so that memory comes back while work goes on. */
const BLOCKS_PER_HANDOVER = 65536;

// A frame, in words.
const SHAPE = 0;
const ROOT = 1;
const ARRAY = 2; // word of the hash table where the bucket array is: 0, then 2
const CHUNK = 3; // of that array
const BUCKET = 4; // of that chunk
const BLOCK = 5; // that bucket, or an overflow bucket of it, 0 before it is looked at; or a chain's node
const SLOTS = 6; // the slots of BLOCK that are still to be released, as a set
/** ARRAY when both arrays are released and the chain beside the table is not. */
const BESIDE = 4;
const FRAME_WORDS = 7;

/** Walks values and gives each of their blocks to `release`. */
export class Reclaimer {
  /** @type {Int32Array} */
  #frames;
  #depth = 0;
  /** Keeps the loads of {@linkcode Reclaimer.#open} from being optimized away. */
  preloaded = 0;

  /**
   * @param {readonly Int32Array[]} segments
   * @param {readonly Shape[]} shapes none may be inside itself
   * @param {(block: number) => void} release called once a block, after its links were read
   */
  constructor(segments, shapes, release) {
    this.segments = segments;
    this.shapes = shapes;
    this.release = release;
    this.#frames = new Int32Array(shapes.length * FRAME_WORDS);
  }

  /** Whether a value is begun and not yet released to its last block. */
  get busy() {
    return this.#depth !== 0;
  }

  /**
   * Releases every block of a value. O(blocks).
   *
   * @param {number} shapeIndex
   * @param {number} ref
   */
  reclaim(shapeIndex, ref) {
    this.begin(shapeIndex, ref);
    while (this.busy) this.advance(BLOCKS_PER_HANDOVER);
  }

  /**
   * Makes a value the one that {@linkcode Reclaimer.advance} walks. O(1).
   *
   * @param {number} shapeIndex
   * @param {number} ref
   */
  begin(shapeIndex, ref) {
    const at = this.#depth++ * FRAME_WORDS;
    const shape = this.shapes[shapeIndex];
    this.#frames.fill(0, at, at + FRAME_WORDS);
    this.#frames[at + SHAPE] = shapeIndex;
    this.#frames[at + ROOT] = ref;
    if ("headWord" in shape) this.#frames[at + BLOCK] = this.#word(ref, shape.headWord);
  }

  /**
   * Goes on with the value that is begun, for about `budget` blocks. Empty buckets cost a little of
   * it too, so that the time is bounded whatever the value looks like.
   *
   * @param {number} budget
   * @returns {number} what is left of the budget: more than 0 only where the value is finished
   */
  advance(budget) {
    let left = budget;
    while (left > 0 && this.#depth !== 0) {
      const at = (this.#depth - 1) * FRAME_WORDS;
      const shape = this.shapes[this.#frames[at + SHAPE]];
      left = "headWord" in shape
        ? this.#walkChain(at, shape, left)
        : this.#walkTable(at, shape, left);
    }
    return left;
  }

  /**
   * Forgets the value that is begun and answers how far it got, for {@linkcode Reclaimer.resume} of
   * this or another reclaimer.
   *
   * @returns {Int32Array}
   */
  suspend() {
    const frames = this.#frames.slice(0, this.#depth * FRAME_WORDS);
    this.#depth = 0;
    return frames;
  }

  /** @param {Int32Array} frames what {@linkcode Reclaimer.suspend} answered */
  resume(frames) {
    this.#frames.set(frames);
    this.#depth = frames.length / FRAME_WORDS;
  }

  /**
   * @param {number} at
   * @param {ChainShape} shape
   * @param {number} budget
   */
  #walkChain(at, shape, budget) {
    const left = this.#walkNodes(at, shape, budget);
    if (this.#frames[at + BLOCK] !== 0) return left;
    this.release(this.#frames[at + ROOT]);
    this.#depth--;
    return left - 1;
  }

  /**
   * Releases nodes of a chain and what they own, from the frame's node on. What is left of the
   * budget is more than 0 only where the chain is finished.
   *
   * @param {number} at
   * @param {ChainShape} shape
   * @param {number} budget
   */
  #walkNodes(at, shape, budget) {
    let left = budget;
    let node = this.#frames[at + BLOCK];
    for (; node !== 0 && left > 0; left -= 2) {
      const next = this.#word(node, shape.nextWord);
      if (shape.blockWord !== -1) this.release(this.#word(node, shape.blockWord));
      this.release(node);
      node = next;
    }
    this.#frames[at + BLOCK] = node;
    return left;
  }

  /**
   * Goes on until the table is released, the budget spent, or a value found inside this one.
   *
   * @param {number} at
   * @param {TableShape} shape
   * @param {number} budget
   */
  #walkTable(at, shape, budget) {
    const frames = this.#frames;
    const depth = this.#depth;
    const root = frames[at + ROOT];
    // See hash_table_layout.ts: directory, mask, old directory, old mask.
    const table = shape.tableWord === -1 ? root : this.#word(root, shape.tableWord);
    let left = budget;
    for (; frames[at + ARRAY] <= 2; frames[at + ARRAY] += 2) {
      const directory = this.#word(table, frames[at + ARRAY]);
      const mask = this.#word(table, frames[at + ARRAY] + 1);
      if (directory === 0) continue;
      const isOneChunk = mask < CHUNK_BUCKETS;
      const buckets = isOneChunk ? mask + 1 : CHUNK_BUCKETS;
      for (const chunks = (mask + 1) / buckets; frames[at + CHUNK] < chunks; frames[at + CHUNK]++) {
        const chunk = isOneChunk ? directory : this.#word(directory, frames[at + CHUNK]);
        if (chunk === 0) continue;
        left = this.#walkChunk(at, chunk, buckets, shape.children, left);
        if (left <= 0 || this.#depth !== depth) return left;
        this.release(chunk);
        left--;
        frames[at + BUCKET] = 0;
      }
      if (!isOneChunk) {
        this.release(directory);
        left--;
      }
      frames[at + CHUNK] = 0;
    }
    if (shape.chain !== undefined) {
      if (frames[at + ARRAY] === BESIDE) {
        frames[at + ARRAY]++;
        frames[at + BLOCK] = this.#word(root, shape.chain.headWord);
      }
      left = this.#walkNodes(at, shape.chain, left);
      if (frames[at + BLOCK] !== 0) return left;
    }
    this.release(table);
    if (table !== root) this.release(root);
    this.#depth--;
    return left - 2;
  }

  /**
   * @param {number} at
   * @param {number} chunk
   * @param {number} buckets
   * @param {ChildShapes | null} children
   * @param {number} budget
   * @returns {number} what is left of the budget: more than 0 only where the chunk is empty, or
   *   where a value inside this one was begun
   */
  #walkChunk(at, chunk, buckets, children, budget) {
    const frames = this.#frames;
    const depth = this.#depth;
    let left = budget;
    for (; frames[at + BUCKET] < buckets; frames[at + BUCKET]++) {
      const primary = chunk + (frames[at + BUCKET] << LINE_SHIFT);
      if (frames[at + BLOCK] === 0) {
        if (left <= 0) return left;
        this.#open(at, primary);
        left--;
      }
      for (;;) {
        const line = frames[at + BLOCK];
        const words = this.segments[line >>> SEGMENT_SHIFT];
        const refs = ((line & SEGMENT_MASK) << 1) + REFS;
        while (frames[at + SLOTS] !== 0) {
          if (left <= 0 || this.#depth !== depth) return left;
          const slots = frames[at + SLOTS];
          const bit = 31 - Math.clz32(slots & ~(slots - 1));
          const node = words[refs + ((bit & 7) << 2) + (bit >> 3)];
          frames[at + SLOTS] = slots & (slots - 1);
          if (children !== null) left -= this.#releaseChild(node, children);
          this.release(node);
          left--;
        }
        const overflow = this.#word(line, OVERFLOW);
        if (line !== primary) {
          this.release(line);
          left--;
        }
        if (overflow === 0) break;
        this.#open(at, overflow);
      }
      frames[at + BLOCK] = 0;
    }
    return left;
  }

  /**
   * Goes on to a bucket, and loads a word of each of its nodes, so that the walk finds them in the
   * cache.
   *
   * @param {number} at
   * @param {number} line
   */
  #open(at, line) {
    const words = this.segments[line >>> SEGMENT_SHIFT];
    const start = (line & SEGMENT_MASK) << 1;
    let slots = 0;
    for (let group = 0; group < 3; group++) {
      const tags = words[start + TAGS + group];
      slots |= ((((tags & 0x7f7f7f7f) + 0x7f7f7f7f) | tags) & 0x80808080) >>> (7 - group);
    }
    this.#frames[at + BLOCK] = line;
    this.#frames[at + SLOTS] = slots;
    let sum = 0;
    for (; slots !== 0; slots &= slots - 1) {
      const bit = 31 - Math.clz32(slots & ~(slots - 1));
      sum += this.#word(words[start + REFS + ((bit & 7) << 2) + (bit >> 3)], 0);
    }
    this.preloaded = sum;
  }

  /**
   * Releases what a node owns if that is one block, and begins it if it is a value of many.
   *
   * @param {number} node
   * @param {ChildShapes} children
   * @returns {number} blocks released
   */
  #releaseChild(node, children) {
    const kindWord = this.#word(node, children.kindWord);
    const shape = children.shapes[kindWord & children.kindMask];
    if (shape === NO_CHILD) return 0;
    const slot = children.slotWord + ((kindWord >>> children.slotShiftBit) & 1);
    const child = this.#word(node, slot);
    if (shape === PLAIN_BLOCK) {
      this.release(child);
      return 1;
    }
    this.begin(shape, child);
    return 0;
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
class ChainBuilder {
  /** @type {Int32Array[]} */
  segments = [];
  /** Word of segment 0 that heads the stack of chains. */
  stackWord = 0;
  /** Per page: the newest block of its chain, which becomes the first; 0 for none. */
  #first = new Int32Array(0);
  #last = new Int32Array(0);
  #count = new Int32Array(0);
  #pages = new Int32Array(1024);
  #pageCount = 0;

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
  }
}

/** Name of the Workers that run this module as their program. */
export const WORKER_NAME = "ravel-lazy-free";

/**
 * The program of a Worker: takes `{ stackWord, shapes }` first, then `{ segments }` whenever they
 * change, and `{ frames, values }` for work: a suspended walk (or none) to finish, then values as
 * pairs of shape and reference. Each time that chains are handed over it answers how many values it
 * has finished since it last did.
 */
function runWorker() {
  const chains = new ChainBuilder();
  /** @type {Reclaimer} */
  let reclaimer;
  let finished = 0;
  let left = BLOCKS_PER_HANDOVER;
  const handOver = () => {
    chains.handOver();
    globalThis.postMessage(finished);
    finished = 0;
    left = BLOCKS_PER_HANDOVER;
  };
  const finish = () => {
    while (reclaimer.busy) {
      left = reclaimer.advance(left);
      if (left <= 0) handOver();
    }
    finished++;
  };
  globalThis.addEventListener("message", (event) => {
    const message = /** @type {MessageEvent} */ (event).data;
    if (message.shapes) {
      chains.stackWord = message.stackWord;
      reclaimer = new Reclaimer(chains.segments, message.shapes, (block) => chains.add(block));
    } else if (message.segments) {
      chains.attach(message.segments);
    } else {
      const { frames, values } = message;
      if (frames !== undefined) {
        reclaimer.resume(frames);
        finish();
      }
      for (let i = 0; i < values.length; i += 2) {
        reclaimer.begin(values[i], values[i + 1]);
        finish();
      }
      handOver();
    }
  });
}

if (globalThis.name === WORKER_NAME) runWorker();
