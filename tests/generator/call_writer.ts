// Calls of a command, written from the arguments that it declares: as they should be, nearly so, and
// hostile.

import type { ArgumentDeclaration, Command } from "../../commands/registry.ts";
import { argumentValue, type Purpose, strangeValue } from "./argument_values.ts";
import type { Words } from "./sequence.ts";

/** Most elements of what may be repeated, as a rule and once in a while. */
const FEW = 4;
const MANY = 60;

/** Options of which the table of commands does not tell since when they are there. */
const UNDATED: ReadonlyMap<string, string> = new Map([
  ["WITHSCORE", "7.2.0"],
  ["NOVALUES", "7.4.0"],
]);

/** What a call is made with beside its purpose. */
export interface Skill {
  /** Version of redis-server as one number: what came later is left out. */
  readonly version: number;
  /** Of 100 calls, how many have something wrong with them. */
  readonly hostilePercent: number;
}

/** A version as one number, 70200 for 7.2.0. */
export function versionNumber(version: string): number {
  const [major, minor = 0, patch = 0] = version.split(".").map(Number);
  return major * 10000 + minor * 100 + patch;
}

/** One call of a command or subcommand. */
export function writeCall(command: Command, purpose: Purpose, skill: Skill): Words {
  const writer = new CallWriter(purpose, skill);
  const names = command.fullName.split("|").map((name) => inSomeCase(name, purpose));
  const words = [...names, ...writer.write(command.declaration.arguments ?? [])];
  if (purpose.random.below(100) >= skill.hostilePercent) return words;
  for (let i = purpose.random.below(2); i >= 0; i--) spoil(words, names.length, purpose);
  return words;
}

class CallWriter {
  /** How many elements the last count announced, undefined where there was none. */
  #announced: number | undefined;

  constructor(readonly purpose: Purpose, readonly skill: Skill) {}

  write(list: readonly ArgumentDeclaration[]): string[] {
    const present = list.filter((argument) => this.#isThere(argument));
    const words = present.map((argument) => this.#argument(argument));
    // Options come in any order; what is no option stays where it is.
    if (this.purpose.random.below(2) === 0) shuffleOptions(present, words, this.purpose);
    return words.flat();
  }

  #isThere({ optional, since: declared, token }: ArgumentDeclaration): boolean {
    const since = declared ?? UNDATED.get(token ?? "");
    if (since !== undefined && versionNumber(since) > this.skill.version) return false;
    return optional !== true || this.purpose.random.below(5) < 2;
  }

  #argument(argument: ArgumentDeclaration): string[] {
    const { token, type } = argument;
    const words: string[] = [];
    const count = argument.multiple ? this.#repetitions() : 1;
    for (let i = 0; i < count; i++) {
      if (token !== undefined && type !== "pure-token" && (i === 0 || argument.multipleToken)) {
        words.push(inSomeCase(token, this.purpose));
      }
      words.push(...this.#value(argument));
    }
    return words;
  }

  #repetitions(): number {
    const { hasHashTables, random } = this.purpose;
    if (this.#announced !== undefined && random.below(20) > 0) return this.#announced;
    return 1 + random.below(hasHashTables && random.below(12) === 0 ? MANY : FEW);
  }

  #value(argument: ArgumentDeclaration): string[] {
    const { random } = this.purpose;
    switch (argument.type) {
      case "pure-token":
        return [inSomeCase(argument.token ?? argument.name, this.purpose)];
      case "block":
        return this.write(argument.arguments ?? []);
      case "oneof": {
        const choices = (argument.arguments ?? []).filter(({ since }) =>
          since === undefined || versionNumber(since) <= this.skill.version
        );
        return choices.length === 0 ? [] : this.#argument(random.pick(choices));
      }
    }
    if (/^num(keys|fields)$/.test(argument.name) && random.below(20) > 0) {
      this.#announced = 1 + random.below(3);
      return [String(this.#announced)];
    }
    return [argumentValue(argument, this.purpose)];
  }
}

/** Lets neighbouring arguments that may be left out change places. */
function shuffleOptions(
  list: readonly ArgumentDeclaration[],
  words: string[][],
  { random }: Purpose,
): void {
  for (let i = 1; i < list.length; i++) {
    const mayMove = list[i].optional && list[i - 1].optional;
    if (!mayMove || random.below(2) === 0) continue;
    [words[i - 1], words[i]] = [words[i], words[i - 1]];
  }
}

/** Makes one thing wrong, behind the name. */
function spoil(words: string[], first: number, purpose: Purpose): void {
  const { random } = purpose;
  const at = first + random.below(words.length - first + 1);
  switch (random.below(6)) {
    case 0:
      words.pop();
      if (words.length < first) words.push(strangeValue(purpose));
      break;
    case 1:
      words.splice(at, 1);
      break;
    case 2:
      words.splice(at, 0, strangeValue(purpose));
      break;
    case 3:
      if (at < words.length) words[at] = strangeValue(purpose);
      break;
    case 4:
      if (at < words.length) words.splice(at, 0, words[at]);
      break;
    case 5:
      words.push(...words.slice(at));
  }
}

function inSomeCase(word: string, { random }: Purpose): string {
  switch (random.below(8)) {
    case 0:
      return word.toLowerCase();
    case 1:
      return word.replace(/./g, (letter, i) => i % 2 ? letter.toUpperCase() : letter.toLowerCase());
    default:
      return word.toUpperCase();
  }
}
