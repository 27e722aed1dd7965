/** Lists: element by element, as one ziplist, or as nodes of ziplists, listpacks or single elements. */

import type { Arena } from "../../../structures/arena/arena.ts";
import type { ByteView } from "../../../structures/bytes/byte_view.ts";
import { ListBuilder } from "../../../structures/list/list_builder.ts";
import { LISTPACK_FRAME_BYTES } from "../../../structures/list/list_block.ts";
import type { ListLimits } from "../../../structures/list/list.ts";
import { ListpackBuilder } from "../../../structures/listpack/listpack_builder.ts";
import * as listpackEntry from "../../../structures/listpack/listpack_entry.ts";
import type { DetachedValue } from "../detached_value.ts";
import { Type } from "../entry.ts";
import { checkedListpack } from "./checked_listpack.ts";
import { PACKED_NODE, PLAIN_NODE, ValueType } from "./rdb_format.ts";
import { RdbFormatError, type RdbReader } from "./rdb_reader.ts";
import type { ValueLoader } from "./value_loader.ts";
import { readZiplist } from "./ziplist.ts";

const { HEADER_BYTES } = listpackEntry;

export class ListLoader implements ValueLoader {
  readonly #list: ListBuilder;
  readonly #listpack = new ListpackBuilder();
  #type = 0;
  /** Elements or nodes that are to come; -1 where their number is. */
  #left = -1;
  #isBegun = false;

  constructor(arena: Arena, limits: ListLimits) {
    this.#list = new ListBuilder(arena, limits);
  }

  begin(type: number): void {
    this.#type = type;
    // A ziplist by itself is one of one.
    this.#left = type === ValueType.ListZiplist ? 1 : -1;
  }

  advance(reader: RdbReader, value: DetachedValue, steps: number): boolean {
    if (this.#left === -1) {
      if (!reader.readLength()) return false;
      this.#left = reader.length;
    }
    if (!this.#isBegun) {
      this.#list.begin();
      this.#isBegun = true;
    }
    for (let step = 0; this.#left > 0; step++) {
      if (step === steps || !this.#readPart(reader)) return false;
      this.#left--;
    }
    this.#finish(value);
    return true;
  }

  #readPart(reader: RdbReader): boolean {
    const list = this.#list;
    const from = reader.at;
    const kind = this.#type === ValueType.ListQuicklist2 ? readKind(reader) : PACKED_NODE;
    if (kind === -1) return false;
    if (!reader.readString()) {
      reader.at = from;
      return false;
    }
    const { text } = reader;
    switch (this.#type) {
      case ValueType.List:
        list.push(text.bytes, text.start, text.length);
        break;
      case ValueType.ListZiplist:
        readZiplist(text, ({ bytes, start, length }) => list.push(bytes, start, length));
        break;
      case ValueType.ListQuicklist:
        this.#appendZiplist(text);
        break;
      default:
        if (text.length === 0) throw new RdbFormatError("a node of nothing");
        if (kind === PLAIN_NODE) list.appendAlone(text.bytes, text.start, text.length);
        else this.#appendListpack(checkedListpack(text, this.#listpack));
    }
    return true;
  }

  #appendZiplist(text: ByteView): void {
    const builder = this.#listpack;
    builder.clear();
    readZiplist(text, ({ bytes, start, length }) => builder.append(bytes, start, length));
    this.#appendListpack(builder.finish());
  }

  #appendListpack({ bytes, start, length }: ByteView): void {
    const count = bytes[start + 4] | bytes[start + 5] << 8;
    this.#list.appendEntries(bytes, start + HEADER_BYTES, length - LISTPACK_FRAME_BYTES, count);
  }

  #finish(value: DetachedValue): void {
    const list = this.#list;
    this.#listpack.clear();
    if (list.count === 0) {
      this.abandon();
      value.setEmpty(Type.List);
      return;
    }
    // As in Redis, one that was a ziplist does not become a listpack yet.
    list.finish(this.#type !== ValueType.ListZiplist);
    this.#isBegun = false;
    value.setSlot(Type.List, list.encoding, list.ref, 0);
  }

  abandon(): void {
    if (!this.#isBegun) return;
    this.#isBegun = false;
    this.#list.abandon();
  }
}

/** What a node is, or -1 where it has not come. */
function readKind(reader: RdbReader): number {
  if (!reader.readLength()) return -1;
  const kind = reader.length;
  if (kind !== PACKED_NODE && kind !== PLAIN_NODE) throw new RdbFormatError("a node of no kind");
  return kind;
}
