import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { serve } from "../../server/mod.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const SCRIPT = `
  RPUSH numbers 10 9 -2 3.5 1e2 0 -0 +7 0x10 " 4" 10 1.0 1 inf -inf
  SORT numbers
  SORT numbers DESC
  SORT numbers ASC DESC ASC
  SORT numbers LIMIT 2 5
  SORT numbers LIMIT -3 5
  SORT numbers LIMIT 12 50
  SORT numbers LIMIT 100 5
  SORT numbers LIMIT 0 0
  SORT numbers LIMIT 5 -1
  SORT numbers LIMIT 5 -7
  SORT numbers LIMIT 9223372036854775807 9223372036854775807
  SORT numbers LIMIT -9223372036854775808 9223372036854775807
  SORT numbers LIMIT 1 2 LIMIT 3 4 DESC LIMIT 0 3
  SORT numbers ALPHA
  SORT numbers alpha desc limit 0 3
  SORT_RO numbers
  SORT_RO numbers ALPHA DESC
  # what is no number
  RPUSH words banana apple cherry app "" apple\\0b "a\\x00c" "a\\x00b" "\\xff" Zebra
  SORT words
  SORT_RO words LIMIT 0 1
  SORT words ALPHA
  SORT words ALPHA DESC
  SORT words ALPHA STORE sorted
  LRANGE sorted 0 -1
  RPUSH bad 1 2 ""
  SORT bad
  RPUSH bad " "
  SORT bad
  RPUSH bad2 "5\\x00x" 4 6
  SORT bad2
  RPUSH nan 1 nan
  SORT nan
  RPUSH wide 9223372036854775807 9223372036854775806 -9223372036854775808 9007199254740993
  SORT wide
  SORT wide DESC
  # BY and GET
  MSET w_10 3 w_9 1 w_-2 2 w_3.5 2 other_10 ten other_9 nine
  HSET h_10 name ten age 40 "" empty
  HSET h_9 name nine age 50
  RPUSH ids 10 9 -2 3.5 77
  SORT ids BY w_*
  SORT ids BY w_* DESC
  SORT ids BY w_* GET #
  SORT ids BY w_* GET # GET w_* GET other_* GET nothing
  SORT ids BY w_* LIMIT 1 2 GET #
  SORT ids BY w_* ALPHA
  SORT ids BY w_* ALPHA DESC
  SORT ids BY other_* ALPHA
  SORT ids BY other_*
  SORT ids BY h_*->age
  SORT ids BY h_*->age GET h_*->name GET h_*->nothing GET h_*-> GET h_*->age
  SORT ids BY h_*->name ALPHA DESC GET #
  SORT ids BY w_*->name
  SORT ids GET h_*
  SORT ids GET w_*->name
  SORT ids GET *
  SORT ids GET ** GET *-> GET *->* GET #x GET ""
  SORT ids BY nosort
  SORT ids BY nosort DESC
  SORT ids BY nosort LIMIT 1 2
  SORT ids BY nosort DESC LIMIT 1 2 GET # GET w_*
  SORT ids BY nosort BY w_*
  SORT ids BY w_* BY nosort
  SORT ids BY # GET #
  SORT ids BY "no\\x00sort*"
  SORT ids BY w_* STORE by
  LRANGE by 0 -1
  SORT ids BY nosort GET w_* GET # STORE got
  LRANGE got 0 -1
  # sets and sorted sets
  SADD integers 5 1 3 2 4
  SORT integers
  SORT integers DESC LIMIT 0 2
  SORT integers BY nosort
  SORT integers BY nosort DESC LIMIT 1 3
  SORT integers BY nosort STORE dest
  LRANGE dest 0 -1
  SADD names 1b 10 9 zz a
  SORT names
  SORT names ALPHA
  SORT names BY nosort STORE dest
  LRANGE dest 0 -1
  SORT names BY nosort DESC LIMIT 1 2 STORE dest
  LRANGE dest 0 -1
  ZADD scores 3 a 1 b 2 c 5 7 4 11
  SORT scores
  SORT scores ALPHA
  SORT scores BY nosort
  SORT scores BY nosort DESC
  SORT scores BY nosort LIMIT 1 2
  SORT scores BY nosort DESC LIMIT 1 3
  SORT scores BY nosort DESC LIMIT 3 100 STORE dest
  LRANGE dest 0 -1
  # STORE
  SET dest string
  EXPIRE dest 1000
  SORT integers STORE dest
  TTL dest
  TYPE dest
  OBJECT ENCODING dest => $8|listpack
  SORT nothing STORE dest
  EXISTS dest
  SORT nothing STORE dest
  SORT numbers STORE numbers
  LRANGE numbers 0 -1
  SORT numbers LIMIT 0 0 STORE numbers
  EXISTS numbers
  SORT ids STORE a STORE b
  EXISTS a b
  SORT bad STORE ids
  LRANGE ids 0 -1
  # errors
  SORT
  SORT_RO
  SORT nothing
  SORT nothing ALPHA DESC
  SORT_RO nothing STORE dest
  SORT ids STORE
  SORT ids LIMIT 0
  SORT ids LIMIT a b
  SORT ids LIMIT 0 b ALPHA
  SORT ids LIMIT 0 9223372036854775808
  SORT ids BY
  SORT ids GET
  SORT ids NONSENSE
  SORT ids LIMIT x 1 NONSENSE
  SORT ids NONSENSE LIMIT x 1
  SORT w_10
  SORT h_10
  SORT h_10 NONSENSE
  SORT w_10 STORE dest
  SORT nothing BY w_* GET #
  COMMAND GETKEYS SORT k BY w_* GET # STORE d
  COMMAND GETKEYS SORT k STORE a LIMIT 0 STORE STORE b
  COMMAND GETKEYS SORT k STORE
  COMMAND GETKEYS SORT k GET STORE x
  COMMAND GETKEYS SORT k STORE LIMIT a STORE b
  COMMAND GETKEYSANDFLAGS SORT k STORE d
  COMMAND GETKEYS SORT_RO k BY w_* GET #
  COMMAND GETKEYS SORT_RO k STORE d
  # hits and misses
  CONFIG RESETSTAT
  SORT ids BY w_* GET other_*
  # beyond a double, behind which redis-server takes no number at all for one
  RPUSH tiny 1 1e-310 2
  SORT tiny
  RPUSH small 1 1e-400
  SORT small
  RPUSH huge 1 1e400
  SORT huge
