/**
 * LPOP and RPOP: the same but for the end.
 *
 * Elements are written to the reply before they are removed, for they are read where they stand.
 */

import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE, type Ref } from "../../structures/arena/arena.ts";
import type { List } from "../../structures/list/list.ts";
import { countArgument } from "../arguments/count_argument.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { writeElements } from "./elements_reply.ts";

/** What differs between the commands that pop. */
export interface PopForm {
  name: string;
  summary: string;
  atHead: boolean;
}

/** The declaration of a command that takes elements out at one end. */
export function popCommand({ name, summary, atHead }: PopForm): CommandDeclaration {
  return {
    name,
    summary,
    arity: -2,
    complexity: "O(N), N being the number of elements taken",
    group: "list",
    since: "1.0.0",
    flags: ["write", "fast"],
    keys: key(1, "RW", "access", "delete"),
    history: [["6.2.0", "The count."]],
    arguments: [
      { name: "key", type: "key" },
      { name: "count", type: "integer", optional: true, since: "6.2.0" },
    ],
    run(call) {
      const { db, keyspace, reply } = call;
      if (call.count > 3) throw call.wrongArity();
      const most = call.count === 3 ? countArgument(call, 2) : -1;
      const key = call.key(1);
      const entry = db.findOf(key, Type.List);
      if (entry === NONE) return most < 0 ? reply.nil() : reply.nilArray();
      const list = keyspace.lists.open(entry);
      if (most >= 0) return popRun(call, entry, list, Math.min(most, list.count), atHead);
      const { element } = list;
      if (atHead) list.seekFirst();
      else list.seekLast();
      reply.bulkBytes(element.bytes, element.start, element.length);
      if (atHead) list.removeFirst();
      else list.removeLast();
      list.compact();
      keyspace.lists.store(db, entry, key);
      keyspace.dirty++;
    },
  };
}

function popRun(call: Call, entry: Ref, list: List, taken: number, atHead: boolean): void {
  const { db, keyspace, reply } = call;
  const { count } = list;
  if (atHead) list.seekFirst();
  else list.seekLast();
  writeElements(reply, list, taken, !atHead);
  if (taken === count) {
    db.delete(entry, keyspace.lazyServerDelete);
  } else {
    list.removeRange(atHead ? 0 : count - taken, taken);
    list.compact();
    keyspace.lists.store(db, entry, call.key(1));
  }
  keyspace.dirty += taken;
}
