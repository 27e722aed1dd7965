/**
 * RATELIMIT key requests seconds: may this happen once more?
 *
 * A fixed window: the first call starts it and sets its end as the key's expiry, every further call
 * counts, and when the key expires the next window starts. What INCR and EXPIRE do in two requests,
 * here in one that cannot be torn apart. The reply says more than a number:
 *
 * ```
 * 1) 1 if it may happen, 0 if not
 * 2) how often more in this window
 * 3) milliseconds until the next window
 * ```
 *
 * Start a server with it:
 *
 *     deno run --allow-net --allow-read main.ts serve --plugin docs/examples/ratelimit.ts
 */

import { ErrorReply, event, key, NONE, register, Type } from "../../commands/plugin.ts";

const OUT_OF_RANGE = new ErrorReply("ERR requests and seconds must be from 1 to 1000000000");
const MAX = 1_000_000_000;
/** What clients hear of who ask for events (notify-keyspace-events). */
const COUNTED = event("module", "ratelimit.counted");

register({
  name: "ratelimit",
  arity: 4,
  complexity: "O(1)",
  group: "module",
  since: "1.0.0",
  summary: "Counts an event, and tells whether its window still had room for it.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "access", "update"),
  arguments: [
    { name: "key", type: "key" },
    { name: "requests", type: "integer" },
    { name: "seconds", type: "integer" },
  ],
  run(call) {
    const { db, keyspace, reply } = call;
    // Everything that may be wrong is found before anything changes.
    const requests = call.integer(2);
    const seconds = call.integer(3);
    if (requests < 1 || requests > MAX || seconds < 1 || seconds > MAX) throw OUT_OF_RANGE;
    const entry = db.changeOf(call.key(1), Type.String);
    const used = entry === NONE ? 0 : Number(keyspace.strings.integer(entry));
    const isAllowed = used < requests;
    let endMs = entry === NONE ? -1 : db.expireAtMs(entry);
    if (isAllowed && used === 0) {
      endMs = keyspace.nowMs + seconds * 1000;
      keyspace.strings.setInteger(call, 1, 1, endMs, COUNTED);
    } else if (isAllowed) {
      keyspace.strings.increment(call, 1, 1, COUNTED);
    }
    reply.array(3);
    reply.integer(isAllowed ? 1 : 0);
    reply.integer(isAllowed ? requests - used - 1 : 0);
    reply.integer(endMs === -1 ? -1 : endMs - keyspace.nowMs);
  },
});
