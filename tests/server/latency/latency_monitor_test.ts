// The latency monitor: what is noted, and how it is told.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { latencyReport } from "../../../server/report/latency/doctor.ts";
import { sparkline } from "../../../server/report/latency/sparkline.ts";
import { TimeSeries } from "../../../server/report/latency/time_series.ts";
import { comparison } from "../../harness/comparison.ts";
import { Peer } from "../../harness/peer.ts";
import { askPlainly } from "../../harness/plain_reply.ts";
import { ManualClock, serveQuietly } from "../../harness/quiet_server.ts";

const SCRIPT = `
  LATENCY
  LATENCY NOSUCH
  LATENCY DOCTOR x
  LATENCY GRAPH
  LATENCY GRAPH a b
  LATENCY GRAPH nosuch
  LATENCY GRAPH "no\\xff\\r\\nsuch"
  LATENCY GRAPH "cut\\x00here"
  LATENCY HISTORY
  LATENCY HISTORY nosuch
  LATENCY HISTORY a b
  LATENCY LATEST
  LATENCY LATEST x
  LATENCY RESET
  LATENCY RESET a b c
  LATENCY HISTOGRAM nosuch client|nosuch get|get ""
  LATENCY HELP x
  CONFIG SET latency-monitor-threshold -1
  CONFIG SET latency-monitor-threshold x
  CONFIG SET latency-monitor-threshold 1
  CONFIG SET latency-monitor-threshold 0
  CONFIG SET latency-tracking 1
  CONFIG SET latency-tracking-info-percentiles 101
  CONFIG SET latency-tracking-info-percentiles "0 12.5 100"
  CONFIG GET latency-tracking-info-percentiles
`;
comparison("LATENCY", SCRIPT);
comparison("LATENCY in RESP3", SCRIPT, { resp3: true });

Deno.test("a series keeps the worst of each second, of 160 of them", () => {
  const series = new TimeSeries();
  series.add(10, 5);
  series.add(10, 9);
  series.add(10, 7);
  series.add(12, 4);
  assertEquals(series.samples, [
    { atSeconds: 10, milliseconds: 9 },
    { atSeconds: 12, milliseconds: 4 },
  ]);
  assertEquals(series.worst, 9);
  assertEquals(series.latest.milliseconds, 4);
  assertEquals(series.figures(20), { samples: 2, mean: 6, meanDeviation: 2, seconds: 10 });
  for (let second = 100; second < 300; second++) series.add(second, 1);
  assertEquals(series.samples.length, 160);
  assertEquals(series.samples[0].atSeconds, 140);
  assertEquals(series.worst, 9);
  // A clock that was set back.
  series.add(50, 2);
  assertEquals(series.figures(50).seconds, 1);
});

Deno.test("a graph has four rows of three heights, and labels downwards", () => {
  const graph = sparkline([
    { value: 0, label: "10s" },
    { value: 5, label: "9s" },
    { value: 50, label: "" },
    { value: 100, label: "1s" },
  ]);
  assertEquals(
    graph,
    "   #\n" +
      "  _|\n" +
      "  ||\n" +
      "__||\n" +
      "    \n" +
      "19 1\n" +
      "0s s\n" +
      "s   \n",
  );
  // Equal values stand at the bottom; what is too wide goes on below.
  const wide = sparkline(Array.from({ length: 81 }, () => ({ value: 7, label: "" })));
  assertEquals(
    wide,
    [80, 1].map((width) =>
      `${" ".repeat(width)}\n`.repeat(3) + `${"_".repeat(width)}\n${" ".repeat(width)}\n`
    ).join("\n"),
  );
});

