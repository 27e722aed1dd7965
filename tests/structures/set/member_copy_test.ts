// Copies of members outside of the arena, against a list of what was added.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ByteView } from "../../../structures/bytes/byte_view.ts";
import { MemberCopy } from "../../../structures/set/member_copy.ts";
import { latin1 } from "../byte_texts.ts";

/** A view of text somewhere within other bytes. */
function viewOf(text: string): ByteView {
  return { bytes: latin1(`<<${text}>>`), start: 2, length: text.length };
}

const decoder = new TextDecoder("latin1");

function textOf({ bytes, start, length }: ByteView): string {
  return decoder.decode(bytes.subarray(start, start + length));
}

const text = fc.oneof(
  fc.string({ maxLength: 20 }).map((s) => s.replaceAll(/[^ -~]/g, "?")),
  fc.integer({ min: 0, max: 5000 }).map((length) => "x".repeat(length)),
);

Deno.test("member copy: tells what was added, in its order and at random", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, fc.option(text, { nil: undefined })), { minLength: 1 }),
      (added) => {
        const copy = new MemberCopy(added.length + 2);
        for (const [member, value] of added) {
          copy.add(viewOf(member), value === undefined ? undefined : viewOf(value));
        }
        assertEquals(copy.count, added.length);
        const told: [string, string][] = [];
        while (copy.next()) told.push([textOf(copy.member), textOf(copy.value)]);
        assertEquals(told, added.map(([member, value]) => [member, value ?? ""]));
        assertEquals(copy.position, 0);
        for (let i = 0; i < added.length; i++) {
          assert(copy.seekRandom((bound) => (assertEquals(bound, added.length), i)));
          assertEquals(copy.position, i + 1);
          assertEquals(textOf(copy.member), added[i][0]);
        }
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("member copy: members of megabytes, and small ones around them", () => {
  const lengths = [1, 3_000_000, 5, 1024 * 1024, 1024 * 1024 - 1, 0, 2_000_000, 7];
  const copy = new MemberCopy(lengths.length);
  for (const [i, length] of lengths.entries()) {
    copy.add(viewOf(String(i).repeat(length)), viewOf(`value ${i}`));
  }
  for (const [i, length] of lengths.entries()) {
    assert(copy.next());
    assertEquals(copy.member.length, length);
    assert(textOf(copy.member) === String(i).repeat(length));
    assertEquals(textOf(copy.value), `value ${i}`);
  }
  assert(!copy.next());
  assert(!copy.seek(0) && !copy.seek(lengths.length + 1));
});
