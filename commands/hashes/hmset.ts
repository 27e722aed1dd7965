/** HMSET key field value [field value …]: HSET with another answer. */

import { fieldsPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { FIELDS_ARGUMENTS, setFields } from "./fields_set.ts";

register({
  name: "hmset",
  arity: -4,
  complexity: "O(1) for each field",
  group: "hash",
  since: "2.0.0",
  summary: "Gives fields of a hash values.",
  flags: ["write", "denyoom", "fast"],
  deprecatedSince: "4.0.0",
  replacedBy: "`HSET` with several fields",
  keys: key(1, "RW", "update"),
  arguments: FIELDS_ARGUMENTS,
  prefetch: fieldsPrefetch,
  run(call) {
    setFields(call);
    call.reply.ok();
  },
});
