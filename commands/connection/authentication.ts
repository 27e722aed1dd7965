/** Users and passwords, as AUTH and HELLO take them. Passwords are bytes, whatever they spell. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { MAX_PASSWORD_BYTES } from "../../server/acl/user_rules.ts";
import { DEFAULT_USER, MAX_USER_NAME_BYTES } from "../../server/acl/users.ts";
import type { Call } from "../../server/execution/call.ts";

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
  const { args, server } = call;
  // Of what is too long to be right no more is looked at than shows that.
  const user = userAt === 0 ? DEFAULT_USER : args.byteString(userAt, MAX_USER_NAME_BYTES + 1);
  const password = args.length(passwordAt) > MAX_PASSWORD_BYTES ? undefined : args.copy(passwordAt);
  if (!server.acl.authenticate(call, user, password)) throw WRONG_PASSWORD;
}
