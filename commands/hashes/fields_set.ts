/** HSET and HMSET: pairs of a field and its value, behind the key. */

import type { Call } from "../../server/execution/call.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { HSET } from "./events.ts";

/** What differs between them. */
export interface FieldsSetForm extends
  Pick<
    CommandDeclaration,
    "name" | "since" | "summary" | "history" | "deprecatedSince" | "replacedBy"
  > {
  /** Whether it answers how many fields are new, and not just OK. */
  tellsAdded: boolean;
}

/** The declaration of a command that gives fields values. */
export function fieldsSetCommand({ tellsAdded, ...declared }: FieldsSetForm): CommandDeclaration {
  return {
    ...declared,
    arity: -4,
    complexity: "O(1) for each field",
    group: "hash",
    flags: ["write", "denyoom", "fast"],
    keys: key(1, "RW", "update"),
    arguments: [
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
    ],
    members: { first: 2, step: 2 },
    run(call) {
      if (call.count % 2 !== 0) throw call.wrongArity();
      call.keyspace.hashes.change(call, 1, tellsAdded ? setAndTell : setFields, HSET);
      if (!tellsAdded) call.reply.ok();
    },
  };
}

function setAndTell(call: Call, hash: FieldMap): number {
  call.reply.integer(setAll(call, hash));
  return (call.count - 2) / 2;
}

function setFields(call: Call, hash: FieldMap): number {
  setAll(call, hash);
  return (call.count - 2) / 2;
}

/** @returns how many of the fields are new */
function setAll({ args, count }: Call, hash: FieldMap): number {
  const { bytes } = args;
  hash.prepare((count - 2) / 2);
  let added = 0;
  for (let i = 2; i < count; i += 2) {
    if (
      hash.set(bytes, args.start(i), args.length(i), bytes, args.start(i + 1), args.length(i + 1))
    ) added++;
  }
  return added;
}
