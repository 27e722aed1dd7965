/**
 * May a user make a call? Each of its selectors is asked, and one that allows all of it is enough:
 *
 * ```
 * selector ─▶ command, by its bit ─▶ each key, by the patterns ─▶ each channel ─▶ allowed
 *                   │                      │                          │
 *                   └──────────────────────┴──── the next selector ◀──┘
 * ```
 *
 * Where none does, the denial that came furthest is told. Nothing is allocated.
 *
 * For most calls there is a shorter way: what the root selector says of a command whatever the arguments
 * are is found out once and noted by its number, and the one key of the call is tried on the pattern that
 * opened the last.
 *
 * ```
 * plan[GET]  │ place of the key: 1 │ read │ ─▶ key:123 ~ key:* ─▶ allowed
 * ```
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { CallKeys } from "../execution/call_keys.ts";
import type { ExecutableCommand } from "../execution/command_table.ts";
import { CHANNEL_ARGUMENTS } from "./channel_arguments.ts";
import { accessOf, BY_CALL, type KeyPlaces, NO_KEY } from "./key_places.ts";
import { KeyAccess, type NamePattern, READ_AND_WRITE } from "./patterns.ts";
import type { Selector } from "./selector.ts";
import type { User } from "./user.ts";

/** Why a call is denied; the higher, the further it came. */
export const Denial = { None: 0, Command: 1, Key: 2, Channel: 3 } as const;
export type Denial = typeof Denial[keyof typeof Denial];

// Steps of a plan; one above them is the place of the call's key, and in its lowest two bits what is
// needed of that.
const UNKNOWN = 0;
/** The call has to be looked at. */
const CHECK = 1;
/** The command is open, whatever its arguments are. */
const OPEN = 2;
const ACCESS_MASK = READ_AND_WRITE;
const PLACE_SHIFT = 2;

export class Permission {
  /** The argument that the last denial is about: a key or a channel. */
  deniedAt = 0;
  readonly #keys = new CallKeys();
  readonly #places: KeyPlaces;

  constructor(places: KeyPlaces) {
    this.#places = places;
  }

  /** Whether a user may make a call, where that is quickly said; else {@linkcode Permission.check} knows. O(key). */
  permits(user: User, command: ExecutableCommand, args: Arguments): boolean {
    const { root } = user;
    let step = root.plan[command.id];
    if (step === UNKNOWN) step = this.#note(root, command);
    if (step === OPEN) return true;
    const place = step >>> PLACE_SHIFT;
    const { likelyKeys } = root;
    // Commands without a number of their own are 0, too.
    if (place === 0 || place >= args.count || likelyKeys === undefined) return false;
    return likelyKeys.opens(step & ACCESS_MASK, args.bytes, args.start(place), args.length(place));
  }

