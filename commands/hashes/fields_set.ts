/** HSET and HMSET: pairs of a field and its value, behind the key. They only answer differently. */

import { Type } from "../../server/keyspace/entry.ts";
import type { Call } from "../../server/execution/call.ts";
import type { ArgumentDeclaration } from "../registry.ts";

/** Their arguments. */
export const FIELDS_ARGUMENTS: readonly ArgumentDeclaration[] = [
  { name: "key", type: "key" },
  {
    name: "data",
    type: "block",
    multiple: true,
    arguments: [
      { name: "field", type: "string" },
      { name: "value", type: "string" },
    ],
  },
];

/**
 * Sets the fields of the call's arguments and answers how many of them are new.
 *
 * @throws {ErrorReply} where a field has no value
 */
export function setFields(call: Call): number {
  const { args, count, db, keyspace, keyspace: { hashes } } = call;
  if (count % 2 !== 0) throw call.wrongArity();
  const { bytes } = args;
  const key = call.key(1);
  const entry = db.findOf(key, Type.Hash);
  const hash = hashes.open(entry);
  let added = 0;
  try {
    hash.prepare((count - 2) / 2);
    for (let i = 2; i < count; i += 2) {
      if (
        hash.set(
          bytes,
          args.start(i),
          args.length(i),
          bytes,
          args.start(i + 1),
          args.length(i + 1),
        )
      ) added++;
    }
  } catch (error) {
    hashes.abandon(db, entry, key);
    throw error;
  }
  hashes.storeGrown(db, entry, key);
  keyspace.dirty += (count - 2) / 2;
  return added;
}
