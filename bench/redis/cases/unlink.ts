/**
 * How long other clients wait while a sorted set of a million members is freed.
 *
 * ```
 * client 1                 UNLINK board
 * client 2   PING PING PING │ PING PING ……… PING PING     the longest of these, and the 0.1 %
 *            ─── before ─── │ ──────── after ────────     of them that are the slowest
 * ```
 *
 * The same is measured before, without UNLINK: it is what the machine and the pinger add by
 * themselves, and what UNLINK has to answer for is the difference.
 */

import { Pinger } from "../../load/pinger.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "../bench_case.ts";
import { sortedSetOf } from "./data.ts";

const KEY = "board";
/** Longer than any of the servers takes to free the set. */
const WATCH_MS = 2000;

export const unlinkCase: BenchCase = {
  name: "unlink",
  summary: "longest PING while UNLINK frees a sorted set of 1 M members",
  run: measure,
};

async function measure(context: CaseContext): Promise<void> {
  const { options, kinds } = context;
  const longest = { quiet: new Samples(), freeing: new Samples(), added: new Samples() };
  const p999 = { quiet: new Samples(), freeing: new Samples() };
  await using servers = await RunningServers.start(kinds);
  using pinger = new Pinger();
  for (let round = 0; round < options.rounds; round++) {
    for (const server of servers.inRound(round)) {
      using client = await server.connect();
      const watch = { hostname: server.hostname, port: server.port, durationMs: WATCH_MS };
      await client.load(sortedSetOf(KEY, options.keys));
      const quiet = await pinger.watch(watch, () => Promise.resolve());
      const freeing = await pinger.watch(watch, async () => {
        const removed = await client.ask("UNLINK", KEY);
        if (removed !== 1) throw new Error(`UNLINK answered ${removed}`);
      });
      longest.quiet.add(server.kind, quiet.longestMs);
      longest.freeing.add(server.kind, freeing.longestMs);
      longest.added.add(server.kind, freeing.longestMs - quiet.longestMs);
      p999.quiet.add(server.kind, quiet.p999Ms);
      p999.freeing.add(server.kind, freeing.p999Ms);
    }
  }
  const report = (variant: string, samples: Samples, goal?: { atMost: number }) =>
    context.report({
      case: "unlink",
      variant,
      metric: "latency",
      unit: "ms",
      samples: samples.lists,
      goal,
    });
  report("longest PING, nothing freed", longest.quiet);
  report("longest PING after UNLINK", longest.freeing);
  report("what UNLINK adds to the longest PING", longest.added, { atMost: 2 });
  report("p99.9 of PING, nothing freed", p999.quiet);
  report("p99.9 of PING after UNLINK", p999.freeing);
}
