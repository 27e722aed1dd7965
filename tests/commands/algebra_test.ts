// Set algebra against redis-server: errors, destinations that are sources, scores; and, where 7.0 has
// no listpacks of members yet, what 7.2 answers: the forms of what is stored, and the order in which
// small sets come.

import { comparison } from "../harness/comparison.ts";

const words = (from: number, to: number, prefix = "w") =>
  Array.from({ length: to - from }, (_, i) => prefix + (from + i)).join(" ");
const numbers = (from: number, to: number, step = 1) =>
  Array.from({ length: to - from }, (_, i) => (from + i) * step).join(" ");
const pairs = (from: number, to: number, factor = 1) =>
  Array.from({ length: to - from }, (_, i) => `${(from + i) * factor} m${from + i}`).join(" ");

/** Sets of every encoding, some of which have members in common, and what is none. */
const SETS = `
  SADD i ${numbers(-20, 100, 3)}
  SADD i64 1 5000000000 -9223372036854775808 9 70000
  SADD ibig ${numbers(0, 500)}
  SADD p b 3 a 12 c 9
  SADD p2 ${words(0, 60)} 9 3 1
  SADD t ${words(0, 300)} 3 9 12 b
  SADD tn ${numbers(0, 513)}
  SADD t2 ${words(150, 500)} 9 27
  SADD long ${"x".repeat(65)} a b
  ZADD z 1 a 2 b 3 3
  SET s string
`;

const NAMES = ["i", "i64", "ibig", "p", "p2", "t", "tn", "t2", "long", "missing"];

/** Every pair of encodings, each operation, what it answers and what it stores. */
const PAIRS = NAMES.flatMap((a) =>
  NAMES.flatMap((b) =>
    ["INTER", "UNION", "DIFF"].flatMap((operation) => [
      `~S${operation} ${a} ${b}`,
      `S${operation}STORE d ${a} ${b}`,
      "~SMEMBERS d",
    ]).concat([`SINTERCARD 2 ${a} ${b}`, `SINTERCARD 2 ${a} ${b} LIMIT 2`])
  )
).join("\n");

comparison("sets of every two encodings", SETS + PAIRS);
comparison("sets of every two encodings, in RESP3", SETS + PAIRS, { resp3: true });

comparison(
  "what order small sets come in",
  `
  SADD p b 3 a 12 c 9
  SADD q c 12 b 40 7
  SADD i 12 9 3 100
  SADD j 3 5 9 11
  SINTER p q => *3|$1|c|$2|12|$1|b
  SINTER q p => *3|$1|c|$2|12|$1|b
  SINTER p i => *3|$1|3|$1|9|$2|12
  SINTER i j => *2|$1|3|$1|9
  SUNION p q => *8|$1|b|$1|3|$1|a|$2|12|$1|c|$1|9|$2|40|$1|7
  SUNION i j => *6|$1|3|$1|5|$1|9|$2|11|$2|12|$3|100
  SUNION i p => *7|$1|3|$1|9|$2|12|$3|100|$1|b|$1|a|$1|c
  SUNION p i => *7|$1|b|$1|3|$1|a|$2|12|$1|c|$1|9|$3|100
  SDIFF p q => *3|$1|3|$1|a|$1|9
  SDIFF p j => *4|$1|b|$1|a|$2|12|$1|c
  SDIFF i p => *1|$3|100
  SDIFF i j missing => *2|$2|12|$3|100
  SDIFF p => *6|$1|b|$1|3|$1|a|$2|12|$1|c|$1|9
  SUNION p => *6|$1|b|$1|3|$1|a|$2|12|$1|c|$1|9
  SINTER p => *6|$1|b|$1|3|$1|a|$2|12|$1|c|$1|9
  SADD ints b 5 1 3 2 4
  SREM ints b
  OBJECT ENCODING ints => $8|listpack
  SDIFF ints j => *3|$1|1|$1|2|$1|4
  SINTER ints j => *2|$1|3|$1|5
  SINTERSTORE d ints i => :1
  OBJECT ENCODING d => $6|intset
  SMEMBERS d => *1|$1|3
  SDIFFSTORE d ints j => :3
  OBJECT ENCODING d => $6|intset
  SMEMBERS d => *3|$1|1|$1|2|$1|4
  # The members of the others are taken out one by one, where that is less work.
  SADD five 1 2 3 x y
  SADD one x
  SADD two 2
  SADD three 3
  SDIFF five one two three => *2|$1|1|$1|y
  SDIFFSTORE d five one two three => :2
  SMEMBERS d => *2|$1|1|$1|y
  OBJECT ENCODING d => $8|listpack
  SDIFF five one two three five => *0
`,
);

