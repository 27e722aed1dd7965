/**
 * Finds out where in a command's syntax the words typed so far end, and so what may come next.
 *
 * ```
 * syntax   key value [NX|XX] [GET] [EX seconds|PX milliseconds|KEEPTTL]
 * words    k   v                    EX
 * rest                              seconds [NX|XX] [GET]
 * ```
 *
 * Arguments are taken in their order, except that neighbours which may be left out come in any
 * order, as servers take them. There is no going back: a word goes to the first argument that takes
 * it, which describes every command of Redis well enough for a hint.
 */

import type { ArgumentDoc } from "./command_docs.ts";
import { argumentSyntax, repeatSyntax, valueSyntax } from "../protocol/command_syntax.ts";

export interface ArgumentMatch {
  /** The syntax of what may follow, piece by piece. */
  readonly rest: readonly string[];
  /** Tokens that may be the next word. */
  readonly tokens: readonly string[];
}

/** Matches words with arguments; undefined when some word has no place. O(words × arguments). */
export function matchArguments(
  list: readonly ArgumentDoc[],
  words: readonly string[],
): ArgumentMatch | undefined {
  const walk = new Walk(words);
  const rest = walk.list(list, NO_TOKENS);
  return rest === undefined || !walk.done ? undefined : { rest, tokens: walk.tokens };
}

const NO_TOKENS: ReadonlySet<string> = new Set();

/**
 * A walk over the words. Its methods take the words of what they are given and return the syntax
 * of what is missing at the end of the words, or undefined when the next word does not fit; then
 * nothing was taken.
 */
class Walk {
  readonly #words: readonly string[];
  #at = 0;
  /** Collected where the words end. */
  readonly tokens: string[] = [];

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get done(): boolean {
    return this.#at === this.#words.length;
  }

  /** `stop` holds the tokens that end a repeated value in front of them. */
  list(list: readonly ArgumentDoc[], stop: ReadonlySet<string>): string[] | undefined {
    const start = this.#at;
    for (let i = 0; i < list.length;) {
      if (!list[i].optional) {
        const following = new Set([...stop, ...firstTokens(list.slice(i + 1))]);
        const limit = list[i - 1]?.name === "numkeys"
          ? Number(this.#words[this.#at - 1])
          : Infinity;
        const rest = this.#argument(list[i], following, limit);
        if (rest === undefined) {
          this.#at = start;
          return undefined;
        }
        i++;
        // The end has been reached inside of this argument, or behind it.
        if (this.done && (rest.length > 0 || i === list.length)) {
          if (!isRequired(rest)) this.tokens.push(...firstTokens(list.slice(i)));
          return [...rest, ...list.slice(i).map(argumentSyntax)];
        }
        continue;
      }
      let end = i + 1;
      while (end < list.length && list[end].optional) end++;
      const rest = this.#options(
        list.slice(i, end),
        new Set([...stop, ...firstTokens(list.slice(end))]),
      );
      if (this.done) {
        if (!isRequired(rest)) this.tokens.push(...firstTokens(list.slice(end)));
        return [...rest, ...list.slice(end).map(argumentSyntax)];
      }
      i = end;
    }
    return [];
  }

  /** Arguments that may each be left out, in any order. */
  #options(list: readonly ArgumentDoc[], stop: ReadonlySet<string>): string[] {
    const left = [...list];
    while (!this.done) {
      const index = this.#fitting(left);
      if (index < 0) break;
      const [option] = left.splice(index, 1);
      const before = this.#at;
      const rest = this.#argument(option, new Set([...stop, ...firstTokens(left)]), Infinity);
      if (rest === undefined || this.#at === before) break;
      if (this.done) {
        if (!isRequired(rest)) this.tokens.push(...firstTokens(left));
        return [...rest, ...left.map(argumentSyntax)];
      }
    }
    if (this.done) this.tokens.push(...firstTokens(left));
    return left.map(argumentSyntax);
  }

  /** Which option takes the next word: one that names it, or else one that takes any. */
  #fitting(options: readonly ArgumentDoc[]): number {
    const word = this.#words[this.#at].toUpperCase();
    const named = options.findIndex((option) => firstTokens([option]).includes(word));
    if (named >= 0) return named;
    return options.findIndex((option) => takesAnyWord(option, this.#words[this.#at]));
  }

  #argument(
    argument: ArgumentDoc,
    stop: ReadonlySet<string>,
    limit: number,
  ): string[] | undefined {
    if (this.done) {
      this.tokens.push(...firstTokens([argument]));
      return [argumentSyntax(argument)];
    }
    let rest = this.#once(argument, true, stop);
    if (rest === undefined || !argument.multiple) return rest;
    let count = 1;
    for (; !this.done && count < limit; count++) {
      if (stop.has(this.#words[this.#at].toUpperCase())) return [];
      const next = this.#once(argument, argument.multipleToken, stop);
      if (next === undefined) return [];
      rest = next;
    }
    if (!this.done || count >= limit) return rest;
    if (argument.multipleToken && !isRequired(rest)) this.tokens.push(...firstTokens([argument]));
    return [...rest, repeatSyntax(argument)];
  }

  #once(
    argument: ArgumentDoc,
    tokenFirst: boolean,
    stop: ReadonlySet<string>,
  ): string[] | undefined {
    const start = this.#at;
    if (argument.token !== undefined && (tokenFirst || argument.type === "pure-token")) {
      if (this.#words[this.#at].toUpperCase() !== argument.token.toUpperCase()) return undefined;
      this.#at++;
      if (argument.type === "pure-token") return [];
      if (this.done) {
        this.tokens.push(...firstTokens([{ ...argument, token: undefined }]));
        return [valueSyntax(argument)];
      }
    }
    const rest = this.#value(argument, stop);
    if (rest === undefined) this.#at = start;
    return rest;
  }

  #value(argument: ArgumentDoc, stop: ReadonlySet<string>): string[] | undefined {
    if (argument.type === "oneof") {
      const index = this.#fitting(argument.arguments);
      return index < 0 ? undefined : this.#argument(argument.arguments[index], stop, Infinity);
    }
    if (argument.type === "block") return this.list(argument.arguments, stop);
    this.#at++;
    return [];
  }
}

/** Whether what is missing has to be typed before anything else. */
function isRequired(rest: readonly string[]): boolean {
  return rest.length > 0 && !rest[0].startsWith("[");
}

/** Whether an argument begins with a value; an optional number is only taken for one. */
function takesAnyWord(argument: ArgumentDoc, word: string): boolean {
  if (argument.token !== undefined) return false;
  switch (argument.type) {
    case "oneof":
      return argument.arguments.some((choice) => takesAnyWord(choice, word));
    case "block":
      return argument.arguments.length > 0 && takesAnyWord(argument.arguments[0], word);
    case "integer":
    case "unix-time":
      return !argument.optional || /^[+-]?\d*$/.test(word);
    default:
      return true;
  }
}

/** Tokens, in upper case, that the first word of these arguments may be. */
function firstTokens(list: readonly ArgumentDoc[]): string[] {
  const tokens: string[] = [];
  for (const argument of list) {
    if (argument.token !== undefined) tokens.push(argument.token.toUpperCase());
    else if (argument.type === "oneof") {
      for (const choice of argument.arguments) tokens.push(...firstTokens([choice]));
    } else if (argument.type === "block") tokens.push(...firstTokens(argument.arguments));
    if (!argument.optional) break;
  }
  return tokens.filter((token) => token !== "");
}
