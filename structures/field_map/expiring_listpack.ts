/**
 * A small hash some of whose fields may have deadlines: one listpack of fields, each followed by its
 * value and its deadline. The earliest is the first; those without a deadline, where 0 stands, are
 * behind all others.
 *
 * ```
 * ┌────────┬───────┬───────┬───────────────┬───────┬───────┬───────────────┬ … ┬───────┬───────┬───┬─────┐
 * │ header │ field │ value │ 1700000000500 │ field │ value │ 1700000000900 │   │ field │ value │ 0 │ end │
 * └────────┴───────┴───────┴───────────────┴───────┴───────┴───────────────┴ … ┴───────┴───────┴───┴─────┘
 *          └ position of the field
 * ```
 *
 * The bytes are those of such hashes of Redis 7.4.
 */

import { assert } from "../assert.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import { emptyView } from "../bytes/byte_view.ts";
import { ListpackFieldMap } from "./field_map_listpack.ts";
import {
  BEFORE_ALL,
  type ExpiringFieldOperations,
  type FieldClock,
  MAX_DEADLINE_MS,
  NO_DEADLINE,
} from "./field_map_operations.ts";
import { EntryDraft } from "../listpack/listpack_entry.ts";
import type { RandomInt } from "../set/member_operations.ts";

const ENTRIES = 3;

/** See the top of the file. */
export class ExpiringListpack extends ListpackFieldMap implements ExpiringFieldOperations {
  met = 0;
  #clock: FieldClock;
  readonly #deadlineDraft = new EntryDraft();

  constructor(arena: Arena, clock: FieldClock) {
    super(arena, ENTRIES);
    this.#clock = clock;
  }

  /**
   * The fields of a listpack without deadlines, which is freed. O(n).
   *
   * @throws {ArenaFullError} it is as before
   */
  adopt(plain: ListpackFieldMap, from: Ref): Ref {
    const field = emptyView();
    const value = emptyView();
    let ref = this.listpack.create(plain.totalBytes(from) + 2 * plain.count(from));
    try {
      for (let at = plain.first(from); at !== 0; at = plain.next(from, at)) {
        plain.readMember(from, at, field);
        plain.readValue(from, at, value);
        this.fieldDraft.setText(field.bytes, field.start, field.length);
        this.valueDraft.setText(value.bytes, value.start, value.length);
        ref = this.#append(ref);
      }
    } catch (error) {
      this.destroy(ref);
      throw error;
    }
    plain.destroy(from);
    return ref;
  }

  /** Adds the drafted field and value, without a deadline. */
  #append(ref: Ref): Ref {
    this.#deadlineDraft.setInteger(NO_DEADLINE);
    return this.listpack.insertTriple(
      ref,
      this.listpack.end(ref),
      this.fieldDraft,
      this.valueDraft,
      this.#deadlineDraft,
    );
  }

  deadlineOf(ref: Ref, position: number): number {
    return this.listpack.numberAt(ref, this.listpack.skip(ref, position, ENTRIES - 1));
  }

  #isExpired(ref: Ref, position: number): boolean {
    const deadline = this.deadlineOf(ref, position);
    return deadline !== NO_DEADLINE && deadline < this.#clock.dueMs;
  }

  /** The first field, whether it has expired or not, behind which `next` comes to all others. O(1). */
  firstOfAll(ref: Ref): number {
    return super.first(ref);
  }

  override first(ref: Ref): number {
    let at = this.firstOfAll(ref);
    while (at !== 0 && this.#isExpired(ref, at)) at = this.next(ref, at);
    return at;
  }

  override random(ref: Ref, randomInt: RandomInt): number {
    const expired = this.countExpired(ref);
    const live = this.count(ref) - expired;
    return live === 0 ? 0 : this.listpack.seek(ref, (expired + randomInt(live)) * ENTRIES);
  }

  override find(ref: Ref, bytes: Uint8Array, start: number, length: number): number {
    const position = super.find(ref, bytes, start, length);
    const isExpired = position !== 0 && this.#isExpired(ref, position);
    this.met = isExpired ? position : 0;
    return isExpired ? 0 : position;
  }

  override insertSought(
    ref: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    valueBytes: Uint8Array,
    valueStart: number,
    valueLength: number,
  ): Ref {
    this.fieldDraft.setText(bytes, start, length);
    this.valueDraft.setText(valueBytes, valueStart, valueLength);
    return this.#append(ref);
  }

  override setValue(
    ref: Ref,
    position: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    keepsDeadline: boolean,
  ): Ref {
    const changed = super.setValue(ref, position, bytes, start, length, keepsDeadline);
    return keepsDeadline ? changed : this.setDeadline(changed, position, NO_DEADLINE);
  }

  setDeadline(ref: Ref, position: number, ms: number): Ref {
    if (this.deadlineOf(ref, position) === ms) return ref;
    this.#deadlineDraft.setInteger(ms);
    const at = this.listpack.skip(ref, position, ENTRIES - 1);
    const changed = this.listpack.replaceWith(ref, at, this.#deadlineDraft);
    this.listpack.move(changed, position, ENTRIES, this.#placeOf(changed, position, ms));
    return changed;
  }

  /** The field before which one with this deadline belongs, or the end. */
  #placeOf(ref: Ref, position: number, ms: number): number {
    if (ms === NO_DEADLINE) return this.listpack.end(ref);
    for (let at = this.firstOfAll(ref); at !== 0; at = this.next(ref, at)) {
      const deadline = this.deadlineOf(ref, at);
      if (at !== position && (deadline === NO_DEADLINE || deadline >= ms)) return at;
    }
    return this.listpack.end(ref);
  }

  earliestMs(ref: Ref): number {
    const first = this.firstOfAll(ref);
    const deadline = first === 0 ? NO_DEADLINE : this.deadlineOf(ref, first);
    return deadline === NO_DEADLINE ? Infinity : deadline;
  }

  findEarliestMs(ref: Ref): number {
    return this.earliestMs(ref);
  }

  /** Whether all deadlines are integers that can be one, in order. O(n). */
  hasValidDeadlines(ref: Ref): boolean {
    let before = 0;
    for (let at = this.firstOfAll(ref); at !== 0; at = this.next(ref, at)) {
      if (!this.listpack.isInteger(ref, this.listpack.skip(ref, at, ENTRIES - 1))) return false;
      const deadline = this.deadlineOf(ref, at);
      if (deadline < 0 || deadline > MAX_DEADLINE_MS) return false;
      if ((deadline || Infinity) < before) return false;
      before = deadline || Infinity;
    }
    return true;
  }

  countExpired(ref: Ref): number {
    return this.#countExpired(ref, Infinity);
  }

  #countExpired(ref: Ref, limit: number): number {
    let expired = 0;
    for (let at = this.firstOfAll(ref); at !== 0; at = this.next(ref, at)) {
      if (expired === limit || !this.#isExpired(ref, at)) break;
      expired++;
    }
    return expired;
  }

  removeExpired(ref: Ref, limit: number): Ref {
    const expired = this.#countExpired(ref, limit);
    return expired === 0 ? ref : this.listpack.remove(ref, this.firstOfAll(ref), expired * ENTRIES);
  }

  override verify(ref: Ref): void {
    const clock = this.#clock;
    this.#clock = BEFORE_ALL;
    try {
      super.verify(ref);
    } finally {
      this.#clock = clock;
    }
    let before = 0;
    for (let at = this.firstOfAll(ref); at !== 0; at = this.next(ref, at)) {
      const deadline = this.deadlineOf(ref, at) || Infinity;
      assert(before <= deadline, "deadlines out of order");
      before = deadline;
    }
  }
}
