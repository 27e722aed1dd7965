/**
 * What the latency monitor has seen, for people, and what can be done about it. The first lines have
 * Redis's form, for what reads them; the advice is about this server.
 */

import type { LatencyMonitor } from "./latency_monitor.ts";

export interface DoctorSettings {
  /** Negative: the slow log is off. */
  readonly slowLogSlowerThanMicroseconds: number;
  readonly latencyMonitorThresholdMs: number;
  readonly hz: number;
}

const DISABLED = "I'm sorry, Dave, I can't do that: the latency monitor is off. " +
  '"CONFIG SET latency-monitor-threshold <milliseconds>" turns it on.\n';
const NOTHING = "Dave, nothing took longer than the threshold so far.\n";
const GREETING = "Dave, some things took longer than the threshold:\n\n";
const NO_ADVICE = "\nNo easy remedy is known for these events.\n";

type Advice = (settings: DoctorSettings) => string;

const suggestSlowLog: Advice = (settings) => {
  const { latencyMonitorThresholdMs, slowLogSlowerThanMicroseconds } = settings;
  const set = `'CONFIG SET slowlog-log-slower-than ${latencyMonitorThresholdMs * 1000}'`;
  if (slowLogSlowerThanMicroseconds < 0) {
    return `The slow log is off, so nobody can tell which commands were slow. Turn it on with ${set}.`;
  }
  if (slowLogSlowerThanMicroseconds / 1000 > latencyMonitorThresholdMs) {
    return `The slow log leaves out commands that are told of here. Have it note them with ${set}.`;
  }
  return "";
};

const readSlowLog: Advice = () =>
  "SLOWLOG GET says which commands were slow: those that look at very many elements, at most.";

const largeValues: Advice = () =>
  "Values of very many elements take long to delete or to copy. UNLINK and the lazyfree- settings " +
  "free them in the background; several small values in place of a large one are better still.";

const busyMachine: Advice = () =>
  "Commands that do little were slow, so something else kept the server from running. Look at the " +
  "load of the machine and of those that share its processors ('redis-cli --intrinsic-latency 100' " +
  "measures that); collections of garbage, as INFO's runtime_heap_used_bytes grows; and large " +
  "requests or replies of other clients.";

const tickMoreOften: Advice = ({ hz }) =>
  hz < 100 ? "Expired keys are collected in smaller portions with 'CONFIG SET hz 100'." : "";

const suddenEviction: Advice = () =>
  "Much was to be evicted at once. A lower 'maxmemory' set in one step does that, and so do commands " +
  "that store large results.";

/** What helps against an event, by its name. */
const ADVICE: Readonly<Record<string, readonly Advice[]>> = {
  "command": [suggestSlowLog, readSlowLog, largeValues],
  "fast-command": [busyMachine],
  "expire-cycle": [tickMoreOften, largeValues],
  "expire-del": [largeValues],
  "eviction-del": [largeValues],
  "eviction-cycle": [suddenEviction],
  "eviction-lazyfree": [suddenEviction],
};

/** The report of LATENCY DOCTOR. */
export function latencyReport(monitor: LatencyMonitor, settings: DoctorSettings): string {
  const { events, nowSeconds } = monitor;
  if (events.size === 0) return settings.latencyMonitorThresholdMs === 0 ? DISABLED : NOTHING;
  const lines = Array.from(events, ([event, series], i) => {
    const { mean, meanDeviation, samples, seconds } = series.figures(nowSeconds);
    return `${i + 1}. ${event}: ${samples} latency spikes (average ${mean}ms, mean deviation ` +
      `${meanDeviation}ms, period ${(seconds / samples).toFixed(2)} sec). ` +
      `Worst all time event ${series.worst}ms.\n`;
  });
  const advice = new Set([...events.keys()].flatMap((event) => ADVICE[event] ?? []));
  const texts = Array.from(advice, (give) => give(settings)).filter((text) => text !== "");
  const suggestions = texts.length === 0
    ? NO_ADVICE
    : `\nWhat may help:\n\n${texts.map((text) => `- ${text}\n`).join("")}`;
  return GREETING + lines.join("") + suggestions;
}
