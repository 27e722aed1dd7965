/**
 * Prometheus's text format, version 0.0.4: families of samples, each family under its kind.
 *
 * ```
 * # HELP redis_db_keys Keys by database.
 * # TYPE redis_db_keys gauge
 * redis_db_keys{db="db0"} 12
 * ```
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */

import type { MetricKind } from "./metric_names.ts";

export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

export class Exposition {
  /** Lines of each family, by its name; the first two are about the family. */
  readonly #families = new Map<string, string[]>();

  /** Adds a sample to its family, which the first of its samples makes. What is no number is left out. */
  add(
    { name, kind, help }: { name: string; kind: MetricKind; help: string },
    value: number,
    labels?: Labels,
  ): void {
    if (!Number.isFinite(value)) return;
    let lines = this.#families.get(name);
    if (lines === undefined) {
      lines = [`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} ${kind}`];
      this.#families.set(name, lines);
    }
    lines.push(`${name}${labels === undefined ? "" : shown(labels)} ${value}`);
  }

  /** All of it, each line with its end. */
  toString(): string {
    let text = "";
    for (const lines of this.#families.values()) text += lines.join("\n") + "\n";
    return text;
  }
}

function shown(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(",")}}`;
}

/** Values of labels may hold anything but these as they are. */
function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => character === "\n" ? "\\n" : `\\${character}`);
}

function escapedHelp(text: string): string {
  return text.replace(/[\\\n]/g, (character) => character === "\n" ? "\\n" : `\\${character}`);
}
