/** BITFIELD_RO key [GET type offset ...] */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { runOperations } from "./field_work.ts";

register({
  name: "bitfield_ro",
  arity: -2,
  complexity: "O(1) for each operation",
  group: "bitmap",
  since: "6.0.0",
  summary: "Reads integers of any width at any bit of a string.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    {
      name: "get-block",
      type: "block",
      token: "GET",
      optional: true,
      multiple: true,
      multipleToken: true,
      arguments: [
        { name: "encoding", type: "string" },
        { name: "offset", type: "integer" },
      ],
    },
  ],
  run: (call) => runOperations(call, true),
});
