/** CLIENT UNBLOCK: ends the wait of a client, as if its time were over or with an error. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { CommandDeclaration } from "../../registry.ts";

const BAD_REASON = new ErrorReply("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
const BAD_CALL = "unknown subcommand or wrong number of arguments for";

export const unblock: CommandDeclaration = {
  name: "unblock",
  arity: -3,
  complexity: "O(log N) where N is the number of clients",
  group: "connection",
  since: "5.0.0",
  summary: "Ends the wait of a client that is blocked.",
  flags: ["admin", "noscript", "loading", "stale"],
  arguments: [
    { name: "client-id", type: "integer" },
    oneOf("unblock-type", ["TIMEOUT", "ERROR"], { optional: true }),
  ],
  run(call) {
    const { args, count, reply, server } = call;
    if (count > 4) throw new ErrorReply(`ERR ${BAD_CALL} '${args.quoted(1)}'. Try CLIENT HELP.`);
    const withError = count === 4 && args.is(3, "ERROR");
    if (count === 4 && !withError && !args.is(3, "TIMEOUT")) throw BAD_REASON;
    const client = server.clients.get(call.integer(2));
    const wasBlocked = client !== undefined && server.blocking.unblock(client, withError);
    reply.integer(wasBlocked ? 1 : 0);
  },
};
