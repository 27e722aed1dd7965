/** TTL, PTTL, EXPIRETIME and PEXPIRETIME: when a key expires. */

import type { Call } from "../../server/execution/call.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { replyInt64 } from "../arguments/int64.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

const NO_KEY = -2;
const NO_EXPIRY = -1;

/** What differs between TTL, PTTL, EXPIRETIME and PEXPIRETIME. */
export interface ExpiryQueryForm {
  name: string;
  since: string;
  summary: string;
  inSeconds: boolean;
  /** Counted from now on, not from 1970 on. */
  isRelative: boolean;
}

/** The declaration of a command that tells when a key expires. */
export function expiryQueryCommand(form: ExpiryQueryForm): CommandDeclaration {
  const { inSeconds, isRelative, ...declared } = form;
  return {
    ...declared,
    arity: 2,
    complexity: "O(1)",
    group: "generic",
    flags: ["readonly", "fast"],
    tips: isRelative ? ["nondeterministic_output"] : [],
    history: isRelative ? [["2.8.0", "-2 for a key that is not there."]] : [],
    keys: key(1, "RO", "access"),
    arguments: [{ name: "key", type: "key" }],
    run: (call) => tellExpiry(call, inSeconds, isRelative),
  };
}

function tellExpiry(call: Call, inSeconds: boolean, isRelative: boolean): void {
  const { db, keyspace, reply } = call;
  const entry = db.inspect(call.key(1));
  if (entry === NONE) return reply.integer(NO_KEY);
  const expireAtMs = db.exactExpireAtMs(entry);
  if (expireAtMs === -1) return reply.integer(NO_EXPIRY);
  const fromMs = isRelative ? keyspace.nowMs : 0;
  const ms = typeof expireAtMs === "number"
    ? Math.max(0, expireAtMs - fromMs)
    : expireAtMs - BigInt(fromMs);
  if (!inSeconds) replyInt64(reply, ms);
  else if (typeof ms === "number") reply.integer(Math.floor((ms + 500) / 1000));
  else reply.bigInteger((ms + 500n) / 1000n);
}
