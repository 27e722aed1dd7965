/**
 * Packed blocks: the entries of an inner node of a long list, compressed (lzf.ts), as Redis's
 * directive `list-compress-depth` asks for them.
 *
 * ```
 * plain    ┌────────────────────┬──────┬─ room ─┬─ entries ─┬─ room ─┐    list_block.ts
 *          │ first17 · count15  │ end  │        │           │        │
 *          └────────────────────┴──────┴────────┴───────────┴────────┘
 * packed   ┌────────────────────┬───────────────┬──────────────┬─────────────┐
 *          │ 0 17    · count15  │ entries' bytes│ packed bytes │ LZF         │
 *          └────────────────────┴───────────────┴──────────────┴─────────────┘
 *          word 0                 word 1          word 2         word 3 …
 * ```
 *
 * The entries of a plain block never begin at 0, so a block tells which it is, and count and length
 * of the entries are read alike. Whoever reads entries has them put into an array of its own, and the
 * block stays packed; whoever changes them unpacks the block first. In both they begin at
 * {@linkcode LIST_BLOCK_HEADER_BYTES}, so that a position in one is the same in the other.
 *
 * As in Redis a listpack below 48 bytes is not packed, nor is one that would not become at least 8
 * bytes smaller; nor one whose block would not.
 */

import { assert } from "../assert.ts";
import { Arena, ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import { compressLzf, decompressLzf } from "../lzf.ts";
import type { ListBlock } from "./list_block.ts";
import * as listBlock from "./list_block.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { LIST_BLOCK_HEADER_BYTES: PLAIN_HEADER_BYTES, LISTPACK_FRAME_BYTES } = listBlock;

/** Word of a packed block that tells the bytes of the compressed entries. */
const PACKED_BYTES = 2;
const PACKED_HEADER_BYTES = 12;

/** Smaller listpacks are left alone. */
const MIN_LISTPACK_BYTES = 48;
/** So many bytes have to be saved, and one more. */
const MIN_SAVED_BYTES = 8;
/** So are larger entries: a compressor counts positions. */
const MAX_PLAIN_BYTES = 2 ** 29;

/** Scratch for what most nodes are packed to; a larger one is made for larger ones. */
const scratch = new Uint8Array(64 * 1024);

/** Packs and unpacks the list blocks of an arena; see the top of the file. */
export class PackedBlocks {
  readonly #arena: Arena;
  readonly #blocks: ListBlock;

  constructor(arena: Arena, blocks: ListBlock) {
    this.#arena = arena;
    this.#blocks = blocks;
  }

  /** Whether a block is packed. O(1). */
  isPacked(ref: Ref): boolean {
    return this.#blocks.first(ref) === 0;
  }

  /** Packs a plain block if that gains, and memory for it can be had. O(n). @returns the block */
  pack(ref: Ref): Ref {
    const blocks = this.#blocks;
    const length = blocks.byteLength(ref);
    if (length + LISTPACK_FRAME_BYTES < MIN_LISTPACK_BYTES || length > MAX_PLAIN_BYTES) return ref;
    const most = length - MIN_SAVED_BYTES - 1;
    const source = this.#arena.bytes[ref >>> SEGMENT_SHIFT];
    const start = baseOf(ref) + blocks.first(ref);
    try {
      const target = most <= scratch.length ? scratch : new Uint8Array(most);
      const packed = compressLzf(source, start, length, target, 0, most);
      if (packed === 0) return ref;
      const wanted = PACKED_HEADER_BYTES + packed;
      if (Arena.blockBytes(wanted) >= this.#arena.capacity(ref)) return ref;
      return this.#replace(ref, target, packed, wanted);
    } catch (error) {
      if (error instanceof ArenaFullError || error instanceof RangeError) return ref;
      throw error;
    }
  }

  #replace(ref: Ref, packed: Uint8Array, packedBytes: number, wanted: number): Ref {
    const arena = this.#arena;
    const blocks = this.#blocks;
    const block = arena.allocate(wanted);
    blocks.format(block, 0, blocks.count(ref), blocks.byteLength(ref));
    arena.setWord(block, PACKED_BYTES, packedBytes);
    const target = arena.bytes[block >>> SEGMENT_SHIFT];
    copyBytes(target, baseOf(block) + PACKED_HEADER_BYTES, packed, 0, packedBytes);
    arena.free(ref);
    return block;
  }

  /** Makes a packed block a plain one. O(n). @throws {ArenaFullError} the block is as it was then */
  unpack(ref: Ref): Ref {
    const arena = this.#arena;
    const blocks = this.#blocks;
    const length = blocks.byteLength(ref);
    const block = arena.allocate(PLAIN_HEADER_BYTES + length);
    const target = arena.bytes[block >>> SEGMENT_SHIFT];
    this.read(ref, target, baseOf(block) + PLAIN_HEADER_BYTES);
    const end = PLAIN_HEADER_BYTES + length;
    blocks.format(block, PLAIN_HEADER_BYTES, blocks.count(ref), end);
    arena.free(ref);
    return block;
  }

  /** Writes the entries of a packed block, `byteLength` of them, to an array. O(n). */
  read(ref: Ref, target: Uint8Array, at: number): void {
    const source = this.#arena.bytes[ref >>> SEGMENT_SHIFT];
    const packedBytes = this.#arena.word(ref, PACKED_BYTES);
    const length = this.#blocks.byteLength(ref);
    const start = baseOf(ref) + PACKED_HEADER_BYTES;
    const isWhole = decompressLzf(source, start, packedBytes, target, at, length);
    assert(isWhole, "a packed block that does not unpack");
  }
}

/** Index of a block's first byte in the bytes of its segment. */
function baseOf(ref: Ref): number {
  return (ref & SEGMENT_MASK) << 3;
}
