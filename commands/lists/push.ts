/** LPUSH, RPUSH, LPUSHX and RPUSHX: the same but for the end, and for keys that are not there. */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

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
      const { args, db, keyspace, reply } = call;
      const { lists } = keyspace;
      const key = call.key(1);
      const entry = db.findOf(key, Type.List);
      if (entry === NONE && !creates) return reply.integer(0);
      const list = lists.open(entry);
      const argumentCount = call.count;
      const elements = argumentCount - 2;
      try {
        let bytes = 0;
        for (let i = 2; i < argumentCount; i++) bytes += args.length(i);
        list.prepare(elements, bytes);
        for (let i = 2; i < argumentCount; i++) {
          if (atHead) list.pushFirst(args.bytes, args.start(i), args.length(i));
          else list.pushLast(args.bytes, args.start(i), args.length(i));
        }
      } catch (error) {
        lists.abandon(db, entry, key);
        throw error;
      }
      const { count } = list;
      lists.storeGrown(db, entry, key);
      keyspace.dirty += elements;
      reply.integer(count);
    },
  };
}
