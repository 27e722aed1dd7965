// What tests of collections share: text as bytes and back, and an arena without room.

import { type Arena, ArenaFullError, type Ref } from "../../structures/arena/arena.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";

/** A byte for each character. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A character for each byte. */
export function textOf(view: ByteView): string {
  return String.fromCharCode(...view.bytes.subarray(view.start, view.start + view.length));
}

/** Takes all that an arena has, down to its smallest blocks. */
export function fillArena(arena: Arena): Ref[] {
  const fillers: Ref[] = [];
  for (const byteLength of [65_536, 4096, 512, 128, 64, 56, 48, 40, 32, 24, 16]) {
    try {
      for (;;) fillers.push(arena.allocate(byteLength));
    } catch (error) {
      if (!(error instanceof ArenaFullError)) throw error;
    }
  }
  return fillers;
}
