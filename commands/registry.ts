/**
 * The registry: every command Ravel knows, each registered by the module that implements it.
 *
 * A declaration says all there is to know about a command, once. Dispatch, arity errors, COMMAND
 * and its subcommands, ACL categories, the client's hints and the documentation are all read from
 * it. A user's own module calls the same {@linkcode register}.
 *
 * The executor looks commands up by the bytes that arrived: names hash into a small open-addressed
 * table, so that no request makes a string.
 */

import { assert } from "@std/assert/assert";
import type { Arguments } from "../protocol/arguments.ts";
import type { Call } from "../server/execution/call.ts";
import { MemberPrefetch } from "./members/collection_prefetch.ts";
import type { MemberPositions, Prefetch } from "./prefetch.ts";

export type { Prefetch };

/** What COMMAND reports of a command, and what the executor checks before it runs one. */
export type CommandFlag =
  | "write"
  | "readonly"
  | "denyoom"
  | "admin"
  | "pubsub"
  | "noscript"
  | "blocking"
  | "loading"
  | "stale"
  | "skip_monitor"
  | "skip_slowlog"
  | "no_auth"
  | "fast"
  | "movablekeys"
  | "no_multi"
  | "allow_busy"
  | "no_async_loading";

/** Groups of commands, as COMMAND DOCS and COMMAND LIST name them. */
export type CommandGroup =
  | "string"
  | "generic"
  | "sorted-set"
  | "list"
  | "hash"
  | "set"
  | "connection"
  | "server"
  | "transactions"
  | "module";

/** How a command uses a key: COMMAND INFO's and COMMAND GETKEYSANDFLAGS's flags. */
export type KeyFlag =
  | "RO"
  | "RW"
  | "OW"
  | "RM"
  | "access"
  | "update"
  | "insert"
  | "delete"
  | "not_key"
  | "incomplete"
  | "variable_flags";

/**
 * Where a command's keys stand: every `step`-th argument from `first` to `last`, a negative `last`
 * counted from the end. Argument 0 is the command's name.
 */
export interface KeyPositions {
  first: number;
  last: number;
  step: number;
  flags?: readonly KeyFlag[];
  notes?: string;
  /** With `variable_flags`: those of one call. */
  flagsOfCall?(this: void, args: Arguments): readonly KeyFlag[];
}

/** Types of an argument, as COMMAND DOCS names them. */
export type ArgumentType =
  | "key"
  | "string"
  | "integer"
  | "double"
  | "pattern"
  | "unix-time"
  | "pure-token"
  | "oneof"
  | "block";

/** An argument of a command's syntax, as COMMAND DOCS describes it. */
export interface ArgumentDeclaration {
  name: string;
  type: ArgumentType;
  /** The word that stands before the argument, or is the argument (`pure-token`). */
  token?: string;
  optional?: boolean;
  multiple?: boolean;
  /** With `multiple`: the token is repeated before each. */
  multipleToken?: boolean;
  since?: string;
  deprecatedSince?: string;
  summary?: string;
  displayText?: string;
  /** Of a `oneof` or `block`. */
  arguments?: readonly ArgumentDeclaration[];
}

/** What every declaration has, of a command or of a subcommand. */
interface Declared {
  /** In lower case. */
  name: string;
  /** Arguments with the name itself (a subcommand's: with both names); negative: at least so many. */
  arity: number;
  complexity: string;
  group: CommandGroup;
  since: string;
  /** One line, in our own words. */
  summary: string;
  flags: readonly CommandFlag[];
  /** ACL categories beyond those that follow from flags and group, without `@`. */
  categories?: readonly string[];
  /** Hints for clients and proxies, such as `nondeterministic_output`. */
  tips?: readonly string[];
  /** Several where a command's keys are used in different ways, such as RENAME's. */
  keys?: KeyPositions | readonly KeyPositions[];
  arguments?: readonly ArgumentDeclaration[];
  history?: readonly (readonly [version: string, change: string])[];
  deprecatedSince?: string;
  replacedBy?: string;
  /** A command for those who work on the server, not for applications: COMMAND DOCS's `syscmd`. */
  isSystemCommand?: boolean;
}

/** A command that runs. */
export interface CommandDeclaration extends Declared {
  /** Carries the command out and writes exactly one reply. May throw an ErrorReply instead. */
  run(this: void, call: Call): void;
  /** Which arguments it looks for in the collection of its key, so that those are loaded ahead. */
  members?: MemberPositions;
  /** For a command that waits for memory more than once in another way: see {@linkcode Prefetch}. */
  prefetch?: Prefetch;
  subcommands?: undefined;
}

