/**
 * A graph of a few rows of text, one column a value, with a label under each that is read downwards:
 *
 * ```
 *  #
 *  |_
 * _||
 *
 * 532
 * sss
 * ```
 *
 * A row has three heights: `_`, `o` and `#`; below the top of a column stand bars. What exceeds the
 * width goes on in a further graph underneath.
 */

const COLUMNS = 80;
const ROWS = 4;
const HEIGHTS = "_o#";
const BAR = "|";
/** Empty rows between a graph and its labels. */
const LABEL_MARGIN = 1;

export interface Column {
  readonly value: number;
  readonly label: string;
}

/** Draws values from the least, at the bottom, to the greatest. O(columns). */
export function sparkline(columns: readonly Column[]): string {
  const values = columns.map(({ value }) => value);
  const least = Math.min(...values);
  const range = Math.max(...values) - least || 1;
  const graphs: string[] = [];
  for (let from = 0; from < columns.length; from += COLUMNS) {
    graphs.push(draw(columns.slice(from, from + COLUMNS), least, range));
  }
  return graphs.join("\n");
}

function draw(columns: readonly Column[], least: number, range: number): string {
  const steps = HEIGHTS.length * ROWS;
  const heights = columns.map(({ value }) =>
    Math.min(steps - 1, Math.trunc((value - least) * steps / range))
  );
  const lines: string[] = [];
  for (let row = 0; row < ROWS; row++) {
    const bottom = (ROWS - row - 1) * HEIGHTS.length;
    lines.push(heights.map((height) => characterAt(height - bottom)).join(""));
  }
  for (let row = 0; row < LABEL_MARGIN; row++) lines.push(" ".repeat(columns.length));
  const labelRows = Math.max(...columns.map(({ label }) => label.length));
  for (let i = 0; i < labelRows; i++) {
    lines.push(columns.map(({ label }) => label[i] ?? " ").join(""));
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** @param height of the column above the row's bottom */
function characterAt(height: number): string {
  if (height < 0) return " ";
  return HEIGHTS[height] ?? BAR;
}