`;

comparison("SORT", SCRIPT);
comparison("SORT in RESP3", SCRIPT, { resp3: true });

comparison(
  "events of SORT",
  `
  CONFIG SET notify-keyspace-events KEAnm
  @2 PSUBSCRIBE *
  RPUSH list 2 1 3
  SET w_1 5
  SORT list BY w_* GET g_*
  SORT list STORE dest
  SORT list STORE dest
  SORT list LIMIT 0 0 STORE dest
  SORT list LIMIT 0 0 STORE dest
  SORT missing
  SORT missing STORE dest
  SORT list BY nosort GET w_* STORE dest
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
  @2 PING
`,
);

/** Elements, list-max-listpack-size, and what redis-server 7.2 makes of them when SORT stores them. */
const STORED_ENCODINGS: [elements: number, size: string, encoding: string][] = [
  [5, "5", "listpack"],
  [6, "5", "quicklist"],
  [1, "0", "listpack"],
  [2, "0", "quicklist"],
  // They are put into nodes of 8 KiB first, whatever the size.
  [628, "-1", "listpack"],
  [629, "-1", "quicklist"],
  [1256, "-5", "listpack"],
  [1260, "-5", "quicklist"],
];

for (const [elements, size, encoding] of STORED_ENCODINGS) {
  Deno.test(`what SORT stores of ${elements} elements at ${size} is a ${encoding}`, async () => {
    const directives = { "list-max-listpack-size": size };
    await using ravel = await serve({ port: 0, onLogLine() {}, directives });
    using peer = await Peer.connect(ravel.address.port);
    const texts = Array.from({ length: elements }, (_, i) => i % 2 === 0 ? "abcdef" : "123456");
    await peer.ask("RPUSH", "list", ...texts);
    assertEquals(await peer.ask("SORT", "list", "ALPHA", "STORE", "dest"), `:${elements}\r\n`);
    const reply = await peer.ask("OBJECT", "ENCODING", "dest");
    assertEquals(reply, `$${encoding.length}\r\n${encoding}\r\n`);
  });
}

/** Texts that meet: equal weights, the same beginnings, what is the beginning of another. */
function element(random: SeededRandom, kind: number): string {
  const prefix = random.pick(["", "a", "abcdefgh", "x".repeat(30)]);
  if (kind === 0) return String(random.below(50) - 10);
  if (kind === 1) return random.pick(["1", "1.0", "01", "1e0", "+1", "2", "-0", "0", "0x1"]);
  if (kind === 2) return (random.below(2000) / 8).toString();
  if (kind === 3) return prefix + "abc".repeat(random.below(4));
  return prefix + String.fromCharCode(97 + random.below(3), 97 + random.below(3));
}

function options(random: SeededRandom): string[] {
  const words: string[] = [];
  if (random.below(2) === 0) words.push("ALPHA");
  if (random.below(2) === 0) words.push("DESC");
  if (random.below(2) === 0) {
    words.push("LIMIT", String(random.below(40) - 3), String(random.below(30) - 2));
  }
  const isText = words.includes("ALPHA");
  // Where texts that BY finds are equal, Redis's order is that of its own partial sort.
  const by = isText && words.includes("LIMIT") ? ["nosort"] : ["w_*", "h_*->f", "nosort"];
  if (random.below(2) === 0) words.push("BY", random.pick(by));
  for (let n = random.below(3); n > 0; n--) {
    words.push("GET", random.pick(["#", "w_*", "h_*->f", "w_*->f", "fixed"]));
  }
  if (random.below(4) === 0) words.push("STORE", "dest");
  return words;
}

Deno.test({
  name: "random lists, sets and sorted sets are sorted as redis-server sorts them",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serve({ port: 0, onLogLine() {} });
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const both = async (...words: string[]) => {
      const expected = await theirs.ask(...words);
      assertEquals(await ours.ask(...words), expected, words.join(" "));
    };
    for (let seed = 1; seed <= 60; seed++) {
      const random = new SeededRandom(seed);
      const kind = random.below(5);
      const count = 1 + random.below(random.pick([10, 60, 300]));
      const elements = Array.from({ length: count }, () => element(random, kind));
      await both("FLUSHALL");
      await both("RPUSH", "list", ...elements);
      for (const one of new Set(elements)) {
        await both("ZADD", "scores", String(random.below(20)), one);
        if (random.below(3) > 0) await both("SET", "w_" + one, element(random, random.below(2)));
        if (random.below(3) > 0) await both("HSET", "h_" + one, "f", element(random, kind));
      }
      // A set's own order is open; sorted it is the same.
      await both("SADD", "set", ...elements);
      for (let n = 0; n < 12; n++) {
        const words = options(random);
        await both("SORT", "list", ...words);
        const isStored = words.includes("STORE");
        if (isStored) await both("LRANGE", "dest", "0", "-1");
        // So does a sorted set's, where texts are compared that BY finds, or are equal to their NULs.
        if (!words.includes("BY") || words.includes("nosort")) {
          await both("SORT", "scores", ...words);
        }
        if (!words.includes("BY")) await both("SORT", "set", ...words);
      }
    }
    ravel.keyspace.arena.verify();
  },
});

Deno.test("SORT of many: every rank, and any part of it, as a sort of the whole", async () => {
  await using ravel = await serve({ port: 0, onLogLine() {} });
  using peer = await Peer.connect(ravel.address.port);
  const bulks = (reply: string) => reply.split("\r\n").filter((_, i) => i > 0 && i % 2 === 0);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 2 ** 30 }),
      fc.constantFrom(1, 5, 1000, 1e6),
      fc.boolean(),
      fc.boolean(),
      async (seed, spread, descends, alpha) => {
        const random = new SeededRandom(seed);
        const count = 1 + random.below(5000);
        const numbers = Array.from({ length: count }, () => random.below(spread));
        await peer.ask("DEL", "list");
        await peer.ask("RPUSH", "list", ...numbers.map(String));
        const sorted = numbers.map(String);
        if (alpha) sorted.sort();
        else sorted.sort((a, b) => Number(a) - Number(b));
        if (descends) sorted.reverse();
        const from = random.below(count);
        const length = 1 + random.below(random.pick([3, 100, count]));
        const words = [...(alpha ? ["ALPHA"] : []), ...(descends ? ["DESC"] : [])];
        assertEquals(bulks(await peer.ask("SORT", "list", ...words)), sorted);
        const part = await peer.ask(
          "SORT",
          "list",
          ...words,
          "LIMIT",
          String(from),
          String(length),
        );
        assertEquals(bulks(part), sorted.slice(from, from + length));
      },
    ),
    { numRuns: 40 },
  );
});
