/**
 * Scripts and functions: those of applications, by EVALSHA and by FCALL; those that keep a processor
 * busy; how long a new one takes, and how much memory many take; and how others are answered while one
 * does not end.
 */

import { sha1Hex } from "../../../structures/sha1.ts";
import type { ControlClient } from "../../load/control_client.ts";
import { percentile } from "../../statistics.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "../bench_case.ts";
import type { Goal, Measurement } from "../measurement.ts";
import { settled } from "../settled.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";
import {
  APPLICATION_LIBRARY,
  APPLICATION_SCRIPTS,
  type ApplicationScript,
  BUSY_SCRIPTS,
  ENDLESS,
  largeScript,
  numberedScript,
} from "./script_texts.ts";

const UNPIPELINED: Goal = { ratioAtLeast: 1.05 };
const PIPELINED: Goal = { ratioAtLeast: 2.5 };
const PIPELINED_CPU: Goal = { ratioAtMost: 0.4 };

function applicationCase(
  name: string,
  wordsOf: (script: ApplicationScript) => readonly string[],
): BenchCase {
  const variants = APPLICATION_SCRIPTS.flatMap((script) =>
    [1, 16].map((pipeline): ThroughputVariant => ({
      label: script.name.replaceAll("_", " "),
      pipeline,
      command: [...wordsOf(script), "1", script.key, ...script.args],
      throughputGoal: pipeline === 1 ? UNPIPELINED : PIPELINED,
      cpuGoal: pipeline === 1 ? undefined : PIPELINED_CPU,
    }))
  );
  return throughputCase({
    name: `scripts/${name}`,
    summary: `${name.toUpperCase()} of rate limits, locks and compare-and-set, pipeline 1 and 16`,
    random: true,
    fill: fillForApplications,
    variants,
  });
}

async function fillForApplications(client: ControlClient): Promise<void> {
  await client.ask("SET", "lock", "of somebody else");
  await client.ask("SET", "compared", "the same");
  for (const { text } of APPLICATION_SCRIPTS) await client.ask("SCRIPT", "LOAD", text);
  await client.ask("FUNCTION", "LOAD", APPLICATION_LIBRARY);
}

function shaOf(text: string): string {
  return sha1Hex(new TextEncoder().encode(text));
}

async function measureBusy(context: CaseContext): Promise<void> {
  await using servers = await RunningServers.start(context.kinds);
  for (const [variant, text] of Object.entries(BUSY_SCRIPTS)) {
    const cpu = new Samples();
    // The first round is a warm-up.
    for (let round = -1; round < context.options.rounds; round++) {
      for (const server of servers.inRound(Math.max(0, round))) {
        using client = await server.connect();
        const before = server.cpuSeconds;
        await client.ask("EVAL", text, "0");
        if (round >= 0) cpu.add(server.kind, (server.cpuSeconds - before) * 1000);
      }
    }
    context.report({
      case: "scripts/busy",
      variant,
      metric: "cpu",
      unit: "ms",
      samples: cpu.lists,
      goal: { ratioAtMost: 1 },
    });
  }
}

const NEW_SCRIPTS_A_ROUND = 10;

