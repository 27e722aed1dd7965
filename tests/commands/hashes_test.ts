// Hash commands against redis-server, in both encodings.

import { assert, assertEquals } from "@std/assert";
import { serve } from "../../server/mod.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const FIELDS = `
  HSET h a 1
  HSET h a 2 b 3
  HGET h a
  HGET h z
  HGETALL h
  HKEYS h
  HVALS h
  HLEN h
  HEXISTS h a
  HEXISTS h z
  HMGET h a z b a
  HMSET h c 4 d 5
  HMSET h a again
  HGETALL h
  HSET h a 1 a 2 a 3
  HGET h a
  HSETNX h a x
  HSETNX h e x
  HSETNX new f v
  HGETALL new
  HDEL h a z
  HDEL h a
  HLEN h
  HDEL h b c d e nope
  EXISTS h
  TYPE new
  # integers, empty and binary texts
  HSET h 1 one 01 two -0 three 9223372036854775807 four 9223372036854775808 five
  HSET h "" empty "\\x00\\xff\\r\\n" "\\x00\\x80\\r\\n" value ""
  HGET h 1
  HGET h 01
  HGET h 001
  HGET h -0
  HGET h 0
  HGET h 9223372036854775807
  HGET h 9223372036854775808
  HGET h ""
  HGET h "\\x00\\xff\\r\\n"
  HGET h value
  HSET h n 12345 m -9223372036854775808
  HGETALL h
  HSET h n twelve m 0
  HVALS h
  # values that shrink and grow
  HSET h v ${"x".repeat(10)}
  HSET h v ${"y".repeat(60)}
  HGET h v
  HSET h v short
  HGETALL h
  HSET h v ${"z".repeat(64)}
  HSET h ${"f".repeat(64)} v
  HGETALL h
  # expiry stays
  EXPIRE h 1000
  HSET h w 1
  TTL h
  RENAME h g
  TTL g
  HGET g w
  # nothing there
  HGET none a
  HMGET none a b
  HGETALL none
  HKEYS none
  HVALS none
  HLEN none
  HEXISTS none a
  HDEL none a
  HRANDFIELD none
  HRANDFIELD none 3
  HRANDFIELD none -3 WITHVALUES
  HSCAN none 0
  HSCAN none 5
  HSCAN none abc
  HSCAN none 0 FOO
`;

const RANDOM = `
  HSET one f v
  HRANDFIELD one
  HRANDFIELD one 1
  HRANDFIELD one 7
  HRANDFIELD one -2
  HRANDFIELD one 0
  HRANDFIELD one -0
  HRANDFIELD one 1 WITHVALUES
  HRANDFIELD one 5 withvalues
  HRANDFIELD one -3 WITHVALUES
  HRANDFIELD one 0 WITHVALUES
  HSET many a 1 b 2 c 3
  HRANDFIELD many 3 WITHVALUES
  HRANDFIELD many 9223372036854775807
  HRANDFIELD many 9223372036854775807 WITHVALUES
  HRANDFIELD many 4611686018427387903 WITHVALUES
  HRANDFIELD many 4611686018427387904 WITHVALUES
  HRANDFIELD many -4611686018427387904 WITHVALUES
  HRANDFIELD many -9223372036854775807 WITHVALUES
  HRANDFIELD many -9223372036854775808
  HRANDFIELD many 9223372036854775808
  HRANDFIELD many abc
  HRANDFIELD many abc WITHVALUES
  HRANDFIELD many 1 FOO
  HRANDFIELD many 1 WITHVALUES WITHVALUES
  HRANDFIELD many abc FOO BAR
  HRANDFIELD none 4611686018427387904 WITHVALUES
`;

const INTEGERS = `
  HINCRBY h n 5
  HINCRBY h n -7
  HGET h n
  HINCRBY h n 0
  HINCRBY h n 9223372036854775807
  HINCRBY h n 2
  HINCRBY h n 1
  HINCRBY h n -9223372036854775808
  HINCRBY h n -9223372036854775807
  HINCRBY h n -1
  HINCRBY h m -9223372036854775808
  HINCRBY h m -1
  HINCRBY h m 9223372036854775807
  HINCRBY h big 9007199254740992
  HINCRBY h big 1
  HINCRBY h big 1
  HINCRBY h n 9223372036854775808
  HINCRBY h n abc
  HINCRBY h n 1.5
  HINCRBY h n ""
  HINCRBY h n " 1"
  HSET h text abc float 1.5 empty "" padded " 1" zeros 007
  HINCRBY h text 1
  HINCRBY h float 1
  HINCRBY h empty 1
  HINCRBY h padded 1
  HINCRBY h zeros 1
  HGETALL h
