/** OBJECT: how a key's value is held, and when it was used. None of it counts as use. */

import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import { StringEncoding, Type } from "../../server/keyspace/entry.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { register } from "../registry.ts";
import { withHelp } from "../help.ts";
import { idleSecondsOf, usesOf } from "../../server/keyspace/access_clock.ts";

const NO_LFU_POLICY = new ErrorReply(
  "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that " +
    "when switching between policies at runtime LRU and LFU data will take some time to adjust.",
);

const LFU_POLICY = new ErrorReply(
  "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when " +
    "switching between policies at runtime LRU and LFU data will take some time to adjust.",
);

/** Redis keeps one object for each integer below. */
const SHARED_INTEGERS = 10_000;
const SHARED_COUNT = 2 ** 31 - 1;

/** A subcommand that answers something about the value of its one key, nil without a value. */
function inspection(
  name: string,
  since: string,
  summary: string,
  answer: (call: Call, entry: Ref) => void,
): CommandDeclaration {
  return {
    name,
    arity: 3,
    complexity: "O(1)",
    group: "generic",
    since,
    summary,
    flags: ["readonly"],
    tips: ["nondeterministic_output"],
    keys: key(2, "RO"),
    arguments: [{ name: "key", type: "key" }],
    run(call) {
      const entry = call.db.inspectQuietly(call.key(2));
      if (entry === NONE) call.reply.nil();
      else answer(call, entry);
    },
  };
}

/** What OBJECT ENCODING calls the way an entry's value is held. */
export function encodingName(keyspace: Keyspace, entry: Ref): string {
  return keyspace.entries.type(entry) === Type.String
    ? keyspace.strings.encodingName(entry)
    : keyspace.values.encodingName(entry);
}

/** Seconds since an entry was last used. */
export function idleSeconds({ entries, nowMs }: Keyspace, entry: Ref): number {
  return idleSecondsOf(nowMs, entries.clock(entry));
}

/**
 * What OBJECT REFCOUNT answers. Nothing is shared here; but on Redis small integers are, unless keys
 * are evicted by their use, and clients see that by this number.
 */
export function referenceCount({ keyspace, server }: Call, entry: Ref): number {
  const { entries } = keyspace;
  const isInteger = entries.type(entry) === Type.String &&
    entries.encoding(entry) === StringEncoding.Integer;
  if (!isInteger || entries.slot(entry, 1) !== 0) return 1;
  const value = entries.slot(entry, 0) >>> 0;
  const { maxMemoryBytes, maxMemoryPolicy } = server.config;
  const isShared = maxMemoryBytes === 0 || !/-lru$|-lfu$/.test(maxMemoryPolicy);
  return value < SHARED_INTEGERS && isShared ? SHARED_COUNT : 1;
}

register(withHelp({
  name: "object",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "generic",
  since: "2.2.3",
  summary: "Holds the commands that look at how values are held.",
  flags: [],
  subcommands: [
    inspection(
      "encoding",
      "2.2.3",
      "Answers how the key's value is held.",
      ({ keyspace, reply }, entry) => reply.bulk(encodingName(keyspace, entry)),
    ),
    inspection(
      "freq",
      "4.0.0",
      "Answers how often the key is used, on a logarithmic scale; needs an LFU policy.",
      ({ keyspace: { access, entries, nowMs }, reply }, entry) => {
        if (!access.countsUses) throw NO_LFU_POLICY;
        reply.integer(usesOf(access, nowMs, entries.clock(entry)));
      },
    ),
    inspection(
      "idletime",
      "2.2.3",
      "Answers for how many seconds the key has not been used.",
      ({ keyspace, reply }, entry) => {
        if (keyspace.access.countsUses) throw LFU_POLICY;
        reply.integer(idleSeconds(keyspace, entry));
      },
    ),
    inspection(
      "refcount",
      "2.2.3",
      "Answers how many references there are to the key's value, as Redis counts them.",
      (call, entry) => call.reply.integer(referenceCount(call, entry)),
    ),
  ],
}, "6.2.0"));
