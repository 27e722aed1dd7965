/** BITFIELD key [GET type offset | SET type offset value | INCRBY type offset increment | OVERFLOW how] ... */

import type { Arguments } from "../../protocol/arguments.ts";
import { keyFlagBits } from "../../server/execution/key_spec.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { keyByCall, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";
import { runOperations } from "./field_work.ts";

/** How BITFIELD uses its key, with GET alone and otherwise. */
const READ = keyFlagBits(["RO", "access"]);
const READ_AND_WRITTEN = keyFlagBits(["RW", "access", "update"]);

const options = new OptionCursor();

register({
  name: "bitfield",
  arity: -2,
  complexity: "O(1) for each operation",
  group: "bitmap",
  since: "3.2.0",
  summary: "Reads, sets and counts with integers of any width at any bit of a string.",
  flags: ["write", "denyoom"],
  keys: withNotes(
    keyByCall(1, ["RW", "access", "update"], keyFlagsOfCall),
    "With GET alone it is only read.",
  ),
  arguments: [
    { name: "key", type: "key" },
    {
      name: "operation",
      type: "oneof",
      optional: true,
      multiple: true,
      arguments: [
        {
          name: "get-block",
          type: "block",
          token: "GET",
          arguments: [
            { name: "encoding", type: "string" },
            { name: "offset", type: "integer" },
          ],
        },
        {
          name: "write",
          type: "block",
          arguments: [
            {
              name: "overflow-block",
              type: "oneof",
              token: "OVERFLOW",
              optional: true,
              arguments: [
                { name: "wrap", type: "pure-token", token: "WRAP" },
                { name: "sat", type: "pure-token", token: "SAT" },
                { name: "fail", type: "pure-token", token: "FAIL" },
              ],
            },
            {
              name: "write-operation",
              type: "oneof",
              arguments: [
                {
                  name: "set-block",
                  type: "block",
                  token: "SET",
                  arguments: [
                    { name: "encoding", type: "string" },
                    { name: "offset", type: "integer" },
                    { name: "value", type: "integer" },
                  ],
                },
                {
                  name: "incrby-block",
                  type: "block",
                  token: "INCRBY",
                  arguments: [
                    { name: "encoding", type: "string" },
                    { name: "offset", type: "integer" },
                    { name: "increment", type: "integer" },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  run: (call) => runOperations(call, false),
});

function keyFlagsOfCall(args: Arguments): number {
  options.begin(args, 2);
  while (options.hasMore) {
    if (!options.value("GET", 2) && !options.value("OVERFLOW", 1)) return READ_AND_WRITTEN;
  }
  return READ;
}
