// `deno task bench` from its command line to its files, over in a moment.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { elementNames } from "./xml.ts";

const MAIN = new URL("../../bench/main.ts", import.meta.url).pathname;

async function bench(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", MAIN, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("bench: table, JSON and chart have every case and every field", async () => {
  const directory = Deno.makeTempDirSync();
  try {
    const jsonFile = `${directory}/bench.json`;
    const svgFile = `${directory}/bench.svg`;
    const { code, stdout, stderr } = await bench(
      ...["--seconds", "0.05", "--warmup", "0.01", "--connections", "3", "--keys", "200"],
      ...["--workers", "2", "--pipeline", "1,8", "--workload", "get,mixed"],
      ...["--json", jsonFile, "--svg", svgFile],
    );
    assertEquals(code, 0, stderr);
    const document = JSON.parse(Deno.readTextFileSync(jsonFile));
    assertEquals(document.options, {
      connections: 3,
      keys: 200,
      seconds: 0.05,
      warmupSeconds: 0.01,
      workers: 2,
    });
    assertEquals(document.machine.deno, Deno.version.deno);
    assert(Number.isFinite(Date.parse(document.startedAt)));
    assertEquals(document.results.length, 3 * 2 * 2);
    for (const result of document.results) {
      assertEquals(Object.keys(result), [
        "protocol",
        "workload",
        "pipeline",
        "operations",
        "elapsedMs",
        "operationsPerSecond",
        "latencyMs",
        "cpuMicrosPerOperation",
      ]);
      assertEquals(Object.keys(result.latencyMs), ["p50", "p99", "p999", "max"]);
      assert(result.operations > 0 && result.operationsPerSecond > 0);
      assert(result.latencyMs.p50 > 0 && result.latencyMs.max >= result.latencyMs.p999);
      assertMatch(stdout, new RegExp(`^${result.protocol} +${result.workload} `, "m"));
    }
    const svg = Deno.readTextFileSync(svgFile);
    // Three protocols in the legend, and a bar for each case.
    assertEquals(elementNames(svg).filter((name) => name === "rect").length, 3 + 12);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("bench: a bad command line is one line and exit code 2, help is exit code 0", async () => {
  const bad = await bench("--pipeline", "none");
  assertEquals(bad.code, 2);
  assertEquals(bad.stderr.trim().split("\n").length, 1);
  const help = await bench("--help");
  assertEquals(help.code, 0);
  assertMatch(help.stdout, /--connections N/);
});
