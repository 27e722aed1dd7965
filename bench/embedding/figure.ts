/** What is measured, beside what, and whether that is what was hoped for; and how tables show it. */

import { type Column, textTable } from "../text_table.ts";

export type Unit = "ms" | "MB" | "handles" | "ops/s" | "µs";

export interface Figure {
  readonly what: string;
  /** The runtime, with its version where that matters. */
  readonly on: string;
  readonly unit: Unit;
  /** The median of the rounds. */
  readonly value: number;
  /** What it is compared with, in the same unit. */
  readonly beside?: { readonly what: string; readonly value: number };
  /** For the value, or where there is something beside, for how many times that it is. */
  readonly goal?: Goal;
}

export interface Goal {
  readonly kind: "at most" | "at least";
  readonly limit: number;
}

const COLUMNS: readonly Column[] = [
  { title: "figure", align: "left" },
  { title: "on", align: "left" },
  { title: "measured", align: "right" },
  { title: "beside", align: "right" },
  { title: "×", align: "right" },
  { title: "goal", align: "left" },
];

const DIGITS: Readonly<Record<Unit, number>> = {
  ms: 1,
  MB: 2,
  handles: 0,
  "ops/s": 0,
  "µs": 2,
};

/** The table in lines for a terminal, or in Markdown. */
export function figureTable(figures: readonly Figure[], form: "text" | "markdown"): string {
  const rows = figures.map(rowOf);
  if (form === "text") return textTable(COLUMNS, rows);
  const rule = COLUMNS.map(({ align }) => align === "left" ? "---" : "---:");
  return [COLUMNS.map(({ title }) => title), rule, ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function rowOf(figure: Figure): string[] {
  const { beside, goal, on, unit, value, what } = figure;
  return [
    what,
    on,
    shown(value, unit),
    beside === undefined ? "" : `${beside.what} ${shown(beside.value, unit)}`,
    beside === undefined ? "" : (value / beside.value).toFixed(2),
    goal === undefined ? "" : goalCell(figure, goal),
  ];
}

function shown(value: number, unit: Unit): string {
  const digits = DIGITS[unit];
  const number = value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number} ${unit}`;
}

function goalCell({ beside, unit, value }: Figure, { kind, limit }: Goal): string {
  const compared = beside === undefined ? value : value / beside.value;
  const isReached = kind === "at most" ? compared <= limit : compared >= limit;
  const sign = kind === "at most" ? "≤" : "≥";
  return `${sign} ${limit} ${beside === undefined ? unit : "×"} ${isReached ? "✓" : "✗"}`;
}
