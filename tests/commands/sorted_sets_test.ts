// Sorted sets in either encoding, in RESP2 and RESP3: the replies are redis-server's.

import { assertEquals } from "@std/assert";
import { comparison, wordsOf } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

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
  "ZADD, ZSCORE, ZCARD, ZREM and ZRANK",
  `
  ZADD
  ZADD z
  ZADD z 1
  ZADD z 1 a
  ZADD z 1 a 2
  ZADD z 1 a
  ZADD z 2 a 3 b 2 c 5 b
  ZADD z CH 2 a 4 b 9 d
  ZADD z a 1
  ZADD z 1 x b y
  ZSCORE z x
  ZADD z NX
  ZADD z NX a
  ZADD z NX 1
  ZADD z NX XX 1 a
  ZADD z NX GT 1 a
  ZADD z NX LT 1 a
  ZADD z GT LT 1 a
  ZADD z XX GT LT 1 a
  ZADD z NX XX GT 1
  ZADD z NX XX GT x a
  ZADD z NX x a
  ZADD z INCR 1 a 2 b
  ZADD z INCR INCR 1 a
  ZADD z 1 a INCR
  ZADD z FOO 1 a
  ZADD z ch nx 7 a 8 e
  ZADD z xx ch 7 a 8 f
  ZADD z xx 8 f
  ZADD z Gt cH 6 a 9 e 1 g
  ZADD z GT CH 8 a
  ZADD z LT CH 9 a 1 e 5 h
  ZADD z XX GT CH 100 a 100 nosuch
  ZADD z XX LT CH 100 a -100 b
  ZADD z INCR 5 a
  ZADD z INCR -5.5 a
  ZADD z INCR 5 new
  ZADD z NX INCR 5 a
  ZADD z NX INCR 5 new2
  ZADD z XX INCR 5 nosuch
  ZADD z XX INCR 5 a
  ZADD z GT INCR -5 a
  ZADD z GT INCR 5 a
  ZADD z LT INCR 5 a
  ZADD z LT INCR -5 a
  ZADD z CH INCR 0 a
  ZADD z GT INCR 0 a
  ZADD missing XX 1 a
  ZADD missing XX INCR 1 a
  ZADD missing XX CH 1 a
  ZADD missing INCR x a
  ZADD missing INCR nan a
  EXISTS missing
  ZADD fresh LT INCR 3 a
  ZADD fresh 1 a 2 a 3 a
  ZADD fresh CH 1 a 2 a 2 a
  ZRANGE z 0 -1 WITHSCORES
  ZSCORE
  ZSCORE z
  ZSCORE z a
  ZSCORE z nosuch
  ZSCORE nosuch a
  ZSCORE z a b
  ZCARD
  ZCARD z
  ZCARD nosuch
  ZCARD z z
  ZRANK z a
  ZRANK z nosuch
  ZRANK nosuch a
  ZRANK z
  ZREM
  ZREM z
  ZREM nosuch a
  ZREM z nosuch
  ZREM z a a nosuch b
  ZRANGE z 0 -1
  ZREM z c d e f g h new new2 x more
  ZCARD z
  EXISTS z
  ZREM z a
  ZADD z 1 a
  ZREM z a b
  TYPE z
  DBSIZE
  `,
);

// Scores whose text is the same in 17 digits, as the installed version prints them, and in the
// fewest that do.
everywhere(
  "scores",
  `
  ZADD z inf pinf -inf ninf +inf pinf2 Infinity pinf3 -INFINITY ninf2
  ZADD z 0x10 hex -0x1P2 hex2 1e3 exponent .5 half 5. five +7 seven 007 padded
  ZADD z 1.5 x -2.75 y 0.125 z 1e-3x bad
  ZADD z 1.5 x -2.75 y 0.125 z 3 ok
  ZADD z 9007199254740992 a 9007199254740993 b -9007199254740992 c
  ZADD z nan n
  ZADD z -nan n
  ZADD z "" n
  ZADD z " 1" n
  ZADD z "1 " n
  ZADD z "1\\x00" n
  ZADD z 1,5 n
  ZADD z 1e400 n
  ZADD z -1e400 n
  ZADD z 1e-400 n
  ZADD z (1 n
  ZADD z +-1 n
  ZADD z 0x n
  ZADD z -0 zero
  ZSCORE z zero
  ZADD z CH 0 zero
  ZADD z INCR 0 zero
  ZADD z INCR -0 zero2
  ZRANGE z 0 -1 WITHSCORES
  ZADD z INCR inf ninf
  ZADD z INCR -inf pinf
  ZADD z NX INCR -inf pinf
  ZADD z XX INCR -inf pinf
  ZADD z INCR inf pinf
  ZSCORE z pinf
  ZSCORE z ninf
  ZADD z INCR 1e308 big
  ZADD z INCR 1e308 big
  ZADD z INCR 1.7e308 big
  ZADD z 0.5 r INCR 1
  ZREM z a b c n zero
  ZRANGE z 0 -1 WITHSCORES
  ZRANGE z -inf +inf BYSCORE WITHSCORES
  ZRANGE z (-inf (+inf BYSCORE WITHSCORES
  ZRANGE z inf inf BYSCORE
  ZRANGE z -inf -inf BYSCORE
  `,
);

