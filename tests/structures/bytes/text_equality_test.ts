import { assert } from "@std/assert";
import { withView } from "../../../structures/bytes/bytes.ts";
import { textIs } from "../../../structures/bytes/text_equality.ts";

Deno.test("a text equals its own bytes only, wherever it begins and whatever byte differs", () => {
  for (const [around, hasView] of [[0x00, false], [0xff, false], [0xff, true]] as const) {
    for (let at = 0; at < 8; at++) {
      for (let length = 0; length <= 20; length++) {
        const bytes = new Uint8Array(32).fill(around);
        const words = new Int32Array(bytes.buffer);
        const asked = new Uint8Array(length + 6).fill(~around);
        if (hasView) withView(asked);
        for (let i = 0; i < length; i++) bytes[at + i] = asked[3 + i] = 250 + i;
        assert(textIs(words, at, asked, 3, length), `${length} bytes at ${at}`);
        for (let i = 0; i < length; i++) {
          for (const bit of [0x01, 0x80]) {
            asked[3 + i] ^= bit;
            assert(!textIs(words, at, asked, 3, length), `byte ${i} of ${length} at ${at}`);
            asked[3 + i] ^= bit;
          }
        }
      }
    }
  }
});
