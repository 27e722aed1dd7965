/** Users in words: the rules that make them, as ACL LIST, ACL GETUSER and files have them. */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { KeyAccess, type KeyPattern, READ_AND_WRITE } from "./patterns.ts";
import type { Selector } from "./selector.ts";
import type { User } from "./user.ts";

/** The words that are no permissions, in Redis's order. */
export function flagsOf({ isOn, needsNoPassword, sanitizes }: User): string[] {
  return [
    isOn ? "on" : "off",
    ...(needsNoPassword ? ["nopass"] : []),
    sanitizes ? "sanitize-payload" : "skip-sanitize-payload",
  ];
}

function keysPrefix({ access }: KeyPattern): string {
  if (access === READ_AND_WRITE) return "~";
  return access === KeyAccess.Read ? "%R~" : "%W~";
}

/** The rules about keys; none where it has no key. */
export function keyRules({ allKeys, keys }: Selector): ByteString[] {
  return allKeys ? ["~*"] : keys.items.map((pattern) => keysPrefix(pattern) + pattern.text);
}

/** The rules about channels; none where it has no channel. */
export function channelRules({ allChannels, channels }: Selector): ByteString[] {
  return allChannels ? ["&*"] : channels.items.map(({ text }) => `&${text}`);
}

/** The rules about commands. */
export function commandRules({ isOpenEnded, rules }: Selector): ByteString[] {
  return [isOpenEnded ? "+@all" : "-@all", ...rules];
}

function selectorText(selector: Selector): ByteString {
  const channels = channelRules(selector);
  return [
    ...keyRules(selector),
    ...(selector.allChannels ? channels : ["resetchannels", ...channels]),
    ...commandRules(selector),
  ].join(" ");
}

/** All rules of a user, a line of a file without the word `user` and the name. O(rules). */
function describeUser(user: User): ByteString {
  const [root, ...others] = user.selectors;
  return [
    ...flagsOf(user),
    ...user.passwords.map((digest) => `#${digest}`),
    selectorText(root),
    ...others.map((selector) => `(${selectorText(selector)})`),
  ].join(" ");
}

/** A user as a line of an ACL file or of a configuration file. O(rules). */
export function userLine(user: User): ByteString {
  return `user ${user.name} ${describeUser(user)}`;
}
