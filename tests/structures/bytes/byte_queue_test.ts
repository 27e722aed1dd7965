// The byte queue against a plain array of numbers, and its promises about memory.

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  ByteQueue,
  ByteQueueFullError,
  MAX_QUEUE_BYTES,
} from "../../../structures/bytes/byte_queue.ts";

const live = (queue: ByteQueue) => [...queue.bytes.subarray(queue.head, queue.tail)];

Deno.test("ByteQueue behaves as an array under random operations", () => {
  const operation = fc.oneof(
    fc.record({ kind: fc.constant("append" as const), count: fc.nat(200) }),
    fc.record({ kind: fc.constant("commit" as const), count: fc.nat(40) }),
    fc.record({ kind: fc.constant("announce" as const), count: fc.nat(300) }),
    fc.record({ kind: fc.constant("consume" as const), count: fc.nat(200) }),
    fc.record({ kind: fc.constant("truncate" as const), count: fc.nat(40) }),
    fc.record({ kind: fc.constant("release" as const), count: fc.constant(0) }),
  );
  fc.assert(fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
    const maxBytes = 1000;
    const queue = new ByteQueue({ initialBytes: 16, maxBytes });
    let model: number[] = [];
    let next = 0;
    for (const { kind, count } of operations) {
      if (kind === "append" || kind === "commit") {
        const added = Uint8Array.from({ length: count }, () => next++ & 255);
        if (model.length + count > maxBytes) {
          assertThrows(() => queue.reserve(count), ByteQueueFullError);
        } else {
          if (kind === "append") queue.append(added, 0, count);
          else {
            queue.reserve(count);
            queue.bytes.set(added, queue.tail);
            queue.commit(count);
          }
          model.push(...added);
        }
      } else if (kind === "announce") {
        if (model.length + count > maxBytes) {
          assertThrows(() => queue.reserveAnnounced(count, 32), ByteQueueFullError);
        } else {
          const room = queue.reserveAnnounced(count, 32);
          assert(room <= count && room >= Math.min(count, 16));
          const added = Uint8Array.from({ length: room }, () => next++ & 255);
          queue.bytes.set(added, queue.tail);
          queue.commit(room);
          model.push(...added);
        }
      } else if (kind === "consume") {
        const taken = Math.min(count, model.length);
        queue.consume(taken);
        model = model.slice(taken);
      } else if (kind === "truncate") {
        const kept = Math.max(0, model.length - count);
        queue.truncate(queue.head + kept);
        model.length = kept;
      } else queue.release();
      assertEquals(queue.length, model.length);
      assertEquals(live(queue), model);
      assert(queue.bytes.length <= maxBytes);
    }
  }));
});

Deno.test("ByteQueue consumes without moving a byte and reuses the front", () => {
  const queue = new ByteQueue({ initialBytes: 8, maxBytes: 64 });
  const { bytes } = queue;
  queue.append(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0, 8);
  queue.consume(6);
  assertStrictEquals(queue.bytes, bytes);
  assertEquals([queue.head, queue.tail], [6, 8]);
  queue.append(Uint8Array.of(9, 10, 11, 12), 0, 4);
  assertStrictEquals(queue.bytes, bytes, "two live bytes slide to the front");
  assertEquals(live(queue), [7, 8, 9, 10, 11, 12]);
  queue.consume(6);
  assertEquals([queue.head, queue.tail], [0, 0]);
});

Deno.test("ByteQueue copies a number of bytes in proportion to what passes through", () => {
  // A queue that is always nearly full must not slide its bytes for every few that come.
  const queue = new ByteQueue({ initialBytes: 64, maxBytes: 1 << 20 });
  queue.append(new Uint8Array(1000), 0, 1000);
  let copied = 0;
  let position = queue.head;
  for (let i = 0; i < 10_000; i++) {
    const before = queue.bytes;
    queue.reserve(10);
    if (queue.bytes !== before || queue.head !== position) copied += queue.length;
    queue.commit(10);
    queue.consume(10);
    position = queue.head;
  }
  assert(copied < 300_000, `${copied} bytes copied for 100000`);
});

Deno.test("ByteQueue takes exactly what one large reservation needs", () => {
  const queue = new ByteQueue({ initialBytes: 16, maxBytes: 10_000 });
  queue.append(Uint8Array.of(1, 2, 3), 0, 3);
  queue.reserve(5000);
  assertEquals(queue.bytes.length, 5003);
  queue.reserve(9997);
  assertEquals(queue.bytes.length, 10_000);
  const error = assertThrows(() => queue.reserve(9998), ByteQueueFullError);
  assertEquals(error.name, "ByteQueueFullError");
  assertEquals(live(queue), [1, 2, 3]);
});

