/**
 * Users as files have them: `user` lines of the configuration file, or a file of their own
 * (`aclfile`), which ACL LOAD and ACL SAVE read and write.
 */

import {
  bytesOfByteString,
  type ByteString,
  byteStringOfText,
} from "../../structures/bytes/byte_string.ts";
import { ConfigError, shown } from "../config/config_error.ts";
import type { ConfigLine } from "../config/config_file.ts";
import { type ConfigFiles, FileError } from "../config/config_files.ts";
import { MAX_ACL_FILE_BYTES, type ReadUsers, readUsers } from "./acl_file.ts";
import { userLine } from "./description.ts";
import { hasSpaces } from "./selector_rules.ts";
import { User } from "./user.ts";
import { applyUserRule, mergeRules, type RuleContext } from "./user_rules.ts";
import { process } from "../platform/platform.ts";
import { LONG_NAME, MAX_USER_NAME_BYTES, MAX_USERS, TOO_MANY_USERS, type Users } from "./users.ts";

/** A file of users. */
export interface AclFile {
  readonly path: string;
  /** As the setting names it. */
  readonly name: string;
  readonly files: ConfigFiles;
}

/** Reads the users of an ACL file, or tells all that is wrong in a line. */
export function readAclFile(file: AclFile, context: RuleContext): ReadUsers {
  const { files, path } = file;
  const name = byteStringOfText(file.name);
  let bytes: Uint8Array;
  try {
    bytes = files.read(path, MAX_ACL_FILE_BYTES);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const reason = byteStringOfText(reasonOf(error, path));
    return { problems: `Error loading ACLs, opening file '${name}': ${reason}` };
  }
  if (bytes.length > MAX_ACL_FILE_BYTES) {
    return { problems: `${name} is larger than the ${MAX_ACL_FILE_BYTES} bytes of an ACL file` };
  }
  return readUsers(bytes, name, context);
}

/** Writes the users to an ACL file. @returns why that was not possible */
export function writeAclFile({ files, path }: AclFile, users: Users): string | undefined {
  const text = users.inOrder().map((user) => userLine(user) + "\n").join("");
  if (text.length > MAX_ACL_FILE_BYTES) {
    return `they take ${text.length} bytes, and an ACL file has at most ${MAX_ACL_FILE_BYTES}, or ` +
      "it could not be read again";
  }
  try {
    files.replace(path, bytesOfByteString(text));
    return undefined;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return reasonOf(error, path);
  }
}

function reasonOf({ trouble, message }: FileError, path: string): string {
  if (trouble !== "not permitted") return message.replace(/ \(os error \d+\).*$/s, "");
  const slash = path.lastIndexOf("/");
  const directory = slash === -1 ? "." : slash === 0 ? "/" : path.slice(0, slash);
  return "files in its directory may not be read and written; start with " +
    `"${process.invocationWith({ read: directory, write: directory })} serve"`;
}

/**
 * The users of `user` lines of the configuration. @throws {ConfigError} which tells what is wrong with
 * the first that is
 */
export function configuredUsers(
  lines: readonly ConfigLine[],
  context: RuleContext,
): Map<ByteString, User> {
  const users = new Map<ByteString, User>();
  for (const { where, words: [name, ...words] } of lines) {
    const refuse = (problem: string): never => {
      throw new ConfigError(`user '${shown(name ?? "")}' ${where}: ${problem}`);
    };
    if (name === undefined) return refuse("a user has a name");
    if (hasSpaces(name)) return refuse("Spaces not allowed in ACL usernames");
    if (name.length > MAX_USER_NAME_BYTES) return refuse(LONG_NAME);
    if (users.size >= MAX_USERS) return refuse(TOO_MANY_USERS);
    if (users.has(name)) {
      return refuse("Duplicate user found. A user can only be defined once in config files");
    }
    const user = new User(name, context);
    const merged = mergeRules(words);
    if ("unmatched" in merged) {
      return refuse(`Unmatched parenthesis in selector starting at '${shown(merged.unmatched)}'`);
    }
    for (const rule of merged.rules) {
      const problem = applyUserRule(user, rule, context);
      if (problem !== undefined) {
        refuse(`Error loading ACL rule '${shown(withoutSecret(rule))}': ${problem}`);
      }
    }
    users.set(name, user);
  }
  return users;
}

/** A rule as it may be told of: passwords are nobody's business. */
function withoutSecret(rule: ByteString): ByteString {
  return /^[<>]/.test(rule) ? `${rule[0]}(hidden)` : rule;
}
