/** A small hash: one listpack of fields, each followed by its value; see member_listpack.ts. */

import { MAX_INT64_TEXT } from "../numbers/int64.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import type { FieldMapOperations } from "./field_map_operations.ts";
import { EntryDraft } from "../listpack/listpack_entry.ts";
import { ListpackMembers } from "../set/member_listpack.ts";

export class ListpackFieldMap extends ListpackMembers implements FieldMapOperations {
  protected readonly fieldDraft = new EntryDraft();
  protected readonly valueDraft = new EntryDraft();
  readonly #valueText = new Uint8Array(MAX_INT64_TEXT);

  /** @param entriesPerField 2; one more where something stands behind the value */
  constructor(arena: Arena, entriesPerField = 2) {
    super(arena, entriesPerField);
  }

  readValue(ref: Ref, position: number, view: ByteView): void {
    this.readEntry(ref, this.listpack.next(ref, position), view, this.#valueText);
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
    this.fieldDraft.setText(bytes, start, length);
    this.valueDraft.setText(valueBytes, valueStart, valueLength);
    return this.listpack.insertPair(ref, this.listpack.end(ref), this.fieldDraft, this.valueDraft);
  }

  setValue(
    ref: Ref,
    position: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    _keepsDeadline: boolean,
  ): Ref {
    return this.listpack.replace(ref, this.listpack.next(ref, position), bytes, start, length);
  }
}
