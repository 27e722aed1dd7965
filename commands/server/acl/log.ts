/** ACL LOG: what was denied lately. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Reply } from "../../../protocol/reply.ts";
import type { AclLogEntry } from "../../../server/acl/acl_log.ts";
import { unknownForm } from "../../../server/execution/unknown_command.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { ADMIN_FLAGS } from "./flags.ts";

const DEFAULT_COUNT = 10;

export const log: CommandDeclaration = {
  name: "log",
  arity: -2,
  complexity: "O(N) with N being the number of entries shown.",
  group: "server",
  since: "6.0.0",
  summary: "Answers the latest denials, ten or as many as are asked for; or forgets them.",
  flags: ADMIN_FLAGS,
  history: [["7.2.0", "The number of an entry, and when it was made and changed."]],
  arguments: [{
    name: "operation",
    type: "oneof",
    optional: true,
    arguments: [
      { name: "count", type: "integer" },
      { name: "reset", type: "pure-token", token: "RESET" },
    ],
  }],
  run(call) {
    const { args, count, keyspace: { nowMs }, reply, server: { acl } } = call;
    if (count > 3) throw new ErrorReply(unknownForm(args));
    if (count === 3 && args.is(2, "RESET")) {
      acl.log.reset();
      return reply.ok();
    }
    const wanted = count === 2 ? DEFAULT_COUNT : Math.max(0, call.integer(2));
    const entries = acl.log.latest(wanted);
    reply.array(entries.length);
    for (const entry of entries) writeEntry(reply, entry, Math.floor(nowMs));
  },
};

function writeEntry(reply: Reply, entry: AclLogEntry, nowMs: number): void {
  reply.map(10);
  reply.bulk("count");
  reply.integer(entry.count);
  reply.bulk("reason");
  reply.bulk(entry.reason);
  reply.bulk("context");
  reply.bulk(entry.context);
  reply.bulk("object");
  reply.byteString(entry.object);
  reply.bulk("username");
  reply.byteString(entry.userName);
  reply.bulk("age-seconds");
  reply.double((nowMs - entry.updatedAtMs) / 1000);
  reply.bulk("client-info");
  reply.byteString(entry.clientInfo);
  reply.bulk("entry-id");
  reply.integer(entry.id);
  reply.bulk("timestamp-created");
  reply.integer(entry.createdAtMs);
  reply.bulk("timestamp-last-updated");
  reply.integer(entry.updatedAtMs);
}
