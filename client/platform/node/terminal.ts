/** The terminal by Node. Its streams are made when they are first asked for; most runs need none. */

import process from "node:process";
import { isatty } from "node:tty";
import type { ByteSource, Terminal } from "../terminal.ts";
import { StreamSource } from "./stream_source.ts";

const INPUT = 0;
const OUTPUT = 1;

let source: ByteSource | undefined;

/** No reading of the file itself: one that waits for bytes would keep the process from its end. */
const input: ByteSource = {
  read: (buffer) => (source ??= new StreamSource(process.stdin)).read(buffer),
};

function onResize(listener: () => void): () => void {
  process.on("SIGWINCH", listener);
  return () => process.off("SIGWINCH", listener);
}

export const terminal: Terminal = {
  isTerminal: (stream) => isatty(stream === "input" ? INPUT : OUTPUT),
  input,
  columns: () => process.stdout.columns || undefined,
  onResize,
  noColor: (process.env.NO_COLOR ?? "") !== "",
};