everywhere(
  "ranges by the names of old",
  `
  ZADD z 1 a 2 b 2 c 2.5 d 4 e 4 f inf g -inf h
  ZRANGEBYSCORE z -inf +inf
  ZRANGEBYSCORE z -inf +inf WITHSCORES
  ZRANGEBYSCORE z (1 4
  ZRANGEBYSCORE z (2 (4 withscores
  ZRANGEBYSCORE z 4 1
  ZRANGEBYSCORE z (2 (2
  ZRANGEBYSCORE z 2 2 LIMIT 1 5
  ZRANGEBYSCORE z 1 4 LIMIT 1 2 WITHSCORES
  ZRANGEBYSCORE z 1 4 WITHSCORES LIMIT 0 -1
  ZRANGEBYSCORE z 1 4 LIMIT -1 2
  ZRANGEBYSCORE z 1 4 LIMIT 10 2
  ZRANGEBYSCORE z 1 4 LIMIT 1
  ZRANGEBYSCORE z 1 4 LIMIT x 1
  ZRANGEBYSCORE z 1 4 REV
  ZRANGEBYSCORE z 1 4 BYSCORE
  ZRANGEBYSCORE z 1 4 BYLEX
  ZRANGEBYSCORE z x 4
  ZRANGEBYSCORE z 1 nan
  ZRANGEBYSCORE z 1
  ZRANGEBYSCORE z "(" 4
  ZRANGEBYSCORE z 1 4 WITHSCORES WITHSCORES LIMIT 0 1 LIMIT 1 1
  ZRANGEBYSCORE missing 1 4
  ZRANGEBYSCORE missing x 4
  ZREVRANGEBYSCORE z +inf -inf
  ZREVRANGEBYSCORE z +inf (1 WITHSCORES
  ZREVRANGEBYSCORE z 4 (2
  ZREVRANGEBYSCORE z (4 2 LIMIT 1 1
  ZREVRANGEBYSCORE z 2 4
  ZREVRANGEBYSCORE z 4 1 LIMIT 2 -1 WITHSCORES
  ZREVRANGEBYSCORE z 4 y
  ZREVRANGEBYSCORE z 4 1 REV
  ZREVRANGEBYSCORE z 4
  ZREVRANGE z 0 -1
  ZREVRANGE z 0 -1 WITHSCORES
  ZREVRANGE z 1 2
  ZREVRANGE z -2 -1 withscores
  ZREVRANGE z 5 2
  ZREVRANGE z 100 200
  ZREVRANGE z 0 100
  ZREVRANGE z a 1
  ZREVRANGE z 0 b
  ZREVRANGE z (1 4
  ZREVRANGE z 0 1 LIMIT 0 1
  ZREVRANGE z 0 1 LIMIT 0 -1
  ZREVRANGE z 0 1 REV
  ZREVRANGE z 0 1 BYSCORE
  ZREVRANGE z 0
  ZREVRANGE missing 0 -1
  ZCOUNT z -inf +inf
  ZCOUNT z (1 4
  ZCOUNT z (2 (4
  ZCOUNT z (2 (2
  ZCOUNT z 4 1
  ZCOUNT z 3 3
  ZCOUNT z 5 inf
  ZCOUNT z (inf inf
  ZCOUNT z x 1
  ZCOUNT z 1 x
  ZCOUNT z 1
  ZCOUNT z 1 2 3
  ZCOUNT missing 1 2
  ZCOUNT missing x 2
  ZREVRANK z a
  ZREVRANK z g
  ZREVRANK z h
  ZREVRANK z nosuch
  ZREVRANK missing a
  ZREVRANK z
  ZREVRANK z a b c
  ZREVRANK z a WITHSCORE x => -ERR wrong number of arguments for 'zrevrank' command
  ZREVRANK z a FOO => -ERR syntax error
  ZMSCORE z a nosuch h c a
  ZMSCORE missing a b
  ZMSCORE z
  ZMSCORE
  SET s x
  ZRANGEBYSCORE s 1 4
  ZRANGEBYSCORE s x 4
  ZREVRANGEBYSCORE s 1 4
  ZREVRANGE s 0 -1
  ZCOUNT s 1 4
  ZCOUNT s x 4
  ZREVRANK s a
  ZMSCORE s a
  `,
);

