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
const MAX_RULE_BYTES = 64 * 1024;
const TOO_LONG = `A rule has at most ${MAX_RULE_BYTES} bytes`;

/** What a rule was found to be: done, or what is wrong with it. */
export type RuleProblem = string | undefined;

/** Applies one rule to a selector, or says what is wrong and changes nothing. O(commands). */
export function applySelectorRule(
  selector: Selector,
  rule: ByteString,
  commands: CommandTable,
): RuleProblem {
  if (rule.length > MAX_RULE_BYTES) return TOO_LONG;
  switch (asWord(rule)) {
    case "allkeys":
    case "~*":
      selector.allKeys = true;
      selector.keys = [];
      return undefined;
    case "resetkeys":
      selector.allKeys = false;
      selector.keys = [];
      return undefined;
    case "allchannels":
    case "&*":
      selector.allChannels = true;
      selector.channels = [];
      return undefined;
    case "resetchannels":
      selector.allChannels = false;
      selector.channels = [];
      return undefined;
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
      if (selector.rules.length >= MAX_PATTERNS) return TOO_MANY;
      if (rule[1] === "@") return setCategory(selector, rule, commands);
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
  const at = keys.findIndex((pattern) => pattern.text === text);
  if (at === -1 && keys.length >= MAX_PATTERNS) return TOO_MANY;
  if (at === -1) selector.keys = [...keys, new KeyPattern(text, access)];
  else selector.keys = keys.with(at, new KeyPattern(text, keys[at].access | access));
  return undefined;
}

function addChannels(selector: Selector, text: ByteString): RuleProblem {
  if (selector.allChannels) return CHANNEL_AFTER_ALL;
  if (hasSpaces(text)) return SYNTAX;
  const { channels } = selector;
  if (channels.some((pattern) => pattern.text === text)) return undefined;
  if (channels.length >= MAX_PATTERNS) return TOO_MANY;
  selector.channels = [...channels, new NamePattern(text)];
  return undefined;
}

function setCategory(selector: Selector, rule: ByteString, commands: CommandTable): RuleProblem {
  const isOpen = rule[0] === "+";
  const word = asWord(rule);
  const bit = categoryBit(word.slice(2));
  if (bit === 0) return UNKNOWN;
  noteRule(selector, word);
  for (const command of commands.all()) {
    if ((command.categories & bit) !== 0) setWithSubcommands(selector, command, isOpen);
  }
  return undefined;
}

function close(selector: Selector, rule: ByteString, commands: CommandTable): RuleProblem {
  const command = findByName(commands, asWord(rule).slice(1));
  if (command === undefined) return UNKNOWN;
  setWithSubcommands(selector, command, false);
  noteRule(selector, `-${command.fullName}`);
  return undefined;
}

function open(selector: Selector, rule: ByteString, commands: CommandTable): RuleProblem {
  const name = asWord(rule).slice(1);
  const bar = name.lastIndexOf("|");
  if (bar === -1) {
    const command = findByName(commands, name);
    if (command === undefined) return UNKNOWN;
    setWithSubcommands(selector, command, true);
    noteRule(selector, `+${command.fullName}`);
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
    openWithArgument(selector, command, argument);
  }
  noteRule(selector, `+${name}`);
  return undefined;
}

function openWithArgument(
  selector: Selector,
  { id }: ExecutableCommand,
  argument: ByteString,
): void {
  const known = selector.firstArguments.get(id) ?? [];
  // As arguments are compared with; see Arguments.is.
  const token = argument.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  if (known.includes(token)) return;
  selector.firstArguments = new Map(selector.firstArguments).set(id, [...known, token]);
}

function setWithSubcommands(
  selector: Selector,
  command: ExecutableCommand,
  isOpen: boolean,
): void {
  selector.setCommand(command, isOpen);
  if (selector.firstArguments.has(command.id)) {
    const others = new Map(selector.firstArguments);
    others.delete(command.id);
    selector.firstArguments = others;
  }
  for (const subcommand of command.subcommands) selector.setCommand(subcommand, isOpen);
}

/** Adds a rule to the text, in place of those that are about the same or a part of it. */
function noteRule(selector: Selector, rule: ByteString): void {
  const name = rule.slice(1);
  selector.rules = [
    ...selector.rules.filter((other) =>
      other.slice(1) !== name && !other.startsWith(`${name}|`, 1)
    ),
    rule,
  ];
}

/** The command or subcommand of a name in lower case, such as `get` or `config|get`. */
function findByName(commands: CommandTable, name: ByteString): ExecutableCommand | undefined {
  const [first, second, ...more] = name.split("|").map(bytesOfByteString);
  const command = commands.find(first, 0, first.length);
  if (second === undefined || command === undefined) return command;
  return more.length > 0 ? undefined : command.subcommand(second, 0, second.length);
}
