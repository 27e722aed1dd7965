/**
 * Commands under other names than those that they were declared with, or under none at all
 * (`rename-command`): for whoever sends commands. Rules of users, statistics and replies about commands
 * have the names that were declared.
 *
 * ```
 * rename-command FLUSHALL ""           flushall ─▶ nothing
 * rename-command CONFIG b840fc02       config   ─▶ nothing        b840fc02 ─▶ config
 * ```
 *
 * A server without renamed commands looks them up in the table itself.
 */

import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import { ConfigError, shown } from "../config/config_error.ts";
import type { ConfigLine } from "../config/config_file.ts";
import type { CommandNames, CommandTable, ExecutableCommand } from "./command_table.ts";

interface NewName {
  /** In lower case. */
  readonly bytes: Uint8Array;
  readonly command: ExecutableCommand;
}

/**
 * The names of a table with commands renamed one after the other, as lines of a configuration say.
 *
 * @throws {ConfigError} where a line names no command, or one is there already
 */
export function renamedCommands(table: CommandTable, lines: readonly ConfigLine[]): CommandNames {
  if (lines.length === 0) return table;
  const meanings = new Map<ByteString, ExecutableCommand | undefined>();
  const find = (name: ByteString) =>
    meanings.has(name) ? meanings.get(name) : table.find(bytesOfByteString(name), 0, name.length);
  for (const { where, words } of lines) {
    const [from, to] = words.map((word) => word.toLowerCase());
    const refuse = (problem: string): never => {
      throw new ConfigError(`setting 'rename-command' ${where}: ${problem}`);
    };
    const command = find(from) ?? refuse(`there is no command '${shown(from)}'`);
    meanings.set(from, undefined);
    if (to === "") continue;
    if (find(to) !== undefined) refuse(`there is a command '${shown(to)}' already`);
    meanings.set(to, command);
  }
  return new RenamedCommands(table, meanings);
}

class RenamedCommands implements CommandNames {
  readonly #table: CommandTable;
  readonly #newNames: readonly NewName[];
  /** By number: 1 where the name that a command was declared with does not mean it. */
  readonly #isHidden: Uint8Array;
  /** Numbers of commands, and their subcommands, that have no name. */
  readonly #nameless: ReadonlySet<number>;
  readonly count: number;

  constructor(
    table: CommandTable,
    meanings: ReadonlyMap<ByteString, ExecutableCommand | undefined>,
  ) {
    this.#table = table;
    const commands = [...table.all()];
    this.#isHidden = new Uint8Array(table.idsEnd);
    const newNames: NewName[] = [];
    for (const [name, command] of meanings) {
      const bytes = bytesOfByteString(name);
      const hidden = table.find(bytes, 0, bytes.length);
      if (hidden !== undefined) this.#isHidden[hidden.id] = 1;
      if (command !== undefined) newNames.push({ bytes, command });
    }
    this.#newNames = newNames;
    const named = new Set(newNames.map(({ command }) => command));
    const nameless = commands.filter((command) =>
      this.#isHidden[command.id] === 1 && !named.has(command)
    );
    this.#nameless = new Set(
      nameless.flatMap(({ id, subcommands }) => [id, ...subcommands.map(({ id }) => id)]),
    );
    this.count = table.count - nameless.length;
  }

  /** O(length), and of a name that is none or was declared O(names that are new). */
  find(bytes: Uint8Array, start: number, length: number): ExecutableCommand | undefined {
    const declared = this.#table.find(bytes, start, length);
    if (declared !== undefined && this.#isHidden[declared.id] === 0) return declared;
    const names = this.#newNames;
    for (let i = 0; i < names.length; i++) {
      if (isName(names[i].bytes, bytes, start, length)) return names[i].command;
    }
    return undefined;
  }

  has({ id }: { readonly id: number }): boolean {
    return !this.#nameless.has(id);
  }
}

/** Whether bytes are a name, in any case. */
function isName(name: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) {
    let byte = bytes[start + i];
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (byte !== name[i]) return false;
  }
  return true;
}
