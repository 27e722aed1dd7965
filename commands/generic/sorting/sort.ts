/**
 * The work of SORT and SORT_RO:
 *
 * ```
 *   the value ─walk─▶ copies of its elements, with what each weighs ─▶ sorted, as far as LIMIT shows
 *                     │ itself, or what BY finds by it                     │
 *                     └ a number, or a text with ALPHA                     ▼
 *                                       the element, or what GET finds by it ─▶ reply, or STORE's list
 * ```
 *
 * Where all are integers, and sorted by themselves, their values are enough.
 *
 * Where BY names one key for all nothing is sorted, and nothing copied: the elements are told as they
 * stand.
 *
 * Texts are compared by their bytes, as Redis does with the locale C; for a reply, though not for
 * STORE, up to their first NUL.
 */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { event } from "../../../server/keyspace/key_event.ts";
import { ArenaFullError } from "../../../structures/arena/arena.ts";
import type { List } from "../../../structures/list/list.ts";
import { IntegerSorter } from "../../../structures/sorting/integer_sorter.ts";
import { TextSorter } from "../../../structures/sorting/text_sorter.ts";
import { TextTable } from "../../../structures/sorting/text_table.ts";
import { ElementWalk } from "./element_walk.ts";
import { KeyPattern } from "./key_pattern.ts";
import { SortOptions } from "./options.ts";
import { weightOf } from "./weight.ts";

const NOT_NUMBERS = new ErrorReply("ERR One or more scores can't be converted into double");
const SORTSTORE = event("list", "sortstore");

const NO_BYTES = new Uint8Array(0);
/** Patterns of GET that are kept for the next call. */
const KEPT_PATTERNS = 16;

// One of each for all: a command is done when it returns.
const options = new SortOptions();
const walk = new ElementWalk();
const sorter = new TextSorter();
const integers = new IntegerSorter();
const elements = new TextTable();
/** What BY found for each element, to be compared as texts. */
const keys = new TextTable();
const by = new KeyPattern();
const gets: KeyPattern[] = [];

/** Whether the elements were sorted as integers, and are in `integers`. */
let areIntegers = false;