async function measureNew(context: CaseContext): Promise<void> {
  const { kinds, options } = context;
  await using servers = await RunningServers.start(kinds);
  const load = new Samples();
  const call = new Samples();
  let number = 0;
  for (let round = -1; round < options.rounds; round++) {
    for (const server of servers.inRound(Math.max(0, round))) {
      using client = await server.connect();
      for (let i = 0; i < NEW_SCRIPTS_A_ROUND; i++) {
        const text = largeScript(number++);
        const loadMs = await timed(() => client.ask("SCRIPT", "LOAD", text));
        const callMs = await timed(() => client.ask("EVALSHA", shaOf(text), "1", "key", "5"));
        if (round < 0) continue;
        load.add(server.kind, loadMs);
        call.add(server.kind, callMs);
      }
    }
  }
  const base = { case: "scripts/new", metric: "latency", unit: "ms" } as const;
  context.report({
    ...base,
    variant: "SCRIPT LOAD of 8 KB",
    samples: load.lists,
    goal: { atMost: 2 },
  });
  context.report({ ...base, variant: "its first call", samples: call.lists, goal: { atMost: 5 } });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const MANY_TEXTS = 10_000;
const KB = 1000;

async function measureTexts(context: CaseContext): Promise<void> {
  const memory = new Samples();
  const time = new Samples();
  for (let round = 0; round < context.options.loadRounds; round++) {
    await using servers = await RunningServers.start(context.kinds);
    for (const server of servers.inRound(round)) {
      using client = await server.connect();
      const ask = (number: number) => client.ask("EVAL", numberedScript(number), "1", "key");
      for (let i = 0; i < MANY_TEXTS / 10; i++) await ask(-i);
      await client.ask("SCRIPT", "FLUSH");
      const before = await settled(() => server.residentBytes);
      const elapsedMs = await timed(async () => {
        for (let i = 0; i < MANY_TEXTS; i++) await ask(i);
      });
      const after = await settled(() => server.residentBytes);
      memory.add(server.kind, (after - before) / MANY_TEXTS / KB);
      time.add(server.kind, elapsedMs / MANY_TEXTS);
    }
  }
  const base = { case: "scripts/texts" };
  context.report({
    ...base,
    variant: "growth a text",
    metric: "memory",
    unit: "KB",
    samples: memory.lists,
    goal: { atMost: 8 },
  });
  context.report({
    ...base,
    variant: "EVAL of a new text",
    metric: "latency",
    unit: "ms",
    samples: time.lists,
  });
}

const BUSY_AFTER_MS = "100";
const PINGS = 300;

async function measurePings(context: CaseContext): Promise<void> {
  const middle = new Samples();
  const tail = new Samples();
  const kill = new Samples();
  await using servers = await RunningServers.start(context.kinds);
  for (let round = 0; round < context.options.rounds; round++) {
    for (const server of servers.inRound(round)) {
      using busy = await server.connect();
      using other = await server.connect();
      await other.ask("CONFIG", "SET", "busy-reply-threshold", BUSY_AFTER_MS);
      const killed = failure(busy.ask("EVAL", ENDLESS, "0"));
      // Until the script counts as busy, nobody is answered, or everybody as ever.
      while ((await failure(other.ask("PING"))) === undefined);
      const pings: number[] = [];
      for (let i = 0; i < PINGS; i++) {
        pings.push(await timed(() => failure(other.ask("PING"))));
      }
      middle.add(server.kind, percentile(pings, 50));
      tail.add(server.kind, percentile(pings, 99));
      kill.add(
        server.kind,
        await timed(async () => {
          await other.ask("SCRIPT", "KILL");
          await killed;
        }),
      );
    }
  }
  const report = (variant: string, samples: Samples, atMost: number) => {
    const measurement: Measurement = {
      case: "scripts/ping",
      variant,
      metric: "latency",
      unit: "ms",
      samples: samples.lists,
      goal: { atMost },
    };
    context.report(measurement);
  };
  report("PING beside an endless script, p50", middle, 1);
  report("PING beside an endless script, p99", tail, 30);
  report("SCRIPT KILL, until the script has ended", kill, 50);
}

/** What a request is refused with; undefined where it is not. */
function failure(reply: Promise<unknown>): Promise<Error | undefined> {
  return reply.then(() => undefined, (error) => error);
}

export const SCRIPT_CASES: readonly BenchCase[] = [
  applicationCase("evalsha", ({ text }) => ["EVALSHA", shaOf(text)]),
  applicationCase("fcall", ({ name }) => ["FCALL", name]),
  {
    name: "scripts/busy",
    summary: "CPU time of scripts that compute: fib(27), additions, concatenations, sort, gsub",
    run: measureBusy,
  },
  {
    name: "scripts/new",
    summary: "SCRIPT LOAD of 8 KB, and the first call of that",
    run: measureNew,
  },
  {
    name: "scripts/texts",
    summary: "memory of 10,000 different texts given to EVAL",
    run: measureTexts,
  },
  {
    name: "scripts/ping",
    summary: "PING of another client while a script does not end, and how soon that is killed",
    run: measurePings,
  },
];
