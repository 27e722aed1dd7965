// What Redis 8.4 has brought for strings: DIGEST, DELEX, the conditions of SET on the value, and
// MSETEX. The installed redis-server has none of it, so replies are written here, as Redis's
// documentation and tests have them.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";

const OK = "+OK";
const WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value";
const SYNTAX = "-ERR syntax error";
const NOT_A_DIGEST = "-ERR must be exactly 16 hexadecimal characters";
const HELLO = "9555e8555c62dcfd";
const OTHER = "9555e8555c62dcfe";

const DIGEST = `
  DIGEST k => $-1
  SET k hello => ${OK}
  DIGEST k => $16|${HELLO}
  SET k v8 => ${OK}
  DIGEST k => $16|0cc76dbb41381419
  SET k "" => ${OK}
  DIGEST k => $16|2d06800538d394c2
  SET k 123 => ${OK}
  OBJECT ENCODING k => $3|int
  DIGEST k => $16|404a763b3f4c8c9a
  RPUSH l x => :1
  DIGEST l => ${WRONG_TYPE}
  DIGEST => -ERR wrong number of arguments for 'digest' command
  DIGEST k k => -ERR wrong number of arguments for 'digest' command
`;

const SET = `
  SET k v IFEQ hello => $-1
  EXISTS k => :0
  SET k v IFDEQ ${HELLO} => $-1
  SET k v IFDEQ short => $-1
  EXISTS k => :0
  SET k hello IFNE hello => ${OK}
  SET k world IFEQ other => $-1
  SET k world IFEQ HELLO => $-1
  SET k world IFEQ hello => ${OK}
  GET k => $5|world
  SET k hello IFNE world => $-1
  SET k hello ifne other => ${OK}
  SET k v IFDEQ ${OTHER} => $-1
  SET k v IFDEQ ${HELLO.toUpperCase()} => ${OK}
  DEL k => :1
  SET k hello IFDNE ${HELLO} => ${OK}
  SET k v IFDNE ${HELLO} => $-1
  SET k v IFDNE ${OTHER} => ${OK}
  SET k hello => ${OK}
  SET k v IFDEQ zzzzzzzzzzzzzzzz => $-1
  SET k v IFDNE zzzzzzzzzzzzzzzz => ${OK}
  SET k v IFDEQ 123 => ${NOT_A_DIGEST}
  SET k v IFDNE 0${HELLO} => ${NOT_A_DIGEST}
  SET k v IFDEQ "" => ${NOT_A_DIGEST}
  SET k v GET IFDEQ 123 => ${NOT_A_DIGEST}
  SET k 12345 => ${OK}
  SET k 7 IFEQ 012345 => $-1
  SET k 7 IFEQ 12345 => ${OK}
  GET k => $1|7
  SET k "" => ${OK}
  SET k v IFNE "" => $-1
  SET k "a\\x00b" IFEQ "" => ${OK}
  SET k "a\\x00c" IFEQ "a\\x00c" => $-1
  SET k "a\\x00c" IFEQ "a\\x00b" => ${OK}
  SET k hello => ${OK}
  SET k world IFEQ hello GET => $5|hello
  SET k v IFEQ hello GET => $5|world
  GET k => $5|world
  SET none v GET IFEQ x => $-1
  SET none v GET IFNE x => $-1
  GET none => $1|v
  SET k hello EX 100 => ${OK}
  SET k world IFEQ hello => ${OK}
  TTL k => :-1
  SET k hello IFEQ world EX 100 => ${OK}
  TTL k => :100
  SET k world KEEPTTL IFEQ hello => ${OK}
  TTL k => :100
  SET k hello IFEQ nope EX 500 => $-1
  TTL k => :100
  SET k v IFEQ => ${SYNTAX}
  SET k v IFEQ a IFEQ b => ${SYNTAX}
  SET k v IFEQ a IFNE b => ${SYNTAX}
  SET k v IFEQ a NX => ${SYNTAX}
  SET k v XX IFEQ a => ${SYNTAX}
  SET k v IFEQ a EX => ${SYNTAX}
  SET k v IFEQ world EX 0 => -ERR invalid expire time in 'set' command
  SET k v IFEQ GET => $-1
  SET k v IFEQ EX EX 10 => $-1
  GET k => $5|world
  RPUSH l x => :1
  SET l v IFEQ x => ${WRONG_TYPE}
  SET l v IFNE x => ${WRONG_TYPE}
  SET l v IFDEQ 123 => ${WRONG_TYPE}
  SET l v IFDNE ${HELLO} => ${WRONG_TYPE}
  TYPE l => +list
  COMMAND GETKEYSANDFLAGS SET k v IFEQ x => *1|*2|$1|k|*2|+RW|+update
  COMMAND GETKEYSANDFLAGS SET k IFEQ => *1|*2|$1|k|*2|+OW|+update
  COMMAND GETKEYSANDFLAGS SET k v IFEQ x GET => *1|*2|$1|k|*3|+RW|+access|+update
`;

