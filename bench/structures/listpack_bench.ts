/** The listpack at the length where small collections become large: 128 entries of 16 bytes. */

import { Arena } from "../../structures/arena/arena.ts";
import { Listpack } from "../../structures/listpack/listpack.ts";
import { names } from "./population.ts";

const ENTRIES = 128;

const arena = new Arena();
const listpacks = new Listpack(arena);
const texts = names(ENTRIES);
const filled = fill();

function fill(): number {
  let listpack = listpacks.create();
  for (let i = 0; i < ENTRIES; i++) listpack = listpacks.append(listpack, texts, i * 16, 16);
  return listpack;
}

Deno.bench({
  name: `append ${ENTRIES} entries, free the block`,
  group: "listpack",
  fn() {
    arena.free(fill());
  },
});

Deno.bench({
  name: `walk over ${ENTRIES} entries`,
  group: "listpack",
  fn() {
    let count = 0;
    for (let at = listpacks.first(filled); at !== 0; at = listpacks.next(filled, at)) count++;
    if (count !== ENTRIES) throw new Error(`walked over ${count}`);
  },
});

Deno.bench({
  name: `find the last of ${ENTRIES} entries by its bytes`,
  group: "listpack",
  fn() {
    const start = (ENTRIES - 1) * 16;
    let at = listpacks.first(filled);
    while (at !== 0 && listpacks.compare(filled, at, texts, start, 16) !== 0) {
      at = listpacks.next(filled, at);
    }
    if (at === 0) throw new Error("not found");
  },
});

Deno.bench({
  name: `entry in the middle of ${ENTRIES} by its index`,
  group: "listpack",
  fn() {
    listpacks.seek(filled, ENTRIES / 2);
  },
});
