/** TIME: the server's clock. */

import { register } from "../registry.ts";

register({
  name: "time",
  arity: 1,
  complexity: "O(1)",
  group: "server",
  since: "2.6.0",
  summary: "Answers the server's time: seconds since 1970, and microseconds.",
  flags: ["loading", "stale", "fast"],
  tips: ["nondeterministic_output"],
  run({ client, keyspace, reply, server }) {
    // For a script time stands still.
    const nowMs = client.isScript ? keyspace.exactMs : server.now();
    const seconds = Math.floor(nowMs / 1000);
    reply.array(2);
    reply.bulk(String(seconds));
    reply.bulk(String(Math.floor((nowMs - seconds * 1000) * 1000)));
  },
});
