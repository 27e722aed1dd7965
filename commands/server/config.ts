/** CONFIG: the settings of a running server. Names and values are bytes, as they were sent. */

import type { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import { MAX_SETTING_BYTES } from "../../server/config/capacity.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { mayAct } from "../../server/execution/protected_commands.ts";
import type { CommandDeclaration, CommandFlag } from "../registry.ts";
import { register } from "../registry.ts";
import { withHelp } from "../help.ts";

const FLAGS: readonly CommandFlag[] = ["admin", "noscript", "loading", "stale"];

/** The settings that are secrets. */
const SECRETS = ["MASTERAUTH", "MASTERUSER", "REQUIREPASS"];

/** Argument `i`; of one that no setting has, no more than shows that. */
function wordAt(args: Arguments, i: number): ByteString {
  return args.byteString(i, MAX_SETTING_BYTES + 1);
}

const get: CommandDeclaration = {
  name: "get",
  arity: -3,
  complexity: "O(N * M) where N is the number of settings and M that of patterns",
  group: "server",
  since: "2.0.0",
  summary: "Answers the settings whose names match any of the patterns.",
  flags: FLAGS,
  history: [["7.0.0", "Several patterns."]],
  arguments: [{ name: "parameter", type: "string", multiple: true }],
  run({ args, count, reply, server }) {
    const patterns = Array.from({ length: count - 2 }, (_, i) => wordAt(args, i + 2));
    const found = server.config.get(...patterns);
    reply.map(found.size);
    for (const [name, value] of found) {
      reply.byteString(name);
      reply.byteString(value);
    }
  },
};

const set: CommandDeclaration = {
  name: "set",
  arity: -4,
  complexity: "O(N) where N is the number of settings given",
  group: "server",
  since: "2.0.0",
  summary: "Changes settings: all that are given, or none.",
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  history: [["7.0.0", "Several settings."]],
  arguments: [{
    name: "data",
    type: "block",
    multiple: true,
    arguments: [
      { name: "parameter", type: "string" },
      { name: "value", type: "string" },
    ],
  }],
  sensitive(args, hide) {
    for (let i = 2; i + 1 < args.count; i += 2) {
      if (SECRETS.some((name) => args.is(i, name))) hide(i + 1);
    }
  },
  run(call) {
    const { args, count, server } = call;
    const { config, log } = server;
    const words = Array.from({ length: count - 2 }, (_, i) => wordAt(args, i + 2));
    const before = config.withoutEffect();
    const answer = (reply: Reply, refusal: ByteString | undefined) => {
      if (refusal !== undefined) throw new ErrorReply(refusal);
      const idle = config.withoutEffect().filter((name) => !before.includes(name));
      if (idle.length > 0) {
        log.warning("set, but without effect in this version", { settings: idle.join(" ") });
      }
      reply.ok();
    };
    const outcome = config.setAll(words, mayAct(config.enableProtectedConfigs, call.client));
    if (outcome instanceof Promise) server.standstill.wait(call, outcome, answer);
    else answer(call.reply, outcome);
  },
};

const rewrite: CommandDeclaration = {
  name: "rewrite",
  arity: 2,
  complexity: "O(N) where N is the size of the file",
  group: "server",
  since: "2.8.0",
  summary: "Writes the settings as they are now into the configuration file.",
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  run({ reply, server }) {
    const { config, log } = server;
    const refusal = config.rewrite();
    if (refusal !== undefined) {
      if (config.file !== "") log.warning("CONFIG REWRITE failed", { reason: refusal });
      throw new ErrorReply(refusal);
    }
    log.notice("CONFIG REWRITE executed with success.");
    reply.ok();
  },
};

const resetStat: CommandDeclaration = {
  name: "resetstat",
  arity: 2,
  complexity: "O(1)",
  group: "server",
  since: "2.0.0",
  summary: "Has the counters of INFO start again from 0.",
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  run({ keyspace, reply, server }) {
    server.stats.reset();
    keyspace.hits =
      keyspace.misses =
      keyspace.expiredKeys =
      keyspace.expiredSubkeys =
        0;
    keyspace.lazyFree.resetFreed();
    reply.ok();
  },
};

register(withHelp({
  name: "config",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "server",
  since: "2.0.0",
  summary: "Holds the commands about settings.",
  flags: [],
  subcommands: [get, resetStat, rewrite, set],
}, "5.0.0"));
