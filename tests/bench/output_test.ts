// What the benches print: tables, numbers, charts.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type BarChart, barChartSvg, shortCount } from "../../bench/bar_chart.ts";
import { cell, countCell, textTable } from "../../bench/text_table.ts";
import { elementNames } from "./xml.ts";

Deno.test("table: words to the left, numbers to the right, no trailing blanks", () => {
  const table = textTable(
    [{ title: "name", align: "left" }, { title: "ops/s", align: "right" }, {
      title: "note",
      align: "left",
    }],
    [["get", "1,234,567", ""], ["lrange_100", "9", "slow"]],
  );
  assertEquals(table.split("\n"), [
    "name            ops/s  note",
    "──────────  ─────────  ────",
    "get         1,234,567",
    "lrange_100          9  slow",
  ]);
});

Deno.test("table: no rows, and titles wider than cells", () => {
  assertEquals(textTable([{ title: "case", align: "left" }], []), "case\n────");
  assertEquals(textTable([{ title: "wide", align: "right" }], [["1"]]), "wide\n────\n   1");
});

Deno.test("cells: digits, separators, a dash for what is missing", () => {
  assertEquals(cell(1.005, 1), "1.0");
  assertEquals(cell(NaN, 2), "–");
  assertEquals(countCell(1_234_567.6), "1,234,568");
  assertEquals(countCell(Infinity), "–");
  assertEquals([950, 9_500, 87_400, 1_234_000].map(shortCount), [
    "950",
    "9.5 k",
    "87 k",
    "1.23 M",
  ]);
});

function chart(overrides: Partial<BarChart> = {}): BarChart {
  return {
    title: "A < B & \"C\" 'D'",
    subtitle: "two > one",
    series: ["resp2", "native"],
    panels: [
      { title: "no pipeline", groups: [{ label: "GET", values: [100, 50] }] },
      { title: "pipeline 16", groups: [{ label: "SET", values: [NaN, 7] }] },
    ],
    format: String,
    ...overrides,
  };
}

Deno.test("chart: well-formed, a bar for each value that is there, readable in light and dark", () => {
  const svg = barChartSvg(chart());
  const names = elementNames(svg);
  assertEquals(names[0], "svg");
  // Two in the legend, three values.
  assertEquals(names.filter((name) => name === "rect").length, 5);
  assertStringIncludes(svg, "A &lt; B &amp; &quot;C&quot; &#39;D&#39;");
  assertStringIncludes(svg, "prefers-color-scheme:dark");
  assert(!svg.includes("NaN"));
});

Deno.test("chart: bars are as long as their values, within each panel", () => {
  const widths = (svg: string) =>
    [...svg.matchAll(/<rect [^>]*width="([\d.]+)" height="12"/g)].map((match) => Number(match[1]))
      .slice(2);
  const [full, half, alone] = widths(barChartSvg(chart()));
  assertEquals(half, full / 2);
  assertEquals(alone, full);
});

Deno.test("chart: without panels or values it is still a picture; too many series are refused", () => {
  elementNames(barChartSvg(chart({ panels: [] })));
  const empty = barChartSvg(chart({ panels: [{ title: "none", groups: [] }] }));
  assert(!/NaN|Infinity/.test(empty));
  elementNames(barChartSvg(chart({
    panels: [{ title: "zero", groups: [{ label: "GET", values: [0, 0] }] }],
  })));
  assertThrows(() => barChartSvg(chart({ series: ["a", "b", "c", "d", "e"] })), RangeError);
});

Deno.test("the reader that judges charts refuses what is not well-formed", () => {
  for (
    const bad of [
      "<a>",
      "<a></b>",
      "<a/><b/>",
      "<a>x & y</a>",
      '<a b="1" b="2"/>',
      "<a b=1/>",
      "text",
    ]
  ) assertThrows(() => elementNames(bad), Error);
});
