/**
 * Commands that pop from the first of many keys that has something, of lists and of sorted sets, in
 * two shapes:
 *
 * ```
 * BLPOP, BZPOPMIN …     key [key …] timeout                                     one element, or wait
 * LMPOP, BLMPOP, ZMPOP … [timeout] numkeys key [key …] end [COUNT count]         several; some wait
 * ```
 */

import type { Call } from "../../server/execution/call.ts";
import type { Collections, CollectionView, Edit } from "../../server/keyspace/collections.ts";
import type { Type } from "../../server/keyspace/entry.ts";
import type { KeyEvent } from "../../server/keyspace/key_event.ts";
import { countedKeys, keyRange } from "../key_spec.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../registry.ts";
import { awaitKeys, editFirstPresent, writeNothing } from "./first_present.ts";
import type { ManyKeysPop } from "./many_keys_pop.ts";
import { deadlineInSeconds } from "./timeout.ts";

/** What a command pops from. */
export interface PoppedFrom<View extends CollectionView> {
  readonly type: Type;
  of(call: Call): Collections<View>;
}

/** What a command is declared with that its shape does not tell. */
type Declared = Pick<CommandDeclaration, "name" | "summary" | "complexity" | "group">;

const TIMEOUT: ArgumentDeclaration = { name: "timeout", type: "double" };

/** What differs between the commands that take one element, or wait. */
export interface WaitingPopForm<View extends CollectionView> extends Declared {
  since: string;
  flags: CommandDeclaration["flags"];
  from: PoppedFrom<View>;
  pop: Edit<Call, View>;
  event: KeyEvent;
}

/** The declaration of a command that takes one element, of whichever key has one. */
export function waitingPopCommand<View extends CollectionView>(
  { from, pop, event, ...declared }: WaitingPopForm<View>,
): CommandDeclaration {
  return {
    ...declared,
    arity: -3,
    keys: keyRange(1, -2, 1, "RW", "access", "delete"),
    history: [["6.0.0", "A timeout with a fraction."]],
    arguments: [{ name: "key", type: "key", multiple: true }, TIMEOUT],
    run(call) {
      const keys = call.count - 2;
      const deadlineMs = deadlineInSeconds(call, call.count - 1);
      if (editFirstPresent(call, from.of(call), 1, keys, pop, event)) return;
      awaitKeys(call, 1, keys, from.type, deadlineMs);
    },
  };
}

/** What differs between the commands that take several elements. */
export interface ManyKeysPopForm<View extends CollectionView> extends Declared {
  /** Whether it waits where no key has anything, as long as its first argument says. */
  blocks: boolean;
  /** Reads the arguments; what it has read is there while `pop` runs. */
  wanted: ManyKeysPop;
  /** The argument that names the end. */
  where: ArgumentDeclaration;
  from: PoppedFrom<View>;
  pop: Edit<Call, View>;
  /** The event of each end. */
  events: readonly [first: KeyEvent, last: KeyEvent];
}

/** The declaration of a command that takes elements out of the first key that has some. */
export function manyKeysPopCommand<View extends CollectionView>(
  { blocks, wanted, where, from, pop, events, ...declared }: ManyKeysPopForm<View>,
): CommandDeclaration {
  const countAt = blocks ? 2 : 1;
  return {
    ...declared,
    since: "7.0.0",
    arity: blocks ? -5 : -4,
    flags: blocks ? ["write", "blocking"] : ["write"],
    keys: countedKeys(countAt, "RW", "access", "delete"),
    arguments: [
      ...(blocks ? [TIMEOUT] : []),
      { name: "numkeys", type: "integer" },
      { name: "key", type: "key", multiple: true },
      where,
      { name: "count", type: "integer", token: "COUNT", optional: true },
    ],
    run(call) {
      wanted.read(call, countAt);
      const { firstKey, isFirstEnd, keyCount } = wanted;
      const deadlineMs = blocks ? deadlineInSeconds(call, 1) : 0;
      const event = events[isFirstEnd ? 0 : 1];
      if (editFirstPresent(call, from.of(call), firstKey, keyCount, pop, event)) return;
      if (blocks) awaitKeys(call, firstKey, keyCount, from.type, deadlineMs);
      else writeNothing(call.reply);
    },
  };
}
