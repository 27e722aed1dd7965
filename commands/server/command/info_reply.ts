/** What COMMAND and COMMAND INFO answer of a command: ten values, as clients index them. */

import type { Reply } from "../../../protocol/reply.ts";
import { aclCategories } from "../../acl_categories.ts";
import type { Command, CommandFlag, KeyFlag, KeyPositions } from "../../registry.ts";

const FLAG_ORDER: readonly CommandFlag[] = [
  "write",
  "readonly",
  "denyoom",
  "admin",
  "pubsub",
  "noscript",
  "blocking",
  "loading",
  "stale",
  "skip_monitor",
  "skip_slowlog",
  "fast",
  "no_auth",
  "no_async_loading",
  "no_multi",
  "movablekeys",
  "allow_busy",
];

const KEY_FLAG_ORDER: readonly KeyFlag[] = [
  "RO",
  "RW",
  "OW",
  "RM",
  "access",
  "update",
  "insert",
  "delete",
  "not_key",
  "incomplete",
  "variable_flags",
];

/** Writes the ten values; the last are its subcommands' own. */
export function writeCommandInfo(reply: Reply, command: Command): void {
  const { arity, declaration, fullName, keys, subcommands } = command;
  reply.array(10);
  reply.bulk(fullName);
  reply.integer(arity);
  writeStatuses(reply, FLAG_ORDER.filter((flag) => declaration.flags.includes(flag)));
  const [first, last, step] = keyRange(keys);
  reply.integer(first);
  reply.integer(last);
  reply.integer(step);
  writeStatuses(reply, aclCategories(command).map((category) => `@${category}`));
  const { tips = [] } = declaration;
  reply.set(tips.length);
  for (const tip of tips) reply.bulk(tip);
  reply.set(keys.length);
  for (const positions of keys) writeKeySpecification(reply, positions);
  if (subcommands.length === 0) return reply.set(0);
  reply.array(subcommands.length);
  for (const subcommand of subcommands) writeCommandInfo(reply, subcommand);
}

/** A set of status words. */
export function writeStatuses(reply: Reply, words: readonly string[]): void {
  reply.set(words.length);
  for (const word of words) reply.status(word);
}

/** A key specification's flags, in their order. */
export function keyFlags({ flags = [] }: KeyPositions): KeyFlag[] {
  return KEY_FLAG_ORDER.filter((flag) => flags.includes(flag));
}

/** One range over all specifications, as clients knew it before there were several. */
function keyRange(keys: readonly KeyPositions[]): [first: number, last: number, step: number] {
  if (keys.length === 0) return [0, 0, 0];
  const { first, step } = keys[0];
  const { last } = keys[keys.length - 1];
  return [first, last, step];
}

function writeKeySpecification(reply: Reply, positions: KeyPositions): void {
  const { first, last, step, notes } = positions;
  reply.map(notes === undefined ? 3 : 4);
  if (notes !== undefined) {
    reply.bulk("notes");
    reply.bulk(notes);
  }
  reply.bulk("flags");
  writeStatuses(reply, keyFlags(positions));
  reply.bulk("begin_search");
  writeSearch(reply, "index", [["index", first]]);
  reply.bulk("find_keys");
  writeSearch(reply, "range", [
    ["lastkey", last < 0 ? last : last - first],
    ["keystep", step],
    ["limit", 0],
  ]);
}

function writeSearch(
  reply: Reply,
  type: string,
  fields: readonly (readonly [name: string, value: number])[],
): void {
  reply.map(2);
  reply.bulk("type");
  reply.bulk(type);
  reply.bulk("spec");
  reply.map(fields.length);
  for (const [name, value] of fields) {
    reply.bulk(name);
    reply.integer(value);
  }
}
