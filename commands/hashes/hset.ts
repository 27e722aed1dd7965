/** HSET key field value [field value …] */

import { fieldsPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { FIELDS_ARGUMENTS, setFields } from "./fields_set.ts";

register({
  name: "hset",
  arity: -4,
  complexity: "O(1) for each field",
  group: "hash",
  since: "2.0.0",
  summary: "Gives fields of a hash values, and makes the hash where there is none.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "update"),
  history: [["4.0.0", "More than one field."]],
  arguments: FIELDS_ARGUMENTS,
  prefetch: fieldsPrefetch,
  run: (call) => call.reply.integer(setFields(call)),
});
