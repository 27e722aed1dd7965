/**
 * Lines to a file, standard output or standard error. A line that cannot be written, because that is
 * closed or its disk is full, is lost: what only tells of the work must not stop it.
 */

import type { ByteSink } from "../platform/files.ts";
import { files } from "../platform/platform.ts";

const encoder = new TextEncoder();

export function writeLine(sink: ByteSink, line: string): void {
  try {
    let bytes = encoder.encode(line + "\n");
    while (bytes.length > 0) bytes = bytes.subarray(sink.writeSync(bytes));
  } catch {
    // Lost.
  }
}

export function printLine(line: string): void {
  writeLine(files.standardOutput, line);
}

export function printError(line: string): void {
  writeLine(files.standardError, line);
}
