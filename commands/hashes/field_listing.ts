/** HKEYS, HVALS and HGETALL: something of every field of a hash. */

import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { key } from "../key_spec.ts";
import type { MemberForm, SeenField } from "../members/member_reply.ts";
import { replyWalk } from "../members/random_pieces.ts";
import type { CommandDeclaration } from "../registry.ts";

/** What differs between the commands that list fields. */
export interface FieldListingForm {
  name: string;
  summary: string;
  /** What is told of each field; a reply with both field and value is a map. */
  tells: MemberForm<FieldMap | SeenField>;
}

/** The declaration of a command that lists all fields of a hash. */
export function fieldListingCommand({ tells, ...declared }: FieldListingForm): CommandDeclaration {
  return {
    ...declared,
    arity: 2,
    complexity: "O(N) with N fields",
    group: "hash",
    since: "2.0.0",
    flags: ["readonly"],
    tips: ["nondeterministic_output_order"],
    keys: key(1, "RO", "access"),
    arguments: [{ name: "key", type: "key" }],
    run(call) {
      const { keyspace: { hashes, pinnedHashes }, reply } = call;
      const hash = hashes.read(call, 1);
      const count = hash === undefined ? 0 : hash.liveCount;
      if (tells.elements === 2) reply.map(count);
      else reply.array(count);
      if (hash !== undefined) replyWalk(call, pinnedHashes, hash, tells);
    },
  };
}
