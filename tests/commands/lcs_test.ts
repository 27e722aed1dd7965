// LCS against redis-server: every option and error, strings of every encoding, its limit on memory,
// and random strings.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

const OPTIONS = [
  "",
  "LEN",
  "IDX",
  "IDX WITHMATCHLEN",
  "WITHMATCHLEN",
  "WITHMATCHLEN LEN",
  "IDX MINMATCHLEN 4",
  "idx minmatchlen 4 withMatchLen",
  "IDX MINMATCHLEN 0",
  "IDX MINMATCHLEN -5",
  "IDX MINMATCHLEN 5",
  "IDX MINMATCHLEN 9223372036854775807",
  "IDX MINMATCHLEN 9223372036854775808",
  "IDX MINMATCHLEN 4 MINMATCHLEN 2",
  "MINMATCHLEN 5",
  "IDX MINMATCHLEN abc",
  'IDX MINMATCHLEN ""',
  "IDX MINMATCHLEN",
  "IDX LEN",
  "LEN IDX WITHMATCHLEN",
  "LEN LEN",
  "IDX IDX",
  "LENGTH",
  "IDX 4",
];

const KEYS = [
  "a b",
  "b a",
  "a a",
  "a missing",
  "missing a",
  "missing gone",
  "n m",
  "n n",
  "empty a",
];

const SCRIPT = `
  SET a ohmytext
  SET b mynewtext
  SET n 1234567
  SET m 9134560
  SET empty ""
  SET raw x
  APPEND raw "abcdefghij"
  SET other "xxabcyyefghzz"
  ${KEYS.flatMap((keys) => OPTIONS.map((options) => `LCS ${keys} ${options}`)).join("\n")}
  LCS raw other
  LCS raw other IDX WITHMATCHLEN
  LCS raw n
  LCS n raw LEN
  SET k "\\x00\\xff\\x00\\xfe"
  SET l "\\xff\\x00\\xfe\\x00"
  LCS k l
  LCS k l IDX
  RPUSH list x
  LCS list a
  LCS a list
  LCS missing list
  LCS list list IDX LEN
  LCS list a BOGUS
  LCS
  LCS a
  SET expired x PX 1
  LCS a b BOGUS
  TYPE a
`;

for (const resp3 of [false, true]) {
  comparison(`LCS, RESP${resp3 ? 3 : 2}`, SCRIPT, { resp3 });
}

// 1024 × 1024 cells of 4 bytes are all that may be.
const MAX = 4 * 1024 * 1024;
comparison(
  "LCS of strings for which Redis's table would be too large",
  `
  SETRANGE a 1022 x
  SETRANGE b 1022 x
  LCS a b LEN
  APPEND b y
  LCS a b
  LCS a b IDX
  LCS a b LEN
  LCS b missing LEN
  SETRANGE long 1048575 x
  LCS long missing LEN
  LCS long missing
  LCS a long
  `,
  { directives: { "proto-max-bulk-len": String(MAX) } },
);

Deno.test({
  name: "LCS of random strings is what redis-server finds",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const text = fc.string({ unit: fc.constantFrom("0", "1", "2"), maxLength: 150 });
    const minLength = fc.constantFrom("0", "1", "2", "3", "10");
    await fc.assert(
      fc.asyncProperty(text, text, minLength, async (a, b, min) => {
        for (
          const request of [
            ["MSET", "a", a, "b", b],
            ["LCS", "a", "b"],
            ["LCS", "a", "b", "LEN"],
            ["LCS", "a", "b", "IDX", "WITHMATCHLEN", "MINMATCHLEN", min],
          ]
        ) assertEquals(await ours.ask(...request), await theirs.ask(...request));
      }),
      { numRuns: 150 },
    );
  },
});
