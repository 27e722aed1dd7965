/**
 * Tables on the terminal: columns as wide as their widest cell, words to the left, numbers to the
 * right.
 */

export interface Column {
  readonly title: string;
  /** Where cells are put; numbers read best at the right. */
  readonly align: "left" | "right";
}

/** The table's lines, joined, without a last line end. Every row has a cell for each column. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => row[i].length))
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => {
      return columns[i].align === "left" ? cell.padEnd(widths[i]) : cell.padStart(widths[i]);
    }).join("  ").trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...rows.map(line),
  ].join("\n");
}

/** A cell for a value that may be missing (NaN). */
export function cell(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

/** A whole number with separators: 1,234,567. */
export function countCell(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : "–";
}
