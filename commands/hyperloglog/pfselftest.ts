/**
 * PFSELFTEST
 *
 * Registers are written and read back, and a growing number of elements is shown to sparse and to
 * dense ones, which have to come to the same estimate, and to a good one.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { withView } from "../../structures/bytes/bytes.ts";
import {
  countDense,
  denseRegister,
  raiseDense,
  setDenseRegister,
} from "../../structures/hyperloglog/dense_registers.ts";
import { registerOf } from "../../structures/hyperloglog/element_hash.ts";
import { estimate } from "../../structures/hyperloglog/estimate.ts";
import {
  DENSE_BYTES,
  HEADER_BYTES,
  INDEX_BITS,
  REGISTER_COUNT,
  REGISTER_VALUES,
} from "../../structures/hyperloglog/hyperloglog_layout.ts";
import {
  clearSparse,
  countSparse,
  EMPTY_SPARSE_BYTES,
  MAX_GROWTH_BYTES,
  raiseSparse,
  TOO_LARGE,
} from "../../structures/hyperloglog/sparse_registers.ts";
import { register } from "../registry.ts";

const ROUNDS = 100;
const ELEMENTS = 1_000_000;
/** As far as sparse registers are followed. */
const SPARSE_BYTES = 3000;
/** The estimator's standard error, of one. */
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTER_COUNT);
/** More of them are no bad luck. */
const MOST_ERRORS = 6;

register({
  name: "pfselftest",
  arity: 1,
  complexity: "O(1), a constant of a million elements",
  group: "hyperloglog",
  since: "2.8.9",
  summary: "Tests that HyperLogLogs count as they should, for those who work on them.",
  flags: ["admin"],
  isSystemCommand: true,
  run(call) {
    testRegisters(call);
    testEstimates(call);
    call.reply.ok();
  },
});

/** Whether registers keep what they were set to, whatever stands beside them. */
function testRegisters({ keyspace: { randomInt } }: Call): void {
  const bytes = new Uint8Array(DENSE_BYTES);
  const expected = new Uint8Array(REGISTER_COUNT);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < REGISTER_COUNT; i++) {
      expected[i] = randomInt(REGISTER_VALUES);
      setDenseRegister(bytes, 0, i, expected[i]);
    }
    for (let i = 0; i < REGISTER_COUNT; i++) {
      const value = denseRegister(bytes, 0, i);
      if (value === expected[i]) continue;
      throw new ErrorReply(
        `TESTFAILED Register ${i} should be ${expected[i]} but is ${value}`,
      );
    }
  }
}

/** Whether sparse and dense registers agree, and how far they are from the truth. */
function testEstimates({ keyspace: { randomInt } }: Call): void {
  const dense = withView(new Uint8Array(DENSE_BYTES));
  const sparse = new Uint8Array(SPARSE_BYTES + MAX_GROWTH_BYTES);
  let sparseBytes = clearSparse(sparse, 0);
  if (sparseBytes !== EMPTY_SPARSE_BYTES) throw new ErrorReply("TESTFAILED no empty registers");
  const element = withView(new Uint8Array(8));
  element.view!.setInt32(4, randomInt(2 ** 32), true);
  const seed = randomInt(2 ** 32);
  let checkpoint = 1;
  for (let count = 1; count <= ELEMENTS; count++) {
    element.view!.setInt32(0, count ^ seed, true);
    const found = registerOf(element, 0, element.length);
    const index = found & (REGISTER_COUNT - 1);
    const run = found >> INDEX_BITS;
    raiseDense(dense, 0, index, run);
    if (sparseBytes > 0) {
      const raised = raiseSparse(sparse, 0, sparseBytes, index, run, SPARSE_BYTES);
      if (raised > 0 || raised === TOO_LARGE) sparseBytes = raised;
    }
    if (count !== checkpoint) continue;
    checkEstimates(dense, sparse, sparseBytes, count);
    checkpoint *= 10;
  }
}

/** @param sparseBytes TOO_LARGE where the registers are sparse no more */
function checkEstimates(
  dense: Uint8Array,
  sparse: Uint8Array,
  sparseBytes: number,
  count: number,
): void {
  const histogram = new Int32Array(REGISTER_VALUES);
  countDense(dense, 0, histogram);
  const estimated = estimate(histogram);
  if (sparseBytes > 0) {
    histogram.fill(0);
    const isWhole = countSparse(sparse, 0, sparseBytes, histogram);
    if (!isWhole || estimate(histogram) !== estimated) {
      throw new ErrorReply("TESTFAILED dense/sparse disagree");
    }
  } else if (count < (SPARSE_BYTES - HEADER_BYTES) / MAX_GROWTH_BYTES) {
    throw new ErrorReply("TESTFAILED sparse encoding not used");
  }
  const error = Math.abs(count - estimated);
  // Of ten elements two may well share a register.
  const allowed = count === 10 ? 1 : Math.ceil(STANDARD_ERROR * MOST_ERRORS * count);
  if (error <= allowed) return;
  throw new ErrorReply(`TESTFAILED Too big error. card:${count} abserr:${error}`);
}