everywhere(
  "ranges by member, and the names of old",
  `
  ZADD z 0 a 0 b 0 bb 0 c 0 d 0 "" 0 "\\xff"
  ZRANGEBYLEX z - +
  ZRANGEBYLEX z [b (d
  ZRANGEBYLEX z (b +
  ZRANGEBYLEX z - (bb LIMIT 1 1
  ZRANGEBYLEX z + -
  ZRANGEBYLEX z [c [b
  ZRANGEBYLEX z b c
  ZRANGEBYLEX z - + WITHSCORES
  ZRANGEBYLEX z - + BYLEX
  ZRANGEBYLEX z - x
  ZRANGEBYLEX z -
  ZRANGEBYLEX missing - +
  ZREVRANGEBYLEX z + -
  ZREVRANGEBYLEX z [d (b
  ZREVRANGEBYLEX z + [b LIMIT 1 2
  ZREVRANGEBYLEX z - +
  ZREVRANGEBYLEX z x +
  ZREVRANGEBYLEX z + - WITHSCORES
  ZLEXCOUNT z - +
  ZLEXCOUNT z [b (d
  ZLEXCOUNT z (b (b
  ZLEXCOUNT z + -
  ZLEXCOUNT z b c
  ZLEXCOUNT z -
  ZLEXCOUNT missing - +
  ZREMRANGEBYLEX z (b (c
  ZREMRANGEBYLEX z x y
  ZREMRANGEBYLEX z [x [a
  ZREMRANGEBYLEX missing - +
  ZREMRANGEBYLEX z - [a
  ZRANGE z 0 -1
  ZREMRANGEBYLEX z - +
  EXISTS z
  SET s x
  ZRANGEBYLEX s - +
  ZLEXCOUNT s - +
  ZREMRANGEBYLEX s - +
  ZREMRANGEBYLEX s x +
  `,
);

everywhere(
  "ZINCRBY, ZREMRANGEBYRANK and ZREMRANGEBYSCORE",
  `
  ZINCRBY z 1 a
  ZINCRBY z nx m
  ZINCRBY z INCR m
  ZINCRBY z GT LT
  ZINCRBY z Ch "1"
  ZINCRBY z 1 xx
  ZINCRBY z nxx m
  ZINCRBY z 1.5 a
  ZINCRBY z -4 a
  ZINCRBY z 3 b
  ZINCRBY z 0 b
  ZINCRBY z x b
  ZINCRBY z nan b
  ZINCRBY z "" b
  ZINCRBY z inf b
  ZINCRBY z -inf b
  ZINCRBY z 1 b
  ZINCRBY z 1
  ZINCRBY z 1 a 2
  ZINCRBY missing nan a
  EXISTS missing
  ZRANGE z 0 -1 WITHSCORES
  DEL z
  ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g 8 h
  ZREMRANGEBYRANK z 0 0
  ZREMRANGEBYRANK z -1 -1
  ZREMRANGEBYRANK z 3 1
  ZREMRANGEBYRANK z 10 20
  ZREMRANGEBYRANK z -20 -10
  ZREMRANGEBYRANK z a 1
  ZREMRANGEBYRANK z 0 b
  ZREMRANGEBYRANK z 0
  ZREMRANGEBYRANK z 0 1 2
  ZRANGE z 0 -1
  ZREMRANGEBYRANK z 1 2
  ZRANGE z 0 -1
  ZREMRANGEBYRANK z -100 100
  EXISTS z
  ZREMRANGEBYRANK z 0 -1
  ZADD z 1 a 2 b 2 c 4 d 5 e 6 f 7 g 8 h
  ZREMRANGEBYSCORE z (2 5
  ZRANGE z 0 -1
  ZREMRANGEBYSCORE z 2 (2
  ZREMRANGEBYSCORE z 9 1
  ZREMRANGEBYSCORE z 100 200
  ZREMRANGEBYSCORE z x 1
  ZREMRANGEBYSCORE z 1 x
  ZREMRANGEBYSCORE z 1
  ZREMRANGEBYSCORE z 1 2 3
  ZREMRANGEBYSCORE missing 1 2
  ZREMRANGEBYSCORE missing x 2
  ZREMRANGEBYSCORE z 8 +inf
  ZREMRANGEBYSCORE z -inf (2
  ZRANGE z 0 -1 WITHSCORES
  ZREMRANGEBYSCORE z -inf +inf
  EXISTS z
  SET s x
  ZINCRBY s 1 a
  ZINCRBY s x a
  ZREMRANGEBYRANK s 0 1
  ZREMRANGEBYRANK s x 1
  ZREMRANGEBYSCORE s 0 1
  ZREMRANGEBYSCORE s x 1
  `,
);

