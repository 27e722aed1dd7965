/**
 * What clients say about themselves: name, library, version. It is shown in CLIENT LIST, one client
 * a line and one field a word, so it is printable ASCII without spaces.
 */

import type { Arguments } from "../../../protocol/arguments.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";

/** Longest attribute: every line of CLIENT LIST has it. */
const MAX_ATTRIBUTE_BYTES = 64 * 1024;

const FIRST_PRINTABLE = 0x21;
const LAST_PRINTABLE = 0x7e;

/**
 * Argument `i` as an attribute; "" takes one away. O(length).
 *
 * @param what names the attribute, for the error
 * @throws {ErrorReply} where it is none
 */
export function attributeArgument(args: Arguments, i: number, what: ByteString): ByteString {
  const { bytes } = args;
  const start = args.start(i);
  const length = args.length(i);
  for (let at = start; at < start + length; at++) {
    if (bytes[at] < FIRST_PRINTABLE || bytes[at] > LAST_PRINTABLE) {
      throw new ErrorReply(
        `ERR ${what} cannot contain spaces, newlines or special characters.`,
      );
    }
  }
  if (length > MAX_ATTRIBUTE_BYTES) {
    throw new ErrorReply(`ERR ${what} cannot be longer than ${MAX_ATTRIBUTE_BYTES} bytes.`);
  }
  return args.byteString(i);
}
