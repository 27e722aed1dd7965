/**
 * A user: a name, passwords that let a client in as it, and what it may do then. Of passwords only
 * the digests are kept.
 *
 * The object stays the same while its rules change, for clients hold it. Changes are made on a copy,
 * which becomes the user once all of them are good.
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { ClientUser } from "../execution/client_user.ts";
import { Selector } from "./selector.ts";

/** What a new user, or selector, begins with. */
export interface Beginning {
  /** Above every number of a command. */
  readonly commandIds: number;
  /** Whether all channels are open to it (acl-pubsub-default). */
  readonly allChannels: boolean;
}

export class User implements ClientUser {
  isOn = false;
  /** Whether any password will do. */
  needsNoPassword = false;
  /** Whether values that it RESTOREs are checked: they are in any case, and it is only kept. */
  sanitizes = true;
  /** SHA-256 digests in hexadecimal digits, the oldest first. */
  passwords: readonly string[] = [];
  /** Its permissions: the root, and those in parentheses. */
  selectors: readonly [Selector, ...Selector[]];
  isUnrestricted = false;

  /** A user that is off and may do nothing. */
  constructor(readonly name: ByteString, { commandIds, allChannels }: Beginning) {
    this.selectors = [new Selector(commandIds, allChannels)];
  }

  /** Its permissions outside of parentheses. */
  get root(): Selector {
    return this.selectors[0];
  }

  /** A user of the same rules, to change. */
  copy(beginning: Beginning): User {
    const copy = new User(this.name, beginning);
    copy.adopt(this);
    return copy;
  }

  /** Takes over the rules of another one. */
  adopt({ isOn, needsNoPassword, passwords, sanitizes, selectors: [root, ...others] }: User): void {
    this.isOn = isOn;
    this.needsNoPassword = needsNoPassword;
    this.sanitizes = sanitizes;
    this.passwords = passwords;
    this.selectors = [root.copy(), ...others.map((selector) => selector.copy())];
    this.isUnrestricted = this.selectors.some((selector) => selector.isUnrestricted);
  }
}
