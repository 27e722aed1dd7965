import { ReplyMode } from "../../server/clients/client.ts";
import { register } from "../registry.ts";

register({
  name: "reset",
  arity: 1,
  complexity: "O(1)",
  group: "connection",
  since: "6.2.0",
  summary: "Makes the connection as if it were new.",
  flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
  run(call) {
    const { client, keyspace, server } = call;
    client.db = keyspace.databases[0];
    client.name = "";
    client.replyMode = ReplyMode.On;
    client.noEvict = false;
    client.noTouch = false;
    keyspace.touching = true;
    client.setAuthenticated(server.config.requirePass === "");
    if (client.reply.protocol !== "native") client.switchReply(server.resp2);
    call.reply.status("RESET");
  },
});
