/** What COMMAND DOCS answers of a command: its declaration, for people. */

import type { Reply } from "../../../protocol/reply.ts";
import type { Command } from "../../command.ts";
import type { ArgumentDeclaration } from "../../declaration.ts";
import { writeStatuses } from "./info_reply.ts";

/** One field of a map: its name, and what writes its value. */
type Field = readonly [name: string, write: (reply: Reply) => void];

/** Writes a command's name and the map of all there is to say of it. */
export function writeCommandDocs(reply: Reply, command: Command): void {
  const { declaration, fullName, subcommands } = command;
  const { deprecatedSince, replacedBy, history = [], isSystemCommand } = declaration;
  const docFlags = [
    ...(deprecatedSince === undefined ? [] : ["deprecated"]),
    ...(isSystemCommand ? ["syscmd"] : []),
  ];
  const fields: Field[] = [
    text("summary", declaration.summary),
    text("since", declaration.since),
    text("group", declaration.group),
    text("complexity", declaration.complexity),
  ];
  if (docFlags.length > 0) fields.push(["doc_flags", (reply) => writeStatuses(reply, docFlags)]);
  if (deprecatedSince !== undefined) fields.push(text("deprecated_since", deprecatedSince));
  if (replacedBy !== undefined) fields.push(text("replaced_by", replacedBy));
  if (history.length > 0) fields.push(["history", (reply) => writeHistory(reply, history)]);
  if (declaration.arguments !== undefined) {
    fields.push(argumentList(declaration.arguments, command));
  }
  if (subcommands.length > 0) {
    fields.push(["subcommands", (reply) => {
      reply.map(subcommands.length);
      for (const subcommand of subcommands) writeCommandDocs(reply, subcommand);
    }]);
  }
  reply.bulk(fullName);
  writeFields(reply, fields);
}

function text(name: string, value: string): Field {
  return [name, (reply) => reply.bulk(value)];
}

function writeFields(reply: Reply, fields: readonly Field[]): void {
  reply.map(fields.length);
  for (const [name, write] of fields) {
    reply.bulk(name);
    write(reply);
  }
}

function writeHistory(reply: Reply, history: readonly (readonly [string, string])[]): void {
  reply.set(history.length);
  for (const [version, change] of history) {
    reply.array(2);
    reply.bulk(version);
    reply.bulk(change);
  }
}

function argumentList(list: readonly ArgumentDeclaration[], command: Command): Field {
  return ["arguments", (reply) => {
    reply.array(list.length);
    for (const argument of list) writeFields(reply, argumentFields(argument, command));
  }];
}

function argumentFields(argument: ArgumentDeclaration, command: Command): Field[] {
  const { name, type, token, summary, since, deprecatedSince } = argument;
  const fields: Field[] = [text("name", name), text("type", type)];
  if (type !== "oneof" && type !== "block") {
    fields.push(text("display_text", argument.displayText ?? name));
  }
  if (type === "key" || argument.keySpec !== undefined) {
    const index = argument.keySpec ?? keySpecificationOf(argument, command);
    fields.push(["key_spec_index", (reply) => reply.integer(index)]);
  }
  if (token !== undefined) fields.push(text("token", token));
  if (summary !== undefined) fields.push(text("summary", summary));
  if (since !== undefined) fields.push(text("since", since));
  if (deprecatedSince !== undefined) fields.push(text("deprecated_since", deprecatedSince));
  const flags = [
    ...(argument.optional ? ["optional"] : []),
    ...(argument.multiple ? ["multiple"] : []),
    ...(argument.multipleToken ? ["multiple_token"] : []),
  ];
  if (flags.length > 0) fields.push(["flags", (reply) => writeStatuses(reply, flags)]);
  if (argument.arguments !== undefined) fields.push(argumentList(argument.arguments, command));
  return fields;
}

/** Key arguments and key specifications are declared in the same order. */
function keySpecificationOf(argument: ArgumentDeclaration, command: Command): number {
  const keyArguments = allArguments(command.declaration.arguments).filter((a) => a.type === "key");
  return Math.min(keyArguments.indexOf(argument), Math.max(0, command.keySpecs.length - 1));
}

function allArguments(list: readonly ArgumentDeclaration[] = []): ArgumentDeclaration[] {
  return list.flatMap((argument) => [argument, ...allArguments(argument.arguments)]);
}
