/**
 * What is wrong with a declaration, found as it is registered and not when a client calls it: modules
 * of users come without the compiler having looked at them.
 */

import { MAX_KEY_RANGES } from "../server/execution/call_keys.ts";
import type { KeySpec } from "../server/execution/key_spec.ts";
import { ACL_CATEGORIES } from "../server/acl/categories.ts";
import {
  type AnyDeclaration,
  type ArgumentDeclaration,
  COMMAND_FLAGS,
  COMMAND_GROUPS,
} from "./declaration.ts";

/** Longest name of a command, in letters. */
export const MAX_NAME_BYTES = 64;

const NAME = /^[a-z][a-z0-9._-]*$/;
const WORD = /^[A-Z][A-Z0-9_-]*$/;

/** Indexes of arguments in key specifications lie below this in size. */
const MAX_KEY_INDEX = 2 ** 20;

/**
 * Checks a declaration and those of its subcommands.
 *
 * @throws {Error} that names the command, and says what is wrong
 */
export function checkDeclaration(declaration: AnyDeclaration, parent?: AnyDeclaration): void {
  const { name } = declaration;
  const problem = problemOf(declaration, parent !== undefined);
  if (problem !== undefined) {
    const fullName = parent === undefined ? name : `${parent.name}|${name}`;
    throw new Error(`command '${fullName}' ${problem}`);
  }
  const names = new Set<string>();
  for (const subcommand of declaration.subcommands ?? []) {
    checkDeclaration(subcommand, declaration);
    if (names.has(subcommand.name)) {
      throw new Error(`command '${name}' declares its subcommand '${subcommand.name}' twice`);
    }
    names.add(subcommand.name);
  }
}

/** In words that follow the command's name; undefined where all is well. */
function problemOf(declaration: AnyDeclaration, isSubcommand: boolean): string | undefined {
  const { arity, categories = [], flags, group, name, run, subcommands } = declaration;
  if (typeof name !== "string" || !NAME.test(name) || name.length > MAX_NAME_BYTES) {
    return `must be named by a lower-case word of at most ${MAX_NAME_BYTES} letters`;
  }
  const leastArity = isSubcommand ? 2 : 1;
  if (!Number.isInteger(arity) || Math.abs(arity) < leastArity) {
    return `has arity ${arity}: it counts the name${isSubcommand ? "s" : ""}, ` +
      `so it is an integer of at least ${leastArity} in size`;
  }
  if (!COMMAND_GROUPS.includes(group)) return `is of an unknown group '${group}'`;
  if (!Array.isArray(flags)) return "has no list of flags";
  for (const flag of flags) {
    if (!COMMAND_FLAGS.includes(flag)) return `has an unknown flag '${flag}'`;
  }
  if (flags.includes("write") && flags.includes("readonly")) {
    return "is both 'write' and 'readonly'";
  }
  for (const category of categories) {
    if (!(ACL_CATEGORIES as readonly string[]).includes(category)) {
      return `is of an unknown category '${category}'`;
    }
  }
  if (subcommands === undefined ? typeof run !== "function" : subcommands.length === 0) {
    return "has neither run nor subcommands";
  }
  return keysProblem(declaration);
}

function keysProblem(declaration: AnyDeclaration): string | undefined {
  const { arity, keys, keySearch } = declaration;
  if (keySearch !== undefined && typeof keySearch !== "function") {
    return "has a keySearch that is no function";
  }
  const specs = keys === undefined ? [] : [keys].flat();
  if (specs.length > MAX_KEY_RANGES) return `has more than ${MAX_KEY_RANGES} key specifications`;
  for (const spec of specs) {
    if (typeof spec !== "object" || spec.begin === undefined || spec.find === undefined) {
      return "has keys that are no key specifications: see commands/key_spec.ts";
    }
    const problem = keySpecProblem(spec, arity);
    if (problem !== undefined) return `has a key specification whose ${problem}`;
  }
  return argumentsProblem(declaration.arguments ?? [], specs.length);
}

function argumentsProblem(
  list: readonly ArgumentDeclaration[],
  keySpecs: number,
): string | undefined {
  for (const { arguments: inner = [], keySpec = 0, name, type } of list) {
    if (type === "key" && keySpecs === 0) return `has no keys, but a key argument '${name}'`;
    if (!isIndex(keySpec, 0) || keySpec > Math.max(0, keySpecs - 1)) {
      return `has an argument '${name}' of a key specification that is not there`;
    }
    const problem = argumentsProblem(inner, keySpecs);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function keySpecProblem({ begin, find, flags }: KeySpec, arity: number): string | undefined {
  if (!Number.isInteger(flags) || flags < 0) return "flags are unknown";
  if (begin.type === "index" && !isIndex(begin.index, 1)) return "index is below 1";
  if (begin.type === "index" && arity > 0 && begin.index >= arity) {
    return "index is beyond its arity";
  }
  if (begin.type === "keyword") {
    if (!WORD.test(begin.keyword)) return "keyword is no upper-case word";
    if (!isIndex(Math.abs(begin.startFrom), 1)) return "startFrom is 0 or no integer";
  }
  if (find.type === "unknown") return undefined;
  if (!isIndex(find.step, 1)) return "step is below 1";
  if (find.type === "keynum") {
    const { firstKey, keyNumIndex } = find;
    if (!isIndex(keyNumIndex, 0)) return "keyNumIndex is negative";
    return isIndex(firstKey, keyNumIndex + 1) ? undefined : "firstKey is not behind its number";
  }
  const { lastKey, limit } = find;
  if (!isIndex(Math.abs(lastKey), 0)) return "lastKey is no integer";
  if (!isIndex(limit, 0)) return "limit is negative";
  if (limit !== 0 && lastKey !== -1) return "limit goes with a lastKey of -1 only";
  return undefined;
}

function isIndex(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value < MAX_KEY_INDEX;
}