  /** Finds out what a selector's plan says of a command that has a place there. */
  #note(selector: Selector, command: ExecutableCommand): number {
    const isOpen = selector.allCommands || command.allowsNoAuth || selector.allows(command);
    const place = this.#places.placeOf(command.id);
    let step: number = CHECK;
    if (isOpen && (!command.isPubSub || selector.allChannels)) {
      if (selector.allKeys || place === NO_KEY) step = OPEN;
      else if (place !== BY_CALL) {
        step = place << PLACE_SHIFT | this.#places.accessOf(command.id);
      }
    }
    selector.plan[command.id] = step;
    return step;
  }

  /**
   * Why a user may not make a call whose number of arguments is right, or Denial.None.
   * O(selectors × (keys + channels) × patterns).
   */
  check({ selectors }: User, command: ExecutableCommand, args: Arguments): Denial {
    let worst: Denial = Denial.Command;
    let worstAt = 0;
    for (let i = 0; i < selectors.length; i++) {
      const denial = this.#checkSelector(selectors[i], command, args);
      if (denial === Denial.None) return Denial.None;
      if (denial > worst || denial === worst && this.deniedAt > worstAt) {
        worst = denial;
        worstAt = this.deniedAt;
      }
    }
    this.deniedAt = worstAt;
    return worst;
  }

  /** As check(), and whether the selector that allows the call lets all keys be read. */
  allowsReadingAll({ selectors }: User, command: ExecutableCommand, args: Arguments): boolean {
    return selectors.some((selector) =>
      this.#checkSelector(selector, command, args) === Denial.None && readsAllKeys(selector)
    );
  }

  #checkSelector(selector: Selector, command: ExecutableCommand, args: Arguments): Denial {
    this.deniedAt = 0;
    const isOpen = selector.allCommands || command.allowsNoAuth || selector.allows(command) ||
      hasOpenArgument(selector, command, args);
    if (!isOpen) return Denial.Command;
    if (!selector.allKeys && !this.#opensKeys(selector, command, args)) return Denial.Key;
    if (command.isPubSub && !selector.allChannels) {
      if (!this.#opensChannels(selector.channels.items, command, args)) return Denial.Channel;
    }
    return Denial.None;
  }

  #opensKeys(selector: Selector, command: ExecutableCommand, args: Arguments): boolean {
    const place = this.#places.placeOf(command.id);
    // A call with too few arguments, which is only asked about, has no key either.
    if (place === NO_KEY || place >= args.count) return true;
    if (place !== BY_CALL) {
      return this.#opensKey(selector, this.#places.accessOf(command.id), args, place);
    }
    const keys = this.#keys;
    if (!keys.find(command, args)) return true;
    while (keys.next()) {
      if (!this.#opensKey(selector, accessOf(keys.flags), args, keys.index)) return false;
    }
    return true;
  }

  /** Whether argument `i` is a key that may be used in that way. */
  #opensKey(selector: Selector, access: number, args: Arguments, i: number): boolean {
    const { bytes } = args;
    const start = args.start(i);
    const length = args.length(i);
    // Most calls are for keys of the same kind as the one before.
    const likely = selector.likelyKeys;
    if (likely !== undefined && likely.opens(access, bytes, start, length)) return true;
    const keys = selector.keys.items;
    for (let p = 0; p < keys.length; p++) {
      const pattern = keys[p];
      if (pattern !== likely && pattern.opens(access, bytes, start, length)) {
        selector.likelyKeys = pattern;
        return true;
      }
    }
    this.deniedAt = i;
    return false;
  }

  #opensChannels(
    patterns: readonly NamePattern[],
    command: ExecutableCommand,
    args: Arguments,
  ): boolean {
    const channels = CHANNEL_ARGUMENTS.get(command.fullName);
    if (channels === undefined) return true;
    const { arePatterns, first, toTheEnd } = channels;
    const end = toTheEnd ? args.count : Math.min(first + 1, args.count);
    for (let i = first; i < end; i++) {
      const { bytes } = args;
      if (opensChannel(patterns, arePatterns, bytes, args.start(i), args.length(i))) continue;
      this.deniedAt = i;
      return false;
    }
    return true;
  }
}

/** Whether a command is open with the first argument that it has. */
function hasOpenArgument(
  { firstArguments }: Selector,
  { id }: ExecutableCommand,
  args: Arguments,
): boolean {
  const open = firstArguments?.get(id);
  if (open === undefined || args.count < 2) return false;
  for (let i = 0; i < open.length; i++) if (args.is(1, open[i])) return true;
  return false;
}

/**
 * Whether a channel is among the patterns; a pattern of channels, to which somebody subscribes, has to
 * be one of them as it is.
 */
export function opensChannel(
  patterns: readonly NamePattern[],
  isPattern: boolean,
  bytes: Uint8Array,
  start: number,
  length: number,
): boolean {
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i];
    const opens = isPattern
      ? pattern.is(bytes, start, length)
      : pattern.matches(bytes, start, length);
    if (opens) return true;
  }
  return false;
}

function readsAllKeys({ allKeys, keys }: Selector): boolean {
  return allKeys ||
    keys.items.some(({ access, text }) => text === "*" && (access & KeyAccess.Read) !== 0);
}
