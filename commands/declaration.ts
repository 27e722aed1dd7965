/**
 * The language of declarations. A declaration says all there is to know about a command, once:
 * dispatch, arity errors, COMMAND and its subcommands, key extraction, ACL categories, the client's
 * hints and the documentation are all read from it.
 */

import type { Call } from "../server/execution/call.ts";
import type { Prefetch, SensitiveArguments } from "../server/execution/command_table.ts";
import type { KeySearch, KeySpec } from "../server/execution/key_spec.ts";

/**
 * What is special about a command: what has to be checked before it runs, and who may call it, in
 * the order in which COMMAND INFO lists a command's flags. Two more are derived: `module` from the
 * group, `movablekeys` from the keys.
 */
export const COMMAND_FLAGS = [
  "write",
  "readonly",
  "denyoom",
  "admin",
  "pubsub",
  "noscript",
  "blocking",
  "loading",
  "stale",
  "skip_monitor",
  "skip_slowlog",
  "asking",
  "fast",
  "no_auth",
  "may_replicate",
  "sentinel",
  "only_sentinel",
  "no_mandatory_keys",
  "protected",
  "no_async_loading",
  "no_multi",
  "allow_busy",
  "touches_arbitrary_keys",
] as const;

export type CommandFlag = typeof COMMAND_FLAGS[number];

/** Groups of commands, as COMMAND DOCS names them. */
export const COMMAND_GROUPS = [
  "generic",
  "string",
  "list",
  "set",
  "sorted-set",
  "hash",
  "pubsub",
  "transactions",
  "connection",
  "server",
  "scripting",
  "hyperloglog",
  "cluster",
  "sentinel",
  "geo",
  "stream",
  "bitmap",
  "module",
] as const;

export type CommandGroup = typeof COMMAND_GROUPS[number];

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
  /**
   * Place in the command's `keys` of those that the argument names. Key arguments are taken to be
   * declared in the order of `keys`, and need it only where they are not.
   */
  keySpec?: number;
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
  /** Where it is otherwise than in Redis, in whole sentences; docs/commands.md tells it. */
  differs?: string;
  flags: readonly CommandFlag[];
  /** ACL categories beyond those that follow from flags and group, without `@`. */
  categories?: readonly string[];
  /** Hints for clients and proxies, such as `nondeterministic_output`. */
  tips?: readonly string[];
  /** Several where a command's keys are used in different ways, such as RENAME's. */
  keys?: KeySpec | readonly KeySpec[];
  /** Finds the keys that `keys` does not tell of. */
  keySearch?: KeySearch;
  arguments?: readonly ArgumentDeclaration[];
  history?: readonly (readonly [version: string, change: string])[];
  deprecatedSince?: string;
  replacedBy?: string;
  /** Where there are passwords among its arguments; MONITOR and SLOWLOG do not show those. */
  sensitive?: SensitiveArguments;
  /** A command for those who work on the server, not for applications: COMMAND DOCS's `syscmd`. */
  isSystemCommand?: boolean;
}

/** Which arguments a command looks for in the hash, set or sorted set of its key, argument 1. */
export interface MemberPositions {
  /** The first of them. */
  readonly first: number;
  /** From one to the next. */
  readonly step: number;
  /** The last of them; left out where they go on to the end. */
  readonly last?: number;
}

/** A command that runs. */
export interface CommandDeclaration extends Declared {
  /** Carries the command out and writes exactly one reply. May throw an ErrorReply instead. */
  run(this: void, call: Call): void;
  /**
   * What a call may do, as bits of CallEffect (server/execution/call_effects.ts), where that depends on
   * its arguments; their number is right. Left out where the flags say it.
   */
  effectsOfCall?(this: void, call: Call): number;
  /** Which arguments it looks for in the collection of its key, so that those are loaded ahead. */
  members?: MemberPositions;
  /**
   * Calls in a row are timed together, as a quick command's are: the command says itself which of its
   * calls took long, by `executor.tookLong`.
   */
  tellsLongCalls?: boolean;
  /** For a command that waits for memory more than once in another way: see {@linkcode Prefetch}. */
  prefetch?: Prefetch;
  subcommands?: undefined;
}

/** A command that names a family, such as CONFIG. */
export interface ContainerDeclaration extends Declared {
  subcommands: readonly CommandDeclaration[];
  prefetch?: undefined;
  tellsLongCalls?: undefined;
  effectsOfCall?: undefined;
  members?: undefined;
  /** Carries out a call without a subcommand; only COMMAND has one. */
  run?(this: void, call: Call): void;
}

/** What a module hands to `register`. */
export type AnyDeclaration = CommandDeclaration | ContainerDeclaration;
