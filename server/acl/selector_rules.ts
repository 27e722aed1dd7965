/**
 * Rules about commands, keys and channels, each a word:
 *
 * | word                                        |                                                     |
 * | ------------------------------------------- | --------------------------------------------------- |
 * | `+get` `-get` `+config` `+config|get`       | a command; a container with all of its subcommands  |
 * | `+select|0`                                 | a command with that first argument                  |
 * | `+@read` `-@slow`                           | the commands of a category                          |
 * | `allcommands` `+@all`, `nocommands` `-@all` | all of them                                         |
 * | `~app:*` `%R~app:*` `%W~…` `%RW~…`          | keys that match: to read and write, or one of both  |
 * | `allkeys` `~*`, `resetkeys`                 | all of them, none                                   |
 * | `&news:*`, `allchannels` `&*`, …            | channels                                            |
 *
 * Texts of what is wrong are Redis's.
 */

import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import type { CommandTable, ExecutableCommand } from "../execution/command_table.ts";
import { categoryBit } from "./categories.ts";
import { KeyAccess, KeyPattern, NamePattern, READ_AND_WRITE } from "./patterns.ts";
import type { Selector } from "./selector.ts";

export const UNKNOWN = "Unknown command or category name in ACL";
const SYNTAX = "Syntax error";
const KEY_AFTER_ALL =
  "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any " +
  "effect. Try 'resetkeys' to start with an empty list of patterns";
const CHANNEL_AFTER_ALL =
  "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have " +
  "any effect. Try 'resetchannels' to start with an empty list of channels";
const FIRST_ARGUMENT_OF_SUBCOMMAND = "Allowing first-arg of a subcommand is not supported";
const TOO_MANY = "Too many rules";

/** Patterns of one kind that a selector has at most, and rules about commands. */
const MAX_PATTERNS = 4096;
/** First arguments with which one command is open: each call is compared with all of them. */
const MAX_FIRST_ARGUMENTS = 1024;
const MAX_RULE_BYTES = 64 * 1024;
const TOO_LONG = `A rule has at most ${MAX_RULE_BYTES} bytes`;

/** The commands that rules are about. */
export interface KnownCommands {
  readonly commands: CommandTable;
  /** The commands of a category with their subcommands: a bit for each, by its number. */
  maskOf(categoryBit: number): Int32Array;
}

/** What a rule was found to be: done, or what is wrong with it. */
export type RuleProblem = string | undefined;

/** Applies one rule to a selector, or says what is wrong and changes nothing. O(bytes). */
export function applySelectorRule(
  selector: Selector,
  rule: ByteString,
  known: KnownCommands,
): RuleProblem {
  const { commands } = known;
  if (rule.length > MAX_RULE_BYTES) return TOO_LONG;
  switch (asWord(rule)) {
    case "allkeys":
    case "~*":
      return void selector.setAllKeys(true);
    case "resetkeys":
      return void selector.setAllKeys(false);
    case "allchannels":
    case "&*":
      return void selector.setAllChannels(true);
    case "resetchannels":
      return void selector.setAllChannels(false);
    case "allcommands":
    case "+@all":
      return void selector.setAllCommands(true);
    case "nocommands":
    case "-@all":
      return void selector.setAllCommands(false);
  }
  switch (rule[0]) {
    case "~":
      return addKeys(selector, rule.slice(1), READ_AND_WRITE);
    case "%":
      return addKeysWithAccess(selector, rule);
    case "&":
      return addChannels(selector, rule.slice(1));
    case "+":
    case "-":
      if (selector.rules.size >= MAX_PATTERNS) return TOO_MANY;
      if (rule[1] === "@") return setCategory(selector, rule, known);
      return rule[0] === "+" ? open(selector, rule, commands) : close(selector, rule, commands);
    default:
      return SYNTAX;
  }
}

