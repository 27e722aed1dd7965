/** Elements of a list in replies. */

import type { Reply } from "../../protocol/reply.ts";
import type { List } from "../../structures/list/list.ts";
import { EntryRun } from "../../structures/listpack/entry_run.ts";

const run = new EntryRun();

/** Writes `count` elements, from the one under the list's cursor on or back, as an array. O(count). */
export function writeListElements(
  reply: Reply,
  list: List,
  count: number,
  backwards: boolean,
): void {
  reply.array(count);
  if (backwards) writeBackwards(reply, list, count);
  else writeForwards(reply, list, count);
}

function writeForwards(reply: Reply, list: List, count: number): void {
  for (let left = count; left > 0;) left -= writeSome(reply, list, left);
}

/**
 * Writes elements from the one under the cursor on, at most `most`, and moves the cursor behind them
 * where there may be more. O(those). @returns how many: at least 1, and few enough for a turn
 */
export function writeSome(reply: Reply, list: List, most: number): number {
  list.nextRun(run, most);
  if (run.count > 0) {
    reply.bulkRun(run);
    return run.count;
  }
  reply.bulkView(list.element);
  if (most > 1) list.next();
  return 1;
}

function writeBackwards(reply: Reply, list: List, count: number): void {
  for (let left = count; left > 0; left--) {
    reply.bulkView(list.element);
    if (left > 1) list.previous();
  }
}
