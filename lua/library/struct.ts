/**
 * The library `struct`, as Redis ships it: values to bytes and back, as a format says; see
 * struct_format.ts. Integers are taken modulo 2^64, and beyond 8 bytes there are zeros.
 */

import { MAX_STACK } from "../runtime/limits.ts";
import { builtinOfArray } from "../runtime/builtin.ts";
import { fail } from "../runtime/lua_error.ts";
import type { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import { isText, toNumber } from "../runtime/operations.ts";
import type { LuaValue } from "../runtime/value.ts";
import { checkNumber, checkString, failArgument, optionalInteger } from "./arguments.ts";
import { libraryTable } from "./library_table.ts";
import { StructFormat } from "./struct_format.ts";

const WORD = 2 ** 32;

/** The library. */
export function openStruct(machine: Machine): LuaTable {
  return libraryTable({
    pack: builtinOfArray((args) => {
      const bytes = pack(args);
      machine.charge(args.length + (bytes.length >>> 3));
      return bytes;
    }),
    unpack: builtinOfArray((args) => {
      const values = unpack(args);
      machine.charge(values.length);
      return values;
    }),
    size: builtinOfArray((args) => sizeOf(args)),
  });
}

function pack(given: readonly LuaValue[]): string {
  const format = new StructFormat(checkString(given, 1));
  // Behind the arguments there is a nil.
  const args = [...given, undefined];
  let bytes = "";
  let index = 2;
  while (format.next()) {
    bytes += "\0".repeat(format.paddingAt(bytes.length));
    const { option, size, isLittleEndian } = format;
    switch (option) {
      case "b":
      case "B":
      case "h":
      case "H":
      case "l":
      case "L":
      case "T":
      case "i":
      case "I":
        bytes += bytesOfInteger(checkNumber(args, index++), size, isLittleEndian);
        break;
      case "x":
        bytes += "\0";
        break;
      case "f":
        view.setFloat32(0, checkNumber(args, index++), isLittleEndian);
        bytes += bytesOfView(size);
        break;
      case "d":
        view.setFloat64(0, checkNumber(args, index++), isLittleEndian);
        bytes += bytesOfView(size);
        break;
      case "c":
      case "s": {
        const text = checkString(args, index++);
        // The error names the argument behind, as Redis's does.
        if (text.length < size) failArgument(index, "string too short");
        bytes += size === 0 ? text : text.slice(0, size);
        if (option === "s") bytes += "\0";
        break;
      }
      default:
        format.control();
    }
  }
  return bytes;
}

function unpack(args: readonly LuaValue[]): LuaValue[] {
  const format = new StructFormat(checkString(args, 1));
  const bytes = checkString(args, 2);
  const start = optionalInteger(args, 3, 1);
  if (start === 0) failArgument(3, "offset must be 1 or greater");
  let at = start - 1;
  const values: LuaValue[] = [];
  function need(size: number): void {
    if (at < 0 || at + size > bytes.length) failArgument(2, "data string too short");
  }
  while (format.next()) {
    at += format.paddingAt(at);
    let { size } = format;
    need(size);
    if (args.length + values.length + 2 > MAX_STACK) fail("stack overflow (too many results)");
    const { option, isLittleEndian } = format;
    switch (option) {
      case "b":
      case "h":
      case "l":
      case "i":
        values.push(integerOfBytes(bytes, at, size, isLittleEndian, true));
        break;
      case "B":
      case "H":
      case "L":
      case "T":
      case "I":
        values.push(integerOfBytes(bytes, at, size, isLittleEndian, false));
        break;
      case "x":
        break;
      case "f":
        readIntoView(bytes, at, size);
        values.push(view.getFloat32(0, isLittleEndian));
        break;
      case "d":
        readIntoView(bytes, at, size);
        values.push(view.getFloat64(0, isLittleEndian));
        break;
      case "c":
        if (size === 0) {
          size = sizeBefore(values);
          need(size);
        }
        values.push(bytes.slice(at, at + size));
        break;
      case "s": {
        const end = bytes.indexOf("\0", at);
        if (end < 0) fail("unfinished string in data");
        values.push(bytes.slice(at, end));
        size = end - at + 1;
        break;
      }
      default:
        format.control();
    }
    at += size;
  }
  values.push(at + 1);
  return values;
}

/** Takes the last value as the size of the string behind it. */
function sizeBefore(values: LuaValue[]): number {
  const last = values.at(-1);
  const number = isText(last) ? toNumber(last) : undefined;
  if (number === undefined) fail("format 'c0' needs a previous size");
  values.pop();
  // What is no size of anything is too large, but for what is beyond 64 bits: that is 0 on x86.
  if (number >= WORD * WORD) return 0;
  return number > -1 ? Math.trunc(number) + 0 : Infinity;
}

function sizeOf(args: readonly LuaValue[]): number {
  const format = new StructFormat(checkString(args, 1));
  let size = 0;
  while (format.next()) {
    size += format.paddingAt(size);
    const { option } = format;
    if (option === "s") failArgument(1, "option 's' has no fixed size");
    if (option === "c" && format.size === 0) failArgument(1, "option 'c0' has no fixed size");
    if (!/[0-9A-Za-z]/.test(option)) format.control();
    size += format.size;
  }
  return size;
}

/** The lowest bytes of an integer of 64 bits. */
function bytesOfInteger(value: number, size: number, isLittleEndian: boolean): string {
  const [upper, lower] = wordsOf(value);
  if (size === 1) return String.fromCharCode(lower & 0xFF);
  if (size === 4) return bytesOfWord(lower, isLittleEndian);
  if (size === 8) {
    const first = bytesOfWord(isLittleEndian ? lower : upper, isLittleEndian);
    return first + bytesOfWord(isLittleEndian ? upper : lower, isLittleEndian);
  }
  let bytes = "";
  for (let i = 0; i < size; i++) {
    const byte = i < 4 ? lower >>> (8 * i) : i < 8 ? upper >>> (8 * i - 32) : 0;
    const character = String.fromCharCode(byte & 0xFF);
    bytes = isLittleEndian ? bytes + character : character + bytes;
  }
  return bytes;
}

function bytesOfWord(word: number, isLittleEndian: boolean): string {
  const [a, b, c, d] = [word & 0xFF, (word >>> 8) & 0xFF, (word >>> 16) & 0xFF, word >>> 24];
  return isLittleEndian ? String.fromCharCode(a, b, c, d) : String.fromCharCode(d, c, b, a);
}

/** The two halves of an integer of 64 bits. What has no such is what x86 makes of it. */
function wordsOf(value: number): [number, number] {
  const whole = Math.trunc(value);
  if (whole >= WORD * WORD) return [0, 0];
  if (!(whole >= -WORD * WORD / 2)) return [0x8000_0000, 0];
  const upper = Math.floor(whole / WORD);
  return [upper | 0, (whole - upper * WORD) | 0];
}

function integerOfBytes(
  bytes: string,
  at: number,
  size: number,
  isLittleEndian: boolean,
  isSigned: boolean,
): number {
  let upper = 0;
  let lower = 0;
  for (let i = 0; i < size; i++) {
    const byte = bytes.charCodeAt(isLittleEndian ? at + size - 1 - i : at + i);
    upper = (upper << 8) | (lower >>> 24);
    lower = (lower << 8) | byte;
  }
  if (!isSigned) return (upper >>> 0) * WORD + (lower >>> 0);
  // The sign is extended to the left. Of more than 8 bytes only the lowest bits of its place count.
  const place = (8 * size - 1) & 63;
  const upperMask = place < 32 ? -1 : -1 << (place - 32);
  const lowerMask = place < 32 ? -1 << place : 0;
  if (((upper & upperMask) | (lower & lowerMask)) !== 0) {
    upper |= upperMask;
    lower |= lowerMask;
  }
  return upper * WORD + (lower >>> 0);
}

const view = new DataView(new ArrayBuffer(8));

function bytesOfView(size: number): string {
  let bytes = "";
  for (let i = 0; i < size; i++) bytes += String.fromCharCode(view.getUint8(i));
  return bytes;
}

function readIntoView(bytes: string, at: number, size: number): void {
  for (let i = 0; i < size; i++) view.setUint8(i, bytes.charCodeAt(at + i));
}
