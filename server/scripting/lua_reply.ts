/**
 * What a script's commands reply to: the reply becomes a Lua value as it is written, and nothing of it
 * is ever bytes.
 *
 * ```
 * array(2), integer(1), array(1), status("OK")
 *
 * container  [ 1, ▸ ]    2 wanted          when a container has what it wants,
 *                 └─ [ {ok="OK"} ]  1      it is a table, and an element of the one around it
 * ```
 *
 * What becomes of a reply depends on the dialect that the script has chosen by redis.setresp:
 *
 * | reply             | RESP2           | RESP3                                        |
 * | ----------------- | --------------- | -------------------------------------------- |
 * | nil, nilArray     | false           | nil                                          |
 * | status, error     | {ok=}, {err=}   | the same                                     |
 * | boolean           | 0, 1            | false, true                                  |
 * | double            | string          | {double=}                                    |
 * | bigNumber         | string          | {big_number=}                                |
 * | verbatim          | string          | {verbatim_string={format=, string=}}         |
 * | map, set          | list            | {map={key=value}}, {set={member=true}}       |
 */

import { LuaTable } from "../../lua/runtime/lua_table.ts";
import type { LuaValue } from "../../lua/runtime/value.ts";
import type { Reply } from "../../protocol/reply.ts";
import { ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import { type ByteRun, NUMBER_LENGTH } from "../../structures/bytes/byte_run.ts";
import { type ByteString, byteStringOfText } from "../../structures/bytes/byte_string.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import type { OutputQueue } from "../../structures/bytes/output_queue.ts";
import { formatDouble } from "../../structures/numbers/double_text.ts";
import { NOWHERE } from "../execution/nowhere.ts";
import { latin1Of } from "../platform/latin1.ts";
import { countedErrorTable, fieldTable } from "./error_tables.ts";

/** What a reply may take in memory: the objects of a script are V8's, whose heap is bounded. */
const MAX_BYTES = 512 * 1024 * 1024;
/** What a value takes beside its bytes, about. */
const VALUE_BYTES = 24;

const LINE_ENDS = /[\r\n]/g;
const NOT_ASCII = /[\u0080-\uffff]/;

/** What the elements of a container become. */
const Kind = { List: 0, Map: 1, Set: 2, Dropped: 3 } as const;
type Kind = typeof Kind[keyof typeof Kind];

/** A table whose elements are still being written. */
interface Container {
  readonly kind: Kind;
  readonly elements: LuaValue[];
  /** How many are still to come; Infinity: it is ended by itself. */
  wanted: number;
  readonly outer: Container | undefined;
}

export class LuaReply implements Reply {
  out: OutputQueue = NOWHERE;
  protocol: 2 | 3 = 2;
  #value: LuaValue;
  #isError = false;
  #container: Container | undefined;
  #bytes = 0;

  /** Whether what was replied, as a whole, is an error. */
  get isError(): boolean {
    return this.#isError;
  }

  /** What the reply takes, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Forgets what was written. */
  clear(): void {
    this.#value = undefined;
    this.#isError = false;
    this.#container = undefined;
    this.#bytes = 0;
  }

  /** What was replied, which is forgotten here. */
  take(): LuaValue {
    const value = this.#value;
    this.#value = undefined;
    this.#bytes = 0;
    return value;
  }

  begin(): number {
    this.clear();
    return 0;
  }

  end(_mark: number): void {}

  mark(): number {
    this.clear();
    return 0;
  }

  /** A script's call writes one reply, so that is what is taken back. */
  rollback(_mark: number): void {
    this.clear();
  }

  ok(): void {
    this.#add(fieldTable("ok", "OK"));
  }

  nil(): void {
    this.#add(this.protocol === 3 ? undefined : false);
  }

  nilArray(): void {
    this.nil();
  }

  status(text: ByteString): void {
    this.#add(fieldTable("ok", text.replace(LINE_ENDS, " ")));
  }

  error(text: ByteString): void {
    if (this.#container === undefined) this.#isError = true;
    this.#add(countedErrorTable(`-${text.replace(/[\r\n]+$/, "").replace(LINE_ENDS, " ")}`));
  }

  integer(value: number): void {
    this.#add(value);
  }

  bigInteger(value: bigint): void {
    this.#add(Number(value));
  }

  bulk(text: string): void {
    this.byteString(bytesOfText(text));
  }

  bulkBytes(bytes: Uint8Array, start: number, length: number): void {
    this.#count(length);
    this.#add(latin1Of(bytes, start, length));
  }

  bulkView({ bytes, start, length }: ByteView): void {
    this.bulkBytes(bytes, start, length);
  }

  bulkRun({ bytes, count, starts, lengths }: ByteRun): void {
    for (let i = 0; i < count; i++) {
      if (lengths[i] === NUMBER_LENGTH) this.byteString(String(starts[i]));
      else this.bulkBytes(bytes, starts[i], lengths[i]);
    }
  }

  byteString(text: ByteString): void {
    this.#count(text.length);
    this.#add(text);
  }

  double(value: number): void {
    if (this.protocol === 3) this.#add(fieldTable("double", value));
    else this.#add(formatDouble(value));
  }

  doubleText(value: number, text: ByteString): void {
    if (this.protocol === 3) this.#add(fieldTable("double", value));
    else this.#add(text);
  }

  boolean(value: boolean): void {
    if (this.protocol === 3) this.#add(value);
    else this.#add(value ? 1 : 0);
  }

  bigNumber(digits: string): void {
    if (this.protocol === 3) this.#add(fieldTable("big_number", digits));
    else this.#add(digits);
  }

  verbatim(format: string, text: string): void {
    this.verbatimBytes(format, bytesOfText(text));
  }

  verbatimBytes(format: string, text: ByteString): void {
    if (this.protocol === 2) return this.byteString(text);
    const parts = fieldTable("string", text);
    parts.setString("format", format);
    this.#add(fieldTable("verbatim_string", parts));
  }

  array(count: number): void {
    this.#open(Kind.List, count);
  }

  lateArray(): number {
    this.#open(Kind.List, Infinity);
    return 0;
  }

  endLateArray(_mark: number, _count: number): void {
    this.#close();
  }

  pairs(count: number): void {
    this.#open(Kind.List, this.protocol === 3 ? count : 2 * count);
  }

  pair(): void {
    if (this.protocol === 3) this.#open(Kind.List, 2);
  }

  map(count: number): void {
    this.#open(this.protocol === 3 ? Kind.Map : Kind.List, 2 * count);
  }

  set(count: number): void {
    this.#open(this.protocol === 3 ? Kind.Set : Kind.List, count);
  }

  push(count: number): void {
    this.#open(Kind.List, count);
  }

  /** Scripts are not shown attributes. */
  attributes(count: number): void {
    if (count > 0) this.#open(Kind.Dropped, 2 * count);
  }

  #count(bytes: number): void {
    this.#bytes += VALUE_BYTES + bytes;
    if (this.#bytes > MAX_BYTES) {
      throw new ByteQueueFullError(`a script's command may reply with ${MAX_BYTES} bytes`);
    }
  }

  #open(kind: Kind, wanted: number): void {
    this.#container = { kind, elements: [], wanted, outer: this.#container };
    if (wanted === 0) this.#close();
  }

  #add(value: LuaValue): void {
    const container = this.#container;
    if (container === undefined) {
      this.#value = value;
      return;
    }
    container.elements.push(value);
    if (--container.wanted === 0) this.#close();
  }

  #close(): void {
    const { kind, elements, outer } = this.#container!;
    this.#container = outer;
    this.#count(0);
    if (kind === Kind.List) {
      this.#add(this.protocol === 3 ? listTable(elements) : new LuaTable(elements));
    } else if (kind === Kind.Map) this.#add(fieldTable("map", mapTable(elements)));
    else if (kind === Kind.Set) this.#add(fieldTable("set", setTable(elements)));
  }
}

/** The table takes the elements over; nil among them leaves a hole. */
function listTable(elements: LuaValue[]): LuaTable {
  if (!elements.includes(undefined)) return new LuaTable(elements);
  const table = new LuaTable();
  for (let i = 0; i < elements.length; i++) {
    if (elements[i] !== undefined) table.set(i + 1, elements[i]);
  }
  return table;
}

function mapTable(elements: readonly LuaValue[]): LuaTable {
  const table = new LuaTable();
  for (let i = 0; i < elements.length; i += 2) table.set(elements[i], elements[i + 1]);
  return table;
}

function setTable(elements: readonly LuaValue[]): LuaTable {
  const table = new LuaTable();
  for (const element of elements) table.set(element, true);
  return table;
}

function bytesOfText(text: string): ByteString {
  return NOT_ASCII.test(text) ? byteStringOfText(text) : text;
}
