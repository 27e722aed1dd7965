/** The terminal by Deno. */

import type { Terminal } from "../terminal.ts";

function columns(): number | undefined {
  try {
    return Deno.consoleSize().columns || undefined;
  } catch {
    // Standard output is no terminal.
    return undefined;
  }
}

function onResize(listener: () => void): () => void {
  if (Deno.build.os === "windows") return () => {};
  Deno.addSignalListener("SIGWINCH", listener);
  return () => Deno.removeSignalListener("SIGWINCH", listener);
}

export const terminal: Terminal = {
  isTerminal: (stream) => (stream === "input" ? Deno.stdin : Deno.stdout).isTerminal(),
  input: Deno.stdin,
  columns,
  onResize,
  noColor: Deno.noColor,
};
