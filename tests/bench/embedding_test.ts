// The command line of `deno task bench:embedding` and its table.

import { assertEquals, assertThrows } from "@std/assert";
import { type Figure, figureTable } from "../../bench/embedding/figure.ts";
import { parseEmbeddingOptions } from "../../bench/embedding/options.ts";
import { inTurns } from "../../bench/embedding/package_bench.ts";
import { UsageError } from "../../bench/option_values.ts";

Deno.test("embedding bench: options", () => {
  assertEquals(parseEmbeddingOptions([]), {
    only: ["start", "cycles", "idle", "vitest", "throughput"],
    rounds: 5,
    seconds: 2,
    form: "text",
  });
  assertEquals(
    parseEmbeddingOptions(["--only", "vitest,start", "--rounds=9", "--seconds=.5", "--markdown"]),
    { only: ["vitest", "start"], rounds: 9, seconds: 0.5, form: "markdown" },
  );
  assertEquals(parseEmbeddingOptions(["--help"]), "help");
  for (const args of [["--only", "stop"], ["--rounds", "0"], ["--seconds", "-1"], ["more"]]) {
    assertThrows(() => parseEmbeddingOptions(args), UsageError);
  }
});

Deno.test("embedding bench: the table tells what was reached", () => {
  const figures: readonly Figure[] = [
    {
      what: "import",
      on: "Bun",
      unit: "ms",
      value: 61.04,
      goal: { kind: "at most", limit: 60 },
    },
    {
      what: "GET P1",
      on: "Node 24",
      unit: "ops/s",
      value: 85_000,
      beside: { what: "Deno", value: 100_000 },
      goal: { kind: "at least", limit: 0.85 },
    },
    {
      what: "import",
      on: "Node 24",
      unit: "ms",
      value: 59.04,
      goal: { kind: "at most", limit: 60 },
    },
    { what: "growth", on: "Bun", unit: "MB", value: -0.126 },
  ];
  assertEquals(figureTable(figures, "markdown").split("\n"), [
    "| figure | goal | beside | Bun | Node 24 |",
    "| --- | --- | ---: | ---: | ---: |",
    "| import, ms | ≤ 60 |  | 61.0 ✗ | 59.0 ✓ |",
    "| GET P1, ops/s | ≥ 0.85 × | Deno 100,000 |  | 85,000 (0.85 ×) ✓ |",
    "| growth, MB |  |  | -0.13 |  |",
  ]);
  assertEquals(figureTable(figures, "text").split("\n").length, 5);
});

Deno.test("embedding bench: every round has a turn of each", async () => {
  const turns: string[] = [];
  const samples = await inTurns(2, ["a", "b"], (kind) => {
    turns.push(kind);
    return Promise.resolve(turns.length);
  });
  assertEquals(turns, ["a", "b", "a", "b"]);
  assertEquals(samples, new Map([["a", [1, 3]], ["b", [2, 4]]]));
});
