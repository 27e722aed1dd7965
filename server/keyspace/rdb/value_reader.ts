/**
 * Reads values in Redis's RDB format, in steps: as far as bytes have come, and as far as there is
 * time. What it makes is in the arena, and no key's yet.
 *
 * ```ts
 * reader.show(bytes, 0, bytes.length);
 * values.begin(reader.byte());                    // a type
 * while (!values.advance(reader, value)) …;       // show more bytes
 * ```
 *
 * Each type has a loader in the table below. A type that comes to be known, such as those of streams,
 * gets one more.
 */

import type { Keyspace } from "../keyspace.ts";
import { type DetachedValue, TextKind } from "../detached_value.ts";
import { HashLoader, SetLoader, SortedSetLoader } from "./member_values.ts";
import { ListLoader } from "./list_values.ts";
import { PackedLoader } from "./packed_values.ts";
import { ValueType } from "./rdb_format.ts";
import { RdbFormatError, type RdbReader } from "./rdb_reader.ts";
import type { ValueLoader } from "./value_loader.ts";

/** A string is read at once. Its text stays where the reader has it. */
class StringLoader implements ValueLoader {
  begin(): void {}

  advance(reader: RdbReader, value: DetachedValue): boolean {
    if (!reader.readString()) return false;
    value.setText(TextKind.Any, reader.text);
    return true;
  }

  abandon(): void {}
}

/** See the top of the file. It reads one value at a time. */
export class ValueReader {
  /** By type. */
  readonly #loaders: (ValueLoader | undefined)[] = [];
  #loader: ValueLoader | undefined;

  constructor({ arena, hasher, limits }: Pick<Keyspace, "arena" | "hasher" | "limits">) {
    const loaders = this.#loaders;
    loaders[ValueType.String] = new StringLoader();
    const list = new ListLoader(arena, limits.lists);
    loaders[ValueType.List] = list;
    loaders[ValueType.ListZiplist] = list;
    loaders[ValueType.ListQuicklist] = list;
    loaders[ValueType.ListQuicklist2] = list;
    loaders[ValueType.Set] = new SetLoader(arena, hasher, limits.sets);
    const hash = new HashLoader(arena, hasher, limits.hashes);
    loaders[ValueType.Hash] = hash;
    loaders[ValueType.ExpiringHash] = hash;
    const sortedSet = new SortedSetLoader(arena, hasher, limits.sortedSets);
    loaders[ValueType.TextSortedSet] = sortedSet;
    loaders[ValueType.SortedSet] = sortedSet;
    const packed = new PackedLoader(arena, hasher, limits);
    loaders[ValueType.HashZipmap] = packed;
    loaders[ValueType.HashZiplist] = packed;
    loaders[ValueType.HashListpack] = packed;
    loaders[ValueType.ExpiringHashListpack] = packed;
    loaders[ValueType.SetIntset] = packed;
    loaders[ValueType.SetListpack] = packed;
    loaders[ValueType.SortedSetZiplist] = packed;
    loaders[ValueType.SortedSetListpack] = packed;
  }

  /** Begins a value of a type. O(1). @throws {RdbFormatError} where the type is not known */
  begin(type: number): void {
    const loader = this.#loaders[type];
    if (loader === undefined) {
      throw new RdbFormatError(`a value of type ${type}, which is not known`);
    }
    loader.begin(type);
    this.#loader = loader;
  }

  /**
   * Reads on. O(what is read).
   *
   * @param value takes the value once it is complete: the caller's then
   * @param steps most elements to read
   * @returns whether it is
   * @throws {RdbFormatError, ArenaFullError} nothing is left of the value then
   */
  advance(reader: RdbReader, value: DetachedValue, steps: number = Infinity): boolean {
    try {
      return this.#loader!.advance(reader, value, steps);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Gives a value up that is begun and not complete. O(elements). */
  abandon(): void {
    this.#loader!.abandon();
  }
}
