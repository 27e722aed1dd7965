/**
 * Passwords, as AUTH and HELLO take them. There is one user, `default`; its password is the
 * setting requirepass, and without one anything lets it in. Passwords are bytes, whatever they spell.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";

/** The only user. */
export const DEFAULT_USER = "default";

const WRONG_PASSWORD = new ErrorReply(
  "WRONGPASS invalid username-password pair or user is disabled.",
);

/**
 * Lets the client in if argument `passwordAt` is the password of the user that argument `userAt`
 * names (0: the default user).
 *
 * @throws {ErrorReply} WRONGPASS where it is not
 */
export function authenticate(call: Call, userAt: number, passwordAt: number): void {
  const { args, client, server } = call;
  const { requirePass } = server.config;
  const isUser = userAt === 0 || isText(args, userAt, DEFAULT_USER);
  if (!isUser || requirePass !== "" && !isText(args, passwordAt, requirePass)) {
    server.stats.wrongPasswords++;
    server.log.rarely("warning", "a client gave a wrong password", { client: client.address });
    throw WRONG_PASSWORD;
  }
  client.authenticate();
}

/** Whether argument `i` is those bytes, in a time that does not depend on where the two differ. */
function isText(args: Arguments, i: number, expected: ByteString): boolean {
  const { bytes } = args;
  const start = args.start(i);
  const length = args.length(i);
  let difference = length ^ expected.length;
  for (let at = 0; at < length; at++) {
    difference |= bytes[start + at] ^ expected.charCodeAt(at % expected.length);
  }
  return difference === 0;
}
