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
import { CommandRules } from "./command_rules.ts";
import { PatternList } from "./pattern_list.ts";
import type { KeyPattern, NamePattern } from "./patterns.ts";

const ALL_BITS = -1;

export class Selector {
  /** Whether every key, channel or command is open, so that patterns and bits need not be asked. */
  allKeys = false;
  allChannels: boolean;
  allCommands = false;
  /** Whether it began with all commands: those that nobody has heard of are open then. */
  isOpenEnded = false;
  readonly keys: PatternList<KeyPattern> = new PatternList();
  /** The one of the patterns of keys that was the right one the last time. */
  likelyKeys: KeyPattern | undefined;
  readonly channels: PatternList<NamePattern> = new PatternList();
  /** The rules about commands that its bits come of, such as `+get` or `-@slow`. */
  readonly rules: CommandRules = new CommandRules();
  /** By number of a command that is not open: the first arguments, in capitals, with which it is. */
  firstArguments: Map<number, ByteString[]> | undefined;
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

  /** Opens or closes all keys, and forgets the patterns of them. */
  setAllKeys(areOpen: boolean): void {
    this.allKeys = areOpen;
    this.keys.clear();
    this.likelyKeys = undefined;
  }

  /** Opens or closes all channels, and forgets the patterns of them. */
  setAllChannels(areOpen: boolean): void {
    this.allChannels = areOpen;
    this.channels.clear();
  }

  /** A selector of the same rules, to change. O(rules). */
  copy(): Selector {
    const copy = new Selector(this.commandIds, this.allChannels);
    copy.allKeys = this.allKeys;
    copy.allCommands = this.allCommands;
    copy.isOpenEnded = this.isOpenEnded;
    copy.keys.adopt(this.keys);
    copy.channels.adopt(this.channels);
    for (const rule of this.rules) copy.rules.add(rule);
    if (this.firstArguments !== undefined) {
      copy.firstArguments = new Map(
        Array.from(this.firstArguments, ([id, known]) => [id, [...known]]),
      );
    }
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

  /** Opens or closes the commands of a mask: a bit for each, by its number. */
  setCommands(mask: Int32Array, isOpen: boolean): void {
    const bits = this.#bits;
    for (let i = 0; i < bits.length; i++) {
      if (isOpen) bits[i] |= mask[i];
      else {
        bits[i] &= ~mask[i];
        if (mask[i] !== 0) this.allCommands = false;
      }
    }
    const { firstArguments } = this;
    if (firstArguments === undefined) return;
    for (const id of firstArguments.keys()) {
      if ((mask[id >> 5] >>> (id & 31) & 1) === 1) firstArguments.delete(id);
    }
  }

  /** Opens or closes all commands, and forgets the rules about them. */
  setAllCommands(areOpen: boolean): void {
    this.#bits.fill(areOpen ? ALL_BITS : 0);
    this.allCommands = areOpen;
    this.isOpenEnded = areOpen;
    this.rules.clear();
    this.firstArguments = undefined;
  }

  /** Whether nothing is closed. */
  get isUnrestricted(): boolean {
    return this.allCommands && this.allKeys && this.allChannels;
  }
}
