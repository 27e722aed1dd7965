/**
 * What INFO is made of: fields under headings. Whoever knows something provides it as a part of its
 * own, which names what it reads; where the server is composed, the parts are put in order. Parts of
 * one title are written under one heading.
 */

export type InfoField = readonly [name: string, value: string | number];

export interface InfoSection {
  /** As its heading has it; INFO takes it in any case. */
  readonly title: string;
  /** Measures now. */
  fields(): readonly InfoField[];
}

const UNITS = ["B", "K", "M", "G", "T", "P"];

/** Bytes for people: `1.54M`, or `17B` below a kilobyte. */
function humanBytes(bytes: number): string {
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
