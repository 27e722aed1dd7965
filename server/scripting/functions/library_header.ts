/** The first line of a library: `#!lua name=mylib`. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import { hasShebang, parseShebang } from "../shebang.ts";

/** The one engine there is, as replies name it. */
export const ENGINE_NAME = "LUA";

/** What is wrong with the name of a library or of a function. */
export const BAD_NAME =
  "Library names can only contain letters, numbers, or underscores(_) and must be at least one " +
  "character long";

const NAME = /^[A-Za-z0-9_]+$/;
const NAME_WORD = "name=";

/** Whether a library or a function may be called so. */
export function isName(name: ByteString): boolean {
  return NAME.test(name);
}

export interface LibraryHeader {
  readonly name: ByteString;
  /** Where the Lua begins. */
  readonly end: number;
}

/** Reads the first line of a library. O(its length). @throws {ErrorReply} */
export function readLibraryHeader(code: ByteString): LibraryHeader {
  if (!hasShebang(code)) throw new ErrorReply("ERR Missing library metadata");
  const shebang = parseShebang(code);
  if (shebang === undefined) throw new ErrorReply("ERR Invalid library metadata");
  const { engine, words, end } = shebang;
  const name = nameAmong(words);
  if (!isName(name)) throw new ErrorReply(`ERR ${BAD_NAME}`);
  if (engine.toUpperCase() !== ENGINE_NAME) {
    throw new ErrorReply(`ERR Engine '${engine}' not found`);
  }
  return { name, end };
}

function nameAmong(words: readonly ByteString[]): ByteString {
  let name: ByteString | undefined;
  for (const word of words) {
    if (word.slice(0, NAME_WORD.length).toLowerCase() !== NAME_WORD) {
      throw new ErrorReply(`ERR Invalid metadata value given: ${word}`);
    }
    if (name !== undefined) {
      throw new ErrorReply(
        "ERR Invalid metadata value, name argument was given multiple times",
      );
    }
    name = word.slice(NAME_WORD.length);
  }
  if (name === undefined) throw new ErrorReply("ERR Library name was not given");
  return name;
}
