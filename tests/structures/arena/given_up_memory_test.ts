// Memory that an arena has given up, and that the next one takes.

import { assert, assertEquals } from "@std/assert";
import { Arena } from "../../../structures/arena/arena.ts";

/** What an arena's memory begins with. */
function beginning(arena: Arena): Uint8Array {
  return new Uint8Array(arena.bytes[0].slice(0, 2 * 1024 * 1024));
}

Deno.test("the next arena has it as if it were new", () => {
  const untouched = new Arena();
  const expected = beginning(untouched);
  const first = new Arena();
  const { buffer } = first.bytes[0];
  for (let i = 0; i < 1000; i++) {
    const ref = first.allocate(1000);
    first.bytes[0].fill(0xff, ref * 8, ref * 8 + 1000);
  }
  first.giveUp();
  assertEquals(first.reservedBytes, 0);
  const second = new Arena();
  assert(second.bytes[0].buffer === buffer);
  assertEquals(beginning(second), expected);
  second.verify();
  // Nobody else gets it meanwhile.
  assert(new Arena().bytes[0].buffer !== buffer);
  second.giveUp();
});

Deno.test("what was used a lot goes back to the system", () => {
  const first = new Arena();
  const { buffer } = first.bytes[0];
  for (let i = 0; i < 100; i++) first.allocate(65_000);
  first.giveUp();
  assert(new Arena().bytes[0].buffer !== buffer);
});
