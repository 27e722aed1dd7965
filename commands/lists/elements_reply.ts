/** Elements of a list in replies. */

import type { Reply } from "../../protocol/reply.ts";
import type { List } from "../../structures/list/list.ts";

/** Writes `count` elements, from the one under the list's cursor on or back, as an array. O(count). */
export function writeListElements(
  reply: Reply,
  list: List,
  count: number,
  backwards: boolean,
): void {
  const { element } = list;
  reply.array(count);
  for (let left = count; left > 0; left--) {
    reply.bulkView(element);
    if (left > 1) {
      if (backwards) list.previous();
      else list.next();
    }
  }
}
