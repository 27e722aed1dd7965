import { assertEquals } from "@std/assert";
import { settled } from "../../bench/redis/settled.ts";

/** Feeds the readings one after the other, the last for ever; counts those taken. */
async function settle(readings: readonly number[]): Promise<[value: number, taken: number]> {
  let taken = 0;
  let pauses = 0;
  const read = () => readings[Math.min(taken++, readings.length - 1)];
  const value = await settled(read, () => (pauses++, Promise.resolve()));
  assertEquals(pauses, taken, "a pause before each reading");
  return [value, taken];
}

Deno.test("a reading counts once the next is within a hundredth of it", async () => {
  assertEquals(await settle([100]), [100, 2]);
  assertEquals(await settle([200, 150, 120, 119, 50]), [119, 4]);
  assertEquals(await settle([100, 102, 103]), [103, 3]);
});

Deno.test("a memory that never settles is read twenty times, an unknown one twice", async () => {
  const growing = Array.from({ length: 50 }, (_, i) => 100 * 1.1 ** i);
  assertEquals(await settle(growing), [growing[19], 20]);
  assertEquals(await settle([NaN]), [NaN, 2]);
});
