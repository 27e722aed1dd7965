/** Kinds of values that are numbers: counts, sizes with units, percentages, modes of files. */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { INT64_MAX, INT64_MIN, UINT64_MAX } from "../../structures/numbers/int64.ts";
import { InvalidValueError, singleWord, upToNul, type ValueType, wholeOf } from "./value_type.ts";

function checkRange(value: bigint, min: bigint, max: bigint): void {
  if (value < min || value > max) {
    throw new InvalidValueError(`argument must be between ${min} and ${max} inclusive`);
  }
}

/** A whole number in its canonical form: no sign "+", no leading zero, no space; of 64 bits. */
function canonical(text: ByteString): bigint | undefined {
  if (!/^(0|-?[1-9][0-9]{0,18})$/.test(text)) return undefined;
  const exact = BigInt(text);
  return exact <= INT64_MAX && exact >= INT64_MIN ? exact : undefined;
}

/** A whole number from min to max. `clampTo` narrows an accepted number silently. */
export function integer(
  min: number | bigint,
  max: number | bigint,
  clampTo?: readonly [number, number],
): ValueType<number> {
  const least = BigInt(min), most = BigInt(max);
  return singleWord(`${least}..${most}`, (text) => {
    const exact = canonical(text);
    if (exact === undefined) {
      throw new InvalidValueError("argument couldn't be parsed into an integer");
    }
    checkRange(exact, least, most);
    if (clampTo === undefined) return { value: Number(exact), text };
    const value = Math.min(Math.max(Number(exact), clampTo[0]), clampTo[1]);
    return { value, text: String(value) };
  }, printWhole);
}

const MEMORY_UNITS: ReadonlyMap<string, bigint> = new Map([
  ["", 1n],
  ["b", 1n],
  ["k", 1000n],
  ["kb", 1024n],
  ["m", 1000n ** 2n],
  ["mb", 1024n ** 2n],
  ["g", 1000n ** 3n],
  ["gb", 1024n ** 3n],
]);

/** Bytes written as digits and a unit: undefined when it is not that. 64 bits, as Redis counts. */
export function parseMemorySize(text: ByteString): bigint | undefined {
  const match = /^([0-9]{0,127})([a-z]*)$/i.exec(upToNul(text));
  if (match === null) return undefined;
  const unit = MEMORY_UNITS.get(match[2].toLowerCase());
  if (unit === undefined) return undefined;
  const digits = BigInt(match[1]);
  const count = digits <= UINT64_MAX ? digits : UINT64_MAX;
  return BigInt.asUintN(64, count * unit);
}

/** A size in the largest unit that leaves no fraction, as CONFIG REWRITE has it. */
export function inUnits(bytes: ByteString): ByteString {
  const size = BigInt.asIntN(64, BigInt(bytes));
  if (size === 0n) return "0";
  for (const unit of ["gb", "mb", "kb"]) {
    const unitBytes = MEMORY_UNITS.get(unit)!;
    if (size % unitBytes === 0n) return `${size / unitBytes}${unit}`;
  }
  return String(size);
}

/** A number of bytes such as "100mb" from min to max; what is less than `atLeast` becomes that. */
export function memorySize(
  min: number,
  max: number | bigint,
  atLeast: number = 0,
): ValueType<number> {
  return singleWord(
    "bytes, or with a unit: k kb m mb g gb",
    (text) => {
      const exact = parseMemorySize(text);
      if (exact === undefined) throw new InvalidValueError("argument must be a memory value");
      checkRange(exact, BigInt(min), BigInt(max));
      const taken = exact < atLeast ? BigInt(atLeast) : exact;
      return { value: Number(taken), text: String(taken) };
    },
    printWhole,
    inUnits,
  );
}

/** A number of bytes, or a percentage, which is kept below zero. */
export const memoryOrPercent: ValueType<bigint> = singleWord(
  "bytes, with a unit or not, or a percentage such as 5%",
  (text) => {
    let value = parseMemorySize(text);
    if (value !== undefined) {
      value = BigInt.asIntN(64, value);
    } else if (text.length > 1 && text.endsWith("%")) {
      const percent = canonical(text.slice(0, -1));
      if (percent !== undefined && percent >= 0n) value = -percent;
    }
    if (value === undefined) {
      throw new InvalidValueError("argument must be a memory or percent value");
    }
    if (value < -100n) {
      throw new InvalidValueError("percentage argument must be less or equal to 100");
    }
    return { value, text: printMemoryOrPercent(value) };
  },
  printMemoryOrPercent,
  (text) => text.endsWith("%") ? text : inUnits(text),
);

function printMemoryOrPercent(value: bigint): ByteString {
  return value < 0n ? `${-value}%` : String(value);
}

/** The permissions of a file, in octal digits. */
export const fileMode: ValueType<number> = singleWord("0..777", (text) => {
  const seen = upToNul(text);
  if (!/^[ \t\n\v\f\r]*[+-]?[0-7]{1,21}$/.test(seen) && seen !== "") {
    throw new InvalidValueError("argument couldn't be parsed as an octal number");
  }
  const negative = seen.includes("-");
  const value = seen === "" ? 0 : Number.parseInt(seen.replace("-", ""), 8);
  if (value > 0o777 || negative && value !== 0) {
    throw new InvalidValueError("argument must be between 0 and 777 inclusive");
  }
  return { value, text: value.toString(8) };
}, (value) => value.toString(8));

/** C's int made of what strtoll() reads: what is past 32 bits is cut off. Undefined: no number. */
export function intOf(text: ByteString): number | undefined {
  const exact = wholeOf(text);
  return exact === undefined ? undefined : Number(BigInt.asIntN(32, exact));
}

export function printWhole(value: number): ByteString {
  return String(BigInt(value));
}