const DELEX = `
  DELEX k => :0
  SET k hello => ${OK}
  DELEX k => :1
  EXISTS k => :0
  HSET h f v => :1
  DELEX h => :1
  DELEX k IFEQ x => :0
  DELEX k IFNE x => :0
  DELEX k IFDEQ short => :0
  DELEX k BOGUS x => :0
  SET k hello => ${OK}
  DELEX k IFEQ other => :0
  DELEX k IFNE hello => :0
  DELEX k IFDEQ ${OTHER} => :0
  DELEX k IFDNE ${HELLO.toUpperCase()} => :0
  DELEX k IFDEQ 123 => ${NOT_A_DIGEST}
  DELEX k IFDNE "" => ${NOT_A_DIGEST}
  DELEX k BOGUS hello => -ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE
  DELEX k IFEQ => -ERR wrong number of arguments for 'delex' command
  DELEX k IFEQ hello more => -ERR wrong number of arguments for 'delex' command
  DELEX => -ERR wrong number of arguments for 'delex' command
  GET k => $5|hello
  DELEX k IFEQ hello => :1
  SET k hello => ${OK}
  DELEX k ifne other => :1
  SET k hello => ${OK}
  DELEX k IFDEQ ${HELLO} => :1
  SET k hello => ${OK}
  DELEX k IfDne ${OTHER} => :1
  EXISTS k => :0
  SET n 11 => ${OK}
  INCR n => :12
  DELEX n IFEQ 12 => :1
  RPUSH l x => :1
  DELEX l IFEQ x => -ERR Key should be of string type if conditions are specified
  DELEX l BOGUS x => -ERR Key should be of string type if conditions are specified
  TYPE l => +list
  COMMAND GETKEYSANDFLAGS DELEX k => *1|*2|$1|k|*2|+RM|+delete
  COMMAND GETKEYSANDFLAGS DELEX k IFNE x => *1|*2|$1|k|*2|+RW|+delete
`;

const MSETEX = `
  MSETEX 2 a 1 b two => :1
  MGET a b => *2|$1|1|$3|two
  OBJECT ENCODING a => $3|int
  TTL a => :-1
  MSETEX 2 a 2 b 3 EX 100 => :1
  MGET a b => *2|$1|2|$1|3
  TTL b => :100
  MSETEX 1 a 3 KEEPTTL => :1
  TTL a => :100
  MSETEX 1 a 4 => :1
  TTL a => :-1
  MSETEX 2 c 1 d 2 PX 100000 NX => :1
  MSETEX 2 e 1 d 3 NX => :0
  MSETEX 2 e 1 d 3 XX => :0
  EXISTS e => :0
  GET d => $1|2
  MSETEX 2 c 5 d 6 XX EXAT 4000000000 => :1
  MGET c d => *2|$1|5|$1|6
  EXPIRETIME d => :4000000000
  MSETEX 1 d 7 PXAT 4000000000123 => :1
  PEXPIRETIME d => :4000000000123
  MSETEX 2 same 1 same 2 NX => :1
  GET same => $1|2
  RPUSH l x => :1
  MSETEX 1 l s ex 10 xx => :1
  TYPE l => +string
  MSETEX 1 a NX NX => :0
  MSETEX 1 EX 10 => :1
  GET EX => $2|10
  MSETEX 1 past v EXAT 1 => :1
  EXISTS past => :0
  MSETEX => -ERR wrong number of arguments for 'msetex' command
  MSETEX 1 a => -ERR wrong number of arguments for 'msetex' command
  MSETEX a 1 b 2 => -ERR invalid numkeys value
  MSETEX 0 a 1 => -ERR invalid numkeys value
  MSETEX -1 a 1 => -ERR invalid numkeys value
  MSETEX 1.5 a 1 => -ERR invalid numkeys value
  MSETEX 2147483648 a 1 EX 10 => -ERR invalid numkeys value
  MSETEX 2147483647 a 1 EX 10 => -ERR wrong number of key-value pairs
  MSETEX 2 a 1 b => -ERR wrong number of key-value pairs
  MSETEX 1 a 1 b => ${SYNTAX}
  MSETEX 1 a 1 NX XX => ${SYNTAX}
  MSETEX 1 a 1 GET => ${SYNTAX}
  MSETEX 1 a 1 IFEQ 4 => ${SYNTAX}
  MSETEX 1 a 1 EX 10 PX 10 => ${SYNTAX}
  MSETEX 1 a 1 EX 10 KEEPTTL => ${SYNTAX}
  MSETEX 1 a 1 KEEPTTL PX 10 => ${SYNTAX}
  MSETEX 1 a 1 EX => ${SYNTAX}
  MSETEX 1 a 1 EX 0 => -ERR invalid expire time in 'msetex' command
  MSETEX 1 a 1 PX -5 => -ERR invalid expire time in 'msetex' command
  MSETEX 1 a 1 EX 9223372036854775807 => -ERR invalid expire time in 'msetex' command
  MSETEX 1 a 1 EX x => -ERR value is not an integer or out of range
  GET a => $1|4
  COMMAND GETKEYS MSETEX 2 a 1 b 2 KEEPTTL => *2|$1|a|$1|b
  COMMAND GETKEYSANDFLAGS MSETEX 1 a 1 EX 5 => *1|*2|$1|a|*2|+OW|+update
  COMMAND GETKEYS MSETEX 2 a 1 => -ERR Invalid arguments specified for command
`;

