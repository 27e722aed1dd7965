/** The subcommands of PUBSUB: each is there for channels, and most for shard channels too. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { GlobPattern } from "../../structures/bytes/glob.ts";
import type { Call } from "../../server/execution/call.ts";
import type { Topics } from "../../server/pubsub/topics.ts";
import type { CommandDeclaration } from "../registry.ts";

/** What tells the subcommands for channels from those for shard channels. */
export interface Directory {
  readonly prefix: "" | "shard";
  readonly noun: string;
  readonly since: string;
  topics(call: Call): Topics;
}

const FLAGS = ["pubsub", "loading", "stale"] as const;

/** PUBSUB CHANNELS [pattern] */
export function listing({ noun, prefix, since, topics }: Directory): CommandDeclaration {
  return {
    name: `${prefix}channels`,
    arity: -2,
    complexity: "O(N) where N is the number of channels that are subscribed to",
    group: "pubsub",
    since,
    summary:
      `Lists the ${noun}s that somebody is subscribed to, all or those that match a pattern.`,
    flags: FLAGS,
    arguments: [{ name: "pattern", type: "pattern", optional: true }],
    run(call) {
      if (call.count === 2) replyAll(call, topics(call));
      else if (call.count === 3) replyMatching(call, topics(call));
      else throw wrongArguments(call);
    },
  };
}

function replyAll({ reply }: Call, topics: Topics): void {
  reply.array(topics.size);
  for (const { bytes, length } of topics) reply.bulkBytes(bytes, 0, length);
}

function replyMatching({ args, reply }: Call, topics: Topics): void {
  const pattern = new GlobPattern(args.bytes, args.start(2), args.length(2));
  const mark = reply.lateArray();
  let count = 0;
  for (const { bytes, length } of topics) {
    if (!pattern.matches(bytes, 0, length)) continue;
    reply.bulkBytes(bytes, 0, length);
    count++;
  }
  reply.endLateArray(mark, count);
}

/** PUBSUB NUMSUB [channel ...] */
export function counting({ noun, prefix, since, topics }: Directory): CommandDeclaration {
  return {
    name: `${prefix}numsub`,
    arity: -2,
    complexity: "O(N) where N is the number of channels that are asked for",
    group: "pubsub",
    since,
    summary: `Counts the subscribers of ${noun}s, without those of patterns.`,
    flags: FLAGS,
    arguments: [{
      name: noun.replace(" ", ""),
      type: "string",
      optional: true,
      multiple: true,
    }],
    run(call) {
      const { args, count, reply } = call;
      reply.array(2 * (count - 2));
      for (let i = 2; i < count; i++) {
        reply.bulkBytes(args.bytes, args.start(i), args.length(i));
        reply.integer(topics(call).subscribersOf(call.key(i)));
      }
    },
  };
}

/** PUBSUB NUMPAT */
export const numpat: CommandDeclaration = {
  name: "numpat",
  arity: 2,
  complexity: "O(1)",
  group: "pubsub",
  since: "2.8.0",
  summary: "Counts the patterns that are subscribed to, each once.",
  flags: FLAGS,
  run: ({ reply, server }) => reply.integer(server.pubsub.patterns.size),
};

function wrongArguments({ args }: Call): ErrorReply {
  return new ErrorReply(
    `ERR unknown subcommand or wrong number of arguments for '${args.quoted(1)}'. ` +
      "Try PUBSUB HELP.",
  );
}
