/** A walk over the elements of whatever can be sorted: lists, sets, sorted sets. */

import type { Call } from "../../../server/execution/call.ts";
import { Type } from "../../../server/keyspace/entry.ts";
import { WRONG_TYPE } from "../../../server/keyspace/refusals.ts";
import { NONE } from "../../../structures/arena/arena.ts";
import { type ByteView, emptyView } from "../../../structures/bytes/byte_view.ts";
import type { List } from "../../../structures/list/list.ts";
import type { MemberSet } from "../../../structures/set/member_set.ts";
import type { SortedSet } from "../../../structures/sorted_set/sorted_set.ts";

const NOTHING = emptyView();

export class ElementWalk {
  /** Number of elements. */
  count = 0;
  /** Bytes of the element that the walk is at, valid until it goes on. */
  element: ByteView = NOTHING;
  #list: List | undefined;
  #set: MemberSet | undefined;
  #sortedSet: SortedSet | undefined;
  #backwards = false;

  /**
   * Opens the value of the key in argument 1, as one without elements where the key is missing. O(1).
   *
   * @throws {Refusal} WRONGTYPE
   */
  open(call: Call): void {
    this.close();
    const { db, keyspace } = call;
    const entry = db.read(call.key(1));
    if (entry === NONE) return;
    const type = keyspace.entries.type(entry);
    if (type === Type.List) {
      this.#list = keyspace.lists.open(entry);
      this.count = this.#list.count;
      this.element = this.#list.element;
    } else if (type === Type.Set) {
      this.#set = keyspace.sets.open(entry);
      this.count = this.#set.count;
      this.element = this.#set.member;
    } else if (type === Type.SortedSet) {
      this.#sortedSet = keyspace.sortedSets.open(entry);
      this.count = this.#sortedSet.count;
      this.element = this.#sortedSet.member;
    } else throw WRONG_TYPE;
  }

  /** Lets go of the value. */
  close(): void {
    this.count = 0;
    this.element = NOTHING;
    this.#list = undefined;
    this.#set = undefined;
    this.#sortedSet = undefined;
  }

  get isSet(): boolean {
    return this.#set !== undefined;
  }

  /**
   * Goes to the element that stands so far from the beginning or, of what has an order and where
   * `backwards`, from the end. O(1), or that far. @returns whether it is there
   */
  seek(distance: number, backwards: boolean): boolean {
    if (distance >= this.count) return false;
    this.#backwards = backwards;
    const index = backwards ? this.count - 1 - distance : distance;
    if (this.#list !== undefined) return this.#list.seek(index);
    if (this.#sortedSet !== undefined) return this.#sortedSet.seekRank(index);
    this.#set!.seekFirst();
    for (let left = distance; left > 0; left--) this.#set!.next();
    return true;
  }

  /** Goes to the next element, or the one before where the walk is backwards. O(1) on average. */
  next(): boolean {
    if (this.#set !== undefined) return this.#set.next();
    if (this.#list !== undefined) {
      return this.#backwards ? this.#list.previous() : this.#list.next();
    }
    return this.#backwards ? this.#sortedSet!.previous() : this.#sortedSet!.next();
  }
}