comparison("DIGEST", DIGEST);
comparison("conditions of SET on the value", SET);
comparison("DELEX", DELEX);
comparison("MSETEX", MSETEX);

/** What the keys of the model hold, and when they expire. */
type Model = Map<string, { value: string; ttl: number }>;

const names = fc.constantFrom("a", "b", "c");
const texts = fc.constantFrom("", "1", "12", "hello", "v".repeat(300), "\0\xff");
const conditions = fc.constantFrom("IFEQ", "IFNE", "IFDEQ", "IFDNE");
const requests = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant("SET"), names, texts, conditions, texts) },
  fc.tuple(fc.constant("SETEX"), names, fc.constant("100"), texts),
  fc.tuple(fc.constant("DELEX"), names, conditions, texts),
  fc.tuple(
    fc.constant("MSETEX"),
    fc.constant("2"),
    names,
    texts,
    names,
    texts,
    fc.constantFrom("NX", "XX", "KEEPTTL", "nx"),
    fc.constantFrom("EX", "PX"),
    fc.constant("200000"),
  ),
);

Deno.test("random conditions on values against a model", async () => {
  await using server = await serveQuietly({ environment: { now: new ManualClock().now } });
  using peer = await Peer.connect(server.address.port);
  await fc.assert(
    fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 40 }), async (list) => {
      await peer.ask("FLUSHALL");
      const model: Model = new Map();
      for (const request of list) {
        const words: Uint8Array[] = request.map((word) =>
          Uint8Array.from(word, (c) => c.charCodeAt(0))
        );
        // A digest is compared with that of the text that stands in its place.
        for (const [i, word] of request.entries()) {
          if (word === "IFDEQ" || word === "IFDNE") {
            words[i + 1] = await digestOf(peer, words[i + 1]);
          }
        }
        assertEquals(await peer.ask(...words), expectedOf(model, request), request.join(" "));
      }
      for (const name of ["a", "b", "c"]) {
        const entry = model.get(name);
        const text = entry === undefined
          ? "$-1\r\n"
          : `$${entry.value.length}\r\n${entry.value}\r\n`;
        assertEquals(await peer.ask("GET", name), text);
        assertEquals(await peer.ask("TTL", name), `:${entry?.ttl ?? -2}\r\n`);
      }
    }),
    { numRuns: 60 },
  );
});

async function digestOf(peer: Peer, text: Uint8Array): Promise<Uint8Array> {
  await peer.ask("SET", "elsewhere", text);
  const digest = (await peer.ask("DIGEST", "elsewhere")).split("\r\n")[1];
  await peer.ask("DEL", "elsewhere");
  return new TextEncoder().encode(digest);
}

/** What a request answers, once it is done to the model. */
function expectedOf(model: Model, request: readonly string[]): string {
  const [command, key, second, third, fourth] = request;
  const present = model.get(key);
  if (command === "SETEX") {
    model.set(key, { value: third, ttl: Number(second) });
    return "+OK\r\n";
  }
  if (command === "MSETEX") {
    const pairs = [[second, third], [fourth, request[5]]];
    const condition = request[6].toUpperCase();
    // KEEPTTL goes not with EX.
    if (condition === "KEEPTTL") return "-ERR syntax error\r\n";
    const isDone = pairs.every(([name]) => model.has(name) === (condition === "XX"));
    const ttl = request[7] === "EX" ? 200_000 : 200;
    if (isDone) { for (const [name, value] of pairs) model.set(name, { value, ttl }); }
    return `:${isDone ? 1 : 0}\r\n`;
  }
  const [condition, compared] = command === "SET" ? [third, fourth] : [second, third];
  const isSame = present?.value === compared;
  const wantsSame = condition === "IFEQ" || condition === "IFDEQ";
  if (command === "DELEX") {
    const isDone = present !== undefined && isSame === wantsSame && model.delete(key);
    return `:${isDone ? 1 : 0}\r\n`;
  }
  if (isSame !== wantsSame) return "$-1\r\n";
  model.set(key, { value: second, ttl: -1 });
  return "+OK\r\n";
}
