/**
 * `string.format`. A format is read once into its pieces, and kept while it is in use:
 *
 * ```
 * "%5.1f of %s"    directive f, width 5, precision 1 │ text " of " │ directive s
 * ```
 *
 * A fault in a format ends its pieces: Lua meets it when it has formatted what stands before.
 */

import { fail } from "../runtime/lua_error.ts";
import type { Code } from "../runtime/lua_function.ts";
import type { Machine } from "../runtime/machine.ts";
import type { LuaValue } from "../runtime/value.ts";
import { checkNumber, checkString, failArgument } from "./arguments.ts";
import { type Directive, formatFloat, formatInteger, pad } from "./format_number.ts";

type Piece = string | Directive | Fault;

class Fault {
  constructor(readonly text: string) {}
}

/** Formats that are kept, and how long they may be. */
const MAX_KEPT = 200;
const MAX_KEPT_LENGTH = 100;
/** Bytes that are made at the price of one step. */
const BYTES_A_STEP = 16;
/** From here on a string is put in as it is, zero bytes and all, without a width. */
const LONG_STRING = 100;
const MAX_FLAGS = 5;

export function formatCode(machine: Machine): Code {
  const kept = new Map<string, readonly Piece[]>();
  let lastFormat: string | undefined;
  let lastPieces: readonly Piece[] = [];

  const piecesOf = (format: string): readonly Piece[] => {
    let pieces = kept.get(format);
    if (pieces === undefined) {
      pieces = readFormat(format);
      if (format.length > MAX_KEPT_LENGTH) return pieces;
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!);
      kept.set(format, pieces);
    }
    lastFormat = format;
    lastPieces = pieces;
    return pieces;
  };

  return (_, ...args) => {
    const format = checkString(args, 1);
    const pieces = format === lastFormat ? lastPieces : piecesOf(format);
    let text = "";
    let index = 1;
    for (const piece of pieces) {
      if (typeof piece === "string") text += piece;
      else {
        if (++index > args.length) failArgument(index, "no value");
        if (piece instanceof Fault) fail(piece.text);
        text += formatValue(piece, args, index);
      }
    }
    if (text.length >= BYTES_A_STEP) machine.charge(Math.floor(text.length / BYTES_A_STEP));
    return text;
  };
}

function formatValue(directive: Directive, args: readonly LuaValue[], index: number): string {
  switch (directive.conversion) {
    case "d":
    case "i":
    case "o":
    case "u":
    case "x":
    case "X":
      return formatInteger(directive, checkNumber(args, index));
    case "s":
      return formatString(directive, checkString(args, index));
    case "q":
      return quoted(checkString(args, index));
    case "c":
      // C writes the byte and takes what it wrote up to the first zero byte.
      return untilZero(pad(directive, String.fromCharCode(toByte(checkNumber(args, index)))));
    default:
      return formatFloat(directive, checkNumber(args, index));
  }
}

function formatString(directive: Directive, text: string): string {
  const { precision, width } = directive;
  if (precision < 0 && (width === 0 || text.length >= LONG_STRING)) {
    return text.length >= LONG_STRING ? text : untilZero(text);
  }
  const whole = untilZero(text);
  return pad(directive, precision < 0 ? whole : whole.slice(0, precision));
}

function untilZero(text: string): string {
  const zero = text.indexOf("\0");
  return zero < 0 ? text : text.slice(0, zero);
}

/** The lowest byte of a number as C's int, which is 0 for what does not fit in one. */
function toByte(value: number): number {
  const integer = Math.trunc(value);
  return Math.abs(integer) < 2 ** 31 ? integer & 0xff : 0;
}

const QUOTED: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\\n",
  "\r": "\\r",
  "\0": "\\000",
};

function quoted(text: string): string {
  return `"${text.replace(/["\\\n\r\0]/g, (byte) => QUOTED[byte])}"`;
}

const CONVERSIONS = "cdiouxXeEfgGqs";
const DIRECTIVE = /([-+ #0]*)(\d?\d?)(?:(\.)(\d?\d?))?/y;

function readFormat(format: string): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  let at = 0;
  for (;;) {
    const percent = format.indexOf("%", at);
    if (percent < 0) break;
    text += format.slice(at, percent);
    at = percent + 1;
    if (format[at] === "%") {
      text += "%";
      at++;
      continue;
    }
    if (text !== "") pieces.push(text);
    text = "";
    const piece = readDirective(format, at);
    pieces.push(piece);
    if (piece instanceof Fault) return pieces;
    at = DIRECTIVE.lastIndex + 1;
  }
  text += format.slice(at);
  if (text !== "") pieces.push(text);
  return pieces;
}

/** Reads what stands behind a percent sign, and leaves DIRECTIVE at its letter. */
function readDirective(format: string, at: number): Directive | Fault {
  DIRECTIVE.lastIndex = at;
  const [, flags, width, point, precision] = DIRECTIVE.exec(format)!;
  if (flags.length > MAX_FLAGS) return new Fault("invalid format (repeated flags)");
  const letter = format[DIRECTIVE.lastIndex] ?? "\0";
  if (letter >= "0" && letter <= "9") {
    return new Fault("invalid format (width or precision too long)");
  }
  if (!CONVERSIONS.includes(letter)) {
    return new Fault(`invalid option '%${letter === "\0" ? "" : letter}' to 'format'`);
  }
  return {
    conversion: letter,
    isLeft: flags.includes("-"),
    sign: flags.includes("+") ? "+" : flags.includes(" ") ? " " : "",
    isAlternate: flags.includes("#"),
    isZeroPadded: flags.includes("0") && !flags.includes("-"),
    width: Number(width),
    precision: point === undefined ? -1 : Number(precision),
  };
}
