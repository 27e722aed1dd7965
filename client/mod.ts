/**
 * The client: what it was asked for, whether it may connect, and which of its three forms it takes.
 *
 * ```
 * a command on the command line ──▶ batch: one command
 * standard input is no terminal ──▶ batch: line by line
 * otherwise                     ──▶ a session in the terminal
 * ```
 */

import { runCommand, runLines } from "./batch.ts";
import { type ClientOptions, OptionError, parseOptions } from "./options.ts";
import { complain, writeText } from "./output.ts";
import { access, terminal } from "./platform/platform.ts";
import { clientHelp } from "./usage.ts";

/** Runs the client with the words after `client`. Resolves to the exit code. */
export async function client(words: readonly string[]): Promise<number> {
  let options: ClientOptions;
  try {
    options = parseOptions(words);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    complain(error.message);
    return 1;
  }
  if (options.help) {
    writeText(`${clientHelp()}\n`);
    return 0;
  }
  const missing = await access.missing(options.endpoint);
  if (missing !== undefined) {
    complain(missing);
    return 1;
  }
  if (options.command.length > 0) return await runCommand(options);
  if (!terminal.isTerminal("input") || !terminal.isTerminal("output")) {
    return await runLines(options);
  }
  // Loaded only here, because commands in scripts should start fast.
  const { runSession } = await import("./repl.ts");
  return await runSession(options);
}
