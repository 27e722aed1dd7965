/**
 * Commands whose reply is text made for reading, with line breaks of its own. Under RESP3 the reply
 * says so itself; under RESP2 one has to know.
 */

import { textOf } from "./words.ts";

const COMMANDS: ReadonlySet<string> = new Set(["info", "lolwut"]);

const SUBCOMMANDS: ReadonlySet<string> = new Set([
  "client info",
  "client list",
  "cluster info",
  "cluster nodes",
  "debug htstats",
  "debug htstats-key",
  "latency doctor",
  "latency graph",
  "memory doctor",
  "memory malloc-stats",
]);

/** Whether the reply to these words is printed as it is, not quoted. */
export function repliesWithText(words: readonly Uint8Array[]): boolean {
  const [name, subcommand] = words.slice(0, 2).map((word) => textOf(word).toLowerCase());
  return COMMANDS.has(name) || SUBCOMMANDS.has(`${name} ${subcommand}`);
}