for (const resp3 of [false, true]) {
  const score = (text: string) => resp3 ? `,${text}` : `$${text.length}|${text}`;
  comparison(
    `scores in their shortest text, RESP${resp3 ? 3 : 2}`,
    `
    ZADD z 0.1 a 1e-7 b 3.3333333333333335 c 1e20 d 1e21 e 18446744073709551616 f => :6
    ZSCORE z a => ${score("0.1")}
    ZSCORE z b => ${score("1e-7")}
    ZSCORE z c => ${score("3.3333333333333335")}
    ZSCORE z d => ${score("1e+20")}
    ZSCORE z e => ${score("1e+21")}
    ZSCORE z f => ${score("18446744073709552000")}
    ZADD z 1152921504606846976 g 4611686018427387905 h -4611686018427387904 i => :3
    ZSCORE z g => ${score("1152921504606846976")}
    ZSCORE z h => ${score("4611686018427387904")}
    ZSCORE z i => ${score("-4611686018427387904")}
    ZADD z INCR 0.2 a => ${score("0.30000000000000004")}
    ZRANGE z 0.3 0.31 BYSCORE => *1|$1|a
    `,
    { resp3 },
  );
}

const RANGE_SCRIPT = `
  ZADD z 1 a 2 b 2 bb 2 c 3 d 5 e -1 f 2 B 2 "" 2 "\\x00" 2 "\\xff" 10 10 9 9 -4 -4
  ZRANGE z 0 -1
  ZRANGE z 0 -1 WITHSCORES
  ZRANGE z 0 -1 REV
  ZRANGE z 0 -1 REV WITHSCORES
  ZRANGE z 0 0
  ZRANGE z -1 -1
  ZRANGE z -3 -2 WITHSCORES
  ZRANGE z 2 4
  ZRANGE z 2 4 REV
  ZRANGE z 4 2
  ZRANGE z -2 -3
  ZRANGE z 0 100
  ZRANGE z -100 100
  ZRANGE z 100 200
  ZRANGE z -200 -100
  ZRANGE z 5 9223372036854775807
  ZRANGE z -9223372036854775808 2
  ZRANGE z 0 9223372036854775808
  ZRANGE z 0 -9223372036854775809
  ZRANGE z 0 x
  ZRANGE z x 0
  ZRANGE z 0 1.5
  ZRANGE z "" 1
  ZRANGE z (0 1
  ZRANGE z 0
  ZRANGE z
  ZRANGE z 0 1 FOO
  ZRANGE z 0 1 WITHSCORES WITHSCORES
  ZRANGE z 0 1 withScores rev
  ZRANGE z 0 1 REV REV
  ZRANGE z 0 1 BYLEX BYLEX
  ZRANGE z 0 1 BYSCORE BYLEX
  ZRANGE z 0 1 BYSCORE BYSCORE
  ZRANGE z 0 1 LIMIT
  ZRANGE z 0 1 LIMIT 1
  ZRANGE z 0 1 LIMIT 1 1
  ZRANGE z 0 1 LIMIT 5 -1
  ZRANGE z 0 1 LIMIT 5 -2
  ZRANGE z 0 1 LIMIT x 1
  ZRANGE z 0 1 LIMIT 1 x
  ZRANGE z 0 1 LIMIT 1 9223372036854775808
  ZRANGE z 0 1 LIMIT BYSCORE 1
  ZRANGE z x 1 LIMIT 0 1
  ZRANGE z x 1 BYLEX WITHSCORES
  ZRANGE z x 1 WITHSCORES BYLEX LIMIT 0 1
  ZRANGE z 1 3 BYSCORE
  ZRANGE z 1 3 BYSCORE WITHSCORES
  ZRANGE z (1 3 BYSCORE
  ZRANGE z 1 (3 BYSCORE
  ZRANGE z (1 (3 BYSCORE WITHSCORES
  ZRANGE z (2 (2 BYSCORE
  ZRANGE z (2 2 BYSCORE
  ZRANGE z 2 (2 BYSCORE
  ZRANGE z 2 2 BYSCORE
  ZRANGE z 3 1 BYSCORE
  ZRANGE z 3 1 BYSCORE REV
  ZRANGE z 3 1 REV BYSCORE WITHSCORES
  ZRANGE z (3 (1 REV BYSCORE
  ZRANGE z 1 3 REV BYSCORE
  ZRANGE z -inf +inf BYSCORE
  ZRANGE z +inf -inf BYSCORE REV
  ZRANGE z (5 +inf BYSCORE
  ZRANGE z -inf (-1 BYSCORE
  ZRANGE z 100 200 BYSCORE
  ZRANGE z -200 -100 BYSCORE
  ZRANGE z 3.5 4.5 BYSCORE
  ZRANGE z 1 3 BYSCORE LIMIT 0 2
  ZRANGE z 1 3 BYSCORE LIMIT 1 2 WITHSCORES
  ZRANGE z 1 3 BYSCORE LIMIT 2 -1
  ZRANGE z 1 3 BYSCORE LIMIT 2 -5
  ZRANGE z 1 3 BYSCORE LIMIT 2 0
  ZRANGE z 1 3 BYSCORE LIMIT -1 2
  ZRANGE z 1 3 BYSCORE LIMIT -1 -1
  ZRANGE z 1 3 BYSCORE LIMIT 100 2
  ZRANGE z 1 3 BYSCORE LIMIT 9223372036854775807 9223372036854775807
  ZRANGE z 1 3 BYSCORE LIMIT 1 9223372036854775807
  ZRANGE z 1 3 BYSCORE LIMIT 0 1 LIMIT 1 2
  ZRANGE z 3 1 BYSCORE REV LIMIT 1 3
  ZRANGE z 3 1 BYSCORE REV LIMIT 1 -1 WITHSCORES
  ZRANGE z x 3 BYSCORE
  ZRANGE z 1 x BYSCORE
  ZRANGE z nan 3 BYSCORE
  ZRANGE z 1 (nan BYSCORE
  ZRANGE z "" 3 BYSCORE
  ZRANGE z ( 3 BYSCORE
  ZRANGE z " 1" "\\t\\n3" BYSCORE
  ZRANGE z "( 1" 3 BYSCORE
  ZRANGE z " (1" 3 BYSCORE
  ZRANGE z "1 " 3 BYSCORE
  ZRANGE z " " 3 BYSCORE
  ZRANGE z "1\\x00x" 3 BYSCORE
  ZRANGE z "\\x00" 3 BYSCORE
  ZRANGE z " \\x00" 3 BYSCORE
  ZRANGE z ((1 3 BYSCORE
  ZRANGE z [1 3 BYSCORE
  ZRANGE z 2 1e999 BYSCORE
  ZRANGE z -1e999 1e-999 BYSCORE
  ZRANGE z 0x1 0x1p1 BYSCORE
  ZRANGE z 0x 3 BYSCORE
  ZRANGE missing 0 -1
  ZRANGE missing 0 -1 WITHSCORES
  ZRANGE missing x -1
  ZRANGE missing 1 2 BYSCORE
  ZRANGE missing x 2 BYSCORE
  ZRANGE missing x 2 BYLEX
  ZRANGE missing [x + BYLEX
  SET s text
  ZRANGE s 0 -1
  ZRANGE s x -1
  ZRANGE s 0 -1 BYSCORE
  ZRANGE s - + BYLEX
  ZADD s 1 a
  ZADD s XX 1 a
  ZADD s x a
  ZADD s INCR 1 a
  ZREM s a
  ZSCORE s a
  ZCARD s
  ZRANK s a
  ZPOPMIN s
  ZPOPMIN s 0
  ZPOPMIN s x
  GET z
  INCR z
`;
everywhere("ZRANGE", RANGE_SCRIPT);

