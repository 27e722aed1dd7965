/** DECRBY key decrement */

import { ErrorReply } from "../../protocol/error_reply.ts";
import { INT64_MIN } from "../../structures/numbers/int64.ts";
import { register } from "../registry.ts";
import { incrementCommand } from "./increment.ts";

/** The one amount that has no negative. */
const NO_NEGATIVE = new ErrorReply("ERR decrement would overflow");

register(incrementCommand({
  name: "decrby",
  summary: "Takes from the integer that a key holds.",
  argument: "decrement",
  delta(call) {
    const amount = call.int64(2);
    if (amount === INT64_MIN) throw NO_NEGATIVE;
    return -amount;
  },
}));
