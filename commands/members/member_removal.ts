/** SREM, HDEL and ZREM: the arguments behind the key are members to be removed. */

import type { Call } from "../../server/execution/call.ts";
import {
  type Collections,
  type CollectionView,
  MISSING,
} from "../../server/keyspace/collections.ts";
import type { KeyEvent } from "../../server/keyspace/key_event.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration, CommandGroup } from "../registry.ts";

/** A collection whose elements are found by their bytes. */
interface RemovingView extends CollectionView {
  remove(bytes: Uint8Array, start: number, length: number): boolean;
}

/** What differs between the commands that remove members. */
export interface RemovalForm<View extends RemovingView> {
  name: string;
  group: CommandGroup;
  since: string;
  summary: string;
  complexity: string;
  /** What a member is called. */
  member: string;
  /** What 2.4.0 brought. */
  several: string;
  /** What a removal is called. */
  event: KeyEvent;
  /** The collections that it removes from. */
  of(keyspace: Keyspace): Collections<View>;
}

/** The declaration of a command that removes members and answers how many there were. */
export function removalCommand<View extends RemovingView>(
  form: RemovalForm<View>,
): CommandDeclaration {
  const { member, several, event, of, ...declared } = form;
  return {
    ...declared,
    arity: -3,
    flags: ["write", "fast"],
    keys: key(1, "RW", "delete"),
    history: [["2.4.0", several]],
    arguments: [
      { name: "key", type: "key" },
      { name: member, type: "string", multiple: true },
    ],
    members: { first: 2, step: 1 },
    run(call) {
      if (of(call.keyspace).changePresent(call, 1, remove, event) === MISSING) {
        call.reply.integer(0);
      }
    },
  };
}

function remove({ args, count, reply }: Call, view: RemovingView): number {
  let removed = 0;
  for (let i = 2; i < count && view.count > 0; i++) {
    if (view.remove(args.bytes, args.start(i), args.length(i))) removed++;
  }
  reply.integer(removed);
  return removed;
}
