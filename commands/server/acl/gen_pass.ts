/** ACL GENPASS: a password that nobody guesses. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import { unknownForm } from "../../../server/execution/unknown_command.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { OPEN_FLAGS } from "./flags.ts";

const DEFAULT_BITS = 256;
const MAX_BITS = 4096;
const BITS_PER_DIGIT = 4;

const BAD_BITS = new ErrorReply(
  "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number " +
    `up to ${MAX_BITS}`,
);

export const genPass: CommandDeclaration = {
  name: "genpass",
  arity: -2,
  complexity: "O(1)",
  group: "server",
  since: "6.0.0",
  summary:
    "Makes a password of random hexadecimal digits, for 256 bits or as many as are asked for.",
  flags: OPEN_FLAGS,
  arguments: [{ name: "bits", type: "integer", optional: true }],
  run(call) {
    const { args, count, reply, server: { acl } } = call;
    if (count > 3) throw new ErrorReply(unknownForm(args));
    const bits = count === 2 ? DEFAULT_BITS : call.integer(2);
    if (bits <= 0 || bits > MAX_BITS) throw BAD_BITS;
    reply.bulk(acl.newPassword(Math.ceil(bits / BITS_PER_DIGIT)));
  },
};
