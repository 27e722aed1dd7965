/**
 * Files of users: a line each, which is what ACL LIST answers. All of a file is good, or nothing of it
 * is taken. Texts of what is wrong are Redis's.
 */

import { type ByteString, byteStringOf } from "../../structures/bytes/byte_string.ts";
import { hasSpaces, UNKNOWN } from "./selector_rules.ts";
import { User } from "./user.ts";
import { applyUserRule, mergeRules, type RuleContext } from "./user_rules.ts";
import { asSeen, LONG_NAME, MAX_USER_NAME_BYTES, MAX_USERS, TOO_MANY_USERS } from "./users.ts";

/** Bytes of a file at most: of short rules, V8 needs a hundred for one, and some microseconds. */
export const MAX_ACL_FILE_BYTES = 4 * 1024 * 1024;

/** The users of a file, or all that is wrong with it in one line. */
export type ReadUsers =
  | { readonly users: ReadonlyMap<ByteString, User> }
  | { readonly problems: ByteString };

const NOTHING_TAKEN =
  "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";
/** Of a file that is wrong throughout so much is told, and of a line so many rules. */
const MAX_PROBLEM_BYTES = 16 * 1024;
const MAX_PROBLEMS_OF_LINE = 64;
const MORE = "There is more. ";

/** Reads a file; `path` is for what is wrong. O(bytes). */
export function readUsers(bytes: Uint8Array, path: ByteString, context: RuleContext): ReadUsers {
  const users = new Map<ByteString, User>();
  const text = byteStringOf(bytes, 0, bytes.length);
  let problems = "";
  let lineNumber = 0;
  for (let start = 0, end = 0; start <= text.length; start = end + 1) {
    end = text.indexOf("\n", start);
    if (end === -1) end = text.length;
    lineNumber++;
    const words = text.slice(start, end).replace(/^[ \t\r]+|[ \t\r]+$/g, "").split(" ");
    if (words.length === 1 && words[0] === "") continue;
    problems += problemsOfLine(words, path, lineNumber, users, context);
    if (problems.length > MAX_PROBLEM_BYTES) {
      return { problems: problems.slice(0, MAX_PROBLEM_BYTES) + MORE + NOTHING_TAKEN };
    }
  }
  return problems === "" ? { users } : { problems: problems + NOTHING_TAKEN };
}

/** Adds the user of a line. @returns what is wrong with it, or "" */
function problemsOfLine(
  [keyword, name, ...words]: readonly ByteString[],
  path: ByteString,
  lineNumber: number,
  users: Map<ByteString, User>,
  context: RuleContext,
): ByteString {
  const place = `${path}:${lineNumber}`;
  if (keyword !== "user" || name === undefined) {
    return `${place} should start with user keyword followed by the username. `;
  }
  if (name.length > MAX_USER_NAME_BYTES) return `${place}: ${LONG_NAME}. `;
  if (hasSpaces(name)) return `'${place}: username '${name}' contains invalid characters. `;
  if (users.has(name)) return `WARNING: Duplicate user '${name}' found on line ${lineNumber}. `;
  if (users.size >= MAX_USERS) return `${place}: ${TOO_MANY_USERS}. `;
  const user = new User(name, context);
  const merged = mergeRules(words);
  if ("unmatched" in merged) return `${place}: Unmatched parenthesis in selector definition.`;
  let problems = "";
  let count = 0;
  let isFirst = true;
  for (const word of merged.rules) {
    const rule = word.replace(/^[\t\r]+|[\t\r]+$/g, "");
    const problem = applyUserRule(user, rule, context);
    if (problem === undefined) continue;
    if (problem === UNKNOWN) {
      problems += `${place}: Error in applying operation '${asSeen(rule)}': ${problem}. `;
    } else if (isFirst) {
      // Others may follow from it, and may have passwords in them.
      problems += `${place}: ${problem}. `;
      isFirst = false;
    }
    if (++count === MAX_PROBLEMS_OF_LINE) return problems + MORE;
  }
  users.set(name, user);
  return problems;
}