Deno.test("ByteQueue gives memory back only when it is empty", () => {
  const queue = new ByteQueue({ initialBytes: 16, maxBytes: 10_000 });
  queue.append(new Uint8Array(5000), 0, 5000);
  queue.release();
  assertEquals(queue.length, 5000);
  queue.consume(5000);
  queue.release();
  assertEquals(queue.bytes.length, 16);
  const { bytes } = queue;
  queue.release();
  assertStrictEquals(queue.bytes, bytes);
});

Deno.test("ByteQueue copies from shared memory, short and long", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(300)).map((_, i) => i);
  for (const length of [0, 1, 64, 65, 299]) {
    const queue = new ByteQueue({ initialBytes: 0, maxBytes: 1000 });
    queue.append(shared, 1, length);
    assertEquals(live(queue), [...shared.subarray(1, 1 + length)]);
  }
});

Deno.test("a view of everything is the array itself", () => {
  const queue = new ByteQueue({ initialBytes: 8, maxBytes: 64 });
  assertEquals(queue.view(0, 8) === queue.bytes, true);
  queue.reserve(20);
  assertEquals(queue.view(0, queue.bytes.length) === queue.bytes, true);
  assertEquals(queue.view(0, 8).length, 8);
});

Deno.test("a kept view is never one of an array that was replaced", () => {
  const queue = new ByteQueue({ initialBytes: 8, maxBytes: 64 });
  const first = queue.view(0, 4);
  assertEquals(queue.view(0, 4) === first, true);
  assertEquals(queue.view(1, 5) === first, false);
  queue.view(0, 4);
  queue.reserve(32);
  assertEquals(queue.view(0, 4).buffer === queue.bytes.buffer, true, "after growing");
  queue.release();
  assertEquals(queue.view(0, 4).buffer === queue.bytes.buffer, true, "after release");
});

Deno.test("what is announced takes memory only as it comes", () => {
  const queue = new ByteQueue({ initialBytes: 16, maxBytes: 1 << 30 });
  const announced = 5_000_000;
  queue.append(new Uint8Array(10), 0, 10);
  queue.consume(3);
  let copied = 0;
  let largest = 0;
  for (let come = 0; come < announced;) {
    const { bytes } = queue;
    const room = queue.reserveAnnounced(announced - come, 1000);
    // As much again; and all once every ninth byte is there, or the first after it.
    const isProven = (come + 7) * 9 >= announced;
    const bound = isProven ? announced + 7 : come + 7 + Math.max(1000, come + 7);
    assert(queue.bytes.length <= bound, `${queue.bytes.length} bytes when ${come} have come`);
    if (queue.bytes !== bytes) copied += queue.length;
    const count = Math.min(room, 777);
    assert(count > 0);
    queue.commit(count);
    come += count;
    largest = Math.max(largest, queue.bytes.length);
  }
  assertEquals(largest, announced + 7);
  assert(copied < announced / 2, `${copied} bytes copied`);
});

Deno.test("what is announced and can never be held is refused at once", () => {
  const queue = new ByteQueue({ initialBytes: 16, maxBytes: 10_000 });
  queue.append(Uint8Array.of(1, 2, 3), 0, 3);
  assertThrows(() => queue.reserveAnnounced(9998, 100), ByteQueueFullError);
  assertEquals(live(queue), [1, 2, 3]);
  assertEquals(queue.reserveAnnounced(9997, 100), 100);
});

Deno.test("queues follow the bounds that they share, up to what an offset can say", () => {
  const bounds = { initialBytes: 16, maxBytes: 100 };
  const queues = [new ByteQueue(bounds), new ByteQueue(bounds)];
  for (const queue of queues) assertThrows(() => queue.reserve(101), ByteQueueFullError);
  bounds.maxBytes = 200;
  for (const queue of queues) queue.reserve(101);
  bounds.maxBytes = 50;
  for (const queue of queues) assertThrows(() => queue.reserve(102), ByteQueueFullError);
  bounds.maxBytes = Infinity;
  for (const queue of queues) {
    assertThrows(() => queue.reserve(MAX_QUEUE_BYTES + 1), ByteQueueFullError);
    assertThrows(() => queue.reserveAnnounced(2 ** 53 - 1, 100), ByteQueueFullError);
  }
});
