/**
 * What commands on elements of a collection load ahead: calls on one key that follow each other note
 * what they will look for, and then it is loaded for together.
 *
 * ```
 * HGET h a │ HGET h b │ HGET h c │ HGET other a │ …
 * └ note a   note b     note c   ┘ load for h, note a for other, …
 * ```
 */

import type { Call } from "../../server/execution/call.ts";
import type { Ref } from "../../structures/arena/arena.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { MemberPositions } from "../declaration.ts";
import type { Prefetch } from "../../server/execution/command_table.ts";

/** A collection that can load what was noted. */
interface LoadingView {
  /** Whether it is so large that loading ahead saves more than it costs. */
  readonly gainsByPrefetch: boolean;
  prefetch(): void;
}

/** See the top of the file. The key is argument 1. */
export abstract class CollectionPrefetch<View extends LoadingView> implements Prefetch {
  /** Whether a call was noted since the last load. */
  #begun = false;
  /** Hash of the last call's key: who has the same is taken for the same. */
  #keyHash = 0;
  /** The collection of that key, where it is worth the trouble. */
  #view: View | undefined;

  add(call: Call): boolean {
    const key = call.key(1);
    if (!this.#begun || key.hash !== this.#keyHash) {
      if (this.#begun) this.load();
      this.#begun = true;
      this.#keyHash = key.hash;
      const entry = call.db.peek(key);
      const view = entry === NONE ? undefined : this.viewOf(call, entry);
      if (view?.gainsByPrefetch) this.#view = view;
    }
    if (this.#view === undefined) return false;
    this.note(this.#view, call);
    return true;
  }

  load(): void {
    this.#view?.prefetch();
    this.#view = undefined;
    this.#begun = false;
  }

  /** The collection of an entry, if it is of a type that this is for. */
  protected abstract viewOf(call: Call, entry: Ref): View | undefined;

  /** Notes what the call will look for. */
  protected abstract note(view: View, call: Call): void;
}

/** A hash, a set or a sorted set. */
interface MemberView extends LoadingView {
  /** Notes a member that will be looked for, and answers whether there was room for it. */
  expectMember(bytes: Uint8Array, start: number, length: number): boolean;
}

/** Loads ahead for commands that look for members, or fields. */
export class MemberPrefetch extends CollectionPrefetch<MemberView> {
  readonly #first: number;
  readonly #last: number;
  readonly #step: number;

  /** @param positions the arguments that are members */
  constructor({ first, last = Infinity, step }: MemberPositions) {
    super();
    this.#first = first;
    this.#last = last;
    this.#step = step;
  }

  protected override viewOf({ keyspace }: Call, entry: Ref): MemberView | undefined {
    const type = keyspace.entries.type(entry);
    if (type === Type.Hash) return keyspace.hashes.open(entry);
    if (type === Type.Set) return keyspace.sets.open(entry);
    if (type === Type.SortedSet) return keyspace.sortedSets.open(entry);
    return undefined;
  }

  protected override note(view: MemberView, call: Call): void {
    const { args } = call;
    const last = Math.min(this.#last, args.count - 1);
    for (let i = this.#first; i <= last; i += this.#step) {
      if (!view.expectMember(args.bytes, args.start(i), args.length(i))) return;
    }
  }
}
