/** Users and passwords, as AUTH and HELLO take them. Passwords are bytes, whatever they spell. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { DEFAULT_USER } from "../../server/acl/users.ts";
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
  const user = userAt === 0 ? DEFAULT_USER : args.byteString(userAt);
  if (!server.acl.authenticate(call, user, args.copy(passwordAt))) throw WRONG_PASSWORD;
}
