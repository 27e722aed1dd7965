/** GETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { expirationArgument, expiryOption, instantArgument } from "../arguments/expiry.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { key, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";

const options = new OptionCursor();

register({
  name: "getex",
  arity: -2,
  complexity: "O(1), and O(log N) for the expiry, N being the number of expiring keys",
  group: "string",
  since: "6.2.0",
  summary: "Answers the string that a key holds, and gives the key another expiry, or none.",
  flags: ["write", "fast"],
  keys: withNotes(key(1, "RW", "access", "update"), "The expiry is what it updates."),
  arguments: [
    { name: "key", type: "key" },
    expirationArgument("PERSIST"),
  ],
  run(call) {
    let persists = false;
    let unit = 0;
    let timeAt = 0;
    options.begin(call.args, 2);
    while (options.hasMore) {
      if (unit === 0 && options.flag("PERSIST")) persists = true;
      else {
        const found = persists ? 0 : expiryOption(options);
        // One and the same may be given again; the last counts.
        if (found === 0 || unit !== 0 && found !== unit) throw SYNTAX_ERROR;
        unit = found;
        timeAt = options.valueAt;
      }
    }
    const value = call.keyspace.strings.read(call, 1);
    if (value === undefined) return call.reply.nil();
    const expireAtMs = unit === 0 ? undefined : instantArgument(call, timeAt, unit);
    call.reply.bulkView(value);
    if (expireAtMs !== undefined) expire(call, expireAtMs);
    else if (persists) call.db.persist(call.db.change(call.key(1)));
  },
});

/** Gives the key an expiry; one that has passed deletes it. */
function expire(call: Call, expireAtMs: number | bigint): void {
  const { db, keyspace } = call;
  const key = call.key(1);
  if (expireAtMs <= keyspace.nowMs) db.delete(key, false);
  else db.setExpireAtMs(db.change(key), expireAtMs);
}
