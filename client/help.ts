/**
 * The commands of a session that no server sees, and `help`, the one with something to say.
 */

import { argumentsSyntax } from "../protocol/command_syntax.ts";
import { type CommandDoc, type CommandTable, findCommand } from "./command_docs.ts";

/** In upper case. */
export const LOCAL_COMMANDS: readonly string[] = ["CLEAR", "EXIT", "HELP", "QUIT"];

const GENERAL = `
  help COMMAND     what a command does, and its arguments
  help @GROUP      the commands of a group, such as @string
  clear            an empty screen
  quit, exit       the end; so does Ctrl-D on an empty line

  Tab completes names of commands and options; what may come next appears behind the cursor.
  Arrow up brings back earlier lines. Ctrl-C drops the line, or stops waiting for a reply.
`;

/** What `help` and the words behind it print. */
export function helpText(words: readonly string[], table: CommandTable): string {
  if (words.length === 0) return GENERAL + groupsText(table);
  const [topic] = words;
  const docs = topic.startsWith("@") ? groupDocs(topic, table) : commandDocs(words, table);
  if (docs.length === 0) {
    return table.size === 0
      ? "\n  The server has told nothing about its commands.\n"
      : `\n  There is no help for '${words.join(" ")}'.\n`;
  }
  return `\n${docs.map(describe).join("\n")}`;
}

function groupsText(table: CommandTable): string {
  const groups = new Set([...table.values()].map((doc) => `@${doc.group}`));
  return groups.size === 0 ? "" : `\n  Groups: ${[...groups].sort().join(" ")}\n`;
}

function groupDocs(topic: string, table: CommandTable): CommandDoc[] {
  const group = topic.slice(1).toLowerCase();
  return [...table.values()].filter((doc) => doc.group.toLowerCase() === group);
}

function commandDocs(words: readonly string[], table: CommandTable): CommandDoc[] {
  const found = findCommand(table, words);
  if (found === undefined || found.rest.length > 0) return [];
  return [found.doc, ...found.doc.subcommands.values()];
}

function describe(doc: CommandDoc): string {
  const lines = [
    `${doc.name} ${argumentsSyntax(doc.arguments)}`.trimEnd(),
    `summary: ${doc.summary}`,
    `since: ${doc.since}`,
    `group: ${doc.group}`,
  ];
  return lines.map((line) => `  ${line}\n`).join("");
}
