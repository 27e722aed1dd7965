/**
 * What a person who is typing a command wants to see: the arguments that are still to come, and the
 * words that the one being typed may become.
 */

import { matchArguments } from "./argument_match.ts";
import { type CommandTable, findCommand } from "./command_docs.ts";
import { LOCAL_COMMANDS } from "./help.ts";
import { splitUnfinished } from "./words.ts";

/** The text to show behind the line, a space in front of it where one is needed; or nothing. */
export function hintFor(line: string, table: CommandTable): string {
  const { words, typing } = splitUnfinished(line);
  const found = findCommand(table, words);
  if (found === undefined) return "";
  const { doc, rest } = found;
  let hint: string;
  if (doc.subcommands.size > 0 && doc.arguments.length === 0) {
    hint = rest.length > 0 ? "" : [...doc.subcommands.keys()].join("|");
  } else {
    hint = matchArguments(doc.arguments, rest)?.rest.join(" ") ?? "";
  }
  return hint !== "" && typing ? ` ${hint}` : hint;
}

/** What the last word may become; `replaced` is the end of the line that a candidate replaces. */
export interface Completion {
  readonly candidates: readonly string[];
  readonly replaced: string;
}

/** Candidates are written in the case of the word being typed, or else of the command. */
export function completionsFor(line: string, table: CommandTable): Completion {
  const { words, typing } = splitUnfinished(line);
  const before = typing ? words.slice(0, -1) : words;
  const replaced = typing ? words[words.length - 1] : "";
  // Quoted words are values, which nobody can guess.
  if (!line.endsWith(replaced)) return { candidates: [], replaced: "" };
  const prefix = replaced.toUpperCase();
  const typed = /[a-z]/i.test(replaced) ? replaced : before[0] ?? "";
  const lower = /[a-z]/.test(typed) && !/[A-Z]/.test(typed);
  const candidates = candidatesAfter(before, table)
    .filter((word) => word.toUpperCase().startsWith(prefix))
    .map((word) => lower ? word.toLowerCase() : word);
  return { candidates: [...new Set(candidates)], replaced };
}

function candidatesAfter(words: readonly string[], table: CommandTable): string[] {
  if (words.length === 0) return [...table.keys(), ...LOCAL_COMMANDS];
  if (words[0].toUpperCase() === "HELP") return helpTopics(words.slice(1), table);
  const found = findCommand(table, words);
  if (found === undefined) return [];
  const { doc, rest } = found;
  if (rest.length === 0 && doc.subcommands.size > 0) return [...doc.subcommands.keys()];
  return [...matchArguments(doc.arguments, rest)?.tokens ?? []];
}

function helpTopics(words: readonly string[], table: CommandTable): string[] {
  if (words.length > 0) return [...findCommand(table, words)?.doc.subcommands.keys() ?? []];
  return [...table.keys(), ...new Set([...table.values()].map((doc) => `@${doc.group}`))];
}
