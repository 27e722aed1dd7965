/**
 * How many bytes a value would take in a snapshot: those that serialized_value.ts writes, counted.
 * DEBUG OBJECT shows it, so that sizes can be compared between servers.
 */

import type { Ref } from "../../structures/arena/arena.ts";
import type { Keyspace } from "./keyspace.ts";
import { type ByteSink, ValueSerializer } from "./serialized_value.ts";

/** Looks at no byte, so that what is packed is counted at once. */
class ByteCount implements ByteSink {
  total = 0;

  byte(_value: number): void {
    this.total++;
  }

  bytes(_bytes: Uint8Array, _start: number, length: number): void {
    this.total += length;
  }
}

/** O(1) for a string and what is packed, O(elements) for another collection. */
export function serializedLength(keyspace: Keyspace, entry: Ref): number {
  const count = new ByteCount();
  new ValueSerializer(keyspace, count).write(entry);
  return count.total;
}
