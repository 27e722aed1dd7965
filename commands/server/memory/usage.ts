/** MEMORY USAGE key [SAMPLES count] */

import { NONE } from "../../../structures/arena/arena.ts";
import { SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import type { CommandDeclaration } from "../../declaration.ts";
import { key } from "../../key_spec.ts";

export const usage: CommandDeclaration = {
  name: "usage",
  arity: -3,
  complexity: "O(1)",
  group: "server",
  since: "4.0.0",
  summary: "Answers the bytes that a key and its value take; they are counted, never sampled.",
  flags: ["readonly"],
  keys: key(2, "RO"),
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer", token: "SAMPLES", optional: true },
  ],
  run(call) {
    const { args, count, db, keyspace, reply } = call;
    for (let i = 3; i < count; i += 2) {
      if (!args.is(i, "SAMPLES") || i + 1 === count) throw SYNTAX_ERROR;
      if (call.integer(i + 1) < 0) throw SYNTAX_ERROR;
    }
    const entry = db.peek(call.key(2));
    if (entry === NONE) reply.nil();
    else reply.integer(keyspace.values.memoryBytes(entry));
  },
};
