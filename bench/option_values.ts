/** Options of the benches' command lines and their values, with one-line complaints. */

import { parseArgs } from "@std/cli/parse-args";

/** The command line makes no sense; the message says which part. */
export class UsageError extends Error {
  override name = "UsageError";
}

/**
 * The text given last for each of the named options, which take a value, and "yes" for each flag that
 * is given; or "help" when that is asked for.
 *
 * @throws {UsageError} for any other argument
 */
export function parseTexts<Name extends string, Flag extends string = never>(
  args: readonly string[],
  names: readonly Name[],
  flags: readonly Flag[] = [],
): Partial<Record<Name | Flag, string>> | "help" {
  const parsed = parseArgs(args, {
    string: names,
    boolean: ["help", ...flags],
    alias: { help: "h" },
    unknown: (argument) => {
      throw new UsageError(`unknown argument ${argument}`);
    },
  });
  if (parsed.help === true) return "help";
  const texts: Partial<Record<Name | Flag, string>> = {};
  for (const name of names) {
    const value = parsed[name];
    if (typeof value === "string") texts[name] = value;
  }
  for (const flag of flags) if (parsed[flag] === true) texts[flag] = "yes";
  return texts;
}

export function positiveInteger(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new UsageError(`--${name} takes a number from 1 to ${max}, not ${JSON.stringify(text)}`);
}

export function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value > 0) return value;
  throw new UsageError(`--${name} takes a number over 0, not ${JSON.stringify(text)}`);
}

/** The named ones of `all`, separated by commas, in the order given; all if there is no text. */
export function subset<T extends string>(
  name: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (text === undefined) return all;
  return text.split(",").map((word) => {
    const found = all.find((value) => value === word);
    if (found !== undefined) return found;
    throw new UsageError(`--${name} takes ${all.join(", ")}, not ${JSON.stringify(word)}`);
  });
}

/**
 * Runs a bench's `main`: exit code 2 with one line for a bad command line, 1 for what went wrong
 * while it ran (with the causes), 0 otherwise.
 */
export async function exitCodeOf(main: () => Promise<void>): Promise<number> {
  try {
    await main();
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`bench: ${error.message}; see --help`);
      return 2;
    }
    console.error(error);
    return 1;
  }
}
