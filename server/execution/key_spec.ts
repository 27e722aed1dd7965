/**
 * The language in which a command says where its keys stand: Redis 7's key specifications. Each has
 * two halves, and a command as many specifications as it uses keys in different ways.
 *
 * ```
 * XREAD  COUNT 2  STREAMS  k1  k2  0-0  0-0        ZUNIONSTORE  dest  2  k1  k2  WEIGHTS 1 2
 *                 └begin   └─────┘                              │     │  └────┘
 *                  keyword  find: half of the rest              │     └ begin: index 2; find: as
 *                                                               │       many as that number says
 *                                                               └ begin: index 1; find: one
 * ```
 *
 * An index counts from the command's name (of a subcommand: from its container's name), which is 0.
 */

import type { Arguments } from "../../protocol/arguments.ts";

/**
 * How a command uses a key. One of the first four says what becomes of the value: it is only read,
 * read and written, overwritten whatever it was, or removed. The next four say what becomes of the
 * user's data in it: it is answered or copied, changed, added to, taken out of.
 */
export type KeyFlag =
  | "RO"
  | "RW"
  | "OW"
  | "RM"
  | "access"
  | "update"
  | "insert"
  | "delete"
  /** Looks like a key and is routed like one, but is none, such as a shard channel. */
  | "not_key"
  /** There may be more keys than the specification finds. */
  | "incomplete"
  /** The use depends on the call. */
  | "variable_flags";

/** Every flag, in the order in which COMMAND INFO lists those of a key; the place is the bit. */
const KEY_FLAGS: readonly KeyFlag[] = [
  "RO",
  "RW",
  "OW",
  "RM",
  "access",
  "update",
  "insert",
  "delete",
  "not_key",
  "incomplete",
  "variable_flags",
];

/** Where the search for keys begins. */
export type BeginSearch =
  /** At that argument. */
  | { readonly type: "index"; readonly index: number }
  /**
   * Behind that word, which is sought in any case from argument `startFrom` on; where that is
   * negative, from the so manyth last argument backwards. Without the word there are no keys.
   */
  | { readonly type: "keyword"; readonly keyword: string; readonly startFrom: number }
  | { readonly type: "unknown" };

/** Which arguments, from there on, are keys. */
export type FindKeys =
  /**
   * Every `step`-th, up to the argument `lastKey` behind the first, or where that is negative the
   * one so many from the end (-1 is the last). A `limit` of two or more, with a `lastKey` of -1, ends
   * the search after that fraction of the arguments that are left: 2 is half of them.
   */
  | {
    readonly type: "range";
    readonly lastKey: number;
    readonly step: number;
    readonly limit: number;
  }
  /**
   * As many as the argument `keyNumIndex` behind the beginning says, every `step`-th, the first of
   * them `firstKey` behind the beginning.
   */
  | {
    readonly type: "keynum";
    readonly keyNumIndex: number;
    readonly firstKey: number;
    readonly step: number;
  }
  | { readonly type: "unknown" };

/** Keys that a command uses in one way. */
export interface KeySpec {
  readonly begin: BeginSearch;
  readonly find: FindKeys;
  /** How it uses them: see {@linkcode keyFlagBits}. */
  readonly flags: number;
  readonly notes?: string;
  /** With `variable_flags`: those of one call. */
  readonly flagsOfCall?: (this: void, args: Arguments) => number;
}

/** What a command's own search for keys adds them to. */
export interface KeySink {
  /** Every `step`-th argument from `first` to `last`. Ranges outside of the call are left out. */
  add(first: number, last: number, step: number, flags: number): void;
}

/**
 * A command's own search, for what its specifications do not tell (such as the STORE of SORT, that
 * may stand anywhere). It is asked only where the specifications do not find all keys.
 */
export type KeySearch = (this: void, args: Arguments, found: KeySink) => void;

/** What the walk over a call's keys has to know of the command. */
export interface KeyedCommand {
  readonly keySpecs: readonly KeySpec[];
  readonly keySearch: KeySearch | undefined;
}

/** Flags as one integer; the bit of each is its place in {@linkcode KEY_FLAGS}. */
export function keyFlagBits(flags: readonly KeyFlag[]): number {
  return flags.reduce((bits, flag) => bits | (1 << KEY_FLAGS.indexOf(flag)), 0);
}

/** The flags of an integer, in order. */
export function keyFlagsOf(bits: number): KeyFlag[] {
  return KEY_FLAGS.filter((_, place) => (bits & (1 << place)) !== 0);
}