Deno.test("slow commands are noted by their kind, from the threshold on", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: clock,
    directives: { "enable-debug-command": "yes", "latency-monitor-threshold": "20" },
  });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("DEBUG", "SLEEP", "0.001");
  await peer.ask("SET", "k", "v");
  const history = () => askPlainly(peer, "LATENCY", "HISTORY", "command");
  const seconds = clock.nowMs / 1000;
  const before = await history() as unknown[];
  await peer.ask("DEBUG", "SLEEP", "0.05");
  const [first] = await history() as [number, number][];
  assertEquals(first[0], seconds);
  assert(first[1] >= 50, String(first[1]));
  assertEquals(before.length <= 1, true);
  clock.nowMs += 3000;
  await peer.ask("DEBUG", "SLEEP", "0.05");
  assertEquals((await history() as unknown[]).length, 2);
  const [[event, at, latest, worst]] = await askPlainly(peer, "LATENCY", "LATEST") as [
    [string, number, number, number],
  ];
  assertEquals([event, at], ["command", seconds + 3]);
  assert(worst >= latest && latest >= 50);
  assertMatch(
    await peer.ask("LATENCY", "GRAPH", "command"),
    /^\$\d+\r\ncommand - high \d+ ms, low \d+ ms \(all time high \d+ ms\)\n-{80}\n/,
  );
  assertMatch(
    await peer.ask("LATENCY", "DOCTOR"),
    /\n1\. command: 2 latency spikes \(average \d+ms, mean deviation \d+ms, period 1\.50 sec\)\. Worst all time event \d+ms\.\n/,
  );
  assertEquals(await peer.ask("LATENCY", "RESET", "nosuch", "COMMAND"), ":1\r\n");
  assertEquals(await history(), []);
});

Deno.test("a fast command, a script's included, and expired keys are noted", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: clock,
    directives: { "latency-monitor-threshold": "2" },
  });
  const { keyspace, latency } = server;
  /** Whatever happens to a key takes some milliseconds. */
  const forget = keyspace.changes.subscribe({
    changed() {
      const endMs = performance.now() + 3;
      while (performance.now() < endMs);
    },
  });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v", "PX", "1000");
  await peer.ask("HSET", "h", "f", "v");
  assert(latency.events.has("command") && latency.events.has("fast-command"));
  latency.resetAll();
  clock.nowMs += 2000;
  assertEquals(await peer.ask("GET", "k"), "$-1\r\n");
  assert(latency.events.has("expire-del"));
  await peer.ask("SET", "k", "v", "PX", "1000");
  clock.nowMs += 2000;
  server.upkeep.run();
  assert(latency.events.has("expire-cycle"));
  latency.resetAll();
  await peer.ask("EVAL", "redis.call('HSET', 'h', 'g', 'v')", "0");
  assert(latency.events.has("fast-command") && latency.events.has("command"));
  await peer.ask("CONFIG", "SET", "latency-monitor-threshold", "0");
  latency.resetAll();
  await peer.ask("HSET", "h", "f", "w");
  await peer.ask("SET", "k", "v", "PX", "1000");
  clock.nowMs += 2000;
  server.upkeep.run();
  assertEquals(latency.events.size, 0);
  forget();
});

Deno.test("evictions are noted: the cycle, each key, waiting for what is freed", async () => {
  await using server = await serveQuietly({ directives: { "maxmemory-policy": "allkeys-lru" } });
  const { eviction, latency } = server;
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v");
  // Whatever it takes is long.
  latency.thresholdMs = 0;
  server.config.set("maxmemory", "1");
  assertEquals(eviction.makeRoom(0), 2);
  assertEquals([...latency.events.keys()].sort(), [
    "eviction-cycle",
    "eviction-del",
    "eviction-lazyfree",
  ]);
});

