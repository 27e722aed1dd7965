/**
 * What a plugin imports: `register`, and what commands are declared and written with. In the npm
 * package it is `ravel-server/commands`.
 *
 * @example
 * ```ts
 * import { register } from "ravel-server/commands";
 *
 * register({
 *   name: "greet",
 *   arity: 2,
 *   complexity: "O(1)",
 *   group: "module",
 *   since: "1.0.0",
 *   summary: "Greets whom you name.",
 *   flags: ["fast"],
 *   arguments: [{ name: "name", type: "string" }],
 *   run: ({ args, reply }) => reply.bulk(`Hello, ${args.text(1)}!`),
 * });
 * ```
 *
 * @module
 */

export {
  type AnyDeclaration,
  type ArgumentDeclaration,
  type CommandDeclaration,
  type ContainerDeclaration,
  countedKeys,
  countedPairs,
  key,
  keyAfter,
  keyByCall,
  type KeyFlag,
  keyFlagBits,
  keyRange,
  keysAfter,
  type KeySearch,
  type KeySpec,
  register,
  unknownKeys,
  withNotes,
} from "./registry.ts";
export type { Arguments } from "../protocol/arguments.ts";
export { ErrorReply, NO_SUCH_KEY, NOT_A_FLOAT, SYNTAX_ERROR } from "../protocol/error_reply.ts";
export type { Reply } from "../protocol/reply.ts";
export type { Call } from "../server/execution/call.ts";
export type { Client } from "../server/execution/client.ts";
export type { Frame } from "../server/execution/frame.ts";
export { type Collections, EMPTIED, MISSING } from "../server/keyspace/collections.ts";
export type { Database } from "../server/keyspace/database.ts";
export { Type } from "../server/keyspace/entry.ts";
export { event, type KeyEvent } from "../server/keyspace/key_event.ts";
export type { Keyspace } from "../server/keyspace/keyspace.ts";
export type { Strings } from "../server/keyspace/strings.ts";
export { NONE } from "../structures/arena/arena.ts";
export type { FieldMap } from "../structures/field_map/field_map.ts";
export type { List } from "../structures/list/list.ts";
export type { MemberSet } from "../structures/set/member_set.ts";
export type { SortedSet } from "../structures/sorted_set/sorted_set.ts";