`;

const FLOATS = `
  HINCRBYFLOAT h f 0.1
  HINCRBYFLOAT h f 0.2
  HINCRBYFLOAT h f -0.3
  HINCRBYFLOAT h f 10.5
  HINCRBYFLOAT h f 5.0e3
  HGET h f
  HINCRBYFLOAT h g 3.0e-20
  HINCRBYFLOAT h g -3.0e-20
  HINCRBYFLOAT h g -1e-18
  HGET h g
  HINCRBYFLOAT h i 1e20
  HINCRBYFLOAT h i 1
  HINCRBYFLOAT h i 1e300
  HINCRBYFLOAT h third 0.3333333333333333333333333
  HINCRBYFLOAT h third 0.3333333333333333333333333
  HINCRBYFLOAT h third 0.3333333333333333333333333
  HINCRBYFLOAT h hex 0x1.8p3
  HINCRBYFLOAT h hex 0xff
  HINCRBYFLOAT h dot .5
  HINCRBYFLOAT h dot 5.
  HINCRBYFLOAT h plus +1
  HINCRBYFLOAT h zero 0
  HINCRBYFLOAT h zero -0
  HINCRBYFLOAT h zero -0.0
  HINCRBYFLOAT h big 9223372036854775807
  HINCRBYFLOAT h big 1
  HINCRBYFLOAT h big 0.5
  HINCRBYFLOAT h neg -17.0625
  HINCRBYFLOAT h e 1e4932
  HINCRBYFLOAT h e 1e4933
  HINCRBYFLOAT h e 1e99999999999
  HINCRBYFLOAT h e 1e-4940
  HINCRBYFLOAT h e 1e-5000
  HINCRBYFLOAT h e 1e-99999999999
  HINCRBYFLOAT h e 0e99999999999
  HINCRBYFLOAT h f abc
  HINCRBYFLOAT h f ""
  HINCRBYFLOAT h f " 1"
  HINCRBYFLOAT h f "1 "
  HINCRBYFLOAT h f 1e
  HINCRBYFLOAT h f 1e+
  HINCRBYFLOAT h f .
  HINCRBYFLOAT h f -
  HINCRBYFLOAT h f 0x
  HINCRBYFLOAT h f nan
  HINCRBYFLOAT h f "1\\x00"
  HSET h text abc empty "" padded " 1" huge 1e4930 infinite inf
  HINCRBYFLOAT h text 1
  HINCRBYFLOAT h empty 1
  HINCRBYFLOAT h padded 1
  HINCRBYFLOAT h infinite 1
  HINCRBYFLOAT h f inf
  HINCRBYFLOAT h f -inf
  HINCRBYFLOAT h none infinity
  HEXISTS h none
  HINCRBYFLOAT h e 11e4931
  HINCRBYFLOAT h e 1e4932
  HGET h f
`;

const SCANS = `
  HSET h 3 x 1 y 2 z 10 ten 20 twenty
  HSCAN h 0
  HSCAN h 0 COUNT 1
  HSCAN h 0 MATCH *0
  HSCAN h 0 MATCH 1? COUNT 100
  HSCAN h 0 MATCH nope
  HSCAN h 0 MATCH x
  HSCAN h 7
  HSCAN h abc
  HSCAN h 0 COUNT 0
  HSCAN h 0 COUNT abc
  HSCAN h 0 COUNT
  HSCAN h 0 MATCH
  HSCAN h 0 TYPE hash
  HSCAN h 0 NOVALUES => *2|$1|0|*5|$1|3|$1|1|$1|2|$2|10|$2|20
  HSCAN h 0 match * count 3
