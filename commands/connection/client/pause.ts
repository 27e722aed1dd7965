/** CLIENT PAUSE and UNPAUSE: lets the requests of clients wait for some time. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { unknownForm } from "../../../server/execution/unknown_command.ts";
import { PauseScope } from "../../../server/execution/pause.ts";
import { INT64_MAX } from "../../../structures/numbers/int64.ts";
import { oneOf } from "../../arguments/one_of.ts";
import type { CommandDeclaration, CommandFlag } from "../../registry.ts";

const FLAGS: readonly CommandFlag[] = ["admin", "noscript", "loading", "stale"];

const BAD_MODE = new ErrorReply("ERR CLIENT PAUSE mode must be WRITE or ALL");
const NO_TIMEOUT = new ErrorReply("ERR timeout is not an integer or out of range");
const NEGATIVE_TIMEOUT = new ErrorReply("ERR timeout is negative");
const LONG_TIMEOUT = new ErrorReply("ERR timeout is out of range");

export const pause: CommandDeclaration = {
  name: "pause",
  arity: -3,
  complexity: "O(1)",
  group: "connection",
  since: "3.0.0",
  summary: "Lets requests wait for so many milliseconds, all of them or those that write.",
  flags: FLAGS,
  history: [["6.2.0", "WRITE, and ALL for what there was before."]],
  arguments: [
    { name: "timeout", type: "integer" },
    oneOf("mode", ["WRITE", "ALL"], { optional: true, since: "6.2.0" }),
  ],
  run(call) {
    if (call.count > 4) throw new ErrorReply(unknownForm(call.args));
    const scope = scopeOf(call);
    call.server.pause.begin(endMs(call), scope);
    call.reply.ok();
  },
};

export const unpause: CommandDeclaration = {
  name: "unpause",
  arity: 2,
  complexity: "O(N) where N is the number of clients that wait",
  group: "connection",
  since: "6.2.0",
  summary: "Ends a pause before its time.",
  flags: FLAGS,
  run({ reply, server }) {
    server.pause.end();
    reply.ok();
  },
};

function scopeOf({ args, count }: Call): PauseScope {
  if (count === 3 || args.is(3, "ALL")) return PauseScope.All;
  if (args.is(3, "WRITE")) return PauseScope.Writes;
  throw BAD_MODE;
}

/** When a pause of as many milliseconds as argument 2 has ends. @throws {ErrorReply} no such time */
function endMs({ args, keyspace: { nowMs } }: Call): number {
  const timeoutMs = args.int64(2);
  if (timeoutMs === undefined) throw NO_TIMEOUT;
  if (timeoutMs < 0n) throw NEGATIVE_TIMEOUT;
  if (timeoutMs > INT64_MAX - BigInt(nowMs)) throw LONG_TIMEOUT;
  return timeoutMs === 0n ? 0 : nowMs + Number(timeoutMs);
}
