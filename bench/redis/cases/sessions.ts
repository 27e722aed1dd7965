/** Transactions, pub/sub, waiting, tracking: what connections do that have a state. */

import { bulkText, GROUP_MARK, requestText, type ScriptStep } from "../../load/session_plan.ts";
import { stringData } from "../../load/workloads.ts";
import type { BenchCase } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { sessionCase, type SessionVariant } from "../session_case.ts";
import { throughputCase } from "../throughput_case.ts";
import { waitingConnectionsCase } from "./waiting_connections.ts";

const AS_FAST: Goal = { ratioAtLeast: 1 };
const OK = "+OK\r\n";
const VALUE = "value-of-16bytes";

/** Messages that may be published and not yet read by everyone. */
const WINDOW_MESSAGES = 64;
const MESSAGE_BYTES = 64;
/** Subscribers are spread over this many threads, with a core left for the server where there is. */
const SUBSCRIBER_WORKERS = Math.min(Math.max(navigator.hardwareConcurrency - 1, 1), 4);

function publishing(subscribers: number, pipeline: number): SessionVariant {
  return {
    label: `PUBLISH to ${subscribers} P${pipeline}`,
    plan: (target) => ({
      ...target,
      kind: "fan-out",
      subscribers,
      pipeline,
      window: WINDOW_MESSAGES,
      messageBytes: MESSAGE_BYTES,
    }),
    goal: AS_FAST,
  };
}

const publishCase = sessionCase({
  name: "sessions/publish",
  summary: "messages that arrive at 1, 100 and 1,000 subscribers of one publisher, pipeline 1, 16",
  workers: SUBSCRIBER_WORKERS,
  variants: [1, 100, 1000].flatMap((count) => [publishing(count, 1), publishing(count, 16)]),
});

const SETS = 10;
/** Transactions that differ in their keys. */
const TRANSACTIONS = 20;

/** MULTI, SETs, EXEC: what is sent one request at a time, with its reply. */
function transaction(index: number): ScriptStep[] {
  const set = (i: number): ScriptStep => ({
    on: 0,
    send: requestText(
      "SET",
      `key:${GROUP_MARK}${String(index * SETS + i).padStart(6, "0")}`,
      VALUE,
    ),
    expect: "+QUEUED\r\n",
  });
  return [
    { on: 0, send: requestText("MULTI"), expect: OK },
    ...Array.from({ length: SETS }, (_, i) => set(i)),
    { on: 0, send: requestText("EXEC"), expect: `*${SETS}\r\n${OK.repeat(SETS)}` },
  ];
}

/** Several steps of one connection in one write. */
function inOneWrite(steps: readonly ScriptStep[]): ScriptStep {
  const text = (part: "send" | "expect") => steps.map((step) => step[part] ?? "").join("");
  return { on: 0, send: text("send"), expect: text("expect") };
}

function transactions(
  label: string,
  round: (index: number) => readonly ScriptStep[],
  goal: Goal,
  operationsARound = 1,
): SessionVariant {
  return {
    label,
    plan: (target, { connections }) => ({
      ...target,
      kind: "script",
      groups: connections,
      preparation: [[]],
      rounds: Array.from({ length: TRANSACTIONS }, (_, index) => round(index)),
      operationsARound,
    }),
    goal,
  };
}

const DEEP = 16;

const multiCase = sessionCase({
  name: "sessions/multi",
  summary: "MULTI, ten SETs, EXEC: request by request, in one write, and 16 of them in one write",
  variants: [
    transactions("MULTI 10 SET EXEC, each request alone", transaction, AS_FAST),
    transactions(
      "MULTI 10 SET EXEC, in one write P1",
      (index) => [inOneWrite(transaction(index))],
      AS_FAST,
    ),
    transactions(
      `MULTI 10 SET EXEC, in one write P${DEEP}`,
      (index) => {
        const deep = Array.from({ length: DEEP }, (_, i) => transaction(index * DEEP + i));
        return [inOneWrite(deep.flat())];
      },
      { ratioAtLeast: 1.3 },
      DEEP,
    ),
  ],
});

const QUEUE = `queue:${GROUP_MARK}`;
const POP = requestText("BLPOP", QUEUE, "0");
const POPPED = `*2\r\n${bulkText(QUEUE)}${bulkText(VALUE)}`;

const blockingCase = sessionCase({
  name: "sessions/blocking",
  summary: "BLPOP and LPUSH in turn by 50 pairs of connections: rounds a second",
  variants: [{
    label: "BLPOP/LPUSH ping-pong",
    plan: (target, { connections }) => ({
      ...target,
      kind: "script",
      groups: connections,
      preparation: [[], []],
      rounds: [[
        { on: 0, send: POP },
        { on: 1, send: requestText("LPUSH", QUEUE, VALUE), expect: ":1\r\n" },
        { on: 0, expect: POPPED },
      ]],
    }),
    goal: AS_FAST,
  }],
});

const KEY = "key:__rand_int__";

const trackingCase = throughputCase({
  name: "sessions/tracking",
  summary: "GET and SET of 1 M random keys by clients with tracking on, pipeline 1, 16",
  random: true,
  isTracking: true,
  fill: (client, { keys }) => client.load(stringData(keys)),
  variants: [["GET", KEY], ["SET", KEY, VALUE]].flatMap((command) =>
    [1, 16].map((pipeline) => ({
      label: `${command[0]} tracked`,
      pipeline,
      command,
      throughputGoal: AS_FAST,
    }))
  ),
});

const CACHED = `cached:${GROUP_MARK}`;

const invalidationCase = sessionCase({
  name: "sessions/invalidation",
  summary:
    "a client with tracking reads a key, another one sets it, the first is told: by 50 pairs",
  variants: [{
    label: "GET, SET, invalidation",
    plan: (target, { connections }) => ({
      ...target,
      kind: "script",
      groups: connections,
      preparation: [
        [["HELLO", "3"], ["CLIENT", "TRACKING", "ON"]],
        [["SET", CACHED, VALUE]],
      ],
      rounds: [[
        { on: 0, send: requestText("GET", CACHED), expect: bulkText(VALUE) },
        { on: 1, send: requestText("SET", CACHED, VALUE), expect: OK },
        { on: 0, expect: `>2\r\n${bulkText("invalidate")}*1\r\n${bulkText(CACHED)}` },
      ]],
    }),
    goal: AS_FAST,
  }],
});

/** In the order in which they run. */
export const SESSION_CASES: readonly BenchCase[] = [
  publishCase,
  multiCase,
  blockingCase,
  trackingCase,
  invalidationCase,
  waitingConnectionsCase,
];
