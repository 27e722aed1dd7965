/** HRANDFIELD and ZRANDMEMBER: members chosen at random, and with each what it belongs to or has. */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import type { PinnedMembers } from "../../server/keyspace/pinned_members.ts";
import { signedCountArgument } from "../arguments/count_argument.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { asPair, MEMBER, type MemberForm, type Members, type SeenField } from "./member_reply.ts";
import { checkPairCount, replyRandom } from "./random_reply.ts";

/** What differs between the commands. */
export interface RandomForm<View extends Members>
  extends Pick<CommandDeclaration, "name" | "group" | "summary"> {
  /** What is counted: "fields" or "members". */
  readonly counted: string;
  /** The word that asks for pairs, in capitals. */
  readonly withWord: string;
  /** A member and what it has. */
  readonly pair: MemberForm<View | SeenField>;
  /** The collection in argument 1; undefined where there is none. */
  readonly read: (call: Call) => View | undefined;
  /** What keeps a collection as it is while a reply is sent in pieces. */
  readonly pins: (keyspace: Keyspace) => PinnedMembers<View>;
}

/** The declaration of a command that answers members chosen at random. */
export function randomCommand<View extends Members>(form: RandomForm<View>): CommandDeclaration {
  const { counted, group, name, pins, read, summary, withWord } = form;
  const pair = asPair(form.pair);
  return {
    name,
    arity: -2,
    complexity: `O(N) with N ${counted} answered`,
    group,
    since: "6.2.0",
    summary,
    flags: ["readonly"],
    tips: ["nondeterministic_output"],
    keys: key(1, "RO", "access"),
    arguments: [
      { name: "key", type: "key" },
      {
        name: "options",
        type: "block",
        optional: true,
        arguments: [
          { name: "count", type: "integer" },
          {
            name: withWord.toLowerCase(),
            type: "pure-token",
            token: withWord,
            optional: true,
          },
        ],
      },
    ],
    run(call) {
      const { keyspace, reply } = call;
      const several = call.count > 2;
      const inPairs = call.count > 3;
      const count = several ? signedCountArgument(call, 2) : 1;
      if (call.count > 4 || (inPairs && !call.args.is(3, withWord))) throw SYNTAX_ERROR;
      if (inPairs) checkPairCount(call, 2);
      const view = read(call);
      if (view === undefined) return several ? reply.array(0) : reply.nil();
      if (!several) {
        view.seekRandom(keyspace.randomInt);
        return MEMBER.write(reply, view);
      }
      replyRandom(call, pins(keyspace), view, count, inPairs ? pair : MEMBER);
    },
  };
}