/** A rule that is a word, in lower case and as far as C would read it. */
export function asWord(rule: ByteString): string {
  const nul = rule.indexOf("\0");
  const seen = nul === -1 ? rule : rule.slice(0, nul);
  return seen.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether a name has spaces in it, which would make it several in the text of its rules. */
export function hasSpaces(name: ByteString): boolean {
  return name.includes("\0") || /[ \t\n\v\f\r]/.test(name);
}

function addKeysWithAccess(selector: Selector, rule: ByteString): RuleProblem {
  let access = 0;
  for (let i = 1; i < rule.length; i++) {
    const letter = rule[i].toUpperCase();
    if (letter === "~") return addKeys(selector, rule.slice(i + 1), access);
    const bit = letter === "R" ? KeyAccess.Read : letter === "W" ? KeyAccess.Write : 0;
    if (bit === 0 || (access & bit) !== 0) break;
    access |= bit;
    if (i === rule.length - 1) return addKeys(selector, "", access);
  }
  return selector.allKeys ? KEY_AFTER_ALL : SYNTAX;
}

function addKeys(selector: Selector, text: ByteString, access: number): RuleProblem {
  if (selector.allKeys) return KEY_AFTER_ALL;
  if (access === 0 || hasSpaces(text)) return SYNTAX;
  const { keys } = selector;
  const known = keys.get(text);
  if (known === undefined && keys.size >= MAX_PATTERNS) return TOO_MANY;
  keys.set(new KeyPattern(text, (known?.access ?? 0) | access));
  // What it is likely to be may be the one that has gone.
  selector.likelyKeys = undefined;
  return undefined;
}

function addChannels(selector: Selector, text: ByteString): RuleProblem {
  if (selector.allChannels) return CHANNEL_AFTER_ALL;
  if (hasSpaces(text)) return SYNTAX;
  const { channels } = selector;
  if (channels.get(text) !== undefined) return undefined;
  if (channels.size >= MAX_PATTERNS) return TOO_MANY;
  channels.set(new NamePattern(text));
  return undefined;
}

function setCategory(selector: Selector, rule: ByteString, known: KnownCommands): RuleProblem {
  const word = asWord(rule);
  const bit = categoryBit(word.slice(2));
  if (bit === 0) return UNKNOWN;
  selector.rules.add(word);
  selector.setCommands(known.maskOf(bit), rule[0] === "+");
  return undefined;
}

function close(selector: Selector, rule: ByteString, commands: CommandTable): RuleProblem {
  const command = findByName(commands, asWord(rule).slice(1));
  if (command === undefined) return UNKNOWN;
  setWithSubcommands(selector, command, false);
  selector.rules.add(`-${command.fullName}`);
  return undefined;
}

function open(selector: Selector, rule: ByteString, commands: CommandTable): RuleProblem {
  const name = asWord(rule).slice(1);
  const bar = name.lastIndexOf("|");
  if (bar === -1) {
    const command = findByName(commands, name);
    if (command === undefined) return UNKNOWN;
    setWithSubcommands(selector, command, true);
    selector.rules.add(`+${command.fullName}`);
    return undefined;
  }
  const command = findByName(commands, name.slice(0, bar));
  if (command === undefined) return UNKNOWN;
  if (name.slice(0, bar).includes("|")) return FIRST_ARGUMENT_OF_SUBCOMMAND;
  const argument = name.slice(bar + 1);
  if (argument === "") return SYNTAX;
  if (command.subcommands.length > 0) {
    const subcommand = findByName(commands, name);
    if (subcommand === undefined) return UNKNOWN;
    setWithSubcommands(selector, subcommand, true);
  } else {
    // The text of its rules could not be read back.
    if (hasSpaces(argument)) return SYNTAX;
    if (!openWithArgument(selector, command, argument)) return TOO_MANY;
  }
  selector.rules.add(`+${name}`);
  return undefined;
}

/** @returns false where the command is open with too many arguments already */
function openWithArgument(
  selector: Selector,
  { id }: ExecutableCommand,
  argument: ByteString,
): boolean {
  // As arguments are compared with; see Arguments.is.
  const token = argument.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  selector.firstArguments ??= new Map();
  const known = selector.firstArguments.get(id);
  if (known === undefined) selector.firstArguments.set(id, [token]);
  else if (!known.includes(token)) {
    if (known.length >= MAX_FIRST_ARGUMENTS) return false;
    known.push(token);
  }
  return true;
}

function setWithSubcommands(
  selector: Selector,
  command: ExecutableCommand,
  isOpen: boolean,
): void {
  selector.setCommand(command, isOpen);
  selector.firstArguments?.delete(command.id);
  for (const subcommand of command.subcommands) selector.setCommand(subcommand, isOpen);
}

/** The command or subcommand of a name in lower case, such as `get` or `config|get`. */
function findByName(commands: CommandTable, name: ByteString): ExecutableCommand | undefined {
  const [first, second, ...more] = name.split("|").map(bytesOfByteString);
  const command = commands.find(first, 0, first.length);
  if (second === undefined || command === undefined) return command;
  return more.length > 0 ? undefined : command.subcommand(second, 0, second.length);
}
