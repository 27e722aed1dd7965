// A full arena, at every moment of every command that writes: the keyspace is as before then, and
// the client gets an error, or as after the whole command. Nothing is half done.

import { assert, assertEquals } from "@std/assert";
import { key } from "../../commands/key_spec.ts";
import { commandTable, register } from "../../commands/registry.ts";
import { event } from "../../server/keyspace/key_event.ts";
import type { Server } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { WireClient } from "../harness/wire_client.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { ArenaFaults } from "../structures/arena_faults.ts";

const PUSHED = event("module", "test.pushed");

// A plugin's command, which reserves nothing itself: its room is promised before it runs.
register({
  name: "test.pushtwice",
  arity: 4,
  complexity: "O(1)",
  group: "module",
  since: "1.0.0",
  summary: "Adds two elements, one change after the other.",
  flags: ["write", "denyoom"],
  keys: key(1, "RW", "insert"),
  run(call) {
    const { args, keyspace: { lists }, reply } = call;
    for (const i of [2, 3]) {
      lists.change(call, 1, (_, list) => {
        list.pushLast(args.bytes, args.start(i), args.length(i));
        return 1;
      }, PUSHED);
    }
    reply.ok();
  },
});

interface Scenario {
  /** What is asked before, in words. */
  before: readonly string[];
  call: string;
}

function scenario(call: string, ...before: string[]): Scenario {
  return { before, call };
}

const LONG = "x".repeat(100);
const LONGER = "y".repeat(3000);
const PAIRS = (count: number, prefix = "f") =>
  Array.from({ length: count }, (_, i) => `${prefix}${i} ${i}`).join(" ");
const SCORES = (count: number) =>
  Array.from({ length: count }, (_, i) => `${i * 7 % count} m${i}`).join(" ");
