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
  for (let left = count; left > 0;) {
    list.nextRun(run, left);
    if (run.count > 0) {
      reply.bulkRun(run);
      left -= run.count;
    } else {
      reply.bulkView(list.element);
      if (--left > 0) list.next();
    }
  }
}

function writeBackwards(reply: Reply, list: List, count: number): void {
  for (let left = count; left > 0; left--) {
    reply.bulkView(list.element);
    if (left > 1) list.previous();
  }
}
