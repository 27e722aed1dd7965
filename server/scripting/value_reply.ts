/**
 * What a script answers as a reply to its client.
 *
 * | value                                  | reply                                            |
 * | -------------------------------------- | ------------------------------------------------ |
 * | string, number                         | bulk, integer without its fraction               |
 * | true, false                            | 1 and nil; after redis.setresp(3) booleans       |
 * | {err=}, {ok=}                          | error, status                                    |
 * | {double=}, {big_number=}               | double, big number                               |
 * | {verbatim_string={format=, string=}}   | verbatim string                                  |
 * | {map={…}}, {set={…}}                   | map, set                                         |
 * | any other table                        | array of what stands before its first nil        |
 * | nil and all else                       | nil                                              |
 *
 * Tables may hold themselves. Redis stops where the stack of its Lua is full, and so many levels are
 * told here too: an element takes a place on it, the value of a map three. What is nested waits in an
 * array of its own, not on the native stack.
 */

import { LuaTable } from "../../lua/runtime/lua_table.ts";
import type { LuaValue } from "../../lua/runtime/value.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { isCounted } from "./error_tables.ts";

const STACK_PLACES = 8000;
/** What a value needs beyond those that are taken. */
const NEEDED_PLACES = 4;
/** Taken before the first value. */
const FIRST_PLACES = 2;
const ELEMENT_PLACES = 1;
const MEMBER_PLACES = 3;
const MAP_KEY_PLACES = 4;

const TOO_DEEP = "ERR reached lua stack limit";
const LINE_ENDS = /[\r\n]/g;

const MAX_INT64 = 2 ** 63;
const MIN_INT64 = -(2n ** 63n);

/** Hears of errors in an answer. */
export interface ErrorCounts {
  /** @param isNew whether statistics do not know of it yet */
  answered(text: ByteString, isNew: boolean): void;
}

/** A table that is being told. */
interface Level {
  readonly table: LuaTable;
  readonly kind: "array" | "map" | "set";
  /** The index that comes next, or the place in the table's traversal. */
  next: number;
  /** Whether the value of the key that was told last comes next. */
  isAtValue: boolean;
  readonly places: number;
}

/** Writes a script's answer. O(values). @param dialect what the script has chosen by redis.setresp */
export function replyWithValue(
  reply: Reply,
  value: LuaValue,
  dialect: 2 | 3,
  errors: ErrorCounts,
): void {
  if (value instanceof LuaTable) new ValueWriter(reply, dialect, errors).writeAll(value);
  else replyWithPlain(reply, value, dialect);
}

function replyWithPlain(reply: Reply, value: LuaValue, dialect: 2 | 3): void {
  switch (typeof value) {
    case "string":
      return reply.byteString(value);
    case "number":
      return replyWithNumber(reply, value);
    case "boolean":
      if (dialect === 3) return reply.boolean(value);
      return value ? reply.integer(1) : reply.nil();
    default:
      return reply.nil();
  }
}

/** As C converts a double: without its fraction, and what does not fit is the least there is. */
function replyWithNumber(reply: Reply, value: number): void {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) reply.integer(whole === 0 ? 0 : whole);
  else if (whole >= -MAX_INT64 && whole < MAX_INT64) reply.bigInteger(BigInt(whole));
  else reply.bigInteger(MIN_INT64);
}

class ValueWriter {
  readonly #levels: Level[] = [];

  constructor(
    readonly reply: Reply,
    readonly dialect: 2 | 3,
    readonly errors: ErrorCounts,
  ) {}

  writeAll(value: LuaTable): void {
    const levels = this.#levels;
    this.#write(value, FIRST_PLACES);
    while (levels.length > 0) this.#writeNext(levels[levels.length - 1]);
  }

  /** Writes the next value of a table, or leaves it. */
  #writeNext(level: Level): void {
    const { kind, places, table } = level;
    if (kind === "array") {
      const element = table.getIndex(level.next++);
      if (element === undefined) this.#levels.pop();
      else this.#write(element, places + ELEMENT_PLACES);
    } else if (level.isAtValue) {
      level.isAtValue = false;
      this.#write(table.valueAt(level.next - 1), places + MEMBER_PLACES);
    } else {
      const place = table.occupiedFrom(level.next);
      if (place < 0) {
        this.#levels.pop();
        return;
      }
      level.next = place + 1;
      level.isAtValue = kind === "map";
      this.#write(table.keyAt(place), places + (kind === "map" ? MAP_KEY_PLACES : MEMBER_PLACES));
    }
  }

  #write(value: LuaValue, places: number): void {
    if (places + NEEDED_PLACES > STACK_PLACES) return this.#error(TOO_DEEP, true);
    if (value instanceof LuaTable) this.#writeTable(value, places);
    else replyWithPlain(this.reply, value, this.dialect);
  }

  #writeTable(table: LuaTable, places: number): void {
    const { reply } = this;
    const error = table.getString("err");
    if (typeof error === "string") return this.#error(untilNul(error), !isCounted(table));
    const status = table.getString("ok");
    if (typeof status === "string") return reply.status(untilNul(status));
    const double = table.getString("double");
    if (typeof double === "number") return reply.double(double);
    const digits = table.getString("big_number");
    if (typeof digits === "string") return reply.bigNumber(digits.replace(LINE_ENDS, " "));
    if (this.#writeVerbatim(table.getString("verbatim_string"))) return;
    const map = table.getString("map");
    if (map instanceof LuaTable) {
      reply.map(entryCount(map));
      return this.#enter(map, "map", 0, places);
    }
    const set = table.getString("set");
    if (set instanceof LuaTable) {
      reply.set(entryCount(set));
      return this.#enter(set, "set", 0, places);
    }
    reply.array(listLength(table));
    this.#enter(table, "array", 1, places);
  }

  #enter(table: LuaTable, kind: Level["kind"], next: number, places: number): void {
    this.#levels.push({ table, kind, next, isAtValue: false, places });
  }

  #writeVerbatim(parts: LuaValue): boolean {
    if (!(parts instanceof LuaTable)) return false;
    const format = parts.getString("format");
    const text = parts.getString("string");
    if (typeof format !== "string" || typeof text !== "string") return false;
    this.reply.verbatimBytes(`${format}   `.slice(0, 3), text);
    return true;
  }

  #error(text: ByteString, isNew: boolean): void {
    this.errors.answered(text, isNew);
    this.reply.error(text);
  }
}

/** Texts of errors and statuses end at their first NUL, as in C. */
export function untilNul(text: ByteString): ByteString {
  const nul = text.indexOf("\0");
  return nul === -1 ? text : text.slice(0, nul);
}

function listLength(table: LuaTable): number {
  let length = 0;
  while (table.getIndex(length + 1) !== undefined) length++;
  return length;
}

function entryCount(table: LuaTable): number {
  let count = 0;
  for (let place = table.occupiedFrom(0); place >= 0; place = table.occupiedFrom(place + 1)) {
    count++;
  }
  return count;
}
