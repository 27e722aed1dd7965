/** COPY source destination [DB destination-db] [REPLACE] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { DetachedValue } from "../../server/keyspace/detached_value.ts";
import { event } from "../../server/keyspace/key_event.ts";
import { attach } from "../../server/keyspace/value_attachment.ts";
import { copyValue } from "../../server/keyspace/value_copy.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { compareBytes } from "../../structures/bytes/byte_order.ts";
import { databaseArgument } from "../arguments/database_argument.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SAME_OBJECT } from "./move.ts";

const COPY_TO = event("generic", "copy_to");

const options = new OptionCursor();
const copied = new DetachedValue();

register({
  name: "copy",
  arity: -3,
  complexity: "O(N) with N bytes of the value",
  group: "generic",
  since: "6.2.0",
  summary: "Makes another key hold a copy of a key's value, with its expiry.",
  flags: ["write", "denyoom"],
  keys: [key(1, "RO", "access"), key(2, "OW", "update")],
  arguments: [
    { name: "source", type: "key" },
    { name: "destination", type: "key" },
    { name: "destination-db", type: "integer", token: "DB", optional: true },
    { name: "replace", type: "pure-token", token: "REPLACE", optional: true },
  ],
  run: copy,
});

function copy(call: Call): void {
  const { args, db, keyspace, reply } = call;
  let target = db;
  let replaces = false;
  options.begin(args, 3);
  while (options.hasMore) {
    if (options.flag("REPLACE")) replaces = true;
    else if (options.value("DB", 1)) target = databaseArgument(call, options.valueAt);
    else throw SYNTAX_ERROR;
  }
  if (target === db && isSameArgument(call, 1, 2)) throw SAME_OBJECT;
  const source = db.read(call.key(1));
  if (source === NONE) return reply.integer(0);
  const newKey = call.key(2);
  const replaced = target.change(newKey);
  if (replaced !== NONE && !replaces) return reply.integer(0);
  copyValue(keyspace, source, copied);
  attach(keyspace, target, replaced, newKey, copied, db.exactExpireAtMs(source), COPY_TO);
  reply.integer(1);
}

function isSameArgument({ args }: Call, a: number, b: number): boolean {
  const { bytes } = args;
  return compareBytes(
    bytes,
    args.start(a),
    args.length(a),
    bytes,
    args.start(b),
    args.length(b),
  ) ===
    0;
}
