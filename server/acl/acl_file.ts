/**
 * Files of users: a line each, which is what ACL LIST answers. All of a file is good, or nothing of it
 * is taken. Texts of what is wrong are Redis's.
 */

import { type ByteString, byteStringOf } from "../../structures/bytes/byte_string.ts";
import { hasSpaces, UNKNOWN } from "./selector_rules.ts";
import { User } from "./user.ts";
import { applyUserRule, mergeRules, type RuleContext } from "./user_rules.ts";

/** Bytes of a file at most. */
export const MAX_ACL_FILE_BYTES = 16 * 1024 * 1024;

/** The users of a file, or all that is wrong with it in one line. */
export type ReadUsers =
  | { readonly users: ReadonlyMap<ByteString, User> }
  | { readonly problems: ByteString };

const NOTHING_TAKEN =
  "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";

/** Reads a file; `path` is for what is wrong. O(bytes). */
export function readUsers(bytes: Uint8Array, path: ByteString, context: RuleContext): ReadUsers {
  const users = new Map<ByteString, User>();
  let problems = "";
  byteStringOf(bytes, 0, bytes.length).split("\n").forEach((line, index) => {
    const words = line.replace(/^[ \t\r]+|[ \t\r]+$/g, "").split(" ");
    if (words.length === 1 && words[0] === "") return;
    problems += problemsOfLine(words, `${path}:${index + 1}`, index + 1, users, context);
  });
  return problems === "" ? { users } : { problems: problems + NOTHING_TAKEN };
}

/** Adds the user of a line. @returns what is wrong with it, or "" */
function problemsOfLine(
  [keyword, name, ...words]: readonly ByteString[],
  place: ByteString,
  lineNumber: number,
  users: Map<ByteString, User>,
  context: RuleContext,
): ByteString {
  if (keyword !== "user" || name === undefined) {
    return `${place} should start with user keyword followed by the username. `;
  }
  if (hasSpaces(name)) return `'${place}: username '${name}' contains invalid characters. `;
  if (users.has(name)) return `WARNING: Duplicate user '${name}' found on line ${lineNumber}. `;
  const user = new User(name, context);
  const merged = mergeRules(words);
  if ("unmatched" in merged) return `${place}: Unmatched parenthesis in selector definition.`;
  let problems = "";
  let isFirst = true;
  for (const word of merged.rules) {
    const rule = word.replace(/^[\t\r]+|[\t\r]+$/g, "");
    const problem = applyUserRule(user, rule, context);
    if (problem === undefined) continue;
    if (problem === UNKNOWN) {
      problems += `${place}: Error in applying operation '${rule}': ${problem}. `;
    } else if (isFirst) {
      // Others may follow from it, and may have passwords in them.
      problems += `${place}: ${problem}. `;
      isFirst = false;
    }
  }
  users.set(name, user);
  return problems;
}
