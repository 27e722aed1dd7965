// What a DUMP of redis-server holds: a type byte, an RDB length, the value, and ten bytes of version
// and checksum.

import { assert, assertEquals } from "@std/assert";

const FOOTER_BYTES = 10;

/** The one block, a listpack or an intset, in a dump of the given type. */
export function blockOfDump(dump: Uint8Array, type: number): Uint8Array {
  assertEquals(dump[0], type);
  const view = new DataView(dump.buffer, dump.byteOffset, dump.byteLength);
  const kind = dump[1] >> 6;
  assert(kind < 2 || dump[1] === 0x80, "a compressed or integer string");
  const length = kind === 0 ? dump[1] : kind === 1 ? view.getUint16(1) & 0x3fff : view.getUint32(2);
  const start = kind === 0 ? 2 : kind === 1 ? 3 : 6;
  assertEquals(dump.length, start + length + FOOTER_BYTES);
  return dump.slice(start, start + length);
}
