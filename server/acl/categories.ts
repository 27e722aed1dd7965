/** The categories of commands that rules name: `@read`, `@dangerous` and the rest. */

/** Every category, in the order in which COMMAND INFO and ACL CAT list them; the place is the bit. */
export const ACL_CATEGORIES = [
  "keyspace",
  "read",
  "write",
  "set",
  "sortedset",
  "list",
  "hash",
  "string",
  "bitmap",
  "hyperloglog",
  "geo",
  "stream",
  "pubsub",
  "admin",
  "fast",
  "slow",
  "blocking",
  "dangerous",
  "connection",
  "transaction",
  "scripting",
] as const;

/** The bit of the category of that name, given in lower case; 0 for none. */
export function categoryBit(name: string): number {
  const place = (ACL_CATEGORIES as readonly string[]).indexOf(name);
  return place === -1 ? 0 : 1 << place;
}
