// The kinds of values a setting can have. A kind turns the words of a directive into a typed value
// or says why it cannot, in Redis's words, because clients see them through CONFIG SET.

import type { OutputBufferLimit, OutputBufferLimits } from "./settings.ts";

/** Why a value was refused; the message is Redis's text for it where Redis has one. */
export class InvalidValueError extends Error {
  override name = "InvalidValueError";
}

/** A value and the text by which CONFIG GET shows it. */
export interface ParsedValue<V> {
  readonly value: V;
  readonly text: string;
}

export interface ValueType<V> {
  /** For help and documentation: "0..65535", "yes | no", … */
  readonly form: string;
  /** Whether it takes any number of words. */
  readonly multipleWords: boolean;
  /** Whether one single text is first cut into words at each space, as CONFIG SET needs it. */
  readonly cutsAtSpaces: boolean;
  /** Throws InvalidValueError. `previous` is the present value, for kinds that change a part of it. */
  parse(words: readonly string[], previous: V): ParsedValue<V>;
  print(value: V): string;
}

function singleWord<V>(
  form: string,
  parse: (text: string) => ParsedValue<V>,
  print: (value: V) => string,
): ValueType<V> {
  return {
    form,
    multipleWords: false,
    cutsAtSpaces: false,
    parse: (words) => parse(words[0]),
    print,
  };
}

const INT64_LIMIT = 2n ** 63n;
const UINT64_LIMIT = 2n ** 64n;

function checkRange(value: bigint, min: bigint, max: bigint): void {
  if (value < min || value > max) {
    throw new InvalidValueError(`argument must be between ${min} and ${max} inclusive`);
  }
}

/**
 * A whole number from min to max. Only the canonical decimal form is read: no sign "+", no leading
 * zero, no space. `clampTo` narrows an accepted number silently.
 */
