/** Kinds of values that are words: yes or no, one of several names, texts, lists of words. */

import {
  type ByteString,
  byteStringOfText,
  textOfByteString,
} from "../../structures/bytes/byte_string.ts";
import { inQuotes, InvalidValueError, singleWord, upToNul, type ValueType } from "./value_type.ts";

export const yesNo: ValueType<boolean> = singleWord("yes | no", (text) => {
  const lower = upToNul(text).toLowerCase();
  if (lower !== "yes" && lower !== "no") {
    throw new InvalidValueError("argument must be 'yes' or 'no'");
  }
  return { value: lower === "yes", text: lower };
}, (value) => value ? "yes" : "no");

function notOneOf(names: readonly string[]): InvalidValueError {
  return new InvalidValueError(`argument(s) must be one of the following: ${names.join(", ")}`);
}

/** One name out of a list, in any case of letters. `same` has names that mean another of the list. */
export function oneOf<T extends string>(
  names: readonly T[],
  same: ReadonlyMap<T, T> = new Map(),
): ValueType<T> {
  return singleWord(names.join(" | "), (text) => {
    const lower = upToNul(text).toLowerCase();
    const found = names.find((name) => name === lower);
    if (found === undefined) throw notOneOf(names);
    const value = same.get(found) ?? found;
    return { value, text: value };
  }, (value) => value);
}

/**
 * Any of several flags, as a sum of powers of two: the flag `names[i]` is 2^(i - 1), and `names[0]`
 * is none of them. `clash` is thrown for sums that hold all of `never`.
 */
export function flags(names: readonly string[], never: number, clash: string): ValueType<number> {
  const print = (value: number) =>
    value === 0
      ? names[0]
      : names.filter((_, i) => i > 0 && (value & 1 << (i - 1)) !== 0).join(" ");
  return {
    form: names.join(" | ") + " …",
    multipleWords: true,
    cutsAtSpaces: true,
    parse(words) {
      let value = 0;
      for (const word of words) {
        const index = names.indexOf(upToNul(word).toLowerCase());
        if (index === -1) throw notOneOf(names);
        if (index > 0) value |= 1 << (index - 1);
      }
      if (words.length === 0) throw notOneOf(names);
      if ((value & never) === never) throw new InvalidValueError(clash);
      return { value, text: print(value) };
    },
    print,
    fileLines: ({ text }, initial) => [{ words: text, added: text !== print(initial) }],
  };
}

interface TextOptions {
  /** What is wrong with a text, or undefined. `whole` has what stands behind a NUL too. */
  readonly check?: (text: ByteString, whole: ByteString) => string | undefined;
  /** An empty text is a value of its own, which a file has to name; else it is that of no text. */
  readonly emptyCounts?: boolean;
}

/** A text as C keeps it. */
export function text(options: TextOptions = {}): ValueType<ByteString> {
  return textKind(upToNul, options);
}

/** Any bytes, such as a password. */
export const anyBytes: ValueType<ByteString> = textKind((text) => text, {});

function textKind(
  kept: (text: ByteString) => ByteString,
  { check, emptyCounts }: TextOptions,
): ValueType<ByteString> {
  return {
    form: "text",
    multipleWords: false,
    cutsAtSpaces: false,
    parse([word]) {
      const value = kept(word);
      const problem = check?.(value, word);
      if (problem !== undefined) throw new InvalidValueError(problem);
      return { value, text: value };
    },
    print: (value) => value,
    fileLines({ text }, initial) {
      if (text === "" && emptyCounts !== true) return [];
      return [{ words: inQuotes(text), added: text !== initial }];
    },
  };
}

/** The path of a file, for the field as text of JavaScript. Empty means none. */
export const path: ValueType<string> = {
  ...singleWord(
    "file",
    (word) => {
      const bytes = upToNul(word);
      return { value: textOfByteString(bytes), text: bytes };
    },
    byteStringOfText,
    inQuotes,
  ),
};

interface WordListOptions {
  readonly form: string;
  readonly maxWords: number;
  /** Why more words are refused. */
  readonly tooMany: string;
  /** A repeated directive adds to the list, and a word may hold spaces. */
  readonly append?: boolean;
  /** No word at all is a value too, for CONFIG SET. */
  readonly emptyAllowed?: boolean;
}

/** A list of words, for the field as texts of JavaScript. */
export function wordList(options: WordListOptions): ValueType<readonly string[]> {
  const { append = false, emptyAllowed = false } = options;
  const print = (value: readonly string[]) => value.map(byteStringOfText).join(" ");
  return {
    form: options.form,
    multipleWords: true,
    cutsAtSpaces: !append,
    parse(words, previous) {
      const given = words.length === 1 && words[0] === "" ? [] : words;
      if (given.length > options.maxWords) throw new InvalidValueError(options.tooMany);
      if (given.length === 0 && !emptyAllowed) {
        throw new InvalidValueError("wrong number of arguments");
      }
      const texts = given.map((word) => textOfByteString(upToNul(word)));
      const value = append ? [...previous, ...texts] : texts;
      if (value.length > options.maxWords) throw new InvalidValueError(options.tooMany);
      return { value, text: print(value) };
    },
    print,
    fileLines({ value, text }, initial) {
      if (text === print(initial)) return [];
      if (value.length === 0) return [{ words: '""', added: true }];
      if (!append) return [{ words: text, added: true }];
      return value.map((word) => ({ words: inQuotes(byteStringOfText(word)), added: true }));
    },
  };
}

/**
 * A setting of Redis that has one legal value here. Texts that Redis itself refuses get Redis's
 * message, the others are told why they are not accepted.
 */
export function onlyValue<V>(type: ValueType<V>, only: V, why: string): ValueType<V> {
  const onlyText = type.print(only);
  return {
    ...type,
    form: onlyText === "" ? '""' : onlyText,
    parse(words, previous, again) {
      const parsed = type.parse(words, previous, again);
      if (parsed.text !== onlyText) throw new InvalidValueError(why);
      return parsed;
    },
  };
}
