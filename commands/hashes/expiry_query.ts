/** HTTL, HPTTL, HEXPIRETIME and HPEXPIRETIME: when fields expire. */

import type { Call } from "../../server/execution/call.ts";
import { NO_DEADLINE } from "../../structures/field_map/field_map_operations.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { tellMissing } from "./expire_form.ts";
import { FIELDS, firstField } from "./field_arguments.ts";

const NO_FIELD = -2;
const NO_EXPIRY = -1;

/** What differs between the commands. */
export interface FieldExpiryQueryForm {
  name: string;
  summary: string;
  inSeconds: boolean;
  /** Counted from now on, not from 1970 on. */
  isRelative: boolean;
}

/** The declaration of a command that tells when fields expire. */
export function fieldExpiryQueryCommand(form: FieldExpiryQueryForm): CommandDeclaration {
  const { inSeconds, isRelative, ...declared } = form;
  return {
    ...declared,
    arity: -5,
    complexity: "O(N) with N fields asked for",
    group: "hash",
    since: "7.4.0",
    flags: ["readonly", "fast"],
    keys: key(1, "RO", "access"),
    arguments: [{ name: "key", type: "key" }, FIELDS],
    members: { first: 4, step: 1 },
    run: (call) => tellExpiries(call, inSeconds, isRelative),
  };
}

function tellExpiries(call: Call, inSeconds: boolean, isRelative: boolean): void {
  const { args, count, keyspace, reply } = call;
  const hash = keyspace.hashes.read(call, 1);
  const first = firstField(call, 2);
  if (hash === undefined) return tellMissing(call, first);
  const fromMs = isRelative ? keyspace.nowMs : 0;
  reply.array(count - first);
  for (let i = first; i < count; i++) {
    if (!hash.find(args.bytes, args.start(i), args.length(i))) {
      reply.integer(NO_FIELD);
      continue;
    }
    const { deadlineMs } = hash;
    if (deadlineMs === NO_DEADLINE) reply.integer(NO_EXPIRY);
    else if (!hash.isTable && deadlineMs === keyspace.nowMs) reply.integer(NO_FIELD); // as on Redis
    else if (inSeconds) reply.integer(Math.ceil((deadlineMs - fromMs) / 1000));
    else reply.integer(deadlineMs - fromMs);
  }
  hash.hasMetExpired = false;
}
