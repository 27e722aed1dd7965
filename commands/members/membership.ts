/**
 * What is asked of collections alike: SISMEMBER and HEXISTS; SCARD, HLEN, LLEN and ZCARD. Forms for
 * their declarations.
 */

import type { Call } from "../../server/execution/call.ts";
import type { Collections, CollectionView } from "../../server/keyspace/collections.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration, CommandGroup } from "../registry.ts";

/** What differs between the commands that count elements. */
export interface CountForm<View extends CollectionView> {
  name: string;
  group: CommandGroup;
  since: string;
  summary: string;
  /** The collections that it counts in. */
  of(keyspace: Keyspace): Collections<View>;
}

/** The declaration of a command that answers the number of elements, 0 where there is no key. */
export function countCommand<View extends CollectionView>(
  { of, ...declared }: CountForm<View>,
): CommandDeclaration {
  return {
    ...declared,
    arity: 2,
    complexity: "O(1)",
    flags: ["readonly", "fast"],
    keys: key(1, "RO"),
    arguments: [{ name: "key", type: "key" }],
    run: (call) => call.reply.integer(of(call.keyspace).read(call, 1)?.count ?? 0),
  };
}

/** What tells members by their bytes. */
interface FindingView extends CollectionView {
  find(bytes: Uint8Array, start: number, length: number): boolean;
}

/** Replies whether argument 2 is a member, and returns what was looked into. O(1) in a table. */
export function tellMembership<View extends FindingView>(
  call: Call,
  collections: Collections<View>,
): View | undefined {
  const { args, reply } = call;
  const view = collections.read(call, 1);
  const found = view !== undefined && view.find(args.bytes, args.start(2), args.length(2));
  reply.integer(found ? 1 : 0);
  return view;
}
