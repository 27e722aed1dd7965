/**
 * Bar charts as SVG, written by hand: a few rectangles and words do not need a drawing library, and
 * what is drawn must work inside an <img>, without scripts or fonts of its own.
 *
 * ```
 * title
 * ■ series  ■ series
 * panel                    panel
 * group ▇▇▇▇▇▇▇ 123        group ▇▇▇▇ 45       each panel has a scale of its own
 *       ▇▇▇▇ 71                  ▇▇▇▇▇▇▇ 81
 * ```
 *
 * The page's colours are not known, so nothing is painted behind, and the colours of text and bars
 * follow the reader's preference for light or dark.
 */

export interface BarGroup {
  readonly label: string;
  /** One value for each series; NaN leaves its place empty. */
  readonly values: readonly number[];
}

export interface ChartPanel {
  readonly title: string;
  readonly groups: readonly BarGroup[];
}

export interface BarChart {
  readonly title: string;
  readonly subtitle: string;
  readonly series: readonly string[];
  readonly panels: readonly ChartPanel[];
  /** The text at a bar's end. */
  readonly format: (value: number) => string;
}

const MARGIN = 16;
/** The longest bar of a panel. */
const BAR_WIDTH = 168;
const VALUE_WIDTH = 58;
/** Room for each character of the longest label, at its font's size. */
const LABEL_CHARACTER_WIDTH = 8.5;
const LABEL_GAP = 12;
const BAR_HEIGHT = 12;
const BAR_GAP = 2;
const GROUP_GAP = 10;
const PANEL_TOP = 96;
/** Room for the title and the legend. */
const MIN_WIDTH = 520;
const LEGEND_SPACING = 120;

/** Colours in the order of the series; a chart has at most this many. */
const LIGHT = ["#2563a8", "#0d8a6a", "#b4580a", "#7a3fa0"];
const DARK = ["#6cb0f5", "#41c9a2", "#f0a04b", "#c79bea"];

/** The chart as an SVG document. */
export function barChartSvg(chart: BarChart): string {
  const { series, panels } = chart;
  if (series.length > LIGHT.length) throw new RangeError(`more than ${LIGHT.length} series`);
  const groupHeight = series.length * (BAR_HEIGHT + BAR_GAP) + GROUP_GAP;
  const rows = Math.max(0, ...panels.map(({ groups }) => groups.length));
  const labels = panels.flatMap(({ groups }) => groups.map(({ label }) => label.length));
  const labelWidth = Math.round(Math.max(0, ...labels) * LABEL_CHARACTER_WIDTH) + LABEL_GAP;
  const panelWidth = labelWidth + BAR_WIDTH + VALUE_WIDTH;
  const width = 2 * MARGIN + Math.max(panels.length * panelWidth, MIN_WIDTH);
  const height = PANEL_TOP + 14 + rows * groupHeight + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" role="img" aria-label="${escapeXml(chart.title)}">`,
    style(),
    text(MARGIN, 26, chart.title, "title"),
    text(MARGIN, 46, chart.subtitle, "faint"),
    ...series.flatMap((name, i) => {
      const x = MARGIN + i * LEGEND_SPACING;
      return [rectangle(x, 58, BAR_HEIGHT, BAR_HEIGHT, i), text(x + 18, 68, name, "label")];
    }),
    ...panels.flatMap((panel, i) =>
      drawPanel(chart, panel, { left: MARGIN + i * panelWidth, labelWidth, groupHeight })
    ),
    "</svg>\n",
  ].join("\n");
}

interface PanelPlace {
  readonly left: number;
  readonly labelWidth: number;
  readonly groupHeight: number;
}

function drawPanel(chart: BarChart, panel: ChartPanel, place: PanelPlace): string[] {
  const { left, labelWidth, groupHeight } = place;
  const longest = Math.max(...panel.groups.flatMap(({ values }) => values.filter(Number.isFinite)));
  const parts = [text(left, PANEL_TOP, panel.title, "panel")];
  panel.groups.forEach((group, row) => {
    const top = PANEL_TOP + 14 + row * groupHeight;
    const middle = top + (groupHeight - GROUP_GAP) / 2 + 3;
    parts.push(text(left, middle, group.label, "label"));
    group.values.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      const y = top + i * (BAR_HEIGHT + BAR_GAP);
      const length = longest > 0 ? Math.max(1, BAR_WIDTH * value / longest) : 1;
      parts.push(rectangle(left + labelWidth, y, length, BAR_HEIGHT, i));
      parts.push(text(left + labelWidth + length + 5, y + 10, chart.format(value), "value"));
    });
  });
  return parts;
}

function style(): string {
  const fills = (colours: readonly string[]) =>
    colours.map((colour, i) => `.s${i}{fill:${colour}}`).join("");
  return "<style>" +
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}" +
    ".title{font-size:17px;font-weight:600}.panel{font-size:13px;font-weight:600}" +
    ".label{font-size:12px}.value{font-size:10.5px}.faint{font-size:12px;fill:#59636e}" +
    fills(LIGHT) +
    "@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.faint{fill:#9198a1}" + fills(DARK) +
    "}</style>";
}

function rectangle(x: number, y: number, width: number, height: number, series: number): string {
  return `<rect class="s${series}" x="${short(x)}" y="${short(y)}" width="${short(width)}" ` +
    `height="${short(height)}" rx="2"/>`;
}

function text(x: number, y: number, content: string, kind: string): string {
  return `<text class="${kind}" x="${short(x)}" y="${short(y)}">${escapeXml(content)}</text>`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeXml(content: string): string {
  return content.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Operations in a second, short enough for a bar's end: 950, 87 k, 1.23 M. */
export function shortCount(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (value >= 10_000) return `${Math.round(value / 1000)} k`;
  if (value >= 1000) return `${(value / 1000).toFixed(1)} k`;
  return String(Math.round(value));
}