/** A command that names a family, such as CONFIG. */
export interface ContainerDeclaration extends Declared {
  subcommands: readonly CommandDeclaration[];
  prefetch?: undefined;
  members?: undefined;
  /** Carries out a call without a subcommand; only COMMAND has one. */
  run?(this: void, call: Call): void;
}

/** Of a command that has none. */
const NO_KEYS: KeyPositions = { first: 0, last: 0, step: 1 };

/** A registered command, with what the executor needs at hand. */
export class Command {
  /** `config|get` for a subcommand. */
  readonly fullName: string;
  readonly nameBytes: Uint8Array;
  readonly run: ((this: void, call: Call) => void) | undefined;
  readonly prefetch: Prefetch | undefined;
  readonly subcommands: readonly Command[];
  readonly arity: number;
  /** Where keys stand, by use. */
  readonly keys: readonly KeyPositions[];
  /** Index of the first key argument, 0 for none. */
  readonly firstKey: number;
  /** Index of the last key argument, negative where it is counted from the end; 0 for none. */
  readonly lastKey: number;
  /** From one key argument to the next. */
  readonly keyStep: number;
  /** Whether a call may have more than two keys. */
  readonly hasManyKeys: boolean;
  readonly isWrite: boolean;
  readonly deniesOom: boolean;
  readonly allowsNoAuth: boolean;

  constructor(
    readonly declaration: CommandDeclaration | ContainerDeclaration,
    readonly parent: Command | undefined,
    /** Dense number of the command, an index for per-server tables. */
    readonly id: number,
  ) {
    this.fullName = parent ? `${parent.fullName}|${declaration.name}` : declaration.name;
    this.nameBytes = new TextEncoder().encode(declaration.name);
    this.run = declaration.run;
    const { members, prefetch } = declaration;
    this.prefetch = prefetch ?? (members === undefined ? undefined : new MemberPrefetch(members));
    this.arity = declaration.arity;
    this.keys = declaration.keys === undefined ? [] : [declaration.keys].flat();
    const { first, last, step } = this.keys[0] ?? NO_KEYS;
    this.firstKey = first;
    this.lastKey = last;
    this.keyStep = step;
    this.hasManyKeys = last < 0 || last > first + step;
    this.isWrite = declaration.flags.includes("write");
    this.deniesOom = declaration.flags.includes("denyoom");
    this.allowsNoAuth = declaration.flags.includes("no_auth");
    this.subcommands = (declaration.subcommands ?? []).map((sub) =>
      new Command(sub, this, nextId++)
    );
  }

  /** Whether a call with `count` arguments, the name included, has the right number. */
  acceptsCount(count: number): boolean {
    return this.arity >= 0 ? count === this.arity : count >= -this.arity;
  }

  /** The subcommand of that name, in any case. */
  subcommand(bytes: Uint8Array, start: number, length: number): Command | undefined {
    return this.subcommands.find((sub) => namesEqual(sub.nameBytes, bytes, start, length));
  }
}

const MAX_NAME_BYTES = 64;
const TABLE_SIZE = 4096;
const MAX_COMMANDS = TABLE_SIZE / 2;

let nextId = 0;
const table: (Command | undefined)[] = new Array(TABLE_SIZE).fill(undefined);
const byName = new Map<string, Command>();
let lastFound: Command | undefined;

/**
 * Adds a command to the registry; called by each command module as it is loaded.
 *
 * @throws {Error} when the name is taken or is not a lower-case word
 */
export function register(declaration: CommandDeclaration | ContainerDeclaration): void {
  const { name } = declaration;
  if (!/^[a-z][a-z0-9._-]*$/.test(name) || name.length > MAX_NAME_BYTES) {
    throw new Error(`command name '${name}' must be a lower-case word of at most 64 letters`);
  }
  if (byName.has(name)) throw new Error(`command '${name}' is registered already`);
  if (byName.size >= MAX_COMMANDS) throw new Error(`more than ${MAX_COMMANDS} commands`);
  const command = new Command(declaration, undefined, nextId++);
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
  if (lastFound !== undefined && namesEqual(lastFound.nameBytes, bytes, start, length)) {
    return lastFound;
  }
  if (length > MAX_NAME_BYTES) return undefined;
  let slot = nameHash(bytes, start, length);
  for (let tries = 0; tries < TABLE_SIZE; tries++) {
    const command = table[slot];
    if (command === undefined) return undefined;
    if (namesEqual(command.nameBytes, bytes, start, length)) return lastFound = command;
    slot = (slot + 1) & (TABLE_SIZE - 1);
  }
  assert(false, "the command table is never full");
}

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

function namesEqual(name: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) {
    let byte = bytes[start + i];
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (byte !== name[i]) return false;
  }
  return true;
}