comparison(
  "the form of stored sets",
  `
  SADD t ${words(0, 200)} ${numbers(0, 200)}
  SADD n ${numbers(0, 150)} x
  SADD h ${numbers(0, 90)} y
  SINTERSTORE d t n => :150
  OBJECT ENCODING d => $6|intset
  SINTERSTORE d t h => :90
  OBJECT ENCODING d => $6|intset
  SADD w ${words(0, 128)}
  SADD v ${words(0, 129)}
  SINTERSTORE d t w => :128
  OBJECT ENCODING d => $8|listpack
  SINTERSTORE d t v => :129
  OBJECT ENCODING d => $9|hashtable
  SDIFFSTORE d t n => :250
  OBJECT ENCODING d => $9|hashtable
  SDIFFSTORE d t n h w v => :121
  OBJECT ENCODING d => $9|hashtable
  SADD k ${words(0, 195)} ${numbers(0, 200)}
  SDIFFSTORE d t k => :5
  OBJECT ENCODING d => $8|listpack
  SUNIONSTORE d w h => :219
  OBJECT ENCODING d => $9|hashtable
  SUNIONSTORE d n n => :151
  OBJECT ENCODING d => $9|hashtable
  SADD a ${numbers(0, 300)}
  SADD b ${numbers(212, 512)}
  SUNIONSTORE d a b => :512
  OBJECT ENCODING d => $6|intset
  SADD b 512
  SUNIONSTORE d a b => :513
  OBJECT ENCODING d => $9|hashtable
  SUNIONSTORE d a w => :428
  OBJECT ENCODING d => $9|hashtable
`,
);

comparison(
  "destinations of sets",
  `
  SADD a 1 2 3 x
  SADD b 2 3 4
  SET s v
  EXPIRE a 100
  SINTERSTORE a a b
  TTL a
  SMEMBERS a
  SUNIONSTORE s a b
  TYPE s
  SINTERSTORE s a missing
  EXISTS s
  SDIFFSTORE b b b
  EXISTS b
  SDIFFSTORE none none
  SET s v EX 100
  SUNIONSTORE s a s
  GET s
  TTL s
  SUNIONSTORE s a
  TTL s
  SMEMBERS s
  RPUSH l a b
  SINTERSTORE l a
  TYPE l
`,
);

comparison(
  "what set algebra refuses",
  `
  SADD a 1
  SET s v
  ZADD z 1 a
  SINTER
  SINTER a s
  SINTER missing s
  SINTER a z
  SUNION z
  SDIFF missing s
  SUNIONSTORE d
  SUNIONSTORE d a s
  SINTERSTORE d missing s
  SDIFFSTORE s s
  SINTERCARD 1
  SINTERCARD 0 a
  SINTERCARD -1 a
  SINTERCARD x a
  SINTERCARD 2 a
  SINTERCARD 9223372036854775807 a
  SINTERCARD 9223372036854775808 a
  SINTERCARD 1 a a
  SINTERCARD 1 a LIMIT
  SINTERCARD 1 a LIMIT -1
  SINTERCARD 1 a LIMIT x
  SINTERCARD 1 a LIMIT 9223372036854775808
  SINTERCARD 1 a limit 9223372036854775807
  SINTERCARD 1 a LIMIT 1 LIMIT 0
  SINTERCARD 1 s LIMIT x
  SINTERCARD 1 s
  ZUNION 0 z
  ZUNION -1 z
  ZUNION x z
  ZUNION 2 z
  ZUNION 9223372036854775807 z
  ZUNION 1 s
  ZUNION 1 s foo
  ZUNION 1 z foo
  ZUNION 1 z WEIGHTS
  ZUNION 1 z WEIGHTS x
  ZUNION 1 z WEIGHTS nan
  ZUNION 2 z z WEIGHTS 1
  ZUNION 1 z WEIGHTS 1 2
  ZUNION 1 z AGGREGATE
  ZUNION 1 z AGGREGATE avg
  ZUNION 1 z WITHSCORES WITHSCORES
  ZUNION 1 z AGGREGATE min WEIGHTS 2 withscores AGGREGATE sum
  ZDIFF 1 z WEIGHTS 1
  ZDIFF 1 z AGGREGATE SUM
  ZDIFF 1 z WITHSCORES
  ZUNIONSTORE d 0 z
  ZUNIONSTORE d 1 z WITHSCORES
  ZUNIONSTORE d 1
  ZINTERSTORE d 1 s
  ZDIFFSTORE d 1 z WEIGHTS 1
  ZDIFFSTORE d x z
  ZINTERCARD 0 z
  ZINTERCARD x z
  ZINTERCARD 2 z
  ZINTERCARD 1 s LIMIT x
  ZINTERCARD 1 z LIMIT x
  ZINTERCARD 1 z LIMIT -5
  ZINTERCARD 1 z LIMIT
  ZINTERCARD 1 z WITHSCORES
  ZINTERCARD 1 z LIMIT 0
`,
);

