/**
 * ACL categories: `@read`, `@dangerous` and the rest, as COMMAND reports them and rules of users name
 * them. Most follow from what a declaration says anyway; it names only the others.
 */

import { ACL_CATEGORIES, categoryBit } from "../server/acl/categories.ts";
import type { AnyDeclaration, CommandGroup } from "./declaration.ts";

/** The category that the commands of a group have in common. */
const GROUP_CATEGORIES: Readonly<Partial<Record<CommandGroup, string>>> = {
  generic: "keyspace",
  string: "string",
  list: "list",
  set: "set",
  "sorted-set": "sortedset",
  hash: "hash",
  bitmap: "bitmap",
  hyperloglog: "hyperloglog",
  geo: "geo",
  stream: "stream",
  scripting: "scripting",
  connection: "connection",
  transactions: "transaction",
};

/** A declaration's categories, without `@`, in the order of {@linkcode ACL_CATEGORIES}. */
export function aclCategories({ categories = [], flags, group, run }: AnyDeclaration): string[] {
  const found = new Set(categories);
  for (const flag of flags) {
    // A script that must not write does more than to read.
    if (flag === "readonly" && group !== "scripting") found.add("read");
    else if (flag === "write" || flag === "pubsub" || flag === "blocking") found.add(flag);
    else if (flag === "admin") found.add("admin").add("dangerous");
  }
  found.add(flags.includes("fast") ? "fast" : "slow");
  const ofGroup = GROUP_CATEGORIES[group];
  // A name that only holds subcommands together does nothing that a category could be about.
  // Generic commands about the connection, such as WAIT, or about some types, such as SORT, are not
  // about keys as such.
  const isOfOthers = group === "generic" && (found.has("connection") || found.has("list"));
  if (ofGroup !== undefined && run !== undefined && !isOfOthers) found.add(ofGroup);
  return ACL_CATEGORIES.filter((category) => found.has(category));
}

/** The same as bits, each the place of a category among {@linkcode ACL_CATEGORIES}. */
export function aclCategoryBits(declaration: AnyDeclaration): number {
  return aclCategories(declaration).reduce((bits, name) => bits | categoryBit(name), 0);
}
