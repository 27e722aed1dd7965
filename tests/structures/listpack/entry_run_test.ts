// Runs of entries against the texts that went into the listpack, and replies written from runs
// against those written one by one.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { NativeReply } from "../../../protocol/native_reply.ts";
import type { Reply } from "../../../protocol/reply.ts";
import { RespReply } from "../../../protocol/resp_reply.ts";
import { Arena, SEGMENT_SHIFT } from "../../../structures/arena/arena.ts";
import { OutputQueue } from "../../../structures/bytes/output_queue.ts";
import { EntryRun } from "../../../structures/listpack/entry_run.ts";
import { Listpack } from "../../../structures/listpack/listpack.ts";
import { latin1 } from "../byte_texts.ts";

const text = fc.oneof(
  fc.string({ maxLength: 70 }).map((value) => value.replace(/[^ -~]/g, "~")),
  fc.constantFrom("", "-", "01", "x".repeat(63), "x".repeat(64), "y".repeat(5000)),
  fc.integer().map(String),
  fc.constantFrom("0", "9", "10", "99", "100", "-1", "127", "128", "4095", "-4096", "-32768"),
  fc.constantFrom("2147483647", "-2147483648", "2147483648", "-9223372036854775808"),
);

/** The bytes that a protocol makes of texts. */
function written(reply: Reply, write: (reply: Reply) => void): string {
  const mark = reply.begin();
  write(reply);
  reply.end(mark);
  return new TextDecoder("latin1").decode(reply.out.take(reply.out.length));
}

function writers(): Reply[] {
  const out = () => new OutputQueue({ initialBytes: 64, maxBytes: 2 ** 24 });
  return [new RespReply(out(), 2), new RespReply(out(), 3), new NativeReply(out())];
}

Deno.test("entry runs: every entry that is asked for, in order, a wide integer at a time", () => {
  const groups = fc.integer({ min: 1, max: 3 }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      wanted: fc.integer({ min: 1, max: 2 ** size - 1 }),
      most: fc.integer({ min: 1, max: 200 }),
      groups: fc.array(fc.array(text, { minLength: size, maxLength: size }), { maxLength: 150 }),
    })
  );
  fc.assert(
    fc.property(groups, ({ size, wanted, most, groups }) => {
      const arena = new Arena();
      const listpack = new Listpack(arena);
      let ref = listpack.create();
      for (const value of groups.flat()) {
        ref = listpack.append(ref, latin1(value), 0, value.length);
      }
      const asked = groups.map((group) => group.filter((_, i) => (wanted >>> i & 1) !== 0));
      const expected = writers().map((reply) =>
        written(reply, () => {
          for (const value of asked.flat()) reply.bulkBytes(latin1(value), 0, value.length);
        })
      );
      const run = new EntryRun();
      const scratch = new Uint8Array(5000);
      const found = writers().map((reply) =>
        written(reply, () => {
          let shown = 0;
          for (let at = listpack.first(ref); at !== 0;) {
            at = listpack.scanRun(ref, at, most, size, wanted, run);
            assert(run.groups <= most && run.count === run.groups * (asked[0]?.length ?? 0));
            reply.bulkRun(run);
            shown += run.groups;
            if (run.groups > 0) continue;
            // A run of nothing: there is a number among these that it does not show.
            assert(asked[shown].some((value) => Math.abs(Number(value)) >= 2 ** 31));
            for (let i = 0; i < size; i++) {
              const end = listpack.writeText(ref, at, scratch, 0);
              if ((wanted >>> i & 1) !== 0) reply.bulkBytes(scratch, 0, end);
              at = listpack.next(ref, at);
            }
            shown++;
          }
          assertEquals(shown, groups.length);
        })
      );
      assertEquals(found, expected);
      assert(run.bytes === arena.bytes[ref >>> SEGMENT_SHIFT] || groups.length === 0);
    }),
    { numRuns: 300 },
  );
});

Deno.test("entry runs: a run ends with the entry that brings it to its most bytes", () => {
  const listpack = new Listpack(new Arena());
  let ref = listpack.create();
  const long = latin1("z".repeat(7000));
  for (let i = 0; i < 10; i++) ref = listpack.append(ref, long, 0, long.length);
  const run = new EntryRun();
  const next = listpack.scanRun(ref, listpack.first(ref), 10, 1, 1, run);
  assertEquals([run.count, run.totalBytes], [3, 21_000]);
  assertEquals(listpack.seek(ref, 3), next);
});
