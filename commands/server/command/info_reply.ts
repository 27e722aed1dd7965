/** What COMMAND and COMMAND INFO answer of a command: ten values, as clients index them. */

import type { Reply } from "../../../protocol/reply.ts";
import { keyFlagsOf, type KeySpec } from "../../../server/execution/key_spec.ts";
import { aclCategories } from "../../acl_categories.ts";
import type { Command } from "../../command.ts";
import { COMMAND_FLAGS } from "../../declaration.ts";
import { keyRangeOf } from "../../key_range.ts";

/** Flags that Redis keeps to itself. */
const NOT_SHOWN: ReadonlySet<string> = new Set([
  "may_replicate",
  "sentinel",
  "only_sentinel",
  "protected",
  "touches_arbitrary_keys",
]);

/** Every flag, the derived ones at their places, in the order in which they are listed. */
const FLAG_ORDER: readonly string[] = COMMAND_FLAGS.filter((flag) => !NOT_SHOWN.has(flag))
  .flatMap((flag) =>
    flag === "admin" ? ["module", flag] : flag === "allow_busy" ? ["movablekeys", flag] : [flag]
  );

/** Writes the ten values; the last are its subcommands' own. */
export function writeCommandInfo(reply: Reply, command: Command): void {
  const { arity, declaration, fullName, keySpecs, subcommands } = command;
  const { first, last, step } = keyRangeOf(keySpecs);
  reply.array(10);
  reply.bulk(fullName);
  reply.integer(arity);
  writeStatuses(reply, flagsOf(command));
  reply.integer(first);
  reply.integer(last);
  reply.integer(step);
  writeStatuses(reply, aclCategories(command.declaration).map((category) => `@${category}`));
  const { tips = [] } = declaration;
  reply.set(tips.length);
  for (const tip of tips) reply.bulk(tip);
  reply.set(keySpecs.length);
  for (const spec of keySpecs) writeKeySpecification(reply, spec);
  if (subcommands.length === 0) return reply.set(0);
  reply.array(subcommands.length);
  for (const subcommand of subcommands) writeCommandInfo(reply, subcommand);
}

/** A set of status words. */
export function writeStatuses(reply: Reply, words: readonly string[]): void {
  reply.set(words.length);
  for (const word of words) reply.status(word);
}

function flagsOf({ declaration, hasMovableKeys }: Command): string[] {
  const flags = new Set<string>(declaration.flags);
  if (declaration.group === "module") flags.add("module");
  if (hasMovableKeys) flags.add("movablekeys");
  return FLAG_ORDER.filter((flag) => flags.has(flag));
}

function writeKeySpecification(reply: Reply, { begin, find, flags, notes }: KeySpec): void {
  reply.map(notes === undefined ? 3 : 4);
  if (notes !== undefined) {
    reply.bulk("notes");
    reply.bulk(notes);
  }
  reply.bulk("flags");
  writeStatuses(reply, keyFlagsOf(flags));
  reply.bulk("begin_search");
  if (begin.type === "index") {
    writeSearch(reply, "index", [["index", begin.index]]);
  } else if (begin.type === "keyword") {
    writeSearch(reply, "keyword", [["keyword", begin.keyword], ["startfrom", begin.startFrom]]);
  } else {
    writeSearch(reply, "unknown", []);
  }
  reply.bulk("find_keys");
  if (find.type === "range") {
    const { lastKey, limit, step } = find;
    writeSearch(reply, "range", [["lastkey", lastKey], ["keystep", step], ["limit", limit]]);
  } else if (find.type === "keynum") {
    const { firstKey, keyNumIndex, step } = find;
    writeSearch(reply, "keynum", [
      ["keynumidx", keyNumIndex],
      ["firstkey", firstKey],
      ["keystep", step],
    ]);
  } else {
    writeSearch(reply, "unknown", []);
  }
}

function writeSearch(
  reply: Reply,
  type: string,
  fields: readonly (readonly [name: string, value: string | number])[],
): void {
  reply.map(2);
  reply.bulk("type");
  reply.bulk(type);
  reply.bulk("spec");
  reply.map(fields.length);
  for (const [name, value] of fields) {
    reply.bulk(name);
    if (typeof value === "number") reply.integer(value);
    else reply.bulk(value);
  }
}
