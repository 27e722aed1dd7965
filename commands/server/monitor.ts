/** MONITOR */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { register } from "../registry.ts";

const NOT_NOW = new ErrorReply("ERR MONITOR isn't allowed for DENY BLOCKING client");

register({
  name: "monitor",
  arity: 1,
  complexity: "Depends on how much others do, from now on.",
  group: "server",
  since: "1.0.0",
  summary: "Shows the connection every command that the server carries out.",
  flags: ["admin", "noscript", "loading", "stale"],
  run({ client, mayBlock, reply, server }) {
    if (!mayBlock) throw NOT_NOW;
    // Who watches already is sent lines, and no reply that would stand among them.
    if (server.monitor.isWatching(client)) return;
    server.monitor.start(client);
    reply.ok();
  },
});
