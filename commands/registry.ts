/**
 * The registry: every command Ravel knows, each registered by the module that implements it. A
 * user's own module calls the same {@linkcode register}.
 *
 * ```
 * commands/mod.ts ───▶ register ──▶ commandTable        every server has these
 * a plugin's module ─▶ register ──▶ what recordCommands answers
 *                                        └─▶ commandTable.with(…)   the servers that loaded it
 * ```
 *
 * The executor looks commands up by the bytes that arrived: names hash into a small open-addressed
 * table, so that no request makes a string.
 *
 * @module
 */

import { assert } from "../structures/assert.ts";
import type { Call } from "../server/execution/call.ts";
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

/** A table of commands, each found by its name. */
export class CommandRegistry implements CommandTable {
  readonly #slots: (Command | undefined)[];
  readonly #byName: Map<string, Command>;
  #lastFound: Command | undefined;
  #idsEnd = 0;

  constructor(from?: CommandRegistry) {
    const isNew = from === undefined;
    this.#slots = isNew ? new Array(TABLE_SIZE).fill(undefined) : from.#slots.slice();
    this.#byName = new Map(isNew ? [] : from.#byName);
    this.#idsEnd = isNew ? 0 : from.#idsEnd;
  }

  /** Number of commands, without subcommands. */
  get count(): number {
    return this.#byName.size;
  }

  /** Above every number of a command or subcommand. */
  get idsEnd(): number {
    return this.#idsEnd;
  }

  /**
   * The command whose name, in any case, stands in `bytes`. O(length), no allocation. Requests often
   * repeat the command before them, so that one is tried first.
   */
  find(bytes: Uint8Array, start: number, length: number): Command | undefined {
    const last = this.#lastFound;
    if (last !== undefined && last.isNamed(bytes, start, length)) return last;
    if (length > MAX_NAME_BYTES) return undefined;
    const slots = this.#slots;
    let slot = nameHash(bytes, start, length);
    for (let tries = 0; tries < TABLE_SIZE; tries++) {
      const command = slots[slot];
      if (command === undefined) return undefined;
      if (command.isNamed(bytes, start, length)) return this.#lastFound = command;
      slot = (slot + 1) & (TABLE_SIZE - 1);
    }
    assert(false, "the command table is never full");
  }

  /** Whether clients may call a command of it: each has the name that it was declared with. */
  has(): boolean {
    return true;
  }

  /** The command of that name in lower case; `config|get` names a subcommand. */
  named(name: string): Command | undefined {
    const [parent, sub] = name.split("|");
    const command = this.#byName.get(parent);
    if (sub === undefined) return command;
    return command?.subcommands.find((candidate) => candidate.declaration.name === sub);
  }

  /** Every command, without subcommands, in the order of registration. */
  commands(): Iterable<Command> {
    return this.#byName.values();
  }

  /** Every command, each followed by its subcommands. */
  *all(): Iterable<Command> {
    for (const command of this.#byName.values()) {
      yield command;
      yield* command.subcommands;
    }
  }

  /**
   * Adds a command.
   *
   * @throws {Error} when its name is taken, or something about the declaration cannot be
   */
  add(declaration: AnyDeclaration): void {
    const command = commandOf(declaration);
    const { name } = declaration;
    if (this.#byName.has(name)) throw new Error(`command '${name}' is registered already`);
    if (this.count >= MAX_COMMANDS) throw new Error(`more than ${MAX_COMMANDS} commands`);
    this.#byName.set(name, command);
    let slot = nameHash(command.nameBytes, 0, name.length);
    while (this.#slots[slot] !== undefined) slot = (slot + 1) & (TABLE_SIZE - 1);
    this.#slots[slot] = command;
    for (const { id } of [command, ...command.subcommands]) {
      this.#idsEnd = Math.max(this.#idsEnd, id + 1);
    }
  }

  /**
   * A table with further commands, or this one where there are none. What is added to this one later
   * is not in a new one.
   *
   * @throws {Error} as {@linkcode CommandRegistry.add}
   */
  with(declarations: readonly AnyDeclaration[]): CommandRegistry {
    if (declarations.length === 0) return this;
    const table = new CommandRegistry(this);
    for (const declaration of declarations) table.add(declaration);
    return table;
  }
}

/** The commands that every server of the process has. */
export const commandTable: CommandRegistry = new CommandRegistry();

/** Those of the server that runs a call. */
export function commandsOf({ server: { commands } }: Call): CommandRegistry {
  assert(commands instanceof CommandRegistry, "a server is given a table of this kind");
  return commands;
}

/** What becomes of a declaration, by the declaration: servers that have a plugin share its commands. */
const known = new WeakMap<AnyDeclaration, Command>();

function commandOf(declaration: AnyDeclaration): Command {
  let command = known.get(declaration);
  if (command === undefined) {
    checkDeclaration(declaration);
    known.set(declaration, command = new Command(declaration, undefined));
  }
  return command;
}

/** Where what is registered goes while a plugin is loaded. */
let recorded: AnyDeclaration[] | undefined;

/**
 * Adds a command to the servers that load the module which calls this, or, where none loads it as a
 * plugin, to all that are started from now on. Called by each command module as it is loaded.
 *
 * @throws {Error} when the name is taken, or something about the declaration cannot be
 */
export function register(declaration: AnyDeclaration): void {
  const { name } = declaration;
  if (recorded === undefined) return commandTable.add(declaration);
  commandOf(declaration);
  const isTaken = recorded.some((other) => other.name === name);
  if (isTaken || commandTable.named(name) !== undefined) {
    throw new Error(`command '${name}' is registered already`);
  }
  recorded.push(declaration);
}

/** Runs what registers commands, and answers those instead of adding them. One at a time. */
export async function recordCommands(load: () => Promise<unknown>): Promise<AnyDeclaration[]> {
  assert(recorded === undefined);
  const declarations: AnyDeclaration[] = recorded = [];
  try {
    await load();
  } finally {
    recorded = undefined;
  }
  return declarations;
}

function nameHash(bytes: Uint8Array, start: number, length: number): number {
  let hash = length;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (bytes[start + i] | 0x20), 0x01000193);
  return (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1);
}
