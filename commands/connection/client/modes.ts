/** CLIENT REPLY, NO-EVICT and NO-TOUCH: how a client wants to be treated. */

import type { Arguments } from "../../../protocol/arguments.ts";
import { SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import { ReplyMode } from "../../../server/execution/client.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../../registry.ts";

export const replyMode: CommandDeclaration = {
  name: "reply",
  arity: 3,
  complexity: "O(1)",
  group: "connection",
  since: "3.2.0",
  summary: "Turns replies on or off, or skips that of the next command.",
  flags: ["noscript", "loading", "stale"],
  arguments: [oneOf("action", ["ON", "OFF", "SKIP"])],
  run({ args, client, reply }) {
    if (args.is(2, "ON")) {
      client.replyMode = ReplyMode.On;
      reply.ok();
    } else if (args.is(2, "OFF")) {
      client.replyMode = ReplyMode.Off;
    } else if (!args.is(2, "SKIP")) {
      throw SYNTAX_ERROR;
    } else if (client.replyMode !== ReplyMode.Off) {
      client.replyMode = ReplyMode.SkipNext;
    }
  },
};

const ENABLED: readonly ArgumentDeclaration[] = [oneOf("enabled", ["ON", "OFF"])];

export const noEvict: CommandDeclaration = {
  name: "no-evict",
  arity: 3,
  complexity: "O(1)",
  group: "connection",
  since: "7.0.0",
  summary: "Keeps the connection when clients are dropped to save memory, or no longer.",
  flags: ["admin", "noscript", "loading", "stale"],
  arguments: ENABLED,
  run({ args, client, reply }) {
    client.noEvict = isOn(args);
    reply.ok();
  },
};

export const noTouch: CommandDeclaration = {
  name: "no-touch",
  arity: 3,
  complexity: "O(1)",
  group: "connection",
  since: "7.2.0",
  summary: "Lets the client read keys without their counting as used, or no longer.",
  flags: ["noscript", "loading", "stale"],
  arguments: ENABLED,
  run({ args, client, keyspace, reply }) {
    client.noTouch = isOn(args);
    keyspace.touching = !client.noTouch; // for the rest of the batch
    reply.ok();
  },
};

function isOn(args: Arguments): boolean {
  if (args.is(2, "ON")) return true;
  if (args.is(2, "OFF")) return false;
  throw SYNTAX_ERROR;
}