export function integer(
  min: number | bigint,
  max: number | bigint,
  clampTo?: readonly [number, number],
): ValueType<number> {
  const least = BigInt(min), most = BigInt(max);
  return singleWord(`${least}..${most}`, (text) => {
    if (!/^(0|-?[1-9][0-9]{0,18})$/.test(text)) {
      throw new InvalidValueError("argument couldn't be parsed into an integer");
    }
    const exact = BigInt(text);
    if (exact >= INT64_LIMIT || exact < -INT64_LIMIT) {
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
export function parseMemorySize(text: string): bigint | undefined {
  const match = /^([0-9]{0,127})([a-z]*)$/i.exec(text);
  if (match === null) return undefined;
  const unit = MEMORY_UNITS.get(match[2].toLowerCase());
  if (unit === undefined) return undefined;
  const digits = BigInt(match[1]);
  const count = digits < UINT64_LIMIT ? digits : UINT64_LIMIT - 1n;
  return BigInt.asUintN(64, count * unit);
}

/** A number of bytes such as "100mb" from min to max. */
export function memorySize(min: number, max: bigint): ValueType<number> {
  return singleWord("bytes, or with a unit: k kb m mb g gb", (text) => {
    const exact = parseMemorySize(text);
    if (exact === undefined) throw new InvalidValueError("argument must be a memory value");
    checkRange(exact, BigInt(min), max);
    return { value: Number(exact), text: String(exact) };
  }, printWhole);
}

export const yesNo: ValueType<boolean> = singleWord("yes | no", (text) => {
  const lower = text.toLowerCase();
  if (lower !== "yes" && lower !== "no") {
    throw new InvalidValueError("argument must be 'yes' or 'no'");
  }
  return { value: lower === "yes", text: lower };
}, (value) => value ? "yes" : "no");

/** One name out of a list, in any case of letters. */
export function oneOf<T extends string>(names: readonly T[]): ValueType<T> {
  return singleWord(names.join(" | "), (text) => {
    const lower = text.toLowerCase();
    const value = names.find((name) => name === lower);
    if (value === undefined) {
      throw new InvalidValueError(
        `argument(s) must be one of the following: ${names.join(", ")}`,
      );
    }
    return { value, text: value };
  }, (value) => value);
}

export const text: ValueType<string> = singleWord(
  "text",
  (text) => ({ value: text, text }),
  (value) => value,
);

/**
 * Words, at most `maxWords` of them. With `append` a repeated directive adds to the list, and a
 * word may hold spaces.
 */
export function wordList(
  form: string,
  maxWords: number,
  tooMany: string,
  append: boolean,
): ValueType<readonly string[]> {
  return {
    form,
    multipleWords: true,
    cutsAtSpaces: !append,
    parse(words, previous) {
      const value = append ? [...previous, ...words] : [...words];
      if (value.length > maxWords) throw new InvalidValueError(tooMany);
      if (value.length === 0) throw new InvalidValueError("wrong number of arguments");
      return { value, text: value.join(" ") };
    },
    print: (value) => value.join(" "),
  };
}

/**
 * A setting of Redis that has one legal value here. Texts that Redis itself refuses get Redis's
 * message, the others are told why they are not accepted.
 */
export function onlyValue<V>(type: ValueType<V>, only: V, why: string): ValueType<V> {
  return {
    form: type.print(only) === "" ? '""' : type.print(only),
    multipleWords: type.multipleWords,
    cutsAtSpaces: type.cutsAtSpaces,
    parse(words, previous) {
      const parsed = type.parse(words, previous);
      if (parsed.value !== only) throw new InvalidValueError(why);
      return parsed;
    },
    print: (value) => type.print(value),
  };
}

/** Pairs of (seconds, changes), as the directive `save` has them; empty turns snapshots off. */
export const snapshotPoints: ValueType<string> = {
  form: "seconds changes …",
  multipleWords: true,
  cutsAtSpaces: true,
  parse(words) {
    const invalid = () => new InvalidValueError("Invalid save parameters");
    if (words.length === 0 || (words.length === 1 && words[0] === "")) {
      return { value: "", text: "" };
    }
    if (words.length % 2 !== 0) throw invalid();
    for (let i = 0; i < words.length; i += 2) {
      if (!/^[0-9]{1,18}$/.test(words[i]) || !/^[0-9]{1,9}$/.test(words[i + 1])) throw invalid();
      if (Number(words[i]) < 1) throw invalid();
    }
    return { value: words.join(" "), text: words.join(" ") };
  },
  print: (value) => value,
};

const CLIENT_CLASSES: ReadonlyMap<string, keyof OutputBufferLimits> = new Map([
  ["normal", "normal"],
  ["slave", "replica"],
  ["replica", "replica"],
  ["pubsub", "pubsub"],
]);

/** Quadruples of (class, hard bytes, soft bytes, soft seconds); classes not named stay as they are. */
export const outputBufferLimits: ValueType<OutputBufferLimits> = {
  form: "normal|replica|pubsub hard-bytes soft-bytes soft-seconds …",
  multipleWords: true,
  cutsAtSpaces: true,
  parse(words, previous) {
    if (words.length % 4 !== 0) {
      throw new InvalidValueError("Wrong number of arguments in buffer limit configuration.");
    }
    const value: Record<keyof OutputBufferLimits, OutputBufferLimit> = { ...previous };
    for (let i = 0; i < words.length; i += 4) {
      const clientClass = CLIENT_CLASSES.get(words[i].toLowerCase());
      if (clientClass === undefined) {
        throw new InvalidValueError(
          "Invalid client class specified in buffer limit configuration.",
        );
      }
      const hardBytes = parseMemorySize(words[i + 1]);
      const softBytes = parseMemorySize(words[i + 2]);
      const softSeconds = words[i + 3] === "" ? 0 : parseSeconds(words[i + 3]);
      if (hardBytes === undefined || softBytes === undefined || !(softSeconds >= 0)) {
        throw new InvalidValueError(
          "Error in hard, soft or soft_seconds setting in buffer limit configuration.",
        );
      }
      value[clientClass] = {
        hardBytes: Number(hardBytes),
        softBytes: Number(softBytes),
        softSeconds,
      };
    }
    return { value, text: this.print(value) };
  },
  print(value) {
    return `normal ${printLimit(value.normal)} slave ${printLimit(value.replica)} ` +
      `pubsub ${printLimit(value.pubsub)}`;
  },
};

function parseSeconds(text: string): number {
  return /^\s*[+-]?[0-9]{1,12}$/.test(text) ? Number(text) : NaN;
}

function printLimit(limit: OutputBufferLimit): string {
  return `${printWhole(limit.hardBytes)} ${printWhole(limit.softBytes)} ${limit.softSeconds}`;
}

function printWhole(value: number): string {
  return String(BigInt(value));
}
