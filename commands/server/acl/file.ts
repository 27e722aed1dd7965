/** ACL LOAD and ACL SAVE: the file of users. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { ADMIN_FLAGS, ALL_NODES } from "./flags.ts";

const NO_FILE = new ErrorReply(
  "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via " +
    "the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis " +
    "configuration file set) in order to store users in the Redis configuration.",
);
const NOT_SAVED = new ErrorReply(
  "ERR There was an error trying to save the ACLs. Please check the server logs for more information",
);

export const load: CommandDeclaration = {
  name: "load",
  arity: 2,
  complexity: "O(N). Where N is the number of configured users.",
  group: "server",
  since: "6.0.0",
  summary: "Has the users of the ACL file in place of those that there are.",
  flags: ADMIN_FLAGS,
  run(call) {
    checkFile(call);
    const problem = call.server.acl.load(call.client.author);
    if (problem !== undefined) throw new ErrorReply(`ERR ${problem}`);
    call.reply.ok();
  },
};

export const save: CommandDeclaration = {
  name: "save",
  arity: 2,
  complexity: "O(N). Where N is the number of configured users.",
  group: "server",
  since: "6.0.0",
  summary: "Writes the users into the ACL file.",
  flags: ADMIN_FLAGS,
  tips: ALL_NODES,
  run(call) {
    checkFile(call);
    if (!call.server.acl.save()) throw NOT_SAVED;
    call.reply.ok();
  },
};

/** @throws {ErrorReply} where there is no ACL file */
function checkFile({ server: { config } }: Call): void {
  if (config.aclFile === "") throw NO_FILE;
}
