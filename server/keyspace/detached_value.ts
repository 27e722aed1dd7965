/**
 * A value that no key holds: read from a dump, or copied. Whoever makes one owns what it refers to
 * until a key holds it (value_attachment.ts), and frees it if that comes to nothing.
 *
 * ```
 *   collection   type, encoding, ref ──▶ blocks of its own
 *   string       a text, somewhere        the key's entry decides how it holds it
 *                or type, encoding and the two words of a slot: an integer, or block and length
 * ```
 */

import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { type ByteView, emptyView } from "../../structures/bytes/byte_view.ts";
import { Type } from "./entry.ts";

const NO_BYTES = new Uint8Array(0);

/** What a string's text stands for. */
export const TextKind = {
  /** There is no text: the slot's words say all. */
  None: 0,
  /** The text of an integer becomes one. */
  Any: 1,
  /** The text of an integer is held as a text. */
  Text: 2,
} as const;

/** One object holds one value after another. */
export class DetachedValue {
  type: Type = Type.String;
  encoding = 0;
  /** Word 0 of the slot: of all but strings the block that all others are reached from. */
  ref: Ref = NONE;
  /** Word 1 of the slot. */
  word = 0;
  /** One of {@linkcode TextKind}. */
  textKind: number = TextKind.None;
  /** Where the text is; valid as long as its source. */
  readonly text: ByteView = emptyView();
  /** Whether it has no element: no key can hold it, and there is nothing to free. */
  isEmpty = false;

  /** A collection, or a string in a slot. */
  setSlot(type: Type, encoding: number, ref: Ref, word: number): void {
    this.type = type;
    this.encoding = encoding;
    this.ref = ref;
    this.word = word;
    this.textKind = TextKind.None;
    this.isEmpty = false;
  }

  /** A string, as its text. */
  setText(kind: number, { bytes, start, length }: ByteView): void {
    this.setSlot(Type.String, 0, NONE, 0);
    this.textKind = kind;
    this.text.bytes = bytes;
    this.text.start = start;
    this.text.length = length;
  }

  /** Whoever took the value has it now: there is nothing here, and no bytes are kept alive. */
  clear(): void {
    this.setEmpty(Type.String);
    this.text.bytes = NO_BYTES;
  }

  /** A collection without elements. */
  setEmpty(type: Type): void {
    this.setSlot(type, 0, NONE, 0);
    this.isEmpty = true;
  }
}
