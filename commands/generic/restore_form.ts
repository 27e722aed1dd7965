/**
 * RESTORE and RESTORE-ASKING: a key gets a value out of a dump.
 *
 * Everything about the dump is checked before the key is touched. One that has expired on arrival
 * takes the key's old value away and leaves nothing.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { clockOfIdle, clockOfUses } from "../../server/keyspace/access_clock.ts";
import { DetachedValue } from "../../server/keyspace/detached_value.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import { RdbFormatError } from "../../server/keyspace/rdb/rdb_reader.ts";
import { NO_EXPIRY } from "../../server/keyspace/strings.ts";
import { attach, discard } from "../../server/keyspace/value_attachment.ts";
import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";

const RESTORE = event("generic", "restore");

const INVALID_IDLE_TIME = new ErrorReply("ERR Invalid IDLETIME value, must be >= 0");
const INVALID_FREQUENCY = new ErrorReply("ERR Invalid FREQ value, must be >= 0 and <= 255");
const BUSY_KEY = new ErrorReply("BUSYKEY Target key name already exists.");
const INVALID_TTL = new ErrorReply("ERR Invalid TTL value, must be >= 0");
const WRONG_FOOTER = new ErrorReply("ERR DUMP payload version or checksum are wrong");
const BAD_FORMAT = new ErrorReply("ERR Bad data format");

const MAX_FREQUENCY = 255;
/** As an idle time or a number of uses: it was not given. */
const NOT_GIVEN = -1;

/** The options of a call. */
const options = {
  replaces: false,
  isAbsolute: false,
  idleSeconds: NOT_GIVEN as number | bigint,
  uses: NOT_GIVEN,
};
const cursor = new OptionCursor();
const value = new DetachedValue();

/** The declaration of a command that restores a key. */
export function restoreCommand(
  form: Pick<
    CommandDeclaration,
    "name" | "group" | "since" | "summary" | "flags" | "isSystemCommand"
  >,
): CommandDeclaration {
  return {
    ...form,
    arity: -4,
    complexity: "O(N) with N bytes of the value; O(N log N) for a sorted set of N members",
    categories: ["keyspace", "dangerous"],
    keys: key(1, "OW", "update"),
    history: [["3.0.0", "REPLACE."], ["5.0.0", "ABSTTL."], ["5.0.0", "IDLETIME and FREQ."]],
    arguments: [
      { name: "key", type: "key" },
      { name: "ttl", type: "integer" },
      { name: "serialized-value", type: "string" },
      { name: "replace", type: "pure-token", token: "REPLACE", optional: true, since: "3.0.0" },
      { name: "absttl", type: "pure-token", token: "ABSTTL", optional: true, since: "5.0.0" },
      { name: "seconds", type: "integer", token: "IDLETIME", optional: true, since: "5.0.0" },
      { name: "frequency", type: "integer", token: "FREQ", optional: true, since: "5.0.0" },
    ],
    run: restore,
  };
}

function restore(call: Call): void {
  const { args, db, keyspace, reply, server } = call;
  readOptions(call);
  const { isAbsolute, replaces } = options;
  if (!replaces && db.change(call.key(1)) !== NONE) throw BUSY_KEY;
  const ttl = call.int64(2);
  if (ttl < 0) throw INVALID_TTL;
  const start = args.start(3);
  const length = args.length(3);
  const { dumps } = server;
  if (!dumps.isIntact(args.bytes, start, length)) throw WRONG_FOOTER;
  const expiry = ttl === 0 ? NO_EXPIRY : isAbsolute ? ttl : fromNow(keyspace.nowMs, ttl);
  try {
    dumps.read(args.bytes, start, length, value);
    const target = call.key(1);
    if (ttl !== 0 && expiry <= keyspace.nowMs) {
      discard(keyspace, value);
      if (replaces) db.delete(target, keyspace.lazyServerDelete);
      return reply.ok();
    }
    const entry = replaces ? db.change(target) : NONE;
    const held = attach(keyspace, db, entry, target, value, expiry, RESTORE);
    noteAccess(keyspace, held);
    reply.ok();
  } catch (error) {
    if (error instanceof RdbFormatError) throw BAD_FORMAT;
    throw error;
  } finally {
    dumps.release();
  }
}

/** Notes of an entry when or how often it was used, whichever is kept. */
function noteAccess({ access, entries, nowMs }: Keyspace, entry: Ref): void {
  const { idleSeconds, uses } = options;
  if (access.countsUses) {
    if (uses !== NOT_GIVEN) entries.setClock(entry, clockOfUses(nowMs, uses));
  } else if (idleSeconds !== NOT_GIVEN) entries.setClock(entry, clockOfIdle(nowMs, idleSeconds));
}

/** Sets {@linkcode options}. @throws {ErrorReply} */
function readOptions(call: Call): void {
  options.uses = NOT_GIVEN;
  options.replaces = false;
  options.isAbsolute = false;
  options.idleSeconds = NOT_GIVEN;
  cursor.begin(call.args, 4);
  while (cursor.hasMore) {
    if (cursor.flag("REPLACE")) options.replaces = true;
    else if (cursor.flag("ABSTTL")) options.isAbsolute = true;
    else if (options.uses === NOT_GIVEN && cursor.value("IDLETIME", 1)) {
      options.idleSeconds = call.int64(cursor.valueAt);
      if (options.idleSeconds < 0) throw INVALID_IDLE_TIME;
    } else if (options.idleSeconds === NOT_GIVEN && cursor.value("FREQ", 1)) {
      const frequency = call.int64(cursor.valueAt);
      if (frequency < 0 || frequency > MAX_FREQUENCY) throw INVALID_FREQUENCY;
      options.uses = Number(frequency);
    } else throw SYNTAX_ERROR;
  }
}

/** A time from now on. Beyond 64 bits it begins anew at the lowest, as in Redis: that is long over. */
function fromNow(nowMs: number, ttl: number | bigint): number | bigint {
  if (typeof ttl === "number" && Number.isSafeInteger(ttl + nowMs)) return ttl + nowMs;
  return BigInt.asIntN(64, BigInt(ttl) + BigInt(nowMs));
}
