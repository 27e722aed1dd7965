import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { BufferPool } from "../../server/clients/buffer_pool.ts";

const MiB = 1024 * 1024;

function borrow(pool: BufferPool, count: number) {
  return Array.from({ length: count }, () => pool.takeOutput());
}

Deno.test("a thousand connections served at once find a thousand buffers again", () => {
  const pool = new BufferPool();
  const outputs = borrow(pool, 1000);
  for (const output of outputs) pool.returnOutput(output);
  assertEquals(new Set([...outputs, ...borrow(pool, 1000)]).size, 1000);
  assertEquals(pool.pooledBytes, 0);
  const batches = Array.from({ length: 1000 }, () => pool.takeBatch());
  for (const batch of batches) pool.returnBatch(batch);
  assertEquals(new Set([...batches, ...batches.map(() => pool.takeBatch())]).size, 1000);
});

Deno.test("a buffer that long replies made large is lent first, empty and as large", () => {
  const pool = new BufferPool();
  const [small, large] = borrow(pool, 2);
  large.reserve(50_000);
  large.tail += 50_000;
  const size = large.bytes.length;
  pool.returnOutput(small);
  pool.returnOutput(large);
  assertEquals(pool.pooledBytes, small.bytes.length + size);
  const again = pool.takeOutput();
  assert(again === large);
  assertEquals([again.length, again.bytes.length], [0, size]);
});

Deno.test("the pool keeps 4 MiB at most, and nothing of a giant reply", () => {
  const pool = new BufferPool();
  const [giant] = borrow(pool, 1);
  giant.reserve(8 * MiB);
  pool.returnOutput(giant);
  assertLessOrEqual(pool.pooledBytes, 64 * 1024);
  const outputs = borrow(pool, 200);
  for (const output of outputs) output.reserve(60_000);
  for (const output of outputs) pool.returnOutput(output);
  assertLessOrEqual(pool.pooledBytes, 4 * MiB);
  assert(pool.pooledBytes > 3 * MiB);
});
