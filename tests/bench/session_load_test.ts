// The session loads against a true server, and against servers that lie or hang up.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { type FanOutPlan, GROUP_MARK, requestText } from "../../bench/load/session_plan.ts";
import type { ScriptPlan, ScriptStep, SessionPlan } from "../../bench/load/session_plan.ts";
import { SessionWorkers } from "../../bench/load/session_workers.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const hostname = "127.0.0.1";
const MOMENT_MS = 20;

function script(port: number, steps: readonly ScriptStep[]): ScriptPlan {
  return { kind: "script", hostname, port, groups: 3, preparation: [[], []], rounds: [steps] };
}

function fanOut(port: number, subscribers: number, pipeline: number): FanOutPlan {
  return { kind: "fan-out", hostname, port, subscribers, pipeline, window: 8, messageBytes: 20 };
}

/** Runs the plan for a moment; what it counted. */
async function runBriefly(plan: SessionPlan, workerCount = 1): Promise<number> {
  using workers = new SessionWorkers(workerCount);
  await workers.connect(plan);
  const { operations, elapsedMs } = await workers.run(MOMENT_MS);
  assert(elapsedMs >= MOMENT_MS);
  await workers.close();
  return operations;
}

const TRANSACTION: readonly ScriptStep[] = [
  { on: 0, send: requestText("MULTI"), expect: "+OK\r\n" },
  {
    on: 0,
    send: requestText("INCR", `n:${GROUP_MARK}`) + requestText("DEL", `n:${GROUP_MARK}`),
    expect: "+QUEUED\r\n+QUEUED\r\n",
  },
  { on: 0, send: requestText("EXEC"), expect: "*2\r\n:1\r\n:1\r\n" },
];

Deno.test("a script's groups follow it side by side, on keys of their own", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  const plan = { ...script(port, TRANSACTION), operationsARound: 5 };
  const operations = await runBriefly(plan);
  assert(operations >= 15 && operations % 5 === 0, String(operations));
});

Deno.test("a connection of a group may wait for another", async () => {
  await using server = await serveQuietly();
  const operations = await runBriefly(script(server.address.port, [
    { on: 0, send: requestText("BLPOP", `q:${GROUP_MARK}`, "0") },
    { on: 1, send: requestText("RPUSH", `q:${GROUP_MARK}`, "v"), expect: ":1\r\n" },
    { on: 0, expect: "*2\r\n$8\r\nq:" + GROUP_MARK + "\r\n$1\r\nv\r\n" },
  ]));
  assert(operations >= 3);
});

Deno.test("a script ends at a reply that is wrong, too long, or an error while it prepares", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  const ping = (expect: string) => script(port, [{ on: 1, send: requestText("PING"), expect }]);
  await assertRejects(() => runBriefly(ping("+PANG\r\n")), Error, "wrong reply to");
  await assertRejects(() => runBriefly(ping("+PON")), Error, "wrong reply to");
  const plan = { ...ping("+PONG\r\n"), preparation: [[], [["HELLO", "9"]]] };
  await assertRejects(() => runBriefly(plan), Error, "HELLO: NOPROTO");
});

for (const [subscribers, pipeline, workers] of [[1, 1, 1], [5, 4, 1], [5, 16, 2], [3, 1, 2]]) {
  Deno.test(`every message arrives: ${subscribers} subscribers, ${pipeline} deep, ${workers} Workers`, async () => {
    await using server = await serveQuietly();
    const plan = fanOut(server.address.port, subscribers, pipeline);
    const messages = await runBriefly(plan, workers);
    assert(messages >= subscribers * pipeline);
    assertEquals(messages % (subscribers * pipeline), 0);
  });
}

const encoder = new TextEncoder();
const SUBSCRIBED = "*3\r\n$9\r\nsubscribe\r\n$10\r\nbench:news\r\n:1\r\n";

/** A server with one subscriber, to whom it sends `message` at each PUBLISH; undefined: hangs up. */
function liar(message: string | undefined, receivers: number) {
  const listener = Deno.listen({ hostname, port: 0 });
  const all: Deno.Conn[] = [];
  const serve = async (connection: Deno.Conn) => {
    all.push(connection);
    const input = new Uint8Array(1024);
    for (;;) {
      const count = await connection.read(input).catch(() => null);
      if (count === null) return;
      const text = new TextDecoder().decode(input.subarray(0, count));
      if (text.includes("SUBSCRIBE")) await connection.write(encoder.encode(SUBSCRIBED));
      else {
        if (message === undefined) hangUp(all[0]);
        else await all[0].write(encoder.encode(message));
        await connection.write(encoder.encode(`:${receivers}\r\n`));
      }
    }
  };
  const serving = (async () => {
    for await (const connection of listener) void serve(connection);
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose]() {
      listener.close();
      all.forEach(hangUp);
      await serving;
    },
  };
}

function hangUp(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It hung up already.
  }
}

const MESSAGE = `*3\r\n$7\r\nmessage\r\n$10\r\nbench:news\r\n$20\r\n${"m".repeat(20)}\r\n`;

Deno.test("a fan-out ends where a message is wrong, a subscriber is dropped, or a count is off", async () => {
  const lies: readonly [string | undefined, number, string][] = [
    [MESSAGE.replace("mmm\r\n", "mm!\r\n"), 1, "a subscriber has failed"],
    [undefined, 1, "a subscriber has failed"],
    [MESSAGE, 2, "wrong reply to PUBLISH"],
  ];
  for (const [message, receivers, problem] of lies) {
    await using server = liar(message, receivers);
    await assertRejects(() => runBriefly(fanOut(server.port, 1, 1)), Error, problem);
  }
  await using honest = liar(MESSAGE, 1);
  assert(await runBriefly(fanOut(honest.port, 1, 1)) > 0);
});
