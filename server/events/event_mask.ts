/**
 * Which events are sent, as `notify-keyspace-events` has it: letters, one for each class of events
 * and each of the two channels, and `A` for most classes. Kept as an integer with their bits.
 */

import { EVENT_CLASSES } from "../keyspace/key_event.ts";

/** Events are sent to the channel of the key. Above the bits of the classes. */
export const BY_KEY = 1 << 16;
/** Events are sent to the channel of the event. */
export const BY_EVENT = 1 << 17;

/** Classes that `A` stands for, in the order in which they are shown. */
const ORDINARY: readonly (readonly [letter: string, bit: number])[] = [
  ["g", EVENT_CLASSES.generic],
  ["$", EVENT_CLASSES.string],
  ["l", EVENT_CLASSES.list],
  ["s", EVENT_CLASSES.set],
  ["h", EVENT_CLASSES.hash],
  ["z", EVENT_CLASSES.sortedSet],
  ["x", EVENT_CLASSES.expired],
  ["e", EVENT_CLASSES.evicted],
  ["t", EVENT_CLASSES.stream],
  ["d", EVENT_CLASSES.module],
];
const ALL = ORDINARY.reduce((mask, [, bit]) => mask | bit, 0);
/** Shown with the single letters only: as in Redis, behind `A` it is in force and not shown. */
const NEW_KEYS = ["n", EVENT_CLASSES.new] as const;
/** What is shown last. */
const OTHERS = [
  ["K", BY_KEY],
  ["E", BY_EVENT],
  ["m", EVENT_CLASSES.miss],
] as const;

const BITS: ReadonlyMap<string, number> = new Map([
  ...ORDINARY,
  NEW_KEYS,
  ...OTHERS,
  ["A", ALL],
]);

/** The events that letters ask for; undefined where one of them is none. */
export function parseEventMask(letters: string): number | undefined {
  let mask = 0;
  for (const letter of letters) {
    const bits = BITS.get(letter);
    if (bits === undefined) return undefined;
    mask |= bits;
  }
  return mask;
}

/** The letters of a mask, in Redis's order. */
export function printEventMask(mask: number): string {
  const shown = (mask & ALL) === ALL ? [["A", ALL] as const] : [...ORDINARY, NEW_KEYS];
  return [...shown, ...OTHERS].filter(([, bit]) => (mask & bit) !== 0)
    .map(([letter]) => letter).join("");
}
