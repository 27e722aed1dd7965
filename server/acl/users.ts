/** The users of a server, by name. The default user is always there, as the same object. */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { CommandTable } from "../execution/command_table.ts";
import { upToNul } from "../config/value_type.ts";
import { User } from "./user.ts";
import { applyUserRule, mergeRules, type RuleContext } from "./user_rules.ts";

export const DEFAULT_USER = "default";

/** Each takes a few kilobytes of V8's heap. */
export const MAX_USERS = 20_000;
/** Longer names are no user's; the log of denials and CLIENT LIST repeat them. */
export const MAX_USER_NAME_BYTES = 4096;
export const TOO_MANY_USERS = `There are at most ${MAX_USERS} users`;
export const LONG_NAME = `A user's name has at most ${MAX_USER_NAME_BYTES} bytes`;
/** Of a rule that is wrong so much is repeated. */
const MAX_REPEATED_BYTES = 1024;

/** What new users have of channels, by the setting as it is. */
interface ChannelDefault {
  readonly aclPubSubDefault: "allchannels" | "resetchannels";
}

export class Users implements RuleContext {
  readonly commands: CommandTable;
  readonly commandIds: number;
  readonly default: User;
  readonly #config: ChannelDefault;
  #byName = new Map<ByteString, User>();
  readonly #masks = new Map<number, Int32Array>();

  constructor(commands: CommandTable, config: ChannelDefault) {
    this.commands = commands;
    this.#config = config;
    this.commandIds = commands.idsEnd;
    this.default = this.#openUser();
    this.#byName.set(DEFAULT_USER, this.default);
  }

  get allChannels(): boolean {
    return this.#config.aclPubSubDefault === "allchannels";
  }

  /** The default user as it is before anybody says otherwise: all may come in, and do everything. */
  #openUser(): User {
    const user = new User(DEFAULT_USER, this);
    for (const rule of ["+@all", "~*", "&*", "on", "nopass"]) applyUserRule(user, rule, this);
    return user.copy(this);
  }

  maskOf(categoryBit: number): Int32Array {
    let mask = this.#masks.get(categoryBit);
    if (mask !== undefined) return mask;
    mask = new Int32Array(Math.ceil(this.commandIds / 32));
    for (const command of this.commands.all()) {
      if ((command.categories & categoryBit) === 0) continue;
      for (const { id } of [command, ...command.subcommands]) mask[id >> 5] |= 1 << (id & 31);
    }
    this.#masks.set(categoryBit, mask);
    return mask;
  }

  get size(): number {
    return this.#byName.size;
  }

  get(name: ByteString): User | undefined {
    return this.#byName.get(name);
  }

  /** All users in the order of their names' bytes. O(users · log users). */
  inOrder(): User[] {
    return [...this.#byName.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /**
   * A copy of the user of that name, or a new one, to which the rules are applied.
   *
   * @returns the copy, or what is wrong, in Redis's words
   */
  changed(name: ByteString, words: readonly ByteString[]): User | string {
    const known = this.get(name);
    if (known === undefined) {
      if (this.size >= MAX_USERS) return TOO_MANY_USERS;
      if (name.length > MAX_USER_NAME_BYTES) return LONG_NAME;
    }
    const merged = mergeRules(words);
    if ("unmatched" in merged) {
      return `Unmatched parenthesis in acl selector starting at '${asSeen(merged.unmatched)}'.`;
    }
    const user = known?.copy(this) ?? new User(name, this);
    for (const rule of merged.rules) {
      const problem = applyUserRule(user, rule, this);
      if (problem !== undefined) {
        return `Error in ACL SETUSER modifier '${asSeen(rule)}': ${problem}`;
      }
    }
    return user;
  }

  /** Makes a user what the other one is, which has its name; a new one if there is none. */
  adopt(changed: User): void {
    const { name } = changed;
    let user = this.#byName.get(name);
    if (user === undefined) this.#byName.set(name, user = new User(name, this));
    user.adopt(changed);
  }

  /** Takes a user away, which is not the default one. @returns whether it was there */
  delete(name: ByteString): boolean {
    return this.#byName.delete(name);
  }

  /** Has these users in place of all others; the default one is as new where they have none. */
  replace(users: ReadonlyMap<ByteString, User>): void {
    this.default.adopt(users.get(DEFAULT_USER) ?? this.#openUser());
    this.#byName = new Map([[DEFAULT_USER, this.default]]);
    for (const user of users.values()) this.adopt(user);
  }

  /** Sets the only password of the default user; "" is none. */
  setDefaultPassword(password: ByteString): void {
    const user = this.default;
    applyUserRule(user, "resetpass", this);
    applyUserRule(user, password === "" ? "nopass" : `>${password}`, this);
  }
}

/** What is repeated of a rule: as much as C would see of it, and no more than fits a message. */
export function asSeen(rule: ByteString): ByteString {
  return upToNul(rule.slice(0, MAX_REPEATED_BYTES));
}
