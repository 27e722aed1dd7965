// Threads on each Node and on Bun: values are taken apart by Workers there too, and all of it comes back.

import { assertEquals, assertGreater } from "@std/assert";
import { join } from "node:path";
import { bundle } from "../../pack/bundle.ts";
import { RUNTIMES, withoutInstallation } from "../harness/npm_installation.ts";

const PROGRAM = `
import { lazyFreeWorkers } from "./server/platform/workers.ts";
import { Arena } from "./structures/arena/arena.ts";
import { LazyFree } from "./structures/lazy_free/lazy_free.ts";
import { DATABASE, DisposableValues, SET, SHAPES } from "./tests/structures/disposable_values.ts";

const arena = new Arena();
const values = new DisposableValues(arena);
const before = arena.usedBytes;
const lazyFree = new LazyFree(arena, SHAPES, 2, lazyFreeWorkers());
Object.assign(lazyFree.limits, { sliceBlocks: 10, blocksBeforeWorker: 10, valuesPerWorker: 10 });
for (let i = 0; i < 50; i++) {
  lazyFree.post(SET, values.set(3000));
  lazyFree.post(DATABASE, values.database(800));
}
let workers = 0;
const watch = setInterval(() => workers = Math.max(workers, lazyFree.workers), 1);
lazyFree.drained().then(() => {
  arena.verify();
  lazyFree.close();
  clearInterval(watch);
  const { freed } = lazyFree;
  console.log(JSON.stringify({ workers, freed, left: arena.usedBytes - before }));
});
`;

for (const { name, program } of RUNTIMES) {
  Deno.test({
    name: `${name}: Workers take values apart, and the process ends when they are done`,
    ignore: withoutInstallation,
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        const file = join(folder, "program.cjs");
        await Deno.writeTextFile(file, (await bundle(PROGRAM, "node")).code);
        const { code, stdout, stderr } = await new Deno.Command(program, {
          args: [file],
          signal: AbortSignal.timeout(60_000),
        }).output();
        assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
        const { workers, freed, left } = JSON.parse(new TextDecoder().decode(stdout));
        assertGreater(workers, 0);
        assertEquals([freed, left], [100, 0]);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