`;

const ERRORS = `
  HSET
  HSET h
  HSET h f
  HSET h f v g
  HMSET h f
  HMSET h f v g
  HSETNX h f
  HSETNX h f v g
  HGET h
  HGET h f g
  HMGET h
  HGETALL
  HGETALL h f
  HDEL h
  HEXISTS h
  HEXISTS h f g
  HLEN
  HLEN h f
  HKEYS
  HVALS h f
  HINCRBY h f
  HINCRBY h f 1 2
  HINCRBYFLOAT h f
  HRANDFIELD
  HSCAN h
  SET string v
  HSET string f v
  HSET string f
  HSET string f v g
  HMSET string f v
  HSETNX string f v
  HGET string f
  HMGET string f
  HGETALL string
  HDEL string f
  HEXISTS string f
  HLEN string
  HKEYS string
  HVALS string
  HINCRBY string f 1
  HINCRBY string f abc
  HINCRBYFLOAT string f 1
  HINCRBYFLOAT string f abc
  HRANDFIELD string
  HRANDFIELD string 2
  HRANDFIELD string abc
  HRANDFIELD string 1 FOO
  HSCAN string 0
  HSCAN string abc
  HSCAN string 0 FOO
  EXISTS h
  HSET h f v
  GET h
  SADD h m
  SET h v
  GET h
`;

const TABLES = { "hash-max-listpack-entries": "0" };

for (const [encoding, directives] of Object.entries({ listpacks: {}, tables: TABLES })) {
  for (const resp3 of [false, true]) {
    const name = (what: string) => `hashes, ${what}, ${encoding}${resp3 ? ", RESP3" : ""}`;
    const options = { resp3, serve: { directives } };
    // A table's order is its own; what it keeps is compared where order does not matter.
    const ordered = (script: string) =>
      encoding === "listpacks"
        ? script
        : script.replace(/^ *(HKEYS|HVALS|HRANDFIELD many \d+$)/gm, "  ~$1")
          .replace(/^ *(HGETALL|HRANDFIELD many .*WITHVALUES$)/gm, "  ~~$1");
    comparison(name("fields"), ordered(FIELDS), options);
    comparison(name("random"), ordered(RANDOM), options);
    comparison(name("integers"), ordered(INTEGERS), options);
    comparison(name("floats"), FLOATS, options);
    comparison(name("errors"), ERRORS, options);
    if (encoding === "listpacks") comparison(name("scans"), SCANS, options);
  }
}

const PAIRS = Array.from({ length: 129 }, (_, i) => `f${i} ${i}`);

comparison(
  "hashes, encodings",
  `
  CONFIG SET hash-max-listpack-entries 128
  CONFIG GET hash-max-ziplist-value
  HSET h ${PAIRS.slice(0, 128).join(" ")}
  OBJECT ENCODING h
  HGETALL h
  HSET h f0 other
  OBJECT ENCODING h
  HSET h f128 v
  OBJECT ENCODING h
  ~~HGETALL h
  HDEL h ${PAIRS.map((pair) => pair.split(" ")[0]).slice(2).join(" ")}
  OBJECT ENCODING h
  ~~HGETALL h
  HSET value f ${"v".repeat(64)}
  OBJECT ENCODING value
  HSET value f ${"v".repeat(65)}
  OBJECT ENCODING value
  HSET field ${"f".repeat(64)} v
  OBJECT ENCODING field
  HSET field ${"f".repeat(65)} v
  OBJECT ENCODING field
  HSETNX nx f ${"v".repeat(65)}
  OBJECT ENCODING nx
  HINCRBYFLOAT float f 1e100
  OBJECT ENCODING float
  HSET hinted ${PAIRS.join(" ")}
  OBJECT ENCODING hinted
  # 7.2 makes a table ahead of many fields
  HSET same ${PAIRS.map(() => "f v").join(" ")} => :1
  OBJECT ENCODING same => $9|hashtable
  CONFIG SET hash-max-listpack-value 3
  HSET later f four
  OBJECT ENCODING later
  TYPE later
