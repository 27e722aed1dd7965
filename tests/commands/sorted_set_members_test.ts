// ZRANGESTORE, ZRANDMEMBER and ZSCAN in either encoding, in RESP2 and RESP3: the replies are
// redis-server's.

import { comparison } from "../harness/comparison.ts";

/** Settings under which every sorted set is a listpack, or a tree from its first element on. */
const ENCODINGS: Readonly<Record<string, Record<string, string>>> = {
  listpack: {},
  tree: { "zset-max-listpack-entries": "0" },
};

/** Registers a comparison for both encodings and both dialects. */
function everywhere(name: string, script: string): void {
  for (const [encoding, directives] of Object.entries(ENCODINGS)) {
    comparison(`${name}, ${encoding}, RESP2`, script, { directives });
    comparison(`${name}, ${encoding}, RESP3`, script, { directives, resp3: true });
  }
}

everywhere(
  "ZRANGESTORE, ZRANDMEMBER and ZSCAN",
  `
  ZADD z 1 a 2 b 2.5 c 0.125 d -0 e inf f -inf g 1e20 h -3 i 12345678901 j
  ~~ZSCAN z 0 COUNT 1000
  ZSCAN z 0 MATCH a COUNT 1000
  ~~ZSCAN z 0 MATCH ? COUNT 1000
  ~~ZSCAN z 0 COUNT 1000
  ZSCAN z 0 COUNT 0
  ZSCAN z 0 COUNT x
  ZSCAN z 0 NOVALUES
  ZSCAN z x
  ZSCAN z 0 MATCH
  ZSCAN z 0 TYPE zset
  ZSCAN z
  ZSCAN nosuch 0 foo
  ZSCAN nosuch 0
  ZRANDMEMBER
  ZRANDMEMBER z x
  ZRANDMEMBER z 100
  ZRANDMEMBER z 100 WITHSCORES
  ZRANDMEMBER z 100 withscores x
  ZRANDMEMBER z 100 foo
  ZRANDMEMBER z 0
  ZRANDMEMBER z 0 WITHSCORES
  ZRANDMEMBER z 9223372036854775807
  ZRANDMEMBER z 9223372036854775808
  ZRANDMEMBER z -9223372036854775808
  ZRANDMEMBER z 4611686018427387904 WITHSCORES
  ZRANDMEMBER z -4611686018427387904 WITHSCORES
  ZRANDMEMBER z 4611686018427387903 WITHSCORES
  ZRANDMEMBER nosuch
  ZRANDMEMBER nosuch 5
  ZRANDMEMBER nosuch -5 WITHSCORES
  SET s x
  ZRANDMEMBER s
  ZRANDMEMBER s 1
  ZRANDMEMBER s foo
  ZSCAN s 0
  ZSCAN s 0 foo
  ZRANGESTORE
  ZRANGESTORE d z 0
  ZRANGESTORE d z 0 -1
  OBJECT ENCODING d
  ZRANGE d 0 -1 WITHSCORES
  ZRANGESTORE d z 2 4 REV
  OBJECT ENCODING d
  ZRANGE d 0 -1 WITHSCORES
  ZRANGESTORE d z 1 3 BYSCORE
  OBJECT ENCODING d => $8|skiplist
  ZRANGE d 0 -1 WITHSCORES
  ZRANGESTORE d z 3 1 BYSCORE REV LIMIT 0 2
  ZRANGE d 0 -1 WITHSCORES
  ZRANGESTORE d z (1 3 BYSCORE LIMIT 1 1
  ZRANGE d 0 -1 WITHSCORES
  ZRANGESTORE d z - + BYLEX LIMIT 1 4
  ZRANGE d 0 -1 WITHSCORES
  ZRANGESTORE d z + - BYLEX REV LIMIT 1 4
  ZRANGE d 0 -1 WITHSCORES
  ZADD lex 0 a 0 b 0 c 0 d
  ZRANGESTORE d lex [a (c BYLEX
  ZRANGESTORE d z 0 -1 WITHSCORES
  ZRANGESTORE d z 0 -1 LIMIT 0 1
  ZRANGESTORE d z 0 -1 LIMIT 0 -1
  ZRANGESTORE d z 0 x
  ZRANGESTORE d z 0 x BYSCORE
  ZRANGESTORE d z 0 1 BYLEX
  ZRANGESTORE d z 0 1 BYLEX WITHSCORES
  ZRANGESTORE d z 0 1 BYSCORE BYLEX
  ZRANGESTORE d z 0 1 REV REV
  ZRANGESTORE d z 5 1
  EXISTS d
  ZRANGESTORE d s 0 1
  ZRANGESTORE d s foo 1
  ZRANGESTORE s z 0 1
  TYPE s
  TTL s
  EXPIRE s 100
  ZRANGESTORE s z 0 2
  TTL s
  ZRANGESTORE s nosuch 0 1
  EXISTS s
  ZRANGESTORE z z 0 2
  ZRANGE z 0 -1
  ZRANGESTORE z z 1 0
  EXISTS z
  ZRANGESTORE nosuch z 1 0
  ZADD L 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 2 b
  ZRANGESTORE d L 0 0
  OBJECT ENCODING d
  ZRANGESTORE d L 1 1
  OBJECT ENCODING d
  ZRANGESTORE L L 1 1
  OBJECT ENCODING L
  COMMAND GETKEYS ZRANGESTORE a b 0 1
  COMMAND GETKEYSANDFLAGS ZRANGESTORE a b 0 1
  `,
);
