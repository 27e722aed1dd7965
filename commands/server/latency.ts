/** LATENCY: what kept the server busy for long, lately, and how long commands take. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { latencyReport } from "../../server/report/latency/doctor.ts";
import type { LatencyHistogram } from "../../server/report/latency/latency_histogram.ts";
import { sparkline } from "../../server/report/latency/sparkline.ts";
import type { TimeSeries } from "../../server/report/latency/time_series.ts";
import { withHelp } from "../help.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../registry.ts";
import { commandsOf, register } from "../registry.ts";
import type { Command } from "../command.ts";

/** More of a word is not looked at: no event's or command's name is as long. */
const MAX_NAME_BYTES = 256;

const EVENT: ArgumentDeclaration = { name: "event", type: "string" };
const NODES = [
  "nondeterministic_output",
  "request_policy:all_nodes",
  "response_policy:special",
];

/** What all subcommands have in common. */
const COMMON = {
  group: "server",
  since: "2.8.13",
  flags: ["admin", "noscript", "loading", "stale"],
} as const satisfies Partial<CommandDeclaration>;

const doctor: CommandDeclaration = {
  ...COMMON,
  name: "doctor",
  arity: 2,
  complexity: "O(1)",
  summary: "Tells people what took long, and what to do about it.",
  tips: NODES,
  run: ({ reply, server }) => reply.verbatim("txt", latencyReport(server.latency, server.config)),
};

const graph: CommandDeclaration = {
  ...COMMON,
  name: "graph",
  arity: 3,
  complexity: "O(1)",
  summary: "Draws the latest spikes of an event.",
  tips: NODES,
  arguments: [EVENT],
  run(call) {
    const { args, reply, server: { latency } } = call;
    const event = args.byteString(2, MAX_NAME_BYTES);
    const series = latency.events.get(event);
    if (series === undefined) {
      throw new ErrorReply(`ERR No samples available for event '${args.quoted(2)}'`);
    }
    reply.verbatim("txt", graphText(event, series, latency.nowSeconds));
  },
};

function graphText(event: string, { samples, worst }: TimeSeries, nowSeconds: number): string {
  const times = samples.map(({ milliseconds }) => milliseconds);
  const columns = samples.map(({ atSeconds, milliseconds }) => ({
    value: milliseconds,
    label: ageText(nowSeconds - atSeconds),
  }));
  return `${event} - high ${Math.max(...times)} ms, low ${Math.min(...times)} ms ` +
    `(all time high ${worst} ms)\n${"-".repeat(80)}\n${sparkline(columns)}`;
}

function ageText(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

const histogram: CommandDeclaration = {
  ...COMMON,
  name: "histogram",
  arity: -2,
  complexity: "O(N) where N is the number of commands with latency information being retrieved.",
  since: "7.0.0",
  summary: "Answers how many calls of each command took at most how long.",
  tips: NODES,
  arguments: [{ name: "command", type: "string", optional: true, multiple: true }],
  run(call) {
    const { reply, server: { stats } } = call;
    const histograms = new Map<number, LatencyHistogram>();
    for (const [id, { histogram }] of stats.commands()) {
      if (histogram !== undefined) histograms.set(id, histogram);
    }
    const told = chosenCommands(call).filter(({ id }) => histograms.has(id));
    reply.map(told.length);
    for (const { fullName, id } of told) {
      reply.bulk(fullName);
      writeHistogram(reply, histograms.get(id)!);
    }
  },
};

/** The commands that are named, each with its subcommands; all where none is. */
function chosenCommands(call: Call): Command[] {
  const { args, count } = call;
  const table = commandsOf(call);
  if (count === 2) return [...table.all()];
  const chosen: Command[] = [];
  for (let i = 2; i < count; i++) {
    const command = table.named(args.byteString(i, MAX_NAME_BYTES).toLowerCase());
    if (command !== undefined) chosen.push(command, ...command.subcommands);
  }
  return chosen;
}

function writeHistogram(reply: Reply, histogram: LatencyHistogram): void {
  const counts = histogram.cumulativeCounts();
  reply.map(2);
  reply.bulk("calls");
  reply.integer(histogram.total);
  reply.bulk("histogram_usec");
  reply.map(counts.length);
  for (const [microseconds, calls] of counts) {
    reply.integer(microseconds);
    reply.integer(calls);
  }
}

const history: CommandDeclaration = {
  ...COMMON,
  name: "history",
  arity: 3,
  complexity: "O(1)",
  summary: "Answers the latest spikes of an event: when, and how many milliseconds.",
  tips: NODES,
  arguments: [EVENT],
  run({ args, reply, server }) {
    const series = server.latency.events.get(args.byteString(2, MAX_NAME_BYTES));
    const samples = series?.samples ?? [];
    reply.array(samples.length);
    for (const { atSeconds, milliseconds } of samples) {
      reply.array(2);
      reply.integer(atSeconds);
      reply.integer(milliseconds);
    }
  },
};

const latest: CommandDeclaration = {
  ...COMMON,
  name: "latest",
  arity: 2,
  complexity: "O(1)",
  summary: "Answers the latest spike of each event, and its worst.",
  tips: NODES,
  run({ reply, server: { latency: { events } } }) {
    reply.array(events.size);
    for (const [event, { latest: { atSeconds, milliseconds }, worst }] of events) {
      reply.array(4);
      reply.bulk(event);
      reply.integer(atSeconds);
      reply.integer(milliseconds);
      reply.integer(worst);
    }
  },
};

const reset: CommandDeclaration = {
  ...COMMON,
  name: "reset",
  arity: -2,
  complexity: "O(1)",
  summary: "Forgets the spikes of the events named, or of all.",
  tips: ["request_policy:all_nodes", "response_policy:agg_sum"],
  arguments: [{ name: "event", type: "string", optional: true, multiple: true }],
  run({ args, count, reply, server: { latency } }) {
    if (count === 2) return reply.integer(latency.resetAll());
    let resets = 0;
    for (let i = 2; i < count; i++) {
      if (latency.reset(args.byteString(i, MAX_NAME_BYTES))) resets++;
    }
    reply.integer(resets);
  },
};

register(withHelp({
  name: "latency",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "server",
  since: "2.8.13",
  summary: "Holds the commands about what takes long.",
  flags: [],
  subcommands: [doctor, graph, histogram, history, latest, reset],
}, "2.8.13"));
