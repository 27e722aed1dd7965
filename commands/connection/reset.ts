/** RESET */

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
    // A connection's native protocol is chosen by its first bytes, for good.
    const reply = client.reply.protocol === "native" ? client.reply : server.dialects.resp2;
    const { defaultUser, isPasswordNeeded } = server.acl;
    client.reset(keyspace.databases[0], reply, defaultUser, isPasswordNeeded);
    keyspace.touching = true;
    reply.status("RESET");
  },
});