/** Sorted sets and sets, small and large. */
const SORTED = `
  ZADD z1 1 a 2 b 3 c -inf d inf e 0.125 f
  ZADD z2 2 a -1 b inf d -inf e 0.25 f 5 g
  ZADD t1 ${pairs(0, 300)}
  ZADD t2 ${pairs(100, 450, -0.5)} inf m7
  SADD s1 a c e 12
  SADD st ${words(50, 400, "m")}
  SADD si 12 13 14
  ZADD zi 3 12 1.5 13
`;

const SORTED_NAMES = ["z1", "z2", "t1", "t2", "s1", "st", "si", "zi", "missing"];

const SORTED_PAIRS = SORTED_NAMES.flatMap((a) =>
  SORTED_NAMES.flatMap((b) => [
    ...["UNION", "INTER"].flatMap((operation) => [
      `Z${operation} 2 ${a} ${b} WITHSCORES`,
      `Z${operation} 2 ${a} ${b} WITHSCORES WEIGHTS 0 -1.5`,
      `Z${operation} 2 ${a} ${b} WITHSCORES WEIGHTS inf 2 AGGREGATE MIN`,
      `Z${operation} 2 ${a} ${b} AGGREGATE MAX`,
      `Z${operation}STORE d 2 ${a} ${b}`,
      "OBJECT ENCODING d",
      "ZRANGE d 0 -1 WITHSCORES",
    ]),
    `ZDIFF 2 ${a} ${b} WITHSCORES`,
    `ZDIFFSTORE d 2 ${a} ${b}`,
    "OBJECT ENCODING d",
    "ZRANGE d 0 -1 WITHSCORES",
    `ZINTERCARD 2 ${a} ${b}`,
    `ZINTERCARD 2 ${a} ${b} LIMIT 3`,
  ])
).join("\n");

comparison("sorted sets and sets of every two encodings", SORTED + SORTED_PAIRS);
comparison("sorted sets and sets of every two encodings, in RESP3", SORTED + SORTED_PAIRS, {
  resp3: true,
});

comparison(
  "several sorted sets at once",
  `
  ${SORTED}
  ZUNION 4 z1 z2 s1 z1 WEIGHTS 1 2 3 4 WITHSCORES
  ZINTER 3 z1 z2 z1 WITHSCORES
  ZINTER 3 z1 z2 z1 WEIGHTS 0.5 0.25 2.5 WITHSCORES
  ZDIFF 3 t1 st z1 WITHSCORES
  ZDIFF 5 t1 z1 z2 si zi
  ZDIFF 5 z1 z2 z2 z2 s1 WITHSCORES
  ZDIFF 3 z1 z2 z1
  ZUNIONSTORE z1 2 z1 z2
  ZRANGE z1 0 -1 WITHSCORES
  EXPIRE z2 100
  ZINTERSTORE z2 2 z2 z1
  TTL z2
  ZDIFFSTORE z2 2 z1 z1
  EXISTS z2
  SET s v
  ZUNIONSTORE s 1 st
  TYPE s
  ZUNIONSTORE s 1 missing
  EXISTS s
  ZUNIONSTORE d 1 long
  ZADD long 1 ${"y".repeat(64)}
  ZUNIONSTORE d 1 long
  OBJECT ENCODING d
  ZADD long 1 ${"y".repeat(65)}
  ZUNIONSTORE d 1 long
  OBJECT ENCODING d
  SADD m128 ${words(0, 128)}
  SADD m129 ${words(0, 129)}
  ZUNIONSTORE d 1 m128
  OBJECT ENCODING d
  ZUNIONSTORE d 1 m129
  OBJECT ENCODING d
  ZINTERSTORE d 2 m129 m128
  OBJECT ENCODING d
`,
);

comparison(
  "limits that are set lower",
  `
  CONFIG SET set-max-intset-entries 16 => +OK
  CONFIG SET set-max-listpack-entries 24 => +OK
  CONFIG SET set-max-listpack-value 8 => +OK
  CONFIG SET zset-max-listpack-entries 24 => +OK
  CONFIG SET zset-max-listpack-value 8 => +OK
  SADD n ${numbers(0, 40)}
  SADD m ${numbers(20, 60)} x
  SADD l aaaaaaaaaaaa b c
  SINTERSTORE d n m => :20
  OBJECT ENCODING d => $8|listpack
  SUNIONSTORE d n m => :61
  OBJECT ENCODING d => $9|hashtable
  SDIFFSTORE d n m => :20
  OBJECT ENCODING d => $9|hashtable
  SDIFFSTORE d m n => :21
  SINTERSTORE d m m => :41
  OBJECT ENCODING d => $9|hashtable
  SINTERSTORE d l l => :3
  OBJECT ENCODING d => $9|hashtable
  SUNIONSTORE d l => :3
  OBJECT ENCODING d => $9|hashtable
  ZUNIONSTORE d 1 l => :3
  OBJECT ENCODING d => $8|skiplist
  ZUNIONSTORE d 1 n => :40
  OBJECT ENCODING d => $8|skiplist
`,
);
