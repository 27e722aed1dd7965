import { ErrorReply } from "../../protocol/error_reply.ts";
import { register } from "../registry.ts";
import { incrementCommand } from "./increment.ts";

const INT64_MIN = -(2n ** 63n);
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
