/** PFDEBUG GETREG | DECODE | ENCODING | TODENSE key */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { denseRegister } from "../../structures/hyperloglog/dense_registers.ts";
import { HEADER_BYTES, REGISTER_COUNT } from "../../structures/hyperloglog/hyperloglog_layout.ts";
import { readRun, type Run } from "../../structures/hyperloglog/sparse_registers.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { checkHyperLogLog, CORRUPTED, isDense, makeDense } from "./value.ts";

const NO_KEY = new ErrorReply("ERR The specified key does not exist");
const NOT_SPARSE = new ErrorReply("ERR HLL encoding is not sparse");

register({
  name: "pfdebug",
  arity: 3,
  complexity: "O(1), a constant of thousands of registers",
  group: "hyperloglog",
  since: "2.8.9",
  summary: "Shows how a HyperLogLog is held, for those who work on it.",
  flags: ["write", "denyoom", "admin"],
  isSystemCommand: true,
  keys: key(2, "RW", "access"),
  arguments: [
    { name: "subcommand", type: "string" },
    { name: "key", type: "key" },
  ],
  run(call) {
    const { args, db, keyspace: { stringEdits, strings }, reply } = call;
    const key = call.key(2);
    const found = db.changeOf(key, Type.String);
    if (found === NONE) throw NO_KEY;
    checkHyperLogLog(strings.view(found));
    const entry = stringEdits.open(db, found, key, 0, 0);
    if (args.is(1, "GETREG")) replyRegisters(call, entry);
    else if (args.is(1, "DECODE")) replyRuns(call, entry);
    else if (args.is(1, "ENCODING")) {
      reply.status(isDense(strings.view(entry)) ? "dense" : "sparse");
    } else if (args.is(1, "TODENSE")) reply.integer(densely(call, entry) ? 1 : 0);
    else throw new ErrorReply(`ERR Unknown PFDEBUG subcommand '${args.quoted(1)}'`);
  },
});

/** Makes the registers dense. @returns whether they were not */
function densely(call: Call, entry: Ref): boolean {
  const { db, keyspace: { stringEdits, strings } } = call;
  if (isDense(strings.view(entry))) return false;
  if (!makeDense(call, entry)) throw CORRUPTED;
  stringEdits.tell(db, call.key(2), false, 1, undefined);
  return true;
}

function replyRegisters(call: Call, entry: Ref): void {
  const { keyspace: { strings }, reply } = call;
  densely(call, entry);
  const { bytes, start } = strings.view(entry);
  reply.array(REGISTER_COUNT);
  for (let i = 0; i < REGISTER_COUNT; i++) reply.integer(denseRegister(bytes, start, i));
}

/** Replies with the runs of sparse registers as a text: `Z:16000 v:3,2 z:7 …`. */
function replyRuns({ keyspace: { strings }, reply }: Call, entry: Ref): void {
  const value = strings.view(entry);
  if (isDense(value)) throw NOT_SPARSE;
  const { bytes, length, start } = value;
  const end = start + length;
  const run: Run = { value: 0, length: 0, isManyZeros: false, next: start + HEADER_BYTES };
  const runs: string[] = [];
  while (run.next < end) {
    readRun(bytes, run.next, end, run);
    if (run.value !== 0) runs.push(`v:${run.value},${run.length}`);
    else runs.push(`${run.isManyZeros ? "Z" : "z"}:${run.length}`);
  }
  reply.byteString(runs.join(" "));
}
