/**
 * A set of permissions: commands, keys and channels that go together. A user has one of its own, the
 * root, and may have more; what any of them allows as a whole, it may do.
 *
 * ```
 * +@read -mget ~app:* &news:*       commands   a bit for each, by its number
 *    │      │     │      │          keys       patterns, each to read, to write or both
 *    └──────┴─────┴──────┴─────▶    channels   patterns
 * ```
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { CallableCommand } from "../execution/callable_command.ts";
import type { KeyPattern, NamePattern } from "./patterns.ts";

const ALL_BITS = -1;

export class Selector {
  /** Whether every key, channel or command is open, so that patterns and bits need not be asked. */
  allKeys = false;
  allChannels: boolean;
  allCommands = false;
  /** Whether it began with all commands: those that nobody has heard of are open then. */
  isOpenEnded = false;
  #keys: readonly KeyPattern[] = [];
  /** The one of the patterns of keys that was the right one the last time. */
  likelyKeys: KeyPattern | undefined;
  channels: readonly NamePattern[] = [];
  /** The rules about commands that its bits come of, in their order, such as `+get` or `-@slow`. */
  rules: readonly ByteString[] = [];
  /** By number of a command that is not open: the first arguments, in capitals, with which it is. */
  firstArguments: ReadonlyMap<number, readonly ByteString[]> = new Map();
  readonly #bits: Int32Array;
  /** What permission.ts has found out about commands; made for it, and not copied. */
  #plan: Int32Array | undefined;

  /** @param commandIds above every number of a command */
  constructor(readonly commandIds: number, allChannels: boolean) {
    this.allChannels = allChannels;
    this.#bits = new Int32Array(Math.ceil(commandIds / 32));
  }

  /**
   * By number of a command, 0 at first: see permission.ts. It is of those rules that there are when it is
   * first asked for; whose rules change is a copy, which has none yet.
   */
  get plan(): Int32Array {
    return this.#plan ??= new Int32Array(this.commandIds);
  }

  get keys(): readonly KeyPattern[] {
    return this.#keys;
  }

  set keys(keys: readonly KeyPattern[]) {
    this.#keys = keys;
    this.likelyKeys = undefined;
  }

  copy(): Selector {
    const copy = new Selector(this.commandIds, this.allChannels);
    copy.allKeys = this.allKeys;
    copy.allCommands = this.allCommands;
    copy.isOpenEnded = this.isOpenEnded;
    // None of these is changed in place.
    copy.keys = this.keys;
    copy.channels = this.channels;
    copy.rules = this.rules;
    copy.firstArguments = this.firstArguments;
    copy.#bits.set(this.#bits);
    return copy;
  }

  /** Whether a command is open, whatever its arguments are. O(1). */
  allows({ id }: CallableCommand): boolean {
    return id < this.commandIds ? (this.#bits[id >> 5] >>> (id & 31) & 1) === 1 : this.isOpenEnded;
  }

  /** Opens or closes one command. */
  setCommand({ id }: CallableCommand, isOpen: boolean): void {
    if (id >= this.commandIds) return;
    if (isOpen) this.#bits[id >> 5] |= 1 << (id & 31);
    else {
      this.#bits[id >> 5] &= ~(1 << (id & 31));
      this.allCommands = false;
    }
  }

  /** Opens or closes all commands, and forgets the rules about them. */
  setAllCommands(areOpen: boolean): void {
    this.#bits.fill(areOpen ? ALL_BITS : 0);
    this.allCommands = areOpen;
    this.isOpenEnded = areOpen;
    this.rules = [];
    this.firstArguments = new Map();
  }

  /** Whether nothing is closed. */
  get isUnrestricted(): boolean {
    return this.allCommands && this.allKeys && this.allChannels;
  }
}
