/**
 * The reply of KEYS, a piece at a time: entries that were found are read where they are, until one of
 * the database is about to change or go. Then the keys that are left are copied, all at once, since
 * nobody knows which of them it is without looking at all.
 */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { PiecewiseReply } from "../../server/execution/piecewise_reply.ts";
import type { ChangeListener } from "../../server/keyspace/changes.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import { ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import { emptyView } from "../../structures/bytes/byte_view.ts";
import { MemberCopy } from "../../structures/set/member_copy.ts";
import type { RefList } from "../../structures/set/ref_list.ts";
import { piece } from "../members/piece.ts";

/**
 * Replies with the keys of entries of the call's database: at one go where that is a piece, else in
 * pieces. O(keys).
 *
 * @param found is the reply's from here on
 */
export function replyFoundKeys(call: Call, found: RefList): void {
  const { db, keyspace, reply } = call;
  reply.array(found.count);
  const pieces = new KeyPieces(keyspace, db.index, found);
  if (pieces.write(reply)) {
    pieces.watch();
    call.replyInPieces(pieces);
  }
}

class KeyPieces implements PiecewiseReply, ChangeListener {
  readonly #keyspace: Keyspace;
  /** Number of the database that the keys are in. */
  #database: number;
  readonly #found: RefList;
  /** The entry that is next. */
  #at = 0;
  /** The keys that were left when something changed. */
  #copy: MemberCopy | undefined;
  /** There was no memory for that. */
  #isLost = false;
  #unsubscribe: (() => void) | undefined;

  constructor(keyspace: Keyspace, database: number, found: RefList) {
    this.#keyspace = keyspace;
    this.#database = database;
    this.#found = found;
  }

  /** Begins to look at what changes. */
  watch(): void {
    this.#unsubscribe = this.#keyspace.changes.subscribe(this);
  }

  write(reply: Reply): boolean {
    if (this.#isLost) throw new ByteQueueFullError("no memory for keys that have changed");
    piece.begin(reply.out);
    return this.#copy === undefined ? this.#writeEntries(reply) : writeCopy(reply, this.#copy);
  }

  #writeEntries(reply: Reply): boolean {
    const { entries } = this.#keyspace;
    const found = this.#found;
    const { count } = found;
    while (this.#at < count) {
      const entry = found.at(this.#at++);
      reply.bulkBytes(entries.bytes(entry), entries.keyStart(entry), entries.keyLength(entry));
      if (piece.isFull()) break;
    }
    return this.#at < count;
  }

  willChange(database: number): void {
    this.willFlush(database);
  }

  willFlush(database: number): void {
    if (database !== this.#database) return;
    this.#stopWatching();
    try {
      this.#copy = this.#copyRest();
    } catch (error) {
      // The change is somebody else's, who must not suffer from it.
      if (!(error instanceof RangeError)) throw error;
      this.#isLost = true;
    }
  }

  swapped(first: number, second: number): void {
    if (this.#database === first) this.#database = second;
    else if (this.#database === second) this.#database = first;
  }

  #copyRest(): MemberCopy {
    const { entries } = this.#keyspace;
    const found = this.#found;
    const copy = new MemberCopy(found.count - this.#at);
    const key = emptyView();
    for (let i = this.#at; i < found.count; i++) {
      const entry = found.at(i);
      key.bytes = entries.bytes(entry);
      key.start = entries.keyStart(entry);
      key.length = entries.keyLength(entry);
      copy.add(key, undefined);
    }
    found.clear();
    return copy;
  }

  ended(): void {
    this.#stopWatching();
  }

  #stopWatching(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}

/** Writes members behind the one under the cursor until a piece is full. @returns whether more are left */
function writeCopy(reply: Reply, copy: MemberCopy): boolean {
  while (copy.next()) {
    reply.bulkView(copy.member);
    if (piece.isFull()) return copy.position < copy.count;
  }
  return false;
}
