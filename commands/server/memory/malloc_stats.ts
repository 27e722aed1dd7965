/** MEMORY MALLOC-STATS */

import type { CommandDeclaration } from "../../declaration.ts";
import type { Arena } from "../../../structures/arena/arena.ts";

export const mallocStats: CommandDeclaration = {
  name: "malloc-stats",
  arity: 2,
  complexity: "Depends on how much memory is allocated, could be slow",
  group: "server",
  since: "4.0.0",
  summary: "Tells people what the arena, where keys and values are, consists of.",
  flags: [],
  tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
  run: ({ keyspace, reply }) => reply.verbatim("txt", arenaReport(keyspace.arena)),
};

/** The totals, and a line for each size of blocks that are in use. */
function arenaReport(arena: Arena): string {
  const { classFigures, pageBytes, reservedBytes, usedBytes } = arena;
  const used = classFigures.filter(({ blocks }) => blocks > 0);
  const classBytes = used.reduce((sum, { blockBytes, blocks }) => sum + blockBytes * blocks, 0);
  const lines = [
    "___ Begin arena statistics ___",
    `Allocated: ${usedBytes}, active: ${pageBytes.taken}, resident: ${pageBytes.touched}, ` +
    `mapped: ${reservedBytes}`,
    `Blocks of a size class: ${classBytes} bytes; large blocks: ${usedBytes - classBytes} bytes`,
    row("size", "blocks", "bytes"),
    ...used.map(({ blockBytes, blocks }) => row(blockBytes, blocks, blockBytes * blocks)),
    "--- End arena statistics ---",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function row(...cells: readonly (number | string)[]): string {
  return cells.map((cell) => String(cell).padStart(14)).join("");
}
