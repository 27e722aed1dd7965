/**
 * Prometheus's text format, version 0.0.4: families of samples, each family under its kind.
 *
 * ```
 * # HELP redis_db_keys Keys by database.
 * # TYPE redis_db_keys gauge
 * redis_db_keys{db="db0"} 12
 * ```
 *
 * Families of a distribution have samples under further names: `…_bucket`, `…_sum` and `…_count`.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */

/** What a family is to Prometheus: a counter only grows while the server runs. */
export type FamilyKind = "gauge" | "counter" | "summary" | "histogram";

export interface Family {
  readonly name: string;
  readonly kind: FamilyKind;
  readonly help: string;
}

export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

export class Exposition {
  /** Lines of each family, by its name; the first two are about the family. */
  readonly #families = new Map<string, string[]>();

  /**
   * Adds a sample to its family, which the first of its samples makes. What is no number is left out.
   *
   * @param suffix what stands behind the family's name
   */
  add({ name, kind, help }: Family, value: number, labels?: Labels, suffix = ""): void {
    if (!Number.isFinite(value)) return;
    let lines = this.#families.get(name);
    if (lines === undefined) {
      lines = [`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} ${kind}`];
      this.#families.set(name, lines);
    }
    lines.push(`${name}${suffix}${labels === undefined ? "" : shown(labels)} ${value}`);
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
