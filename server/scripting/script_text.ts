/**
 * The first line of a script that says how it is to be run:
 *
 * ```
 * #!lua flags=no-writes,allow-stale
 * ```
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { SCRIPT_FLAG_NAMES, ScriptFlag } from "./script_flags.ts";

const INVALID = new ErrorReply("ERR Invalid script shebang");
const FLAGS = "flags=";

export interface Shebang {
  /** Bits of {@linkcode ScriptFlag}. */
  readonly flags: number;
  /** Characters of the line, its end not counted. */
  readonly length: number;
}

const NONE: Shebang = { flags: ScriptFlag.Undeclared, length: 0 };

/** What the first line of a script says. O(length of it). @throws {ErrorReply} where that is wrong */
export function shebangOf(text: ByteString): Shebang {
  if (!text.startsWith("#!")) return NONE;
  const length = text.indexOf("\n");
  if (length === -1) throw INVALID;
  const [engine, ...options] = wordsOf(text.slice(0, length));
  if (engine !== "#!lua") {
    throw new ErrorReply(`ERR Unexpected engine in script shebang: ${engine}`);
  }
  let flags = 0;
  for (const option of options) {
    if (!option.startsWith(FLAGS)) {
      throw new ErrorReply(`ERR Unknown lua shebang option: ${option}`);
    }
    const list = option.slice(FLAGS.length);
    if (list === "") continue;
    for (const name of list.split(",")) flags |= flagNamed(name);
  }
  return { flags, length };
}

function wordsOf(line: string): string[] {
  return line.split(/[\s\0]+/).filter((word) => word !== "");
}

function flagNamed(name: string): number {
  const found = SCRIPT_FLAG_NAMES.find(([known]) => known === name);
  if (found === undefined) {
    throw new ErrorReply(`ERR Unexpected flag in script shebang: ${name}`);
  }
  return found[1];
}
