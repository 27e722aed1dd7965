/**
 * LMOVE, BLMOVE, RPOPLPUSH and BRPOPLPUSH: an element goes from an end of one list to an end of
 * another, or of the same one.
 *
 * It is added before it is removed: where memory is full, it stays where it was.
 *
 * ```
 *   source       │ a │ b │ c │        c is read where it stands, added, and then removed;
 *                          ▼          in one list it is copied first, for adding moves what is there
 *   destination  │ c │ x │
 * ```
 */

import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import type { List } from "../../structures/list/list.ts";
import { deadlineInSeconds } from "../arguments/timeout.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration, KeySpec } from "../registry.ts";
import { LPOP, LPUSH, RPOP, RPUSH } from "./events.ts";
import { isHead } from "./list_end.ts";

/** Elements above this size are copied into memory of their own. */
const KEPT_COPY_BYTES = 64 * 1024;

const SOURCE = 1;
const DESTINATION = 2;

const keptCopy = new Uint8Array(KEPT_COPY_BYTES);

let fromHead = false;
let toHead = false;

/** What differs between the commands that move. */
export interface MoveForm extends
  Pick<
    CommandDeclaration,
    | "name"
    | "summary"
    | "since"
    | "arity"
    | "arguments"
    | "deprecatedSince"
    | "replacedBy"
    | "history"
  > {
  /** Which argument names the end to take from, which is followed by the end to add to; 0: neither. */
  endsAt: number;
  /** Which argument says how long to wait; 0: it does not wait. */
  timeoutAt: number;
}

const KEYS: readonly KeySpec[] = [
  key(SOURCE, "RW", "access", "delete"),
  key(DESTINATION, "RW", "insert"),
];

/** The declaration of a command that moves an element. */
export function moveCommand({ endsAt, timeoutAt, ...form }: MoveForm): CommandDeclaration {
  return {
    ...form,
    complexity: "O(1)",
    group: "list",
    flags: timeoutAt === 0 ? ["write", "denyoom"] : ["write", "denyoom", "blocking"],
    keys: KEYS,
    run(call) {
      const { args, reply } = call;
      const takesHead = endsAt !== 0 && isHead(args, endsAt);
      const addsHead = endsAt === 0 || isHead(args, endsAt + 1);
      const deadlineMs = timeoutAt === 0 ? 0 : deadlineInSeconds(call, timeoutAt);
      fromHead = takesHead;
      toHead = addsHead;
      if (move(call)) return;
      if (timeoutAt === 0 || !call.mayBlock) return reply.nil();
      call.server.blocking.wait(call, {
        firstKey: SOURCE,
        keyCount: 1,
        type: Type.List,
        deadlineMs,
        timedOut: writeNothing,
      });
    },
  };
}

function writeNothing(reply: Reply): void {
  reply.nilArray();
}

/** Replies with the element moved, and answers whether there was one. */
function move(call: Call): boolean {
  const { db, keyspace: { arena, changes, lists } } = call;
  const source = db.changeOf(call.key(SOURCE), Type.List);
  if (source === NONE) return false;
  const pushed = toHead ? LPUSH : RPUSH;
  const popped = fromHead ? LPOP : RPOP;
  if (db.peek(call.key(DESTINATION)) === source) {
    lists.changePresent(call, SOURCE, rotate, pushed);
    changes.happened(db.index, call.key(SOURCE), popped);
    return true;
  }
  const list = lists.open(source);
  seekEnd(list);
  // What the request does not tell of: the element's own size.
  const { length } = list.element;
  if (length > 0) arena.reserveMore(MOVED_COPIES * length);
  moving = list;
  lists.change(call, DESTINATION, add, pushed);
  lists.changePresent(call, SOURCE, remove, popped);
  // To INFO a move is one change.
  changes.dirty--;
  return true;
}

/** So many blocks of an element's size are made at most. */
const MOVED_COPIES = 4;

/** The list in which the element is that is moved. */
let moving: List | undefined;

function seekEnd(list: List): void {
  if (fromHead) list.seekFirst();
  else list.seekLast();
}

function add(call: Call, list: List): number {
  const { element } = moving!;
  list.prepare(1, element.length);
  push(list, element.bytes, element.start, element.length);
  call.reply.bulkView(element);
  return 1;
}

function push(list: List, bytes: Uint8Array, start: number, length: number): void {
  if (toHead) list.pushFirst(bytes, start, length);
  else list.pushLast(bytes, start, length);
}

function remove(_: Call, list: List): number {
  removeEnd(list);
  return 1;
}

function removeEnd(list: List): void {
  if (fromHead) list.removeFirst();
  else list.removeLast();
}

/**
 * Moves an element from one end of a list to the other, or to where it is. It is taken off before it
 * is added, so that a list which is full stays within its limit.
 */
function rotate({ keyspace: { arena }, reply }: Call, list: List): number {
  seekEnd(list);
  const { element } = list;
  const { length } = element;
  reply.bulkView(element);
  if (fromHead === toHead || list.count === 1) return 1;
  arena.reserveMore(MOVED_COPIES * length);
  const copy = length > KEPT_COPY_BYTES ? new Uint8Array(length) : keptCopy;
  copyBytes(copy, 0, element.bytes, element.start, length);
  removeEnd(list);
  list.prepare(1, length);
  push(list, copy, 0, length);
  return 1;
}
