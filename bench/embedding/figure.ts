/**
 * What is measured, beside what, and whether that is what was hoped for; and how tables show it: a row
 * for each figure, a column for each runtime.
 */

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

const DIGITS: Readonly<Record<Unit, number>> = {
  ms: 1,
  MB: 2,
  handles: 0,
  "ops/s": 0,
  "µs": 2,
};

/** The table in lines for a terminal, or in Markdown. */
export function figureTable(figures: readonly Figure[], form: "text" | "markdown"): string {
  const runtimes = [...new Set(figures.map(({ on }) => on))];
  const columns: Column[] = [
    { title: "figure", align: "left" },
    { title: "goal", align: "left" },
    { title: "beside", align: "right" },
    ...runtimes.map((title): Column => ({ title, align: "right" })),
  ];
  const rows = Array.from(
    Map.groupBy(figures, ({ what }) => what).values(),
    (group) => rowOf(group, runtimes),
  );
  if (form === "text") return textTable(columns, rows);
  const rule = columns.map(({ align }) => align === "left" ? "---" : "---:");
  return [columns.map(({ title }) => title), rule, ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** @param group the same figure on several runtimes */
function rowOf(group: readonly Figure[], runtimes: readonly string[]): string[] {
  const [{ beside, goal, unit, what }] = group;
  return [
    `${what}, ${unit}`,
    goal === undefined ? "" : goalCell(goal, beside === undefined ? "" : " ×"),
    beside === undefined ? "" : `${beside.what} ${shown(beside.value, unit)}`,
    ...runtimes.map((runtime) => {
      const figure = group.find(({ on }) => on === runtime);
      return figure === undefined ? "" : cellOf(figure);
    }),
  ];
}

function goalCell({ kind, limit }: Goal, unit: string): string {
  return `${kind === "at most" ? "≤" : "≥"} ${limit}${unit}`;
}

function cellOf({ beside, goal, unit, value }: Figure): string {
  const parts = [shown(value, unit)];
  const compared = beside === undefined ? value : value / beside.value;
  if (beside !== undefined) parts.push(`(${compared.toFixed(2)} ×)`);
  if (goal !== undefined) parts.push(isReached(compared, goal) ? "✓" : "✗");
  return parts.join(" ");
}

function isReached(value: number, { kind, limit }: Goal): boolean {
  return kind === "at most" ? value <= limit : value >= limit;
}

function shown(value: number, unit: Unit): string {
  const digits = DIGITS[unit];
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