const WORDS = (count: number, prefix = "w") =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`).join(" ");
const INTEGERS = (count: number) => Array.from({ length: count }, (_, i) => i * 3).join(" ");
const FUTURE = "2000000000";

/** A set of every encoding under `i`, `p` and `t`; likewise for the other types. */
const SETS = [`SADD i ${INTEGERS(20)}`, "SADD p a b c", `SADD t ${WORDS(200)}`];
const HASHES = [`HSET p ${PAIRS(5)}`, `HSET t ${PAIRS(200)}`];
const POINTS = ["GEOADD g 1 2 a 3 4 b"];
/** The same with fields that expire. */
const EXPIRING_HASHES = [
  ...HASHES,
  `HPEXPIREAT p ${FUTURE}000 FIELDS 2 f1 f2`,
  `HPEXPIREAT t ${FUTURE}000 FIELDS 150 ${WORDS(150, "f")}`,
];
const SORTED_SETS = ["ZADD p 1 a 2 b 3 c", `ZADD t ${SCORES(200)}`];
const LISTS = ["RPUSH p a b c", `RPUSH t ${WORDS(40)} ${LONGER} ${LONGER} ${LONGER} ${WORDS(90)}`];
/** Strings of every encoding, with and without a room for an expiry. */
const STRINGS = [
  "SET n 5",
  "SET s short",
  `SET l ${LONG}`,
  "SET en 5 EX 100",
  "SET es short EX 100",
  `SET el ${LONG} EX 100`,
];

const STRING_KEYS = ["n", "s", "l", "en", "es", "el"];

const ALL_TYPES = [...STRINGS, "RPUSH q a b c", `RPUSH r ${WORDS(40)} ${LONGER} ${WORDS(2000)}`];
ALL_TYPES.push(`SADD i ${INTEGERS(20)}`, `SADD t ${WORDS(200)}`, `HSET h ${PAIRS(200)}`);
ALL_TYPES.push("ZADD y 1 a 2 b", `ZADD z ${SCORES(200)}`, "SET g a", "APPEND g bc");
/** Keys of those with values of every kind. */
const ANY_KEYS = ["n", "s", "l", "es", "q", "r", "i", "t", "h", "y", "z", "g"];

/** In the place of a dump: that of a key, as it is before. */
const DUMP = "dump:";

const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  copy: [
    ...ANY_KEYS.map((key) => scenario(`COPY ${key} new`, ...ALL_TYPES)),
    ...ANY_KEYS.map((key) => scenario(`COPY ${key} el REPLACE`, ...ALL_TYPES)),
    scenario("COPY el t REPLACE", ...ALL_TYPES),
    scenario("COPY es s DB 1", ...ALL_TYPES),
    scenario("COPY p new", ...EXPIRING_HASHES),
    scenario("COPY t p REPLACE", ...EXPIRING_HASHES),
  ],
  move: [
    scenario("MOVE s 1", ...STRINGS),
    scenario("MOVE es 1", ...STRINGS),
    scenario("MOVE p 1", ...EXPIRING_HASHES),
    scenario("MOVE t 1", ...EXPIRING_HASHES),
  ],
  restore: [
    ...ANY_KEYS.map((key) => scenario(`RESTORE new 0 ${DUMP}${key}`, ...ALL_TYPES)),
    ...ANY_KEYS.map((key) => scenario(`RESTORE el 1000 ${DUMP}${key} REPLACE`, ...ALL_TYPES)),
    scenario(`RESTORE t 1000 ${DUMP}l REPLACE`, ...ALL_TYPES),
    scenario(`RESTORE p 0 ${DUMP}t REPLACE`, ...EXPIRING_HASHES),
    scenario(`RESTORE new 1000 ${DUMP}p`, ...EXPIRING_HASHES),
    scenario(`RESTORE t 1 ${DUMP}l REPLACE ABSTTL`, ...ALL_TYPES),
  ],
  "restore-asking": [scenario(`RESTORE-ASKING new 1000 ${DUMP}h`, ...ALL_TYPES)],
  swapdb: [scenario("SWAPDB 0 1", ...STRINGS)],
  "test.pushtwice": [
    scenario(`TEST.PUSHTWICE new ${LONGER} ${LONGER}${LONGER}${LONGER}`),
    scenario(`TEST.PUSHTWICE p ${LONGER} ${LONGER}${LONGER}${LONGER}`, ...LISTS),
  ],
  decr: [scenario("DECR n", ...STRINGS), scenario("DECR new"), scenario("DECR s", "SET s 12")],
  decrby: [scenario("DECRBY n 3000000000", ...STRINGS), scenario("DECRBY new 7")],
  incr: [scenario("INCR en", ...STRINGS), scenario("INCR new")],
  incrby: [scenario("INCRBY n 9", ...STRINGS), scenario("INCRBY new 9007199254740993")],
  incrbyfloat: [
    scenario("INCRBYFLOAT k 0.5"),
    scenario("INCRBYFLOAT n 0.00000125", ...STRINGS),
    scenario("INCRBYFLOAT en 1", ...STRINGS),
    scenario("INCRBYFLOAT k 1e15", "SET k 10", "APPEND k .25"),
  ],
  set: [
    scenario("SET k v"),
    scenario(`SET k ${LONGER}`),
    scenario("SET k 77 EX 100"),
    scenario(`SET k ${LONG} EX 100`),
    ...STRING_KEYS.flatMap((key) => [
      scenario(`SET ${key} 12`, ...STRINGS),
      scenario(`SET ${key} another`, ...STRINGS),
      scenario(`SET ${key} ${LONGER}`, ...STRINGS),
      scenario(`SET ${key} other EX 50`, ...STRINGS),
      scenario(`SET ${key} ${LONGER} EX 50`, ...STRINGS),
      scenario(`SET ${key} ${LONGER} KEEPTTL GET`, ...STRINGS),
    ]),
    scenario("SET t v EX 50", ...HASHES),
    scenario(`SET s ${LONGER} IFEQ short EX 50`, ...STRINGS),
    scenario(`SET new ${LONG} IFDNE 0000000000000000 EX 50`, ...STRINGS),
  ],
  mset: [
    scenario(`MSET ${PAIRS(40, "k")}`),
    scenario(`MSET a 1 n ${LONG} s 3 l 4 b ${LONGER} a ${LONG}`, ...STRINGS),
    scenario(`MSET p 1 t ${LONG} z 2`, ...HASHES),
  ],
  msetnx: [
    scenario(`MSETNX ${PAIRS(40, "k")}`),
    scenario(`MSETNX a 1 b ${LONG} c ${LONGER} a ${LONG}`, ...STRINGS),
    scenario("MSETNX a 1 n 2", ...STRINGS),
  ],
  msetex: [
    scenario(`MSETEX 40 ${PAIRS(40, "k")} EX 100`),
    scenario(`MSETEX 700 ${PAIRS(700, "k")} EX 100`),
    scenario(`MSETEX 7 a 1 n ${LONG} s 3 l 4 en 5 b ${LONGER} a ${LONG} PX 70000`, ...STRINGS),
    scenario(`MSETEX 4 es 1 el ${LONG} en s n ${LONGER} XX KEEPTTL`, ...STRINGS),
    scenario(`MSETEX 3 p 1 t ${LONG} z 2 EX 9`, ...HASHES),
    scenario("MSETEX 2 a 1 n 2 NX EX 9", ...STRINGS),
  ],
  delex: [
    scenario("DELEX t", ...SETS),
    scenario("DELEX es IFEQ short", ...STRINGS),
    scenario("DELEX l IFDEQ 0000000000000000", ...STRINGS),
    scenario(`DELEX el IFNE ${LONGER}`, ...STRINGS),
  ],
  setex: [
    scenario(`SETEX k 100 ${LONGER}`),
    ...STRING_KEYS.map((key) => scenario(`SETEX ${key} 100 ${LONG}`, ...STRINGS)),
  ],
  psetex: [scenario("PSETEX k 100000 12"), scenario("PSETEX t 100000 v", ...SETS)],
  setnx: [scenario("SETNX k v"), scenario(`SETNX k ${LONGER}`), scenario("SETNX n 1", ...STRINGS)],
  getset: [
    scenario("GETSET k v"),
    ...STRING_KEYS.map((key) => scenario(`GETSET ${key} ${LONGER}`, ...STRINGS)),
  ],
  getdel: [scenario("GETDEL es", ...STRINGS), scenario("GETDEL l", ...STRINGS)],
  getex: [
    ...STRING_KEYS.flatMap((key) => [
      scenario(`GETEX ${key} EX 50`, ...STRINGS),
      scenario(`GETEX ${key} PERSIST`, ...STRINGS),
    ]),
    scenario("GETEX l PXAT 1", ...STRINGS),
  ],
  append: [
    scenario("APPEND k v"),
    scenario(`APPEND k ${LONGER}`),
    ...STRING_KEYS.flatMap((key) => [
      scenario(`APPEND ${key} 7`, ...STRINGS),
      scenario(`APPEND ${key} ${LONGER}`, ...STRINGS),
      scenario(`APPEND ${key} more`, ...STRINGS, `APPEND ${key} 7`),
      scenario(`APPEND ${key} ${LONGER}`, ...STRINGS, `APPEND ${key} 7`),
    ]),
  ],
  setrange: [
    scenario("SETRANGE k 5 v"),
    scenario(`SETRANGE k 70000 ${LONGER}`),
    ...STRING_KEYS.flatMap((key) => [
      scenario(`SETRANGE ${key} 0 7`, ...STRINGS),
      scenario(`SETRANGE ${key} 2 ${LONGER}`, ...STRINGS),
      scenario(`SETRANGE ${key} 9000 x`, ...STRINGS, `APPEND ${key} 7`),
    ]),
  ],
  setbit: [
    scenario("SETBIT k 7 1"),
    scenario("SETBIT k 700000 1"),
    ...STRING_KEYS.flatMap((key) => [
      scenario(`SETBIT ${key} 7 1`, ...STRINGS),
      scenario(`SETBIT ${key} 70000 1`, ...STRINGS),
    ]),
  ],
  bitfield: [
    scenario("BITFIELD k SET u8 70000 7 GET u8 8 INCRBY i16 100 -5"),
    scenario("BITFIELD n SET u8 0 7", ...STRINGS),
    scenario("BITFIELD es OVERFLOW FAIL INCRBY u4 7000 3 INCRBY u4 7000 30", ...STRINGS),
    scenario("BITFIELD l GET u8 0", ...STRINGS),
  ],
  bitop: [
    scenario("BITOP OR k s l n", ...STRINGS),
    scenario("BITOP NOT el es", ...STRINGS),
    scenario("BITOP AND n n l", ...STRINGS),
    scenario("BITOP XOR t s s", ...STRINGS, ...HASHES),
    scenario("BITOP AND s missing missing", ...STRINGS),
  ],
  pfadd: [
    scenario("PFADD h"),
    scenario("PFADD h a b c"),
    scenario(`PFADD h ${WORDS(3000)}`),
    scenario(`PFADD h ${WORDS(200)}`, "PFADD h a b c"),
    scenario(`PFADD h ${WORDS(3000)}`, `PFADD h ${WORDS(300, "v")}`),
    scenario(`PFADD h ${WORDS(300)}`, "PFADD h a", "PFDEBUG TODENSE h"),
  ],
  pfmerge: [
    scenario("PFMERGE d"),
    scenario("PFMERGE d h", `PFADD h ${WORDS(300)}`),
    scenario("PFMERGE d h", `PFADD h ${WORDS(3000)}`),
    scenario("PFMERGE d h", "PFADD d a", `PFADD h ${WORDS(3000)}`),
    scenario("PFMERGE d h g", `PFADD h ${WORDS(900)}`, `PFADD g ${WORDS(900, "v")}`),
    scenario("PFMERGE d h g", "PFADD d x", `PFADD h ${WORDS(900)}`, `PFADD g ${WORDS(900, "v")}`),
  ],
  pfdebug: [
    scenario("PFDEBUG TODENSE h", "PFADD h a b"),
    scenario("PFDEBUG GETREG h", "PFADD h a b"),
  ],
  renamenx: [
    ...STRING_KEYS.map((key) => scenario(`RENAMENX ${key} new`, ...STRINGS)),
    scenario("RENAMENX t new", ...SETS),
    scenario("RENAMENX t i", ...SETS),
  ],
  del: [scenario("DEL s l t missing", ...STRINGS, "ZADD t 1 a")],
  unlink: [scenario("UNLINK s l t missing", ...STRINGS, `SADD t ${WORDS(200)}`)],
  rename: [
    ...STRING_KEYS.flatMap((key) => [
      scenario(`RENAME ${key} new`, ...STRINGS),
      scenario(`RENAME ${key} ${"long name ".trim().replace(" ", "_").repeat(9)}`, ...STRINGS),
      scenario(`RENAME ${key} other`, ...STRINGS, "SET other v EX 9"),
    ]),
    scenario("RENAME t other", ...SETS, "RPUSH other a b"),
    scenario("RENAME t i", ...SETS),
  ],
  expire: [
    scenario("EXPIRE s 10", ...STRINGS),
    scenario("EXPIRE l 10", ...STRINGS),
    scenario("EXPIRE es 10", ...STRINGS),
    scenario("EXPIRE n -1", ...STRINGS),
    scenario("EXPIRE t 10", ...SETS),
  ],
  expireat: [scenario(`EXPIREAT s ${FUTURE}`, ...STRINGS)],
  pexpire: [scenario("PEXPIRE n 100000", ...STRINGS)],
  pexpireat: [scenario(`PEXPIREAT l ${FUTURE}000`, ...STRINGS)],
  persist: [scenario("PERSIST es", ...STRINGS), scenario("PERSIST el", ...STRINGS)],
  flushall: [scenario("FLUSHALL", ...STRINGS, ...SETS), scenario("FLUSHALL ASYNC", ...STRINGS)],
  flushdb: [scenario("FLUSHDB", ...STRINGS, ...SETS), scenario("FLUSHDB ASYNC", ...SETS)],
  hset: [
    scenario("HSET new a 1"),
    scenario(`HSET new ${PAIRS(30)}`),
    scenario(`HSET new ${PAIRS(300)}`),
    scenario(`HSET p new 1 f1 ${LONG} f2 short`, ...HASHES),
    scenario(`HSET p f1 changed f2 ${"v".repeat(64)} f3 9 f4 ${LONGER} g 7`, ...HASHES),
    scenario(`HSET t f1 changed f2 ${LONG} f3 9 f4 ${LONGER} ${PAIRS(200, "g")}`, ...HASHES),
    scenario(`HSET p f1 changed f2 ${"v".repeat(64)} f3 9 f4 ${LONGER} g 7`, ...EXPIRING_HASHES),
    scenario(`HSET t f1 changed f2 ${LONG} ${PAIRS(200, "g")}`, ...EXPIRING_HASHES),
  ],
  hmset: [scenario(`HMSET p ${PAIRS(200, "g")}`, ...HASHES)],
  hsetnx: [
    scenario("HSETNX new f v"),
    scenario("HSETNX p f v", ...HASHES),
    scenario(`HSETNX p f ${LONG}`, ...HASHES),
    scenario("HSETNX t f v", ...HASHES),
  ],
  hincrby: [
    scenario("HINCRBY new f 5"),
    scenario("HINCRBY p f1 500000", ...HASHES),
    scenario("HINCRBY t f1 5000000000", ...HASHES),
    scenario("HINCRBY t f 5", ...HASHES),
  ],
  hincrbyfloat: [
    scenario("HINCRBYFLOAT new f 0.5"),
    scenario("HINCRBYFLOAT p f1 0.125", ...HASHES),
    scenario("HINCRBYFLOAT t f1 0.00000125", ...HASHES),
    scenario("HINCRBYFLOAT p f1 0.00000125", ...EXPIRING_HASHES),
    scenario("HINCRBYFLOAT t f1 0.00000125", ...EXPIRING_HASHES),
  ],
  hdel: [
    scenario("HDEL p f1 f3 missing", ...HASHES),
    scenario(`HDEL p ${WORDS(5, "f")}`, ...HASHES),
    scenario(`HDEL t ${WORDS(190, "f")}`, ...HASHES),
    scenario(`HDEL t ${WORDS(190, "f")}`, ...EXPIRING_HASHES),
  ],
  hexpire: [
    scenario("HEXPIRE none 100 FIELDS 1 f1"),
    ...[HASHES, EXPIRING_HASHES].flatMap((hashes) => [
      scenario("HEXPIRE p 100 FIELDS 2 f1 f3", ...hashes),
      scenario("HEXPIRE p 0 FIELDS 3 f1 f2 f3", ...hashes),
      scenario(`HEXPIRE t 100 FIELDS 200 ${WORDS(200, "f")}`, ...hashes),
    ]),
    scenario("HEXPIRE t 100 FIELDS 1 f9", ...HASHES),
    scenario(`HEXPIRE t 100 FIELDS 300 ${WORDS(300, "f")}`, `HSET t ${PAIRS(300)}`),
  ],
  hpexpire: [scenario("HPEXPIRE t 100000 GT FIELDS 2 f1 f2", ...EXPIRING_HASHES)],
  hexpireat: [scenario(`HEXPIREAT t ${FUTURE} NX FIELDS 2 f199 f2`, ...EXPIRING_HASHES)],
  hpexpireat: [scenario(`HPEXPIREAT p ${FUTURE}001 FIELDS 1 f4`, ...EXPIRING_HASHES)],
  hpersist: [
    scenario("HPERSIST p FIELDS 3 f1 f2 f3", ...EXPIRING_HASHES),
    scenario(`HPERSIST t FIELDS 150 ${WORDS(150, "f")}`, ...EXPIRING_HASHES),
  ],
  hgetdel: [
    scenario("HGETDEL p FIELDS 2 f1 f3", ...EXPIRING_HASHES),
    scenario(`HGETDEL t FIELDS 200 ${WORDS(200, "f")}`, ...EXPIRING_HASHES),
  ],
  hgetex: [
    scenario("HGETEX p FIELDS 2 f1 f3", ...EXPIRING_HASHES),
    scenario(`HGETEX t EX 50 FIELDS 200 ${WORDS(200, "f")}`, ...EXPIRING_HASHES),
    scenario("HGETEX t PERSIST FIELDS 2 f1 f2", ...EXPIRING_HASHES),
    scenario("HGETEX p EX 50 FIELDS 2 f1 f4", ...HASHES),
  ],
  hsetex: [
    scenario(`HSETEX new EX 100 FIELDS 30 ${PAIRS(30)}`),
    scenario(`HSETEX new EX 100 FIELDS 300 ${PAIRS(300)}`),
    scenario(`HSETEX new EXAT 1 FIELDS 3 ${PAIRS(3)}`),
    ...[HASHES, EXPIRING_HASHES].flatMap((hashes) => [
      scenario(`HSETEX p KEEPTTL FIELDS 2 f1 ${LONG} g short`, ...hashes),
      scenario(`HSETEX p EX 9 FIELDS 3 f1 a f2 ${LONG} g short`, ...hashes),
      scenario(`HSETEX t EX 9 FIELDS 3 f1 ${LONGER} f199 ${LONG} g short`, ...hashes),
      scenario(`HSETEX t KEEPTTL FIELDS 3 f1 ${LONGER} f199 ${LONG} g short`, ...hashes),
    ]),
    scenario("HSETEX p FNX EX 9 FIELDS 2 g a f1 b", ...HASHES),
  ],
  sadd: [
    scenario("SADD new 1"),
    scenario("SADD new a"),
    scenario(`SADD new ${LONG}`),
    scenario(`SADD new ${WORDS(60)}`),
    scenario(`SADD new ${WORDS(300)}`),
    scenario(`SADD new ${INTEGERS(700)}`),
    scenario("SADD i 1000000 5000000000", ...SETS),
    scenario("SADD i a", ...SETS),
    scenario(`SADD i a ${LONG} b`, ...SETS),
    scenario(`SADD p ${WORDS(60)} ${LONG} ${WORDS(70)}`, ...SETS),
    scenario(`SADD t ${WORDS(400)} ${LONGER}`, ...SETS),
  ],
  srem: [
    scenario("SREM i 3 9 27", ...SETS),
    scenario("SREM p a b c", ...SETS),
    scenario(`SREM t ${WORDS(190)}`, ...SETS),
  ],
  smove: [
    scenario("SMOVE i new 9", ...SETS),
    scenario("SMOVE i p 9", ...SETS),
    scenario("SMOVE p i a", ...SETS),
    scenario("SMOVE p t a", ...SETS),
    scenario("SMOVE one t a", "SADD one a", ...SETS),
    scenario("SMOVE t new w7", ...SETS),
  ],
  spop: [scenario("SPOP one", "SADD one a"), scenario("SPOP p 3", ...SETS)],
  sort: [
    scenario("SORT p ALPHA STORE new", ...LISTS),
    scenario("SORT t ALPHA STORE t", ...LISTS),
    scenario("SORT t ALPHA STORE s", ...LISTS, ...STRINGS),
    scenario(`SORT i DESC STORE el`, `SADD i ${INTEGERS(900)}`, ...STRINGS),
  ],
  sinterstore: [
    scenario("SINTERSTORE new t t", ...SETS),
    scenario("SINTERSTORE i i i2", ...SETS, `SADD i2 ${INTEGERS(9)}`),
    scenario("SINTERSTORE p t t2", ...SETS, `SADD t2 ${WORDS(90)}`),
    scenario("SINTERSTORE t t missing", ...SETS),
  ],
  sunionstore: [
    scenario("SUNIONSTORE new i p t", ...SETS),
    scenario("SUNIONSTORE t t t2", ...SETS, `SADD t2 ${WORDS(900, "v")}`),
    scenario("SUNIONSTORE s i p", ...SETS, ...STRINGS),
    scenario("SUNIONSTORE el i i2", ...SETS, ...STRINGS, `SADD i2 ${INTEGERS(600)}`),
  ],
  sdiffstore: [
    scenario("SDIFFSTORE new t p", ...SETS),
    scenario("SDIFFSTORE t t t2", ...SETS, `SADD t2 ${WORDS(150)}`),
    scenario("SDIFFSTORE new t a b c", ...SETS, "SADD a w1", "SADD b w2", "SADD c w3"),
  ],
  zunionstore: [
    scenario("ZUNIONSTORE new 2 p t", ...SORTED_SETS),
    scenario("ZUNIONSTORE t 2 t z", ...SORTED_SETS, `ZADD z ${SCORES(400)}`),
    scenario("ZUNIONSTORE p 2 p z", ...SORTED_SETS, "ZADD z 1 d 2 e"),
    scenario("ZUNIONSTORE s 2 p z", ...SORTED_SETS, ...STRINGS, `SADD z ${WORDS(300)}`),
  ],
  zinterstore: [
    scenario("ZINTERSTORE new 2 t z", ...SORTED_SETS, `ZADD z ${SCORES(170)}`),
    scenario("ZINTERSTORE t 2 t p", ...SORTED_SETS, "ZADD p 1 m5"),
  ],
  zdiffstore: [
    scenario("ZDIFFSTORE new 2 t p", ...SORTED_SETS),
    scenario("ZDIFFSTORE new 4 t x y z", ...SORTED_SETS, "SADD x m1", "SADD y m2", "ZADD z 1 m3"),
    scenario("ZDIFFSTORE t 2 t t", ...SORTED_SETS),
  ],
  zadd: [
    scenario("ZADD new 1 a"),
    scenario(`ZADD new ${SCORES(30)}`),
    scenario(`ZADD new ${SCORES(300)}`),
    scenario(`ZADD new 1 a 2 ${LONG} 3 b`),
    scenario(`ZADD p 5 a 1.25 b 7 d 9 ${LONG}`, ...SORTED_SETS),
    scenario(`ZADD t ${SCORES(400)}`, ...SORTED_SETS),
    scenario("ZADD t INCR 1000 m5", ...SORTED_SETS),
    scenario("ZADD p INCR 0.0001 a", ...SORTED_SETS),
  ],
  zrangestore: [
    scenario("ZRANGESTORE new t 0 9", ...SORTED_SETS),
    scenario("ZRANGESTORE new t 0 -1", ...SORTED_SETS),
    scenario("ZRANGESTORE p p 1 3 BYSCORE", ...SORTED_SETS),
    scenario("ZRANGESTORE t p 0 -1 REV", ...SORTED_SETS, "EXPIRE t 9"),
    scenario("ZRANGESTORE p t 5 1", ...SORTED_SETS),
  ],
  geoadd: [
    scenario("GEOADD new 1 2 a"),
    scenario(`GEOADD new 1 2 a 3 4 ${LONG}`),
    scenario("GEOADD g 5 6 a", ...POINTS),
    scenario(`GEOADD g CH 5 6 a 7 8 ${LONG}`, ...POINTS),
  ],
  geosearchstore: [
    scenario("GEOSEARCHSTORE new g FROMLONLAT 2 3 BYRADIUS 900 km", ...POINTS),
    scenario("GEOSEARCHSTORE g g FROMLONLAT 2 3 BYBOX 900 900 km STOREDIST", ...POINTS),
  ],
  georadius: [
    scenario("GEORADIUS g 2 3 900 km STORE new", ...POINTS),
    scenario("GEORADIUS g 90 3 9 km STORE g", ...POINTS),
  ],
  georadiusbymember: [scenario("GEORADIUSBYMEMBER g a 900 km STORE s", ...POINTS, "SET s v EX 9")],
  zincrby: [
    scenario("ZINCRBY new 1 a"),
    scenario(`ZINCRBY p 1 ${LONG}`, ...SORTED_SETS),
    scenario("ZINCRBY p 0.0001 a", ...SORTED_SETS),
    scenario("ZINCRBY t 1000 m5", ...SORTED_SETS),
    scenario("ZINCRBY t 3 new", ...SORTED_SETS),
  ],
  zremrangebyrank: [
    scenario("ZREMRANGEBYRANK p 0 1", ...SORTED_SETS),
    scenario("ZREMRANGEBYRANK p 0 -1", ...SORTED_SETS),
    scenario("ZREMRANGEBYRANK t 3 190", ...SORTED_SETS),
    scenario("ZREMRANGEBYRANK t 0 -1", ...SORTED_SETS),
  ],
  zremrangebyscore: [
    scenario("ZREMRANGEBYSCORE p 2 9", ...SORTED_SETS),
    scenario("ZREMRANGEBYSCORE t (20 170", ...SORTED_SETS),
  ],
  zremrangebylex: [
    scenario("ZREMRANGEBYLEX p [b +", "ZADD p 0 a 0 b 0 c"),
    scenario("ZREMRANGEBYLEX t - +", ...SORTED_SETS),
  ],
  zrem: [
    scenario("ZREM p a c", ...SORTED_SETS),
    scenario("ZREM p a b c", ...SORTED_SETS),
    scenario(`ZREM t ${WORDS(190, "m")}`, ...SORTED_SETS),
  ],
  zpopmin: [
    scenario("ZPOPMIN p 2", ...SORTED_SETS),
    scenario("ZPOPMIN t 190", ...SORTED_SETS),
  ],
  lpush: [
    scenario("LPUSH new a"),
    scenario(`LPUSH new ${WORDS(100)} ${LONGER} ${WORDS(10)}`),
    scenario(`LPUSH p ${LONGER} ${LONGER} ${LONGER} ${LONGER}`, ...LISTS),
    scenario(`LPUSH t ${WORDS(2000)} ${LONGER}${LONGER}${LONGER} ${LONGER}`, ...LISTS),
  ],
  blmove: [scenario("BLMOVE t p LEFT RIGHT 0", ...LISTS)],
  blmpop: [scenario("BLMPOP 0 2 missing t LEFT COUNT 9", ...LISTS)],
  blpop: [scenario("BLPOP missing t 0", ...LISTS), scenario("BLPOP one 0", "RPUSH one x")],
  brpop: [scenario("BRPOP missing t 0", ...LISTS)],
  brpoplpush: [scenario("BRPOPLPUSH t t 0", ...LISTS)],
  bzmpop: [scenario("BZMPOP 0 2 missing t MAX COUNT 9", ...SORTED_SETS)],
  bzpopmax: [scenario("BZPOPMAX missing t 0", ...SORTED_SETS)],
  bzpopmin: [scenario("BZPOPMIN missing p 0", ...SORTED_SETS)],
  lmove: [
    scenario("LMOVE p t LEFT RIGHT", ...LISTS),
    scenario("LMOVE t p LEFT LEFT", ...LISTS, ...Array(40).fill("LPOP t")),
    scenario("LMOVE t new LEFT RIGHT", ...LISTS, ...Array(40).fill("LPOP t")),
    scenario("LMOVE t t LEFT RIGHT", ...LISTS, ...Array(40).fill("LPOP t")),
    scenario("LMOVE p p RIGHT LEFT", ...LISTS),
    scenario("LMOVE one p RIGHT LEFT", "RPUSH one x", ...LISTS),
    scenario("LMOVE huge p RIGHT LEFT", `RPUSH huge ${"z".repeat(700_000)}`, ...LISTS),
    scenario("LMOVE huge huge RIGHT LEFT", `RPUSH huge a ${"z".repeat(700_000)}`),
  ],
  lmpop: [scenario("LMPOP 2 missing t RIGHT COUNT 50", ...LISTS)],
  rpoplpush: [scenario("RPOPLPUSH t p", ...LISTS)],
  zmpop: [scenario("ZMPOP 2 missing t MIN COUNT 150", ...SORTED_SETS)],
  zpopmax: [scenario("ZPOPMAX t 190", ...SORTED_SETS), scenario("ZPOPMAX p", ...SORTED_SETS)],
  rpush: [
    scenario(`RPUSH new ${WORDS(3000)}`),
    scenario(`RPUSH p ${WORDS(50)}`, ...LISTS),
    scenario(`RPUSH t ${WORDS(2000)} ${LONGER}`, ...LISTS),
  ],
  lpushx: [scenario(`LPUSHX t ${LONGER} ${LONGER} ${LONGER}`, ...LISTS), scenario("LPUSHX none a")],
  rpushx: [scenario(`RPUSHX p ${WORDS(70)}`, ...LISTS)],
  linsert: [
    scenario("LINSERT p BEFORE b x", ...LISTS),
    scenario(`LINSERT p AFTER b ${LONGER}${LONGER}${LONGER}`, ...LISTS),
    scenario(`LINSERT t BEFORE w20 ${LONGER}`, ...LISTS),
    scenario(`LINSERT t AFTER w35 ${LONGER}${LONGER}${LONGER}`, ...LISTS),
    scenario("LINSERT t AFTER missing x", ...LISTS),
  ],
  lset: [
    scenario(`LSET p 1 ${LONG}`, ...LISTS),
    scenario(`LSET p 1 ${LONGER}${LONGER}${LONGER}`, ...LISTS),
    scenario(`LSET t 60 ${LONGER}`, ...LISTS),
    scenario(`LSET t 41 ${"z".repeat(70_000)}`, ...LISTS),
    scenario("LSET t 41 short", ...LISTS),
  ],
  lpop: [
    scenario("LPOP p", ...LISTS),
    scenario("LPOP t 100", ...LISTS),
    scenario("LPOP p 3", ...LISTS),
  ],
  rpop: [scenario("RPOP p 2", ...LISTS), scenario("RPOP t 92", ...LISTS)],
  lrem: [
    scenario("LREM p 0 b", ...LISTS),
    scenario("LREM t 0 w7", ...LISTS),
    scenario(`LREM t -2 ${LONGER}`, ...LISTS),
  ],
  ltrim: [
    scenario("LTRIM p 1 1", ...LISTS),
    scenario("LTRIM t 10 20", ...LISTS),
    scenario("LTRIM t 30 -10", ...LISTS),
  ],
};

/** More than any call of the table can do. */
const MOST_FAULTS = 100_000;
/** So many are enough to see what is wrong. */
const MOST_PROBLEMS = 10;

class Stage implements Disposable {
  constructor(readonly server: Server, readonly peer: Peer, readonly faults: ArenaFaults) {}

  static async open(server: Server): Promise<Stage> {
    return new Stage(server, await Peer.connect(server.address.port), new ArenaFaults());
  }

  async begin({ before }: Scenario): Promise<void> {
    this.server.keyspace.flushAll(false);
    for (const request of before) {
      const reply = await this.peer.ask(...request.split(" "));
      assertEquals(reply[0] === "-", false, `${request}: ${reply}`);
    }
  }

  /** The words of a call, with the dumps that it needs. */
  async wordsOf({ call }: Scenario): Promise<(string | Uint8Array)[]> {
    const words: (string | Uint8Array)[] = call.split(" ");
    using client = await WireClient.connect(this.server.address.port);
    for (const [i, word] of words.entries()) {
      if (typeof word !== "string" || !word.startsWith(DUMP)) continue;
      const dump = await client.call("DUMP", word.slice(DUMP.length));
      assert(dump instanceof Uint8Array);
      words[i] = dump;
    }
    return words;
  }

  /** All keys with types, values and expiries. */
  async dump(): Promise<string> {
    const lines: string[] = [];
    const { peer, server } = this;
    const names: string[] = [];
    server.keyspace.databases[0].forEach((entry) => {
      const { entries } = server.keyspace;
      const start = entries.keyStart(entry);
      const bytes = entries.bytes(entry).slice(start, start + entries.keyLength(entry));
      names.push(new TextDecoder().decode(bytes));
    });
    for (const name of names.sort()) {
      const type = (await peer.ask("TYPE", name)).trim();
      const value = (await peer.ask(...READ[type](name))).trimEnd();
      const parts = type === "+hash" ? pairsOf(value) : value.split("\r\n$");
      if (type === "+set" || type === "+hash") parts.sort();
      if (type === "+hash") parts.push(await this.#fieldExpiries(name));
      lines.push(`${name} ${type} ${await peer.ask("PEXPIRETIME", name)} ${parts.join(" ")}`);
    }
    server.keyspace.arena.verify();
    return lines.join("\n");
  }

  /** When each of the fields expires that the scenarios use. */
  async #fieldExpiries(name: string): Promise<string> {
    const fields = [...WORDS(300, "f").split(" "), "g"];
    const expiries = await this.peer.ask("HPEXPIRETIME", name, "FIELDS", "301", ...fields);
    return expiries.replaceAll("\r\n", " ");
  }

  [Symbol.dispose](): void {
    this.faults[Symbol.dispose]();
    this.peer[Symbol.dispose]();
  }
}

const READ: Readonly<Record<string, (name: string) => string[]>> = {
  "+string": (name) => ["GET", name],
  "+list": (name) => ["LRANGE", name, "0", "-1"],
  "+set": (name) => ["SMEMBERS", name],
  "+hash": (name) => ["HGETALL", name],
  "+zset": (name) => ["ZRANGE", name, "0", "-1", "WITHSCORES"],
};

function pairsOf(reply: string): string[] {
  const parts = reply.split("\r\n$").slice(1);
  return parts.flatMap((part, i) => i % 2 === 0 ? [`${part}=${parts[i + 1]}`] : []);
}

Deno.test("there is a call of every command that writes", () => {
  const missing: string[] = [];
  for (const command of commandTable.all()) {
    // What FUNCTION writes is no key, and lies outside of the arena.
    if (command.fullName.startsWith("function|")) continue;
    if (command.isWrite && !Object.hasOwn(SCENARIOS, command.fullName)) {
      missing.push(command.fullName);
    }
  }
  assertEquals(missing, []);
});

for (const [name, scenarios] of Object.entries(SCENARIOS)) {
  Deno.test(`full arena: ${name} changes all or nothing`, async () => {
    const clock = new ManualClock();
    await using server = await serveQuietly({ environment: { now: clock.now } });
    using stage = await Stage.open(server);
    const { faults, peer } = stage;
    const problems: string[] = [];
    for (const scenario of scenarios) {
      await stage.begin(scenario);
      const before = await stage.dump();
      const words = await stage.wordsOf(scenario);
      const reply = await peer.ask(...words);
      const after = await stage.dump();
      for (const lasts of [false, true]) {
        for (let at = 1; at < MOST_FAULTS; at++) {
          await stage.begin(scenario);
          faults.arm(at, lasts);
          const faulty = await peer.ask(...words);
          const hasFailed = faults.disarm();
          const found = await stage.dump();
          const isRefusal = faulty.startsWith("-OOM") && found === before;
          const isDone = found === after && faulty === reply ||
            name === "spop" && found !== before && !faulty.startsWith("-");
          if (!(hasFailed ? isRefusal || isDone : isDone)) {
            problems.push(
              `${scenario.call.slice(0, 60)}, fault ${at}${lasts ? " and all behind" : ""}: ${
                faulty.slice(0, 60).trim()
              }, ${found === before ? "as before" : found === after ? "as after" : "half done"}`,
            );
          }
          if (!hasFailed || problems.length > MOST_PROBLEMS) break;
        }
      }
    }
    assertEquals(problems.join("\n"), "");
  });
}