/** Carries a call out. @param takesStore whether the result may be stored */
export function sort(call: Call, takesStore: boolean): void {
  areIntegers = false;
  try {
    options.read(call, takesStore);
    walk.open(call);
    options.limitTo(walk.count);
    // Of a set there is no order that another server would store, or its script go by.
    const needsOrder = options.store > 0 || call.client.isScript;
    if (needsOrder && options.isUnsorted && walk.isSet) options.sortAlphabetically();
    readGets(call);
    if (!options.isUnsorted) sortElements(call);
    if (options.store > 0) store(call);
    else {
      call.reply.array((options.to - options.from) * Math.max(1, options.gets.count));
      tell(call, undefined);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ArenaFullError(`sorting ${walk.count} elements: ${error.message}`);
  } finally {
    clear();
  }
}

function clear(): void {
  walk.close();
  sorter.clear();
  integers.clear();
  elements.clear();
  keys.clear();
  by.clear();
  for (let i = 0; i < gets.length; i++) gets[i].clear();
  if (gets.length > KEPT_PATTERNS) gets.length = KEPT_PATTERNS;
}

function readGets({ args }: Call): void {
  const { gets: at } = options;
  for (let i = 0; i < at.count; i++) {
    if (i === gets.length) gets.push(new KeyPattern());
    gets[i].set(args, at.at(i));
  }
}

/** Sorts the elements, whatever they are. */
function sortElements(call: Call): void {
  areIntegers = !options.isAlphabetic && options.by === 0 && readIntegers();
  if (areIntegers) integers.sort();
  else sortTexts(call);
}

/** Reads the elements as integers. @returns whether all of them are */
function readIntegers(): boolean {
  integers.begin(walk.count);
  for (let more = walk.seek(0, false); more; more = walk.next()) {
    const { bytes, start, length } = walk.element;
    if (!integers.add(bytes, start, length)) return false;
  }
  return true;
}

/** Copies the elements and sorts them. */
function sortTexts(call: Call): void {
  const { from, isAlphabetic, isDescending, to } = options;
  const { count } = walk;
  elements.begin(count);
  sorter.begin(count);
  // The walk is over before anything else is looked up.
  for (let more = walk.seek(0, false); more; more = walk.next()) {
    const { bytes, start, length } = walk.element;
    elements.add(bytes, start, length);
  }
  const endsAtNul = isAlphabetic && options.store === 0;
  elements.endsAtNul = endsAtNul;
  keys.endsAtNul = endsAtNul;
  if (options.by > 0) by.set(call.args, options.by);
  if (!isAlphabetic) {
    weigh(call);
    sorter.sortByWeight(elements, isDescending, from, to);
  } else if (options.by > 0) {
    readKeys(call);
    sorter.sortByText(keys, isDescending, from, to);
  } else sorter.sortByText(elements, isDescending, from, to);
}

/** Gives each element its weight: what BY finds, 0 where that is nothing, or the element itself. */
function weigh(call: Call): void {
  const { weights } = sorter;
  const { count } = elements;
  const usesPattern = options.by > 0;
  let areNumbers = true;
  for (let i = 0; i < count; i++) {
    const { bytes, start, length } = elements.see(i);
    let weight = 0;
    if (usesPattern) {
      const found = by.lookUp(call, bytes, start, length);
      if (found !== undefined) weight = weightOf(found.bytes, found.start, found.length);
    } else weight = weightOf(bytes, start, length);
    if (Number.isNaN(weight)) areNumbers = false;
    weights[i] = weight;
  }
  if (!areNumbers) throw NOT_NUMBERS;
}

/** Looks up what BY finds for each element. */
function readKeys(call: Call): void {
  const { count } = elements;
  keys.begin(count);
  for (let i = 0; i < count; i++) {
    const { bytes, start, length } = elements.see(i);
    const found = by.lookUp(call, bytes, start, length);
    if (found === undefined) keys.addMissing();
    else keys.add(found.bytes, found.start, found.length);
  }
}

function store(call: Call): void {
  const stored = call.keyspace.lists.replace(call, options.store, tell, SORTSTORE);
  call.reply.integer(stored);
}

/** Writes what was asked for to the reply, or to a list. @returns how much a list has got */
function tell(call: Call, list: List | undefined): number {
  if (list !== undefined) list.beginWhole();
  if (options.isUnsorted) tellUnsorted(call, list);
  else if (areIntegers) tellIntegers(call, list);
  else tellSorted(call, list);
  if (list !== undefined) list.endWhole();
  return (options.to - options.from) * Math.max(1, options.gets.count);
}

function tellSorted(call: Call, list: List | undefined): void {
  const { items } = sorter;
  const { to } = options;
  for (let rank = options.from; rank < to; rank++) {
    const { bytes, start, length } = elements.see(items[rank]);
    tellElement(call, list, bytes, start, length);
  }
}

function tellIntegers(call: Call, list: List | undefined): void {
  const { from, isDescending, to } = options;
  for (let rank = from; rank < to; rank++) {
    integers.seek(rank, isDescending);
    tellElement(call, list, integers.text, 0, integers.length);
  }
}

function tellUnsorted(call: Call, list: List | undefined): void {
  const { from, isDescending, to } = options;
  if (from === to) return;
  walk.seek(from, isDescending && !walk.isSet);
  const { element } = walk;
  for (let left = to - from; left > 0; left--) {
    tellElement(call, list, element.bytes, element.start, element.length);
    if (left > 1) walk.next();
  }
}

function tellElement(
  call: Call,
  list: List | undefined,
  bytes: Uint8Array,
  start: number,
  length: number,
): void {
  const { count } = options.gets;
  if (count === 0) return tellText(call, list, bytes, start, length);
  for (let i = 0; i < count; i++) {
    const pattern = gets[i];
    if (pattern.isElement) {
      tellText(call, list, bytes, start, length);
      continue;
    }
    const found = pattern.lookUp(call, bytes, start, length);
    if (found !== undefined) tellText(call, list, found.bytes, found.start, found.length);
    else if (list === undefined) call.reply.nil();
    else tellText(call, list, NO_BYTES, 0, 0);
  }
}

function tellText(
  call: Call,
  list: List | undefined,
  bytes: Uint8Array,
  start: number,
  length: number,
): void {
  if (list === undefined) return call.reply.bulkBytes(bytes, start, length);
  list.pushWhole(bytes, start, length);
}