everywhere(
  "ZRANGE BYLEX",
  `
  ZADD z 0 a 0 b 0 ba 0 c 0 "" 0 "\\x00" 0 "\\xff\\xff" 0 12 0 2 0 -5 0 d
  ZRANGE z - + BYLEX
  ZRANGE z + - BYLEX
  ZRANGE z + - BYLEX REV
  ZRANGE z - + BYLEX REV
  ZRANGE z - - BYLEX
  ZRANGE z + + BYLEX
  ZRANGE z [a [c BYLEX
  ZRANGE z (a [c BYLEX
  ZRANGE z [a (c BYLEX
  ZRANGE z (a (c BYLEX
  ZRANGE z [c [a BYLEX
  ZRANGE z [c [a BYLEX REV
  ZRANGE z (c (a BYLEX REV
  ZRANGE z (a (a BYLEX
  ZRANGE z [a [a BYLEX
  ZRANGE z [a (a BYLEX
  ZRANGE z (a [a BYLEX
  ZRANGE z [ [a BYLEX
  ZRANGE z ( [a BYLEX
  ZRANGE z - ( BYLEX
  ZRANGE z - [ BYLEX
  ZRANGE z [1 [3 BYLEX
  ZRANGE z [aa [bb BYLEX
  ZRANGE z "[\\xff" + BYLEX
  ZRANGE z "(\\xff\\xff" + BYLEX
  ZRANGE z - "(\\x00" BYLEX
  ZRANGE z - [a BYLEX LIMIT 1 2
  ZRANGE z - + BYLEX LIMIT 3 -1
  ZRANGE z - + BYLEX LIMIT -1 3
  ZRANGE z - + BYLEX LIMIT 2 0
  ZRANGE z - + BYLEX LIMIT 99 3
  ZRANGE z + - BYLEX REV LIMIT 2 3
  ZRANGE z a c BYLEX
  ZRANGE z [a c BYLEX
  ZRANGE z a [c BYLEX
  ZRANGE z "" [c BYLEX
  ZRANGE z -a + BYLEX
  ZRANGE z - ++ BYLEX
  ZRANGE z "-\\x00" "+\\x00x" BYLEX
  ZRANGE z - 5 BYLEX
  ZRANGE z 1 5 BYLEX
  ZRANGE z - + BYLEX WITHSCORES
  ZRANK z ""
  ZRANK z 12
  ZRANK z 012
  ZRANK z "\\xff\\xff"
  `,
);

