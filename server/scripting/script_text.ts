/**
 * What the text of a script says of how it is to be run, in its first line:
 *
 * ```
 * #!lua flags=no-writes,allow-stale
 * ```
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { SCRIPT_FLAG_NAMES, ScriptFlag } from "./script_flags.ts";
import { hasShebang, parseShebang } from "./shebang.ts";

const ENGINE = "lua";
const FLAGS = "flags=";

const UNENDED = new ErrorReply("ERR Invalid script shebang");
const NO_ENGINE = new ErrorReply("ERR Invalid engine in script shebang");

export interface ScriptHead {
  /** Bits of {@linkcode ScriptFlag}. */
  readonly flags: number;
  /** Where the script itself begins: behind such a line, but for the line's end. */
  readonly codeAt: number;
}

const NO_HEAD: ScriptHead = { flags: ScriptFlag.Undeclared, codeAt: 0 };

/** What a script's first line says. O(length of it). @throws {ErrorReply} where that is wrong */
export function headOf(text: ByteString): ScriptHead {
  if (!hasShebang(text)) return NO_HEAD;
  if (!text.includes("\n")) throw UNENDED;
  const shebang = parseShebang(text);
  if (shebang === undefined) throw NO_ENGINE;
  if (shebang.engine !== ENGINE) {
    throw new ErrorReply(`ERR Unexpected engine in script shebang: #!${shebang.engine}`);
  }
  let flags = 0;
  for (const word of shebang.words) {
    if (!word.startsWith(FLAGS)) throw new ErrorReply(`ERR Unknown lua shebang option: ${word}`);
    const list = word.slice(FLAGS.length);
    if (list === "") continue;
    for (const name of list.split(",")) flags |= flagNamed(name);
  }
  return { flags, codeAt: shebang.end };
}

function flagNamed(name: string): number {
  const found = SCRIPT_FLAG_NAMES.find(([known]) => known === name);
  if (found === undefined) {
    throw new ErrorReply(`ERR Unexpected flag in script shebang: ${name}`);
  }
  return found[1];
}
