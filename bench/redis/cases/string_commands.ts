/** Every command on strings that no other case measures, on random keys of a full server. */

import type { CheckedRequest } from "../../load/control_client.ts";
import { stringData } from "../../load/workloads.ts";
import { type BenchCase, RunningServers, Samples } from "../bench_case.ts";
import { commandCase, type CommandCaseOptions } from "./command_case.ts";

const KEY = "key:__rand_int__";
const OTHER_KEY = "other:__rand_int__";
const COUNTER = "counter:__rand_int__";
const VALUE = "value-of-16bytes";
const DIGEST = "0123456789abcdef";

const LCS_BYTES = 10 * 1024;
const LCS_LETTERS = 4;

function onStrings(command: readonly string[], options: CommandCaseOptions = {}): BenchCase {
  return commandCase("strings", command, {
    fill: (client, { keys }) => client.load(stringData(keys)),
    ...options,
  });
}

/** Letters of a linear congruential generator. */
function letters(seed: number): string {
  let state = seed;
  return Array.from({ length: LCS_BYTES }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return "abcd"[(state >>> 16) % LCS_LETTERS];
  }).join("");
}

function* lcsData(): Generator<CheckedRequest> {
  yield { request: ["SET", "a", letters(1)], reply: "+OK\r\n" };
  yield { request: ["SET", "b", letters(2)], reply: "+OK\r\n" };
}

/** One call at a time, whose work is all there is. */
const longLcsCase: BenchCase = {
  name: "strings/long-lcs",
  summary: "LCS of two strings of 10 KB",
  async run({ kinds, options, report }) {
    await using servers = await RunningServers.start(kinds);
    const samples = new Samples();
    for (const server of servers.all) {
      using client = await server.connect();
      await client.load(lcsData());
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const server of servers.inRound(round)) {
        using client = await server.connect();
        const from = performance.now();
        await client.ask("LCS", "a", "b");
        samples.add(server.kind, performance.now() - from);
      }
    }
    report({
      case: "strings/long-lcs",
      variant: "LCS of 10 KB",
      metric: "latency",
      unit: "ms",
      samples: samples.lists,
      goal: { ratioAtMost: 1.5 },
    });
  },
};

export const STRING_COMMAND_CASES: readonly BenchCase[] = [
  onStrings(["APPEND", KEY, "x"]),
  onStrings(["DECR", COUNTER]),
  onStrings(["DECRBY", COUNTER, "7"]),
  onStrings(["DELEX", OTHER_KEY, "IFEQ", VALUE], { instead: ["GETDEL", OTHER_KEY] }),
  onStrings(["DIGEST", KEY], { instead: ["GET", KEY] }),
  onStrings(["GETDEL", OTHER_KEY]),
  onStrings(["GETEX", KEY, "EX", "1000"]),
  onStrings(["GETRANGE", KEY, "2", "9"]),
  onStrings(["GETSET", KEY, VALUE]),
  onStrings(["INCRBY", COUNTER, "7"]),
  onStrings(["INCRBYFLOAT", COUNTER, "0.5"]),
  onStrings(["LCS", KEY, KEY]),
  longLcsCase,
  onStrings(["MSETEX", "2", KEY, VALUE, KEY, VALUE, "EX", "1000"], {
    instead: ["MSET", KEY, VALUE, KEY, VALUE],
  }),
  onStrings(["MSETNX", KEY, VALUE, KEY, VALUE]),
  onStrings(["PSETEX", KEY, "1000000", VALUE]),
  onStrings(["SET", KEY, VALUE, "EX", "1000"], { name: "set-ex" }),
  onStrings(["SET", KEY, VALUE, "NX"], { name: "set-nx" }),
  onStrings(["SET", KEY, VALUE, "XX", "GET"], { name: "set-get" }),
  onStrings(["SET", KEY, VALUE, "IFEQ", VALUE], {
    name: "set-ifeq",
    instead: ["SET", KEY, VALUE, "XX", "GET"],
  }),
  onStrings(["SET", KEY, VALUE, "IFDEQ", DIGEST], {
    name: "set-ifdeq",
    instead: ["SET", KEY, VALUE, "XX", "GET"],
  }),
  onStrings(["SETEX", KEY, "1000", VALUE]),
  onStrings(["SETNX", KEY, VALUE]),
  onStrings(["SETRANGE", KEY, "4", "x"]),
  onStrings(["STRLEN", KEY]),
  onStrings(["SUBSTR", KEY, "2", "9"]),
];
