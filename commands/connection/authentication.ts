/**
 * Passwords, as AUTH and HELLO take them. There is one user, `default`; its password is the
 * setting requirepass, and without one anything lets it in.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";

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
  const { args, client } = call;
  const { requirePass } = call.server.config;
  const isUser = userAt === 0 || args.text(userAt) === DEFAULT_USER;
  if (!isUser || requirePass !== "" && !isPassword(args, passwordAt, requirePass)) {
    throw WRONG_PASSWORD;
  }
  client.authenticate();
}

/** Compares in a time that does not depend on where the two differ. */
function isPassword(args: Arguments, i: number, password: string): boolean {
  const expected = new TextEncoder().encode(password);
  const start = args.start(i);
  const length = args.length(i);
  let difference = length ^ expected.length;
  for (let at = 0; at < length; at++) {
    difference |= args.bytes[start + at] ^ expected[at % expected.length];
  }
  return difference === 0;
}
