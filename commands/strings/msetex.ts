/** MSETEX numkeys key value [key value …] [NX | XX] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL] */

import { expirationArgument } from "../arguments/expiry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { oneOf } from "../arguments/one_of.ts";
import { countedPairs } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SET } from "./events.ts";
import { WriteOptions } from "./write_options.ts";

const BAD_KEY_COUNT = new ErrorReply("ERR invalid numkeys value");
const TOO_FEW_PAIRS = new ErrorReply("ERR wrong number of key-value pairs");

const MAX_KEYS = 2 ** 31 - 1;
const FIRST_KEY = 2;

const options = new WriteOptions(false);

register({
  name: "msetex",
  arity: -4,
  complexity: "O(N) with N keys, and O(log M) for each expiry, M being the number of expiring keys",
  group: "string",
  since: "8.4.0",
  summary: "Makes several keys hold strings, all at once, and gives all of them an expiry.",
  flags: ["write", "denyoom"],
  keys: countedPairs(1, "OW", "update"),
  arguments: [
    { name: "numkeys", type: "integer" },
    {
      name: "data",
      type: "block",
      multiple: true,
      arguments: [
        { name: "key", type: "key" },
        { name: "value", type: "string" },
      ],
    },
    oneOf("condition", ["NX", "XX"], { optional: true }),
    expirationArgument("KEEPTTL"),
  ],
  run(call) {
    const { args, db, keyspace: { strings }, reply } = call;
    const keys = keyCount(call);
    const end = FIRST_KEY + 2 * keys;
    if (end > call.count) throw TOO_FEW_PAIRS;
    options.read(args, end);
    const expiry = options.expiry(call);
    if (!permits(call, end)) return reply.integer(0);
    // The call has room for the pairs, as for any request; all are written, or none.
    if (keys > 1) db.reserveInserts(keys);
    for (let i = FIRST_KEY; i < end; i += 2) {
      const key = call.key(i);
      const entry = db.change(key);
      strings.write(db, entry, key, args.bytes, args.start(i + 1), args.length(i + 1), expiry, SET);
    }
    reply.integer(1);
  },
});

function keyCount({ args }: Call): number {
  const count = args.safeInteger(1);
  if (!(count >= 1 && count <= MAX_KEYS)) throw BAD_KEY_COUNT;
  return count;
}

/** Whether none of the keys is there, or all are, as the options demand. */
function permits(call: Call, end: number): boolean {
  const { onlyIfMissing, onlyIfPresent } = options;
  if (!onlyIfMissing && !onlyIfPresent) return true;
  for (let i = FIRST_KEY; i < end; i += 2) {
    if ((call.db.change(call.key(i)) === NONE) !== onlyIfMissing) return false;
  }
  return true;
}
