/** LCS key1 key2 [LEN] [IDX] [MINMATCHLEN length] [WITHMATCHLEN] */

import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { emptyView } from "../../structures/bytes/byte_view.ts";
import { withView } from "../../structures/bytes/bytes.ts";
import { CommonSubsequence } from "../../structures/bytes/common_subsequence.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import { MAX_INT64_TEXT } from "../../structures/numbers/int64.ts";
import { ErrorReply, SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";

const NOT_STRINGS = new ErrorReply("ERR The specified keys must contain string values");
const LENGTH_AND_PLACES = new ErrorReply(
  "ERR If you want both the length and indexes, please just use IDX.",
);
const TOO_LARGE = new ErrorReply(
  "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len",
);
const NO_MEMORY = new ErrorReply(
  "ERR Insufficient memory, failed allocating transient memory for LCS",
);

/** What Redis takes for each cell of its table. Ravel takes a bit, and has the same limit. */
const REDIS_CELL_BYTES = 4;

const options = new OptionCursor();
const common = new CommonSubsequence();
const NOTHING = emptyView();
/** The first string, and where a short one is. */
const a = emptyView();
const shortText = withView(new Uint8Array(MAX_INT64_TEXT));

register({
  name: "lcs",
  arity: -3,
  complexity: "O(N*M/32), N and M being the lengths of the strings",
  group: "string",
  since: "7.0.0",
  summary: "Finds the longest common subsequence of two strings.",
  flags: ["readonly"],
  keys: keyRange(1, 2, 1, "RO", "access"),
  arguments: [
    { name: "key1", type: "key" },
    { name: "key2", type: "key" },
    { name: "len", type: "pure-token", token: "LEN", optional: true },
    { name: "idx", type: "pure-token", token: "IDX", optional: true },
    { name: "min-match-len", type: "integer", token: "MINMATCHLEN", optional: true },
    { name: "withmatchlen", type: "pure-token", token: "WITHMATCHLEN", optional: true },
  ],
  run(call) {
    const { db, keyspace: { entries }, reply } = call;
    const first = db.read(call.key(1));
    const second = db.read(call.key(2));
    const isString = (entry: Ref) => entry === NONE || entries.type(entry) === Type.String;
    if (!isString(first) || !isString(second)) throw NOT_STRINGS;
    let tellsLength = false;
    let tellsPlaces = false;
    let tellsRunLengths = false;
    let minRunLength = 0;
    options.begin(call.args, 3);
    while (options.hasMore) {
      if (options.flag("IDX")) tellsPlaces = true;
      else if (options.flag("LEN")) tellsLength = true;
      else if (options.flag("WITHMATCHLEN")) tellsRunLengths = true;
      else if (options.value("MINMATCHLEN", 1)) minRunLength = call.integer(options.valueAt);
      else throw SYNTAX_ERROR;
    }
    if (tellsLength && tellsPlaces) throw LENGTH_AND_PLACES;
    findCommon(call, first, second, !tellsLength);
    if (tellsPlaces) tellRuns(call, minRunLength, tellsRunLengths);
    else if (tellsLength) reply.integer(common.length);
    else reply.bulkBytes(common.trace(), 0, common.length);
    common.forget();
  },
});

/** Finds what the strings of two entries have in common; where there is no entry, it is empty. */
function findCommon(call: Call, first: Ref, second: Ref, keepsRows: boolean): void {
  const { keyspace: { strings }, server } = call;
  const firstLength = first === NONE ? 0 : strings.length(first);
  const secondLength = second === NONE ? 0 : strings.length(second);
  const tableBytes = (firstLength + 1) * (secondLength + 1) * REDIS_CELL_BYTES;
  if (tableBytes > server.config.protoMaxBulkBytes) throw TOO_LARGE;
  a.length = firstLength;
  if (first !== NONE) {
    const { bytes, start } = strings.view(first);
    const isShort = firstLength <= MAX_INT64_TEXT;
    // An integer's digits are where those of the other will be.
    if (isShort) copyBytes(shortText, 0, bytes, start, firstLength);
    a.bytes = isShort ? shortText : bytes;
    a.start = isShort ? 0 : start;
  }
  const b = second === NONE ? NOTHING : strings.view(second);
  try {
    common.find(a, b, keepsRows);
  } catch (error) {
    if (error instanceof RangeError) throw NO_MEMORY;
    throw error;
  }
}

/** Replies where the runs of at least `minLength` bytes are, and the length of all. */
function tellRuns({ reply }: Call, minLength: number, tellsLengths: boolean): void {
  let runs = 0;
  reply.map(2);
  reply.bulk("matches");
  const mark = reply.lateArray();
  common.trace((aFirst, aLast, bFirst, bLast) => {
    const length = aLast - aFirst + 1;
    if (length < minLength) return;
    runs++;
    reply.array(tellsLengths ? 3 : 2);
    reply.array(2);
    reply.integer(aFirst);
    reply.integer(aLast);
    reply.array(2);
    reply.integer(bFirst);
    reply.integer(bLast);
    if (tellsLengths) reply.integer(length);
  });
  reply.endLateArray(mark, runs);
  reply.bulk("len");
  reply.integer(common.length);
}
