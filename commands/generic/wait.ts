/**
 * WAIT numreplicas timeout
 *
 * There are no replicas, so none confirms anything: a client that wants one waits for its time-out.
 */

import type { Reply } from "../../protocol/reply.ts";
import { deadlineInMilliseconds } from "../arguments/timeout.ts";
import { register } from "../registry.ts";

register({
  name: "wait",
  arity: 3,
  complexity: "O(1)",
  group: "generic",
  since: "3.0.0",
  summary: "Waits until so many replicas have what the client wrote, and answers how many have.",
  flags: [],
  categories: ["connection"],
  tips: ["request_policy:all_shards", "response_policy:agg_min"],
  arguments: [
    { name: "numreplicas", type: "integer" },
    { name: "timeout", type: "integer" },
  ],
  run(call) {
    const replicas = call.integer(1);
    const deadlineMs = deadlineInMilliseconds(call, 2);
    if (replicas <= 0 || !call.mayBlock) return writeNone(call.reply);
    call.server.blocking.wait(call, {
      firstKey: 0,
      keyCount: 0,
      deadlineMs,
      timedOut: writeNone,
    });
  },
});

function writeNone(reply: Reply): void {
  reply.integer(0);
}
