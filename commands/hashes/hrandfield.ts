/** HRANDFIELD key [count [WITHVALUES]] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { signedCountArgument } from "../arguments/count_argument.ts";
import { asPair, MEMBER } from "../members/member_reply.ts";
import { checkPairCount, replyRandom } from "../members/random_reply.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { withoutExpired } from "./expired_fields.ts";
import { FIELD_AND_VALUE } from "./field_reply.ts";

const FIELD_VALUE_PAIR = asPair(FIELD_AND_VALUE);

register({
  name: "hrandfield",
  arity: -2,
  complexity: "O(N) with N fields answered",
  group: "hash",
  since: "6.2.0",
  summary: "Answers fields of a hash chosen at random.",
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
        { name: "withvalues", type: "pure-token", token: "WITHVALUES", optional: true },
      ],
    },
  ],
  run(call) {
    const { keyspace, reply } = call;
    const several = call.count > 2;
    const withValues = call.count > 3;
    const count = several ? signedCountArgument(call, 2) : 1;
    if (call.count > 4 || (withValues && !call.args.is(3, "WITHVALUES"))) throw SYNTAX_ERROR;
    if (withValues) checkPairCount(call, 2);
    const read = keyspace.hashes.read(call, 1);
    const hash = read === undefined ? undefined : withoutExpired(call, read);
    if (hash === undefined) return several ? reply.array(0) : reply.nil();
    if (!several) {
      hash.seekRandom(keyspace.randomInt);
      return MEMBER.write(reply, hash);
    }
    if (withValues) replyRandom(call, keyspace.pinnedHashes, hash, count, FIELD_VALUE_PAIR);
    else replyRandom(call, keyspace.pinnedHashes, hash, count, MEMBER);
  },
});
