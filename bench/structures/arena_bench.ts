/** The arena: what a block costs, new and reused, of one size and of many. */

import { Arena } from "../../structures/arena/arena.ts";
import { OPERATIONS, Sequence } from "./population.ts";

const refs = new Int32Array(OPERATIONS);

Deno.bench({
  name: `allocate and free 64 bytes, × ${OPERATIONS}`,
  group: "arena",
  fn: (() => {
    const arena = new Arena();
    return () => {
      for (let i = 0; i < OPERATIONS; i++) refs[i] = arena.allocate(64);
      for (let i = 0; i < OPERATIONS; i++) arena.free(refs[i]);
    };
  })(),
});

Deno.bench({
  name: `allocate and free 16 to 1,015 bytes, × ${OPERATIONS}`,
  group: "arena",
  fn: (() => {
    const arena = new Arena();
    const random = new Sequence();
    const sizes = Int32Array.from({ length: OPERATIONS }, () => 16 + random.below(1000));
    return () => {
      for (let i = 0; i < OPERATIONS; i++) refs[i] = arena.allocate(sizes[i]);
      for (let i = 0; i < OPERATIONS; i++) arena.free(refs[i]);
    };
  })(),
});

Deno.bench({
  name: `resize from 64 to 256 bytes and back, × ${OPERATIONS}`,
  group: "arena",
  fn: (() => {
    const arena = new Arena();
    for (let i = 0; i < OPERATIONS; i++) refs[i] = arena.allocate(64);
    const own = refs.slice();
    return () => {
      for (let i = 0; i < OPERATIONS; i++) own[i] = arena.resize(own[i], 256);
      for (let i = 0; i < OPERATIONS; i++) own[i] = arena.resize(own[i], 64);
    };
  })(),
});
