// How long other clients wait while a sorted set of a million members is freed.
//
//     client 1              UNLINK board
//     client 2   PING PING PING PING ……… PING PING PING     the longest of these
//                ── before ── │ ─────── after ────────
//
// The longest PING of the same time without UNLINK is measured too: it is what the machine and this
// program add by themselves.

import { type BenchCase, type CaseContext, RunningServers, Samples } from "../bench_case.ts";
import { sortedSetOf } from "./data.ts";

const KEY = "board";
const WATCH_MS = 1500;
const PING = new TextEncoder().encode("*1\r\n$4\r\nPING\r\n");
const PONG_BYTES = 7;

export const unlinkCase: BenchCase = {
  name: "unlink",
  summary: "longest PING while UNLINK frees a sorted set of 1 M members",
  run: measure,
};

async function measure(context: CaseContext): Promise<void> {
  const { options, kinds } = context;
  const quiet = new Samples();
  const stalled = new Samples();
  await using servers = await RunningServers.start(kinds);
  for (let round = 0; round < options.rounds; round++) {
    for (const server of servers.inRound(round)) {
      using client = await server.connect();
      using pinger = await Deno.connect({ hostname: server.hostname, port: server.port });
      pinger.setNoDelay(true);
      await client.load(sortedSetOf(KEY, options.keys));
      quiet.add(server.kind, await longestPingMs(pinger, WATCH_MS));
      const watching = longestPingMs(pinger, WATCH_MS);
      const removed = await client.ask("UNLINK", KEY);
      if (removed !== 1) throw new Error(`UNLINK answered ${removed}`);
      stalled.add(server.kind, await watching);
    }
  }
  const base = { case: "unlink", metric: "latency", unit: "ms" } as const;
  context.report({ ...base, variant: "longest PING, nothing freed", samples: quiet.lists });
  context.report({
    ...base,
    variant: "longest PING after UNLINK",
    samples: stalled.lists,
    goal: { atMost: 2 },
  });
}

async function longestPingMs(connection: Deno.Conn, durationMs: number): Promise<number> {
  const reply = new Uint8Array(PONG_BYTES);
  const endMs = performance.now() + durationMs;
  let longestMs = 0;
  for (let startMs = performance.now(); startMs < endMs;) {
    await connection.write(PING);
    for (let read = 0; read < PONG_BYTES;) {
      const count = await connection.read(reply.subarray(read));
      if (count === null) throw new Error("the server closed the connection");
      read += count;
    }
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - startMs);
    startMs = nowMs;
  }
  return longestMs;
}
