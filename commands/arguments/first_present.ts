/**
 * Commands that take from the first of many keys that has something, and may wait until one has.
 */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import {
  type Collections,
  type CollectionView,
  type Edit,
  MISSING,
} from "../../server/keyspace/collections.ts";
import type { Type } from "../../server/keyspace/entry.ts";
import type { KeyEvent } from "../../server/keyspace/key_event.ts";

/** The argument whose key an edit is made to: the edit tells of it in its reply. */
let presentKey = 0;

/**
 * Makes an edit to the first of the keys from argument `first` on, `count` of them, that is there.
 *
 * @param event what the edit is called
 * @returns whether there is one
 * @throws {Refusal} WRONGTYPE where one of another type comes first
 */
export function editFirstPresent<View extends CollectionView>(
  call: Call,
  collections: Collections<View>,
  first: number,
  count: number,
  edit: Edit<Call, View>,
  event: KeyEvent,
): boolean {
  for (let i = first; i < first + count; i++) {
    presentKey = i;
    if (collections.changePresent(call, i, edit, event) !== MISSING) return true;
  }
  return false;
}

/** Writes the key that the edit is made to. */
export function writePresentKey({ args, reply }: Call): void {
  reply.bulkBytes(args.bytes, args.start(presentKey), args.length(presentKey));
}

/**
 * Has the client of a call wait until one of the keys from argument `first` on, `count` of them, holds
 * a value of a type; where it may not wait, its time is over at once.
 *
 * @param deadlineMs when it gives up, in milliseconds since 1970
 */
export function awaitKeys(
  call: Call,
  first: number,
  count: number,
  type: Type,
  deadlineMs: number,
): void {
  if (!call.mayBlock) return writeNothing(call.reply);
  call.server.blocking.wait(call, {
    firstKey: first,
    keyCount: count,
    type,
    deadlineMs,
    timedOut: writeNothing,
  });
}

/** What is replied where none of the keys has anything. */
export function writeNothing(reply: Reply): void {
  reply.nilArray();
}
