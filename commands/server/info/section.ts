/** A section of INFO, and the forms that its values have. */

import type { ServerContext } from "../../../server/context.ts";

export type InfoField = readonly [name: string, value: string | number];

export interface Section {
  /** As its heading has it; INFO takes it in any case. */
  readonly title: string;
  /** Measures now. */
  fields(server: ServerContext): InfoField[];
}

const UNITS = ["B", "K", "M", "G", "T", "P"];

/** Bytes for people: `1.54M`, or `17B` below a kilobyte. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(2)}${UNITS[unit]}`;
}

/** A field in bytes, and the same for people. */
export function bytesFields(name: string, bytes: number): InfoField[] {
  return [[name, bytes], [`${name}_human`, humanBytes(bytes)]];
}
