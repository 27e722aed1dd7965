// The benches' command lines.

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../bench/option_values.ts";
import { parseBenchOptions } from "../../bench/options.ts";
import { localServer } from "../../bench/load/reached_server.ts";
import { ALL_CASES } from "../../bench/redis/cases/mod.ts";
import { selectCases } from "../../bench/redis/main.ts";
import { parseComparisonOptions } from "../../bench/redis/options.ts";

Deno.test("bench options: defaults, lists, an external server", () => {
  const defaults = parseBenchOptions([]);
  if (defaults === "help") throw new Error("help was not asked for");
  assertEquals(defaults.protocols, ["resp2", "resp3", "native"]);
  assertEquals(defaults.workloads, ["get", "set", "zadd", "zquery", "mixed"]);
  assertEquals(defaults.pipelines, [1, 16, 128]);
  assertEquals(defaults.connections, 50);
  assertEquals(defaults.external, undefined);
  const given = parseBenchOptions([
    "--protocol=native",
    "--workload",
    "zquery,get",
    "--pipeline=4",
    "--port",
    "7000",
    "--seconds",
    "0.5",
  ]);
  if (given === "help") throw new Error("help was not asked for");
  assertEquals(given.protocols, ["native"]);
  assertEquals(given.workloads, ["zquery", "get"]);
  assertEquals(given.pipelines, [4]);
  assertEquals(given.external, localServer(7000));
  assertEquals(given.seconds, 0.5);
  assertEquals(parseBenchOptions(["-h"]), "help");
});

Deno.test("bench options: a server over TLS or at a Unix socket", () => {
  const external = (...words: string[]) => {
    const given = parseBenchOptions(words);
    return given === "help" ? undefined : given.external;
  };
  const tls = { transport: "tls", hostname: "h", port: 7, insecure: false };
  assertEquals(external("-s", "/s")?.endpoint, { transport: "unix", path: "/s" });
  assertEquals(external("--tls", "--host", "h", "--port=7")?.endpoint, tls as never);
  assertEquals(external("--uri", "rediss://u:p@h:7/2", "--cacert", "f"), {
    endpoint: { ...tls, caFile: "f" } as never,
    greeting: [["AUTH", "u", "p"], ["SELECT", "2"]],
  });
  for (const bad of [["--insecure"], ["--uri", "http://h"], ["-s", "/s", "--port", "1"]]) {
    assertThrows(() => parseBenchOptions(bad), UsageError);
  }
});

Deno.test("bench options: what makes no sense is refused", () => {
  for (
    const bad of [
      ["--unknown"],
      ["word"],
      ["--workload", "get,ste"],
      ["--protocol", ""],
      ["--pipeline", "0"],
      ["--pipeline", "1,"],
      ["--connections", "many"],
      ["--seconds", "-1"],
      ["--seconds", "0"],
      ["--port", "65536"],
    ]
  ) assertThrows(() => parseBenchOptions(bad), UsageError);
});

Deno.test("comparison options: defaults and selection of cases", () => {
  const defaults = parseComparisonOptions([]);
  if (typeof defaults === "string") throw new Error(defaults);
  assertEquals([defaults.rounds, defaults.connections, defaults.keys], [5, 50, 1_000_000]);
  assertEquals(parseComparisonOptions(["--list"]), "list");
  assertEquals(parseComparisonOptions(["--help"]), "help");
  const some = parseComparisonOptions(["--only", "keys,memory", "--load-rounds", "3"]);
  if (typeof some === "string") throw new Error(some);
  assertEquals(some.loadRounds, 3);
  const names = selectCases(ALL_CASES, some.only).map(({ name }) => name);
  assertEquals(names[0], "keys");
  assertEquals(names.slice(1).every((name) => name.startsWith("memory/")), true);
  assertEquals(names.length, 11);
  assertEquals(selectCases(ALL_CASES, undefined).length, ALL_CASES.length);
  // A group's name is not just a beginning.
  assertThrows(() => selectCases(ALL_CASES, ["mem"]), UsageError);
  assertThrows(() => parseComparisonOptions(["--rounds", "0"]), UsageError);
});

Deno.test("cases: no two have the same name, each says what it does", () => {
  const names = ALL_CASES.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  assertEquals(ALL_CASES.every(({ summary }) => summary !== ""), true);
});
