/**
 * The registry: every command Ravel knows, each registered by the module that implements it. A
 * user's own module calls the same {@linkcode register}.
 *
 * The executor looks commands up by the bytes that arrived: names hash into a small open-addressed
 * table, so that no request makes a string.
 *
 * @module
 */

import { assert } from "../structures/assert.ts";
import type { CommandTable } from "../server/execution/command_table.ts";
import { Command } from "./command.ts";
import type { AnyDeclaration } from "./declaration.ts";
import { checkDeclaration, MAX_NAME_BYTES } from "./declaration_check.ts";

export { Command } from "./command.ts";
export type {
  AnyDeclaration,
  ArgumentDeclaration,
  ArgumentType,
  CommandDeclaration,
  CommandFlag,
  CommandGroup,
  ContainerDeclaration,
} from "./declaration.ts";
export {
  countedKeys,
  countedPairs,
  key,
  keyAfter,
  keyByCall,
  keyRange,
  keysAfter,
  unknownKeys,
  withNotes,
} from "./key_spec.ts";
export type { Prefetch } from "../server/execution/command_table.ts";
export {
  type KeyFlag,
  keyFlagBits,
  type KeySearch,
  type KeySpec,
} from "../server/execution/key_spec.ts";

const TABLE_SIZE = 4096;
const MAX_COMMANDS = TABLE_SIZE / 2;

const table: (Command | undefined)[] = new Array(TABLE_SIZE).fill(undefined);
const byName = new Map<string, Command>();
let lastFound: Command | undefined;

/**
 * Adds a command to the registry; called by each command module as it is loaded.
 *
 * @throws {Error} when the name is taken, or something about the declaration cannot be
 */
export function register(declaration: AnyDeclaration): void {
  checkDeclaration(declaration);
  const { name } = declaration;
  if (byName.has(name)) throw new Error(`command '${name}' is registered already`);
  if (byName.size >= MAX_COMMANDS) throw new Error(`more than ${MAX_COMMANDS} commands`);
  const command = new Command(declaration, undefined);
  byName.set(name, command);
  let slot = nameHash(command.nameBytes, 0, name.length);
  while (table[slot] !== undefined) slot = (slot + 1) & (TABLE_SIZE - 1);
  table[slot] = command;
}

/**
 * The command whose name, in any case, stands in `bytes`. O(length), no allocation. Requests often
 * repeat the command before them, so that one is tried first.
 */
export function findCommand(
  bytes: Uint8Array,
  start: number,
  length: number,
): Command | undefined {
  if (lastFound !== undefined && lastFound.isNamed(bytes, start, length)) return lastFound;
  if (length > MAX_NAME_BYTES) return undefined;
  let slot = nameHash(bytes, start, length);
  for (let tries = 0; tries < TABLE_SIZE; tries++) {
    const command = table[slot];
    if (command === undefined) return undefined;
    if (command.isNamed(bytes, start, length)) return lastFound = command;
    slot = (slot + 1) & (TABLE_SIZE - 1);
  }
  assert(false, "the command table is never full");
}

/** The table of commands for those who run them. */
export const commandTable: CommandTable = {
  find: findCommand,
  declared: findCommand,
  names: () => true,
  all: allCommandsAndSubcommands,
  get count() {
    return byName.size;
  },
};

/** The command of that name in lower case; `config|get` names a subcommand. */
export function commandByName(name: string): Command | undefined {
  const [parent, sub] = name.split("|");
  const command = byName.get(parent);
  if (sub === undefined) return command;
  return command?.subcommands.find((candidate) => candidate.declaration.name === sub);
}

/** Every command, without subcommands, in the order of registration. */
export function allCommands(): Iterable<Command> {
  return byName.values();
}

/** Number of commands, without subcommands. */
export function commandCount(): number {
  return byName.size;
}

/** Every command, each followed by its subcommands. */
export function* allCommandsAndSubcommands(): Iterable<Command> {
  for (const command of byName.values()) {
    yield command;
    yield* command.subcommands;
  }
}

function nameHash(bytes: Uint8Array, start: number, length: number): number {
  let hash = length;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (bytes[start + i] | 0x20), 0x01000193);
  return (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1);
}