`,
);

Deno.test({
  name: "hashes: sums of random decimals are redis-server's, digit for digit",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serve({ port: 0, onLogLine() {} });
    using ours = await Peer.connect(ravel.address.port);
    using theirs = await Peer.connect(redis.port);
    const random = new SeededRandom(23);
    const digits = (count: number) =>
      Array.from({ length: count }, () => random.below(10)).join("");
    for (let i = 0; i < 3000; i++) {
      const whole = digits(random.below(random.below(8) === 0 ? 40 : 6));
      const fraction = digits(1 + random.below(random.below(8) === 0 ? 40 : 9));
      const exponent = random.below(4) === 0 ? `e${random.below(60) - 30}` : "";
      const number = `${random.pick(["", "-"])}${whole}.${fraction}${exponent}`;
      const field = `f${random.below(8)}`;
      for (const peer of [ours, theirs]) peer.queue("HINCRBYFLOAT", "h", field, number);
      await Promise.all([ours.flush(), theirs.flush()]);
      assertEquals(await ours.receive(), await theirs.receive(), `${field} ${number}`);
      if (random.below(50) === 0) {
        for (const peer of [ours, theirs]) await peer.ask("HDEL", "h", field);
      }
    }
  },
});

Deno.test({
  name: "sets and hashes: DEBUG OBJECT tells the length that redis-server dumps",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await redis.call("CONFIG", "SET", "rdbcompression", "no");
    await redis.call("CONFIG", "SET", "hash-max-listpack-entries", "3");
    const directives = {
      "hash-max-listpack-entries": "3",
      "set-max-listpack-entries": "0",
      "enable-debug-command": "yes",
      "rdbcompression": "no",
    };
    await using ravel = await serve({ port: 0, onLogLine() {}, directives });
    using peer = await Peer.connect(ravel.address.port);
    for (
      const request of [
        ["HSET", "packed", "a", "1", "b", "text"],
        ["HSET", "table", "a", "1", "b", "text", "c", "-70000", "d", "x".repeat(100)],
        ["SADD", "integers", "1", "2", "70000"],
        ["SADD", "words", "one", "2", "300", "y".repeat(70)],
      ]
    ) {
      await redis.call(...request);
      await peer.ask(...request);
      const dump = await redis.call("DUMP", request[1]);
      assert(dump instanceof Uint8Array);
      const reply = await peer.ask("DEBUG", "OBJECT", request[1]);
      // A dump has the type in front, and ten bytes of version and checksum behind.
      assertEquals(/serializedlength:(\d+)/.exec(reply)?.[1], String(dump.length - 11), request[1]);
    }
  },
});

Deno.test("hashes: samples and scans of many fields have their values with them", async () => {
  for (const directives of [{}, TABLES]) {
    await using server = await serve({ port: 0, onLogLine() {}, directives });
    using peer = await Peer.connect(server.address.port);
    const start = server.keyspace.arena.usedBytes;
    const all = Array.from({ length: 1000 }, (_, i) => [`f${i}`, `v${i}`]);
    assertEquals(await peer.ask("HSET", "h", ...all.flat()), ":1000\r\n");
    for (const count of [1, 10, 400, 1000, 2000, -50]) {
      const pairs = linesOf(await peer.ask("HRANDFIELD", "h", String(count), "WITHVALUES"));
      assertEquals(pairs.length, 2 * (count < 0 ? -count : Math.min(count, 1000)));
      const fields = new Set<string>();
      for (let i = 0; i < pairs.length; i += 2) {
        assertEquals(pairs[i + 1], pairs[i].replace("f", "v"));
        fields.add(pairs[i]);
      }
      if (count > 0) assertEquals(fields.size, Math.min(count, 1000));
    }
    const seen = new Map<string, string>();
    let cursor = "0";
    do {
      const [next, ...pairs] = linesOf(await peer.ask("HSCAN", "h", cursor, "COUNT", "50"));
      for (let i = 0; i < pairs.length; i += 2) seen.set(pairs[i], pairs[i + 1]);
      cursor = next;
    } while (cursor !== "0");
    assertEquals(seen, new Map(all as [string, string][]));
    for (let i = 0; i < 1000; i++) assert(seen.has(`f${i}`));
    await peer.ask("UNLINK", "h");
    await peer.ask("FLUSHALL", "SYNC");
    await server.keyspace.lazyFree.drained();
    assertEquals(server.keyspace.arena.usedBytes, start);
    server.keyspace.arena.verify();
  }
});

/** The bulk strings of a flat or nested array, in order. */
function linesOf(reply: string): string[] {
  return reply.split("\r\n").filter((line, i) => i > 0 && line !== "" && !/^[$*]/.test(line));
}

comparison(
  "hashes: limits that were lowered count at the next change",
  `
  HSET h a 1 b 2 c 3 => :3
  CONFIG SET hash-max-listpack-entries 2 => +OK
  HGET h a => $1|1
  HDEL h missing => :0
  OBJECT ENCODING h => $8|listpack
  HSET h a 9 => :0
  OBJECT ENCODING h => $9|hashtable
  HSET g a 1 b 2 => :2
  HSET g a 3 => :0
  OBJECT ENCODING g => $8|listpack
  CONFIG SET hash-max-listpack-value 1 => +OK
  HSET g a 4 => :0
  OBJECT ENCODING g => $8|listpack
  HINCRBY g a 10 => :14
  OBJECT ENCODING g => $9|hashtable
  `,
);
