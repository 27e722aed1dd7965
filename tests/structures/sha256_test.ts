// SHA-256 against the runtime's own.

import { assertEquals } from "@std/assert";
import { sha256Hex } from "../../structures/sha256.ts";

Deno.test("SHA-256 of messages of every length around a block", async () => {
  for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000, 4096]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 131 + length & 255);
    const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    assertEquals(sha256Hex(bytes), expected, `${length} bytes`);
  }
});