Deno.test("the doctor says what helps", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: clock });
  const { config, latency } = server;
  const report = () => latencyReport(latency, config);
  assertStringIncludes(report(), "CONFIG SET latency-monitor-threshold <milliseconds>");
  config.set("latency-monitor-threshold", "5");
  assertStringIncludes(report(), "nothing took longer");
  latency.note("command", 4.9);
  assertEquals(latency.events.size, 0);
  latency.note("command", 7.9);
  latency.note("expire-cycle", 30);
  latency.note("of a plugin", 30);
  assertStringIncludes(report(), "1. command: 1 latency spikes (average 7ms,");
  assertStringIncludes(report(), "'CONFIG SET slowlog-log-slower-than 5000'");
  assertStringIncludes(report(), "hz 100");
  config.set("slowlog-log-slower-than", "5000");
  config.set("hz", "100");
  assert(!/slower-than|hz 100/.test(report()), report());
  latency.resetAll();
  latency.note("of a plugin", 30);
  assertStringIncludes(report(), "No easy remedy");
});

/** How many calls LATENCY HISTOGRAM tells of each command. */
async function calls(peer: Peer, ...commands: string[]): Promise<Record<string, number>> {
  const told = await askPlainly(peer, "LATENCY", "HISTOGRAM", ...commands) as unknown[];
  const pairs: [string, number][] = [];
  for (let i = 0; i < told.length; i += 2) {
    const [, count, , histogram] = told[i + 1] as [string, number, string, number[]];
    assertEquals(histogram.at(-1), count, "the last of the histogram has all calls");
    pairs.push([told[i] as string, count]);
  }
  return Object.fromEntries(pairs);
}

Deno.test("the histograms have every call, whoever made it", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await peer.ask("CONFIG", "RESETSTAT");
  assertEquals(await calls(peer), { "config|resetstat": 1 });
  await peer.ask("CONFIG", "RESETSTAT");
  for (let i = 0; i < 100; i++) peer.queue("SET", `k${i}`, "v");
  for (let i = 0; i < 30; i++) peer.queue("GET", "k1");
  peer.queue("GET");
  peer.queue("NOSUCH");
  await peer.flush();
  for (let i = 0; i < 132; i++) await peer.receive();
  await peer.ask("MULTI");
  for (let i = 0; i < 40; i++) await peer.ask("SET", "k", "v");
  await peer.ask("EXEC");
  await peer.ask("EVAL", "for i = 1, 50 do redis.call('INCR', 'n') end", "0");
  await peer.ask("CLIENT", "ID");
  peer.queue("BLPOP", "l", "0");
  await peer.flush();
  while (server.blocking.waitingClients === 0) await other.ask("PING");
  await other.ask("RPUSH", "l", "x");
  await peer.receive();
  const told = await calls(peer, "set", "GET", "incr", "blpop", "client", "client|id", "exec");
  assertEquals(told, { set: 140, get: 30, incr: 50, blpop: 1, "client|id": 1, exec: 1 });
  const stats = await peer.ask("INFO", "commandstats");
  assertMatch(stats, /cmdstat_set:calls=140,usec=[1-9]/);
  assertMatch(stats, /cmdstat_incr:calls=50,usec=[1-9]/);
});

Deno.test("without latency-tracking nothing is kept, and what was stays", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v");
  await peer.ask("CONFIG", "SET", "latency-tracking", "no");
  await peer.ask("SET", "k", "v");
  assertEquals(await calls(peer, "set"), { set: 1 });
  assertEquals(await peer.ask("INFO", "latencystats"), "$16\r\n# Latencystats\r\n\r\n");
  await peer.ask("CONFIG", "SET", "latency-tracking", "yes");
  await peer.ask("SET", "k", "v");
  assertEquals(await calls(peer, "set"), { set: 2 });
  await peer.ask("CONFIG", "SET", "latency-tracking-info-percentiles", "0 12.5 100");
  assertMatch(
    await peer.ask("INFO", "latencystats"),
    /\nlatency_percentiles_usec_set:p0=\d+\.\d{3},p12\.5=\d+\.\d{3},p100=\d+\.\d{3}\r\n/,
  );
  await peer.ask("CONFIG", "SET", "latency-tracking-info-percentiles", "");
  assertStringIncludes(await peer.ask("INFO", "latencystats"), "latency_percentiles_usec_set:\r\n");
});
