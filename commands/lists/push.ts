/** LPUSH, RPUSH, LPUSHX and RPUSHX: the same but for the end, and for keys that are not there. */

import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import type { List } from "../../structures/list/list.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { LPUSH, RPUSH } from "./events.ts";

/** What differs between the commands that push. */
export interface PushForm {
  name: string;
  since: string;
  summary: string;
  /** Since when several elements can be given. */
  multipleSince: string;
  atHead: boolean;
  /** Whether a key that is not there gets a list. */
  creates: boolean;
}

/** The declaration of a command that adds elements at one end. */
export function pushCommand(form: PushForm): CommandDeclaration {
  const { name, since, summary, multipleSince, atHead, creates } = form;
  return {
    name,
    since,
    summary,
    arity: -3,
    complexity: "O(1) for each element",
    group: "list",
    flags: ["write", "denyoom", "fast"],
    keys: key(1, "RW", "insert"),
    history: [[multipleSince, "More than one element."]],
    arguments: [
      { name: "key", type: "key" },
      { name: "element", type: "string", multiple: true },
    ],
    run(call) {
      const { lists } = call.keyspace;
      const edit = atHead ? pushFirst : pushLast;
      const event = atHead ? LPUSH : RPUSH;
      if (creates) lists.change(call, 1, edit, event);
      else if (lists.addPresent(call, 1, edit, event) === MISSING) call.reply.integer(0);
    },
  };
}

function pushFirst(call: Call, list: List): number {
  const { args, count } = call;
  prepare(call, list);
  for (let i = 2; i < count; i++) list.pushFirst(args.bytes, args.start(i), args.length(i));
  call.reply.integer(list.count);
  return count - 2;
}

function pushLast(call: Call, list: List): number {
  const { args, count } = call;
  prepare(call, list);
  for (let i = 2; i < count; i++) list.pushLast(args.bytes, args.start(i), args.length(i));
  call.reply.integer(list.count);
  return count - 2;
}

/** Readies a list for the elements in the arguments. */
function prepare({ args, count }: Call, list: List): void {
  let bytes = 0;
  for (let i = 2; i < count; i++) bytes += args.length(i);
  list.prepare(count - 2, bytes);
}
