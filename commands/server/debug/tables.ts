/**
 * DEBUG HTSTATS and HTSTATS-KEY: how tables are filled, in the form of Redis's reply. Where that has a
 * chain of nodes in a slot there is a bucket here, which holds twelve nodes in one line, and more in
 * lines behind it. Expiries are in heaps, which have no buckets.
 */

import { NONE, type Ref } from "../../../structures/arena/arena.ts";
import {
  type ArrayFigures,
  arrayFigures,
} from "../../../structures/hash_table/hash_table_figures.ts";
import { ErrorReply, NO_SUCH_KEY } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";

const OUT_OF_RANGE = new ErrorReply("ERR Out of range database");
const NO_TABLE = new ErrorReply(
  "ERR The value stored at the specified key is not represented using an hash table",
);
/** Lengths of chains that are told; longer ones are not. */
const MAX_TOLD_LENGTH = 48;

export function replyWithTables(call: Call): void {
  const { keyspace, reply } = call;
  const database = keyspace.databases[call.integer(2)];
  if (database === undefined) throw OUT_OF_RANGE;
  const { expiringCount } = database;
  const expiring: ArrayFigures = {
    buckets: expiringCount,
    nodes: expiringCount,
    bucketsWith: new Map([[1, expiringCount]]),
  };
  reply.verbatim(
    "txt",
    `[Dictionary HT]\n${tableText(call, database.table)}[Expires HT]\n` +
      arrayText(expiring, 0, isFull(call)),
  );
}

export function replyWithTableOfKey(call: Call): void {
  const { db, keyspace, reply } = call;
  const entry = db.inspectQuietly(call.key(2));
  if (entry === NONE) throw NO_SUCH_KEY;
  const table = keyspace.values.tableOf(entry);
  if (table === NONE) throw NO_TABLE;
  reply.verbatim("txt", tableText(call, table));
}

function isFull({ args, count }: Call): boolean {
  return count >= 4 && args.is(3, "FULL");
}

function tableText(call: Call, table: Ref): string {
  return arrayFigures(call.keyspace.arena, table)
    .map((figures, i) => arrayText(figures, i, isFull(call))).join("");
}

function arrayText(
  { buckets, bucketsWith, nodes }: ArrayFigures,
  number: number,
  isFull: boolean,
): string {
  const title = number === 0 ? "main hash table" : "rehashing target";
  const heading = `Hash table ${number} stats (${title}):\n`;
  if (nodes === 0) return `${heading}No stats available for empty dictionaries\n`;
  const summary = `${heading} table size: ${buckets}\n number of elements: ${nodes}\n`;
  if (!isFull) return summary;
  const lengths = [...bucketsWith].sort(([a], [b]) => a - b);
  const filled = buckets - (bucketsWith.get(0) ?? 0);
  const mean = (nodes / filled).toFixed(2);
  const told = lengths.filter(([length]) => length <= MAX_TOLD_LENGTH).map(([length, count]) =>
    `   ${length}: ${count} (${(100 * count / buckets).toFixed(2)}%)\n`
  );
  return `${summary} different slots: ${filled}\n max chain length: ${lengths.at(-1)?.[0] ?? 0}\n` +
    ` avg chain length (counted): ${mean}\n avg chain length (computed): ${mean}\n` +
    ` Chain length distribution:\n${told.join("")}`;
}