everywhere(
  "ZPOPMIN",
  `
  ZADD z 1 a 2 b 2 c 3 d 4 e 5 f 6 g 7.5 h
  ZPOPMIN
  ZPOPMIN z x
  ZPOPMIN z -1
  ZPOPMIN z 1.5
  ZPOPMIN z ""
  ZPOPMIN z 9223372036854775808
  ZPOPMIN z 1 2
  ZPOPMIN z x 2
  ZPOPMIN z
  ZPOPMIN z 1
  ZPOPMIN z 2
  ZPOPMIN z 0
  ZPOPMIN missing
  ZPOPMIN missing 0
  ZPOPMIN missing 3
  ZRANGE z 0 -1 WITHSCORES
  ZPOPMIN z 9223372036854775807
  EXISTS z
  ZADD z 1 only
  ZPOPMIN z
  EXISTS z
  ZADD z 1 only
  ZPOPMIN z 1
  DBSIZE
  `,
);

for (const resp3 of [false, true]) {
  const [score, none] = resp3 ? [",2.5", "_"] : ["$3|2.5", "$-1"];
  comparison(
    `ZRANK WITHSCORE, RESP${resp3 ? 3 : 2}`,
    `
    ZADD z 1 a 2.5 b
    ZRANK z b WITHSCORE => *2|:1|${score}
    ZRANK z b withscore => *2|:1|${score}
    ZRANK z nosuch WITHSCORE => ${resp3 ? "_" : "*-1"}
    ZRANK missing b WITHSCORE => ${resp3 ? "_" : "*-1"}
    ZRANK z nosuch => ${none}
    ZRANK z b WITHSCORES => -ERR syntax error
    ZRANK z b FOO => -ERR syntax error
    ZRANK z b WITHSCORE FOO => -ERR wrong number of arguments for 'zrank' command
    SET s text
    ZRANK s b WITHSCORE => -WRONGTYPE Operation against a key holding the wrong kind of value
    `,
    { resp3 },
  );
}

