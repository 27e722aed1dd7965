/** SELECT index */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { register } from "../registry.ts";

const NOT_AN_INT32 = new ErrorReply(
  "ERR value is out of range, value must between -2147483648 and 2147483647",
);

register({
  name: "select",
  arity: 2,
  complexity: "O(1)",
  group: "connection",
  since: "1.0.0",
  summary: "Makes the connection work on another database.",
  flags: ["loading", "stale", "fast"],
  arguments: [{ name: "index", type: "integer" }],
  run(call) {
    const index = call.integer(1);
    if (index !== (index | 0)) throw NOT_AN_INT32;
    call.select(call.database(1));
    call.reply.ok();
  },
});
