/**
 * WAITAOF numlocal numreplicas timeout
 *
 * Data is kept in memory alone and there are no replicas, so nothing is ever in a file.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import { countArgument } from "../arguments/count_argument.ts";
import { deadlineInMilliseconds } from "../arguments/timeout.ts";
import { register } from "../registry.ts";

const NOT_BOOLEAN = new ErrorReply("ERR value is out of range, value must between 0 and 1");
const NO_FILE = new ErrorReply(
  "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.",
);

register({
  name: "waitaof",
  arity: 4,
  complexity: "O(1)",
  group: "generic",
  since: "7.2.0",
  summary:
    "Waits until what the client wrote is in the files of so many servers, and answers in how many.",
  flags: ["noscript"],
  categories: ["connection"],
  tips: ["request_policy:all_shards", "response_policy:agg_min"],
  arguments: [
    { name: "numlocal", type: "integer" },
    { name: "numreplicas", type: "integer" },
    { name: "timeout", type: "integer" },
  ],
  run(call) {
    const local = call.integer(1);
    if (local !== 0 && local !== 1) throw NOT_BOOLEAN;
    const replicas = countArgument(call, 2);
    const deadlineMs = deadlineInMilliseconds(call, 3);
    if (local === 1) throw NO_FILE;
    if (replicas === 0 || !call.mayBlock) return writeNone(call.reply);
    call.server.blocking.wait(call, {
      firstKey: 0,
      keyCount: 0,
      deadlineMs,
      timedOut: writeNone,
    });
  },
});

function writeNone(reply: Reply): void {
  reply.array(2);
  reply.integer(0);
  reply.integer(0);
}
