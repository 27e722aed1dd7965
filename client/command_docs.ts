/**
 * What a server says about its commands: the reply to COMMAND DOCS, read into a table for hints,
 * completion and help. RESP3 sends maps, RESP2 and the native protocol flat arrays of pairs; fields
 * that are missing or of another type than expected count as absent, since servers differ.
 */

import type { ArgumentSyntax } from "../protocol/command_syntax.ts";
import { ReplyMap, ReplySet, type ReplyValue } from "../protocol/reply_value.ts";
import { textOf } from "./words.ts";

/** One argument as COMMAND DOCS describes it; `name` is what to show in its place. */
export interface ArgumentDoc extends ArgumentSyntax {
  readonly optional: boolean;
  readonly multiple: boolean;
  readonly multipleToken: boolean;
  readonly arguments: readonly ArgumentDoc[];
}

export interface CommandDoc {
  /** In upper case; a subcommand's is `CONFIG GET`. */
  readonly name: string;
  readonly summary: string;
  readonly since: string;
  readonly group: string;
  readonly arguments: readonly ArgumentDoc[];
  /** By the subcommand's own name in upper case. */
  readonly subcommands: ReadonlyMap<string, CommandDoc>;
}

/** By name in upper case, in alphabetical order. */
export type CommandTable = ReadonlyMap<string, CommandDoc>;

export const NO_COMMANDS: CommandTable = new Map();

/** Arguments inside arguments; no command needs more. */
const MAX_DEPTH = 16;

/** Reads the reply to COMMAND DOCS. An error reply gives an empty table. O(size). */
export function readCommandDocs(reply: ReplyValue): CommandTable {
  const commands = pairsOf(reply).map(([name, doc]): [string, CommandDoc] => {
    const shown = plainText(name).toUpperCase();
    return [shown, readCommand(shown, doc, 0)];
  });
  return inOrder(commands);
}

/** The command that the words name and the words behind its name. */
export function findCommand(
  table: CommandTable,
  words: readonly string[],
): { doc: CommandDoc; rest: readonly string[] } | undefined {
  if (words.length === 0) return undefined;
  const doc = table.get(words[0].toUpperCase());
  if (doc === undefined) return undefined;
  const subcommand = words.length > 1 ? doc.subcommands.get(words[1].toUpperCase()) : undefined;
  if (subcommand !== undefined) return { doc: subcommand, rest: words.slice(2) };
  return { doc, rest: words.slice(1) };
}

function readCommand(name: string, doc: ReplyValue, depth: number): CommandDoc {
  const fields = fieldsOf(doc);
  const subcommands = depth >= MAX_DEPTH ? [] : pairsOf(fields.get("subcommands"));
  return {
    name,
    summary: plainText(fields.get("summary")),
    since: plainText(fields.get("since")),
    group: plainText(fields.get("group")),
    arguments: readArguments(fields.get("arguments"), 0),
    subcommands: inOrder(subcommands.map(([fullName, subdoc]) => {
      // It is listed as `config|get`.
      const subname = plainText(fullName).split("|").at(-1)!.toUpperCase();
      return [subname, readCommand(`${name} ${subname}`, subdoc, depth + 1)];
    })),
  };
}

function readArguments(list: ReplyValue | undefined, depth: number): ArgumentDoc[] {
  if (!Array.isArray(list) || depth >= MAX_DEPTH) return [];
  return list.map((argument) => {
    const fields = fieldsOf(argument);
    const flags = itemsOf(fields.get("flags")).map(plainText);
    const token = fields.get("token");
    return {
      name: plainText(fields.get("display_text") ?? fields.get("name")),
      type: plainText(fields.get("type")),
      token: token === undefined ? undefined : plainText(token),
      optional: flags.includes("optional"),
      multiple: flags.includes("multiple"),
      multipleToken: flags.includes("multiple_token"),
      arguments: readArguments(fields.get("arguments"), depth + 1),
    };
  });
}

function inOrder(entries: [string, CommandDoc][]): CommandTable {
  return new Map(
    entries.filter(([name]) => name !== "").sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0),
  );
}

function fieldsOf(value: ReplyValue): Map<string, ReplyValue> {
  return new Map(pairsOf(value).map(([key, item]) => [plainText(key), item]));
}

function pairsOf(value: ReplyValue | undefined): [ReplyValue, ReplyValue][] {
  if (value instanceof ReplyMap) return value.entries;
  if (!Array.isArray(value)) return [];
  const pairs: [ReplyValue, ReplyValue][] = [];
  for (let i = 0; i + 1 < value.length; i += 2) pairs.push([value[i], value[i + 1]]);
  return pairs;
}

function itemsOf(value: ReplyValue | undefined): readonly ReplyValue[] {
  if (value instanceof ReplySet) return value.items;
  return Array.isArray(value) ? value : [];
}

/** Text for the terminal's own lines: whatever a server sends, it moves no cursor. */
function plainText(value: ReplyValue | undefined): string {
  const text = value instanceof Uint8Array ? textOf(value) : typeof value === "string" ? value : "";
  return text.replace(/[^\x20-\x7e]+/g, "?");
}
