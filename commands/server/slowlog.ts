/** SLOWLOG: which commands took long, lately. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { unknownForm } from "../../server/execution/unknown_command.ts";
import type { CommandDeclaration, CommandFlag } from "../registry.ts";
import { register } from "../registry.ts";
import { withHelp } from "../help.ts";

const FLAGS: readonly CommandFlag[] = ["admin", "loading", "stale"];
const DEFAULT_COUNT = 10;
const ALL = -1;

const BAD_COUNT = new ErrorReply("ERR count should be greater than or equal to -1");

const get: CommandDeclaration = {
  name: "get",
  arity: -2,
  complexity: "O(N) where N is the number of entries answered",
  group: "server",
  since: "2.2.12",
  summary: "Answers the latest entries of the slow log, ten or as many as are asked for.",
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "nondeterministic_output"],
  history: [["4.0.0", "The client's address and name in each entry."]],
  arguments: [{ name: "count", type: "integer", optional: true }],
  run(call) {
    const { reply, server: { slowLog } } = call;
    const entries = [...slowLog.latest(countOf(call))];
    reply.array(entries.length);
    for (const { id, atSeconds, microseconds, args, clientAddress, clientName } of entries) {
      reply.array(6);
      reply.integer(id);
      reply.integer(atSeconds);
      reply.integer(microseconds);
      reply.array(args.length);
      for (const arg of args) reply.byteString(arg);
      reply.bulk(clientAddress);
      reply.byteString(clientName);
    }
  },
};

/** How many entries are asked for. @throws {ErrorReply} for no such number */
function countOf({ args, count }: Call): number {
  if (count > 3) throw new ErrorReply(unknownForm(args));
  if (count === 2) return DEFAULT_COUNT;
  const wanted = args.int64(2);
  if (wanted === undefined || wanted < ALL) throw BAD_COUNT;
  return wanted === BigInt(ALL) ? Infinity : Number(wanted);
}

const len: CommandDeclaration = {
  name: "len",
  arity: 2,
  complexity: "O(1)",
  group: "server",
  since: "2.2.12",
  summary: "Answers how many entries the slow log has.",
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"],
  run: ({ reply, server }) => reply.integer(server.slowLog.size),
};

const reset: CommandDeclaration = {
  name: "reset",
  arity: 2,
  complexity: "O(N) where N is the number of entries",
  group: "server",
  since: "2.2.12",
  summary: "Empties the slow log.",
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  run({ reply, server }) {
    server.slowLog.reset();
    reply.ok();
  },
};

register(withHelp({
  name: "slowlog",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "server",
  since: "2.2.12",
  summary: "Holds the commands about the slow log.",
  flags: [],
  subcommands: [get, len, reset],
}, "6.2.0"));
