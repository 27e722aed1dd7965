/**
 * Members of collections that a reply reads over several turns, while others may change them: it
 * sees one state of the value all the same, that of the moment when it began.
 *
 * ```
 *   pin(value, reader)  the reader reads the value itself, a turn at a time
 *         │ the value is about to change, or to go
 *   lastLook            each reader takes the little that it still needs, or asks for all
 *         │ anyone asks for all
 *   copy                which all who began in that state share from then on
 *   release             the last reader gone, the copy goes too
 * ```
 *
 * So a reply that nobody disturbs costs no memory, and any number of them cost one copy for each
 * state of the value that they began in. A value is known by its block, which stays where it is when
 * the key's entry moves.
 *
 * What has not expired when the reply began is there for it to the end: time stands still for the view.
 *
 * Nothing listens to changes while nothing is pinned.
 */

import type { Ref } from "../../structures/arena/arena.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { MemberCopy } from "../../structures/set/member_copy.ts";
import type { ChangeListener } from "./changes.ts";
import type { Type } from "./entry.ts";
import type { Store } from "./store.ts";

/** What a value is seen by that can be pinned: a view that walks over what it consists of. */
export interface PinnableView {
  /** How the value is held, and where. */
  readonly encoding: number;
  readonly ref: Ref;
  /** Number of members, and of those that have not expired. */
  readonly count: number;
  readonly liveCount: number;
  /** The member that the cursor is on. */
  readonly member: ByteView;
  open(encoding: number, ref: Ref): void;
  seekFirst(): boolean;
  next(): boolean;
}

/** Who reads a pinned value. */
export interface PinReader<View> {
  /** Whether a copy has to have the values of a hash, or the scores, or the members are enough. */
  readonly needsValues: boolean;
  /**
   * The value is seen for the last time.
   *
   * @returns whether all members have to be kept for the reader
   */
  lastLook(view: View): boolean;
}

/** One state of one value. */
export class Pin<View extends PinnableView> {
  readonly database: number;
  readonly encoding: number;
  readonly ref: Ref;
  /** When the value was in this state, in milliseconds since 1970. */
  readonly asOfMs: number;
  /** The members in the order of a walk, once the value has changed and somebody needs them. */
  copy: MemberCopy | undefined;
  /** There was no memory for what the readers needed. */
  isLost = false;
  readonly readers: Set<PinReader<View>> = new Set();

  constructor(database: number, encoding: number, ref: Ref, asOfMs: number) {
    this.database = database;
    this.encoding = encoding;
    this.ref = ref;
    this.asOfMs = asOfMs;
  }
}

/** All pins on the values of one type. */
export class PinnedMembers<View extends PinnableView> implements ChangeListener {
  readonly #store: Store;
  readonly #type: Type;
  readonly #view: View;
  readonly #clock: { dueMs: number };
  /** What belongs to the member under a view's cursor. */
  readonly valueOf: (view: View) => ByteView | undefined;
  /** Those whose value is as it was, by its block. */
  readonly #pins = new Map<Ref, Pin<View>>();
  #unsubscribe: (() => void) | undefined;

  /**
   * @param view of its own: a change may come while others are in use
   * @param clock of that view, set to the time as of which it is to see a value
   */
  constructor(
    store: Store,
    type: Type,
    view: View,
    valueOf: (view: View) => ByteView | undefined,
    clock: { dueMs: number } = { dueMs: 0 },
  ) {
    this.#store = store;
    this.#type = type;
    this.#view = view;
    this.#clock = clock;
    this.valueOf = valueOf;
  }

  /** Pins the value that a view is on, of a key in a database, for a reader. O(1). */
  pin(
    database: number,
    view: Pick<PinnableView, "encoding" | "ref" | "liveCount">,
    reader: PinReader<View>,
  ): Pin<View> {
    const { encoding, ref } = view;
    let pin = this.#pins.get(ref);
    if (pin !== undefined && this.open(pin).liveCount !== view.liveCount) {
      // Members have expired since; nothing else has told of that.
      this.#leave(pin);
      pin = undefined;
    }
    if (pin === undefined) {
      pin = new Pin<View>(database, encoding, ref, this.#store.dueMs);
      this.#pins.set(ref, pin);
      this.#unsubscribe ??= this.#store.changes.subscribe(this);
    }
    pin.readers.add(reader);
    return pin;
  }

  /** A view on the value of a pin that has no copy, to be put on a member; valid for this turn. O(1). */
  open({ asOfMs, encoding, ref }: Pin<View>): View {
    const view = this.#view;
    this.#clock.dueMs = asOfMs;
    view.open(encoding, ref);
    // Others may have changed the value since a walk of this view's was there: it begins anew.
    view.seekFirst();
    return view;
  }

  /** A reader needs the value no more. O(1). */
  release(pin: Pin<View>, reader: PinReader<View>): void {
    pin.readers.delete(reader);
    if (pin.readers.size > 0) return;
    pin.copy = undefined;
    if (this.#pins.get(pin.ref) === pin) this.#forget(pin);
  }

  /** The value is not watched any more. */
  #forget(pin: Pin<View>): void {
    this.#pins.delete(pin.ref);
    if (this.#pins.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  willChange(_database: number, entry: Ref): void {
    const { entries } = this.#store;
    if (entries.type(entry) !== this.#type) return;
    const pin = this.#pins.get(entries.slot(entry, 0));
    if (pin !== undefined) this.#leave(pin);
  }

  willFlush(database: number): void {
    for (const pin of [...this.#pins.values()]) if (pin.database === database) this.#leave(pin);
  }

  swapped(first: number, second: number): void {
    this.willFlush(first);
    this.willFlush(second);
  }

  /** The value of a pin is about to change. O(members) where any reader needs them all. */
  #leave(pin: Pin<View>): void {
    this.#forget(pin);
    const view = this.open(pin);
    let needsAll = false;
    let needsValues = false;
    try {
      for (const reader of pin.readers) {
        if (!reader.lastLook(view)) continue;
        needsAll = true;
        if (reader.needsValues) needsValues = true;
      }
      if (needsAll) pin.copy = this.#copy(view, needsValues);
    } catch (error) {
      // The change is somebody else's, who must not suffer from it.
      if (!(error instanceof RangeError)) throw error;
      pin.isLost = true;
    }
  }

  #copy(view: View, withValues: boolean): MemberCopy {
    const copy = new MemberCopy(view.count);
    for (let more = view.seekFirst(); more; more = view.next()) {
      copy.add(view.member, withValues ? this.valueOf(view) : undefined);
    }
    return copy;
  }
}
