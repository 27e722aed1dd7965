/**
 * How many bytes a value would take in a snapshot: those that value_writer.ts writes, counted.
 * DEBUG OBJECT shows it, so that sizes can be compared between servers.
 */

import type { Ref } from "../../../structures/arena/arena.ts";
import type { Keyspace } from "../keyspace.ts";
import type { ByteSink } from "./rdb_writer.ts";
import { ValueWriter } from "./value_writer.ts";

class ByteCount implements ByteSink {
  total = 0;

  byte(_value: number): void {
    this.total++;
  }

  bytes(_bytes: Uint8Array, _start: number, length: number): void {
    this.total += length;
  }
}

/**
 * Bytes of an entry's value, without its type. O(bytes).
 *
 * @param compresses whether strings are compressed
 */
export function serializedLength(keyspace: Keyspace, entry: Ref, compresses: boolean): number {
  const count = new ByteCount();
  new ValueWriter(keyspace, count, compresses).write(entry);
  return count.total;
}
