// The output queue against a plain array, with writes in flight at any time.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteQueueFullError } from "../../../structures/bytes/byte_queue.ts";
import { OutputQueue } from "../../../structures/bytes/output_queue.ts";
import { drained } from "./drained.ts";

type Step =
  | { do: "append"; count: number }
  | { do: "take"; count: number }
  | { do: "sent"; share: number }
  | { do: "truncate"; count: number }
  | { do: "insert"; behind: number; count: number }
  | { do: "overwrite"; count: number };

const count = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }) },
  fc.integer({ min: 0, max: 300 }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("append" as const), count }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("take" as const), count }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("sent" as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  fc.record({ do: fc.constant("truncate" as const), count }),
  fc.record({ do: fc.constant("insert" as const), behind: count, count }),
  fc.record({ do: fc.constant("overwrite" as const), count }),
);

Deno.test("output queue: random steps against an array; what is in flight never changes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const out = new OutputQueue({ initialBytes: 8, maxBytes: 1 << 20, chunkBytes: 64 });
      let model: number[] = [];
      let next = 0;
      const fresh = (length: number) => Uint8Array.from({ length }, () => next++ & 0xff);
      let flying: { view: Uint8Array; copy: Uint8Array } | undefined;
      const fixed = () => flying === undefined ? 0 : flying.copy.length;
      for (const action of steps) {
        switch (action.do) {
          case "append": {
            const bytes = fresh(action.count);
            out.append(bytes, 0, bytes.length);
            model.push(...bytes);
            break;
          }
          case "take": {
            if (flying !== undefined || out.length === 0 || action.count === 0) break;
            const view = out.take(action.count);
            assert(view.length > 0 && view.length <= action.count);
            flying = { view, copy: view.slice() };
            assertEquals([...flying.copy], model.slice(0, flying.copy.length));
            break;
          }
          case "sent": {
            if (flying === undefined) break;
            const sent = Math.floor(action.share * flying.copy.length);
            out.sent(sent);
            model = model.slice(sent);
            flying = undefined;
            break;
          }
          case "truncate": {
            const length = Math.max(fixed(), model.length - action.count);
            out.truncate(length);
            model.length = length;
            break;
          }
          case "insert": {
            const at = Math.max(fixed(), model.length - action.behind);
            const bytes = fresh(action.count);
            out.insert(at, bytes);
            model.splice(at, 0, ...bytes);
            break;
          }
          case "overwrite": {
            // Four bytes in one piece, as a native frame's length.
            const at = out.length;
            out.reserve(4);
            out.tail += 4;
            const behind = fresh(action.count);
            out.append(behind, 0, behind.length);
            const bytes = fresh(4);
            out.overwrite(at, bytes);
            model.push(...bytes, ...behind);
            break;
          }
        }
        assertEquals(out.length, model.length);
        if (flying !== undefined) assertEquals(flying.view, flying.copy);
      }
      if (flying !== undefined) out.sent(0);
      assertEquals([...drained(out, 50)], model);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("output queue: large chunks are sealed, not copied, and go once they are sent", () => {
  const out = new OutputQueue({ initialBytes: 8, maxBytes: 1 << 20, chunkBytes: 64 });
  const bytes = new Uint8Array(1000).fill(7);
  for (let i = 0; i < 10; i++) out.append(bytes, 0, bytes.length);
  assertEquals(out.length, 10_000);
  assert(out.sealedChunks >= 9);
  assert(out.capacity < 11_000, `${out.capacity}`);
  assertEquals(drained(out).length, 10_000);
  assertEquals(out.sealedChunks, 0);
  out.clear(100);
  assertEquals(out.capacity, 8);
});

Deno.test("output queue: a bound holds over all chunks, and a refusal changes nothing", () => {
  const out = new OutputQueue({ initialBytes: 8, maxBytes: 200, chunkBytes: 64 });
  const bytes = new Uint8Array(90).fill(1);
  out.append(bytes, 0, 90);
  out.append(bytes, 0, 90);
  assertThrows(() => out.append(bytes, 0, 90), ByteQueueFullError);
  assertEquals(out.length, 180);
  out.append(bytes, 0, 20);
  assertEquals(drained(out).length, 200);
});

Deno.test("output queue: nothing put in leaves nothing behind, where there is no room either", () => {
  const out = new OutputQueue({ initialBytes: 8, maxBytes: 1 << 20, chunkBytes: 64 });
  out.append(new Uint8Array(4), 0, 4);
  out.append(new Uint8Array(61), 0, 61);
  assertEquals(out.sealedChunks, 1);
  out.insert(0, new Uint8Array(0));
  assertEquals(out.take(1).length, 1);
  assertEquals(out.length, 65);
});
