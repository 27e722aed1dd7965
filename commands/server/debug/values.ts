/** DEBUG about single values: how they are held, and digests of them. */

import { NONE, type Ref } from "../../../structures/arena/arena.ts";
import { ListEncoding } from "../../../structures/list/list.ts";
import { clampedSize } from "../../../structures/list/list_limits.ts";
import { SHA1_BYTES } from "../../../structures/sha1.ts";
import { Type } from "../../../server/keyspace/entry.ts";
import type { Keyspace } from "../../../server/keyspace/keyspace.ts";
import { ErrorReply, NO_SUCH_KEY } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { digestAll, digestValue } from "../../../server/keyspace/digest.ts";
import { serializedLength } from "../../../server/keyspace/rdb/value_length.ts";
import { encodingName, idleSeconds, referenceCount } from "../object.ts";

const NO_LISTPACK = new ErrorReply("ERR Not a listpack encoded object.");

/** A digest of all keys of all databases. */
export function replyWithDigest({ keyspace, reply }: Call): void {
  reply.status(encodeHex(digestAll(keyspace)));
}

export function replyWithDigests(call: Call): void {
  const { count, db, keyspace, reply } = call;
  reply.array(count - 2);
  for (let i = 2; i < count; i++) {
    const digest = new Uint8Array(SHA1_BYTES);
    // As on Redis, what has expired and is still there counts.
    const entry = db.locate(call.key(i));
    if (entry !== NONE) digestValue(keyspace, entry, digest);
    reply.status(encodeHex(digest));
  }
}

function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The reply is Redis's, whose standard output is its log unless it has a file. */
export function logListpack(call: Call): void {
  const { db, keyspace, reply, server } = call;
  const entry = db.peek(call.key(2));
  if (entry === NONE) throw NO_SUCH_KEY;
  if (encodingName(keyspace, entry) !== "listpack") throw NO_LISTPACK;
  const serializedBytes = serializedLength(keyspace, entry, false);
  const memoryBytes = keyspace.values.memoryBytes(entry);
  server.log.notice("a listpack", { serializedBytes, memoryBytes });
  reply.status("Listpack structure printed on stdout");
}

/** The value's address is where its entry stands in the arena. */
export function describeObject(call: Call): void {
  const { db, keyspace, reply, server } = call;
  // What has expired and is still there is told.
  const entry = db.locate(call.key(2));
  if (entry === NONE) throw NO_SUCH_KEY;
  const bytes = serializedLength(keyspace, entry, server.config.rdbCompression);
  const address = (entry >>> 0) * 8;
  reply.status(
    `Value at:0x${address.toString(16).padStart(12, "0")} refcount:${
      referenceCount(call, entry)
    } ` +
      `encoding:${encodingName(keyspace, entry)} ` +
      `serializedlength:${bytes} ` +
      `lru:${keyspace.entries.clock(entry)} lru_seconds_idle:${idleSeconds(keyspace, entry)}` +
      chainDescription(keyspace, entry),
  );
}

/** What is known of a long list besides; nothing of anything else. */
function chainDescription({ entries, limits, lists }: Keyspace, entry: Ref): string {
  if (entries.type(entry) !== Type.List || entries.encoding(entry) !== ListEncoding.Quicklist) {
    return "";
  }
  const list = lists.open(entry);
  const { compressDepth = 0, maxListpackSize } = limits.lists;
  const nodes = list.listpackCount;
  return ` ql_nodes:${nodes} ql_avg_node:${(list.count / nodes).toFixed(2)} ` +
    `ql_listpack_max:${clampedSize(maxListpackSize)} ql_compressed:${compressDepth > 0 ? 1 : 0} ` +
    `ql_uncompressed_size:${list.listpackBytes()}`;
}
