/**
 * A large hash: a hash table of fields, each one block together with its value; the layout is in
 * member_table.ts. A value that needs a block of the same size is written over the old one.
 */

import { Arena, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import type { FieldMapOperations } from "./field_map_operations.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { MemberTable } from "../set/member_table.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

const VALUE_LENGTH = 1;
const HEADER_BYTES = 8;

/** See the top of the file. A position is the reference of a node. */
export class TableFieldMap extends MemberTable implements FieldMapOperations {
  constructor(arena: Arena, hasher: KeyHasher) {
    super(arena, hasher, HEADER_BYTES);
  }

  protected override nodeBytes(node: Ref): number {
    return super.nodeBytes(node) + this.arena.word(node, VALUE_LENGTH);
  }

  readValue(_ref: Ref, position: Ref, view: ByteView): void {
    const words = this.arena.words[position >>> SEGMENT_SHIFT];
    view.bytes = this.arena.bytes[position >>> SEGMENT_SHIFT];
    view.start = this.startOf(position) + this.lengthOf(position);
    view.length = words[((position & SEGMENT_MASK) << 1) + VALUE_LENGTH];
  }

  insertSought(
    ref: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    valueBytes: Uint8Array,
    valueStart: number,
    valueLength: number,
  ): Ref {
    const node = this.createNode(bytes, start, length, valueLength);
    this.writeValue(node, valueBytes, valueStart, valueLength);
    this.link(ref, node);
    return ref;
  }

  /** Writes the value of a node without a deadline, which has room for it. */
  protected writeValue(node: Ref, bytes: Uint8Array, start: number, length: number): void {
    this.arena.setWord(node, VALUE_LENGTH, length);
    const own = this.arena.bytes[node >>> SEGMENT_SHIFT];
    copyBytes(own, this.startOf(node) + this.lengthOf(node), bytes, start, length);
  }

  setValue(
    ref: Ref,
    position: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    _keepsDeadline: boolean,
  ): Ref {
    const oldBytes = Arena.blockBytes(this.nodeBytes(position));
    const needed = HEADER_BYTES + this.lengthOf(position) + length;
    const node = this.arena.resize(position, needed);
    if (node !== position) this.relocate(ref, position, node);
    this.writeValue(node, bytes, start, length);
    this.addBytes(ref, Arena.blockBytes(needed) - oldBytes);
    return ref;
  }
}
