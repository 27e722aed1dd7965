/**
 * Rules of a user: what a word of ACL SETUSER, of a `user` line or of an ACL file does.
 *
 * | word                                   |                                                          |
 * | -------------------------------------- | -------------------------------------------------------- |
 * | `on` `off`                             | whether clients may come in as the user                  |
 * | `>secret` `#digest`                    | add a password                                           |
 * | `<secret` `!digest`                    | take one away                                            |
 * | `nopass` `resetpass`                   | any password will do; none does                          |
 * | `(+get ~a*)` `clearselectors`          | further permissions, a set each                          |
 * | `reset`                                | as a new user                                            |
 * | `sanitize-payload` `skip-…`            | kept, without effect                                     |
 * | all else                               | what selector_rules.ts tells, for the user's own set     |
 */

import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import { sha256Hex } from "../../structures/sha256.ts";
import { splitLine } from "../config/config_file.ts";
import { Selector } from "./selector.ts";
import {
  applySelectorRule,
  asWord,
  type KnownCommands,
  type RuleProblem,
} from "./selector_rules.ts";
import { type Beginning, User } from "./user.ts";

const NO_SUCH_PASSWORD = "The password you are trying to remove from the user does not exist";
const BAD_DIGEST =
  "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters";
const TOO_MANY = "Too many rules";

const MAX_PASSWORDS = 1024;
/** Hashing takes the only thread some milliseconds a mebibyte. */
export const MAX_PASSWORD_BYTES = 1024 * 1024;
const LONG_PASSWORD = `A password has at most ${MAX_PASSWORD_BYTES} bytes`;
const MAX_SELECTORS = 128;
/** More than any word that is a rule by itself has. */
const MAX_WORD_BYTES = 32;

/** What rules are about. */
export interface RuleContext extends Beginning, KnownCommands {}

/** Applies one rule to a user, or says what is wrong and changes nothing. */
export function applyUserRule(user: User, rule: ByteString, context: RuleContext): RuleProblem {
  switch (asWord(rule.slice(0, MAX_WORD_BYTES))) {
    case "":
      return rule === "" ? undefined : applySelectorRule(user.root, rule, context);
    case "on":
      user.isOn = true;
      return undefined;
    case "off":
      user.isOn = false;
      return undefined;
    case "sanitize-payload":
      user.sanitizes = true;
      return undefined;
    case "skip-sanitize-payload":
      user.sanitizes = false;
      return undefined;
    case "nopass":
      user.needsNoPassword = true;
      user.passwords = [];
      return undefined;
    case "resetpass":
      user.needsNoPassword = false;
      user.passwords = [];
      return undefined;
    case "clearselectors":
      user.selectors = [user.root];
      return undefined;
    case "reset":
      return reset(user, context);
  }
  if (rule.length > MAX_PASSWORD_BYTES + 1 && /^[<>]/.test(rule)) return LONG_PASSWORD;
  switch (rule[0]) {
    case ">":
      return addPassword(user, digestOf(rule.slice(1)));
    case "#":
      return isDigest(rule.slice(1)) ? addPassword(user, rule.slice(1)) : BAD_DIGEST;
    case "<":
      return removePassword(user, digestOf(rule.slice(1)));
    case "!":
      return isDigest(rule.slice(1)) ? removePassword(user, rule.slice(1)) : BAD_DIGEST;
    case "(":
      if (rule.endsWith(")")) return addSelector(user, rule, context);
  }
  return applySelectorRule(user.root, rule, context);
}

function digestOf(password: ByteString): string {
  return sha256Hex(bytesOfByteString(password));
}

function isDigest(text: ByteString): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** As a new user; its own permissions stay the same object. */
function reset(user: User, { allChannels }: RuleContext): RuleProblem {
  const { root } = user;
  user.isOn = false;
  user.needsNoPassword = false;
  user.sanitizes = true;
  user.passwords = [];
  user.selectors = [root];
  root.setAllKeys(false);
  root.setAllChannels(allChannels);
  root.setAllCommands(false);
  return undefined;
}

function addPassword(user: User, digest: string): RuleProblem {
  const { passwords } = user;
  if (!passwords.includes(digest)) {
    if (passwords.length >= MAX_PASSWORDS) return TOO_MANY;
    user.passwords = [...passwords, digest];
  }
  user.needsNoPassword = false;
  return undefined;
}

function removePassword(user: User, digest: string): RuleProblem {
  const { passwords } = user;
  if (!passwords.includes(digest)) return NO_SUCH_PASSWORD;
  user.passwords = passwords.filter((other) => other !== digest);
  return undefined;
}

function addSelector(user: User, rule: ByteString, context: RuleContext): RuleProblem {
  if (user.selectors.length > MAX_SELECTORS) return TOO_MANY;
  const selector = new Selector(context.commandIds, context.allChannels);
  // As on Redis, rules that cannot be told apart are none.
  for (const word of splitLine(rule.slice(1, -1)) ?? []) {
    const problem = applySelectorRule(selector, word, context);
    if (problem !== undefined) return problem;
  }
  user.selectors = [...user.selectors, selector];
  return undefined;
}

/** The words of a user with each selector as one word, or the word whose parenthesis stays open. */
export type MergedRules =
  | { readonly rules: readonly ByteString[] }
  | { readonly unmatched: ByteString };

/** Joins the words of selectors that were given as several: `(+get`, `~a*)`. O(bytes). */
export function mergeRules(words: readonly ByteString[]): MergedRules {
  const rules: ByteString[] = [];
  let open: ByteString[] | undefined;
  for (const word of words) {
    if (open !== undefined) {
      open.push(word);
      if (!word.endsWith(")")) continue;
      rules.push(open.join(" "));
      open = undefined;
    } else if (word.startsWith("(") && !word.endsWith(")")) open = [word];
    else rules.push(word);
  }
  return open === undefined ? { rules } : { unmatched: open[0] };
}