comparison(
  "a sorted set that outgrows its listpack, and one with long members",
  [
    ...Array.from({ length: 140 }, (_, i) => `ZADD z ${(i * 37) % 50} m${i}`),
    `ZADD many ${Array.from({ length: 300 }, (_, i) => `${i % 7} m${i}`).join(" ")}`,
    `ZADD long 1 ${"x".repeat(64)} 2 short`,
    `ZADD long 3 ${"x".repeat(65)} 2.5 y`,
    `ZADD long 4 ${"x".repeat(10_000)}`,
    ...["z", "many", "long"].flatMap((key) => [
      `ZCARD ${key}`,
      `ZRANGE ${key} 0 -1 WITHSCORES`,
      `ZRANGE ${key} 0 -1 REV`,
      `ZRANGE ${key} 2 (5 BYSCORE LIMIT 3 20`,
      `ZRANGE ${key} 5 2 BYSCORE REV LIMIT 3 20 WITHSCORES`,
      `ZRANGE ${key} -20 -10`,
      `ZPOPMIN ${key} 3`,
      `ZRANK ${key} m100`,
      `ZREM ${key} m100 m101 m102 short`,
      `ZCARD ${key}`,
    ]),
    ...Array.from({ length: 140 }, (_, i) => `ZREM z m${i}`),
    "EXISTS z",
    "ZPOPMIN many 1000",
    "DBSIZE",
  ].join("\n"),
);

comparison(
  "sorted sets with an expiry, replaced and renamed",
  `
  ZADD z 1 a 2 b
  EXPIRE z 1000
  ZADD z 3 c
  TTL z
  ZPOPMIN z
  TTL z
  RENAME z y
  ZRANGE y 0 -1
  SET y text
  ZADD y 1 a
  DEL y
  ZADD y 1 a
  TTL y
  TYPE y
  EXPIRE y -1
  ZCARD y
  ZADD y 5 b
  ZRANGE y 0 -1 WITHSCORES
  UNLINK y
  DBSIZE
  `,
);

comparison(
  "when a sorted set becomes a tree, as on Redis 7.2",
  `
  CONFIG SET zset-max-listpack-entries 4 zset-max-listpack-value 8
  ZADD z 1 a 2 b 3 c 4 d
  OBJECT ENCODING z
  ZADD z 9 a
  ZADD z XX 9 e
  OBJECT ENCODING z
  ZADD z 5 e
  OBJECT ENCODING z
  ZREM z a b c d
  OBJECT ENCODING z
  ZPOPMIN z
  ZADD z 1 12345678
  OBJECT ENCODING z
  ZADD z 1 123456789
  OBJECT ENCODING z
  ZADD long 1 "more than eight"
  OBJECT ENCODING long
  ZADD kept 1 a 2 b 3 c
  CONFIG SET zset-max-listpack-entries 2
  OBJECT ENCODING kept
  ZADD kept 2 a
  OBJECT ENCODING kept
  ZADD kept 1 d
  OBJECT ENCODING kept
  # As many pairs as that are taken for as many members.
  ZADD same 1 a 1 a 1 a
  OBJECT ENCODING same => $8|skiplist
  ZADD refused 1 a
  OBJECT ENCODING refused
  ZADD refused XX 1 a 1 a 1 a
  OBJECT ENCODING refused => $8|skiplist
  ZADD missing XX 1 a 1 a 1 a
  OBJECT ENCODING missing
  `,
);

Deno.test("sorted set: each change is counted once", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const table: [request: string, changes: number][] = [
    ["ZADD z 1 a 2 b 3 c", 3],
    ["ZADD z 1 a 3 b 4 d", 2],
    ["ZADD z x a 3 b", 0],
    ["ZADD z NX 9 a", 0],
    ["ZADD z INCR 0 a", 0],
    ["ZADD z INCR 1 a", 1],
    ["ZRANGE z 0 -1", 0],
    ["ZREM z a nosuch", 1],
    ["ZREM z nosuch", 0],
    ["ZPOPMIN z 2", 2],
    ["ZPOPMIN z 0", 0],
    ["ZPOPMIN nosuch", 0],
  ];
  for (const [request, changes] of table) {
    const before = server.keyspace.changes.dirty;
    await peer.ask(...wordsOf(request));
    assertEquals(server.keyspace.changes.dirty - before, changes, request);
  }
});
