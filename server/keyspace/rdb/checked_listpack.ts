/**
 * Listpacks from outside, checked: valid in every entry, and each integer held as an integer. Redis
 * writes no text of an integer as a string, and lookups rely on that; where one comes all the same,
 * the listpack is built anew.
 */

import type { ByteView } from "../../../structures/bytes/byte_view.ts";
import type { ListpackBuilder } from "../../../structures/listpack/listpack_builder.ts";
import {
  backlenBytes,
  bodyBytes,
  integerOfEntry,
  isIntegerEntry,
  listpackProblem,
  readUint32,
  stringHeaderBytes,
} from "../../../structures/listpack/listpack_entry.ts";
import * as listpackEntry from "../../../structures/listpack/listpack_entry.ts";
import {
  mayBeInteger,
  parseInteger,
  writeBigInteger,
  writeInteger,
} from "../../../structures/numbers/decimal.ts";
import { MAX_INT64_TEXT } from "../../../structures/numbers/int64.ts";
import { RdbFormatError } from "./rdb_reader.ts";

const { HEADER_BYTES } = listpackEntry;

const digits = new Uint8Array(MAX_INT64_TEXT);

/**
 * The listpack in a text, or one of the same entries in the builder. O(length).
 *
 * @throws {RdbFormatError} where it is none, or there is something behind it
 */
export function checkedListpack(text: ByteView, builder: ListpackBuilder): ByteView {
  const { bytes, start, length } = text;
  const problem = listpackProblem(bytes, start, length);
  if (problem !== "") throw new RdbFormatError(problem);
  if (readUint32(bytes, start) !== length) throw new RdbFormatError("bytes behind a listpack");
  if (isCanonical(bytes, start, length)) return text;
  builder.clear();
  const end = start + length - 1;
  for (let at = start + HEADER_BYTES; at < end; at = behind(bytes, at)) {
    if (isIntegerEntry(bytes, at)) {
      const value = integerOfEntry(bytes, at);
      const digitCount = typeof value === "number"
        ? writeInteger(digits, 0, value)
        : writeBigInteger(digits, 0, value);
      builder.append(digits, 0, digitCount);
    } else {
      const header = stringHeaderBytes(bytes, at);
      builder.append(bytes, at + header, bodyBytes(bytes, at) - header);
    }
  }
  return builder.finish();
}

/** Whether no string of a valid listpack is the text of an integer. */
function isCanonical(bytes: Uint8Array, start: number, length: number): boolean {
  const end = start + length - 1;
  for (let at = start + HEADER_BYTES; at < end; at = behind(bytes, at)) {
    if (isIntegerEntry(bytes, at)) continue;
    const header = stringHeaderBytes(bytes, at);
    const textLength = bodyBytes(bytes, at) - header;
    if (!mayBeInteger(bytes, at + header, textLength)) continue;
    if (parseInteger(bytes, at + header, textLength) !== undefined) return false;
  }
  return true;
}

/** Index of the entry behind one, or of the end. */
function behind(bytes: Uint8Array, at: number): number {
  const body = bodyBytes(bytes, at);
  return at + body + backlenBytes(body);
}
