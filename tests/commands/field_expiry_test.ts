// Fields of hashes that expire: replies and errors as of Redis 7.4 and 8, written here as the installed
// redis-server is too old for them; what is told and counted; and everything against a model, with a
// clock that the test moves.

import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import type { Server } from "../../server/mod.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { wordsOf } from "../harness/comparison.ts";
import { Hearing } from "../harness/hearing.ts";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const DIRECTIVES = { "enable-debug-command": "yes", "hash-max-listpack-entries": "6" };

/** A server at a standstill: its clock is the test's, and only who asks collects. */
class Stage implements AsyncDisposable {
  private constructor(
    readonly server: Server,
    readonly peer: Peer,
    readonly clock: ManualClock,
  ) {}

  static async open(directives: Record<string, string> = DIRECTIVES): Promise<Stage> {
    const clock = new ManualClock();
    const server = await serveQuietly({ environment: { now: clock.now }, directives });
    const peer = await Peer.connect(server.address.port);
    await peer.ask("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    return new Stage(server, peer, clock);
  }

  async ask(line: string): Promise<string> {
    return await this.peer.ask(...wordsOf(line));
  }

  verify(): void {
    const { keyspace } = this.server;
    keyspace.arena.verify();
    for (const database of keyspace.databases) {
      let expiring = 0;
      database.forEach((entry) => {
        if (keyspace.entries.type(entry) !== Type.Hash) return;
        const hash = keyspace.hashes.open(entry);
        hash.verify();
        assertEquals(hash.earliestMs < Infinity, keyspace.entries.hasFieldExpiry(entry));
        if (hash.earliestMs < Infinity) expiring++;
      });
      assertEquals(database.fieldExpiringCount, expiring);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.peer[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/**
 * Registers a test of a script, once with small and once with large hashes: `call => reply`, with `|`
 * for each CR LF, and `+ms` where so much time goes by.
 */
function script(name: string, text: string): void {
  for (const [encoding, entries] of [["listpackex", "6"], ["hashtable", "0"]]) {
    Deno.test(`fields that expire: ${name} (${encoding})`, async () => {
      const directives = { ...DIRECTIVES, "hash-max-listpack-entries": entries };
      await using stage = await Stage.open(directives);
      const different: string[] = [];
      for (const line of text.split("\n").map((line) => line.trim())) {
        if (line === "") continue;
        if (line.startsWith("+")) {
          stage.clock.nowMs += Number(line);
          continue;
        }
        const [call, literal] = line.split(" => ");
        const plain = encoding === "listpackex" ? "8|listpack" : "9|hashtable";
        const expected = literal.replace("LEN|ENCODING", `${encoding.length}|${encoding}`)
          .replace("PLAIN", plain).replaceAll("|", "\r\n") + "\r\n";
        const actual = await stage.ask(call);
        if (actual !== expected) different.push(`${call}\n  ${JSON.stringify(actual)}`);
        stage.verify();
      }
      assertEquals(different.join("\n"), "");
    });
  }
}

script(
  "HEXPIRE and its kin, HTTL and its kin, HPERSIST",
  `
  HEXPIRE h 10 FIELDS 2 a b => *2|:-2|:-2
  HTTL h FIELDS 2 a b => *2|:-2|:-2
  HPERSIST h FIELDS 1 a => *1|:-2
  HSET h a 1 b 2 c 3 => :3
  HTTL h FIELDS 4 a b x c => *4|:-1|:-1|:-2|:-1
  HPERSIST h FIELDS 2 a x => *2|:-1|:-2
  HEXPIRE h 10 FIELDS 2 a x => *2|:1|:-2
  OBJECT ENCODING h => $LEN|ENCODING
  HTTL h FIELDS 3 a b x => *3|:10|:-1|:-2
  HPTTL h FIELDS 1 a => *1|:10000
  HEXPIRETIME h FIELDS 1 a => *1|:1700000010
  HPEXPIRETIME h FIELDS 1 a => *1|:1700000010000
  +1
  HTTL h FIELDS 1 a => *1|:10
  HPTTL h FIELDS 1 a => *1|:9999
  HPEXPIRE h 1500 FIELDS 1 b => *1|:1
  HTTL h FIELDS 1 b => *1|:2
  HEXPIREAT h 1700000100 FIELDS 1 b => *1|:1
  HPEXPIRETIME h FIELDS 1 b => *1|:1700000100000
  HPEXPIREAT h 1700000100001 FIELDS 1 b => *1|:1
  HEXPIRETIME h FIELDS 1 b => *1|:1700000101
  HPERSIST h FIELDS 3 b c b => *3|:1|:-1|:-1
  HPTTL h FIELDS 2 a b => *2|:9999|:-1
  hexpire h 10 nx fields 1 b => *1|:1
  `,
);

script(
  "NX, XX, GT, LT, where no expiry is the latest",
  `
  HSET h a 1 b 2 => :2
  HPEXPIRE h 1000 XX FIELDS 1 a => *1|:0
  HPEXPIRE h 1000 GT FIELDS 1 a => *1|:0
  HPEXPIRE h 1000 NX FIELDS 1 a => *1|:1
  HPEXPIRE h 2000 NX FIELDS 2 a b => *2|:0|:1
  HPEXPIRE h 1000 GT FIELDS 1 a => *1|:0
  HPEXPIRE h 1001 GT FIELDS 1 a => *1|:1
  HPEXPIRE h 1001 LT FIELDS 1 a => *1|:0
  HPEXPIRE h 1000 LT FIELDS 1 a => *1|:1
  HPEXPIRE h 3000 XX FIELDS 2 a b => *2|:1|:1
  HPERSIST h FIELDS 1 a => *1|:1
  HPEXPIRE h 500 LT FIELDS 1 a => *1|:1
  HPTTL h FIELDS 2 a b => *2|:500|:3000
  HPEXPIRE h 0 GT FIELDS 1 a => *1|:0
  HPEXPIRE h 0 NX FIELDS 1 a => *1|:0
  HPEXPIRE h 0 XX FIELDS 2 a b => *2|:2|:2
  EXISTS h => :0
  `,
);

script(
  "a time that is past deletes",
  `
  HSET h a 1 b 2 c 3 => :3
  HEXPIREAT h 1 FIELDS 2 a x => *2|:2|:-2
  HPEXPIREAT h 1700000000000 FIELDS 1 b => *1|:2
  HGETALL h => *2|$1|c|$1|3
  HPEXPIREAT h 0 FIELDS 2 c c => *2|:2|:-2
  EXISTS h => :0
  `,
);

script(
  "expired fields are absent at once, and HLEN counts them until somebody comes upon them",
  `
  HSET h a 1 b 2 c 3 d 4 e 5 => :5
  HPEXPIRE h 100 FIELDS 4 a b c d => *4|:1|:1|:1|:1
  +100
  HGET h a => $1|1
  HMGET h a b => *2|$1|1|$1|2
  +1
  HLEN h => :5
  HGETALL h => *2|$1|e|$1|5
  HKEYS h => *1|$1|e
  HVALS h => *1|$1|5
  HSCAN h 0 COUNT 100 => *2|$1|0|*2|$1|e|$1|5
  HTTL h FIELDS 2 a e => *2|:-2|:-1
  HLEN h => :5
  HGET h a => $-1
  HLEN h => :4
  HEXISTS h b => :0
  HSTRLEN h c => :0
  HLEN h => :2
  HMGET h d e => *2|$-1|$1|5
  HLEN h => :1
  HPEXPIRE h 1 FIELDS 1 e => *1|:1
  +2
  EXISTS h => :1
  HGET h e => $-1
  EXISTS h => :0
  HLEN h => :0
  `,
);

script(
  "who writes to an expired field finds none",
  `
  HSET h a 1 b 2 c 3 d 4 e 5 live 6 => :6
  HPEXPIRE h 100 FIELDS 5 a b c d e => *5|:1|:1|:1|:1|:1
  +101
  HSET h a 7 => :1
  HTTL h FIELDS 1 a => *1|:-1
  HINCRBY h b 5 => :5
  HINCRBYFLOAT h c 0.5 => $3|0.5
  HTTL h FIELDS 2 b c => *2|:-1|:-1
  HDEL h d => :1
  HDEL h d => :0
  HEXPIRE h 10 FIELDS 1 e => *1|:-2
  HSETNX h e 9 => :1
  HLEN h => :5
  HSET i f x => :1
  HPEXPIRE i 1 FIELDS 1 f => *1|:1
  +2
  HINCRBY i f 1 => :1
  HGETALL i => *2|$1|f|$1|1
  HPEXPIRE i 1 FIELDS 1 f => *1|:1
  +2
  HDEL i f => :1
  EXISTS i => :0
  `,
);

script(
  "HSET takes an expiry away, HINCRBY and HINCRBYFLOAT leave it",
  `
  HSET h a 1 b 2 c 3 => :3
  HPEXPIRE h 1000 FIELDS 3 a b c => *3|:1|:1|:1
  HINCRBY h a 1000000 => :1000001
  HINCRBYFLOAT h b 0.25 => $4|2.25
  HSETNX h c 9 => :0
  HPTTL h FIELDS 3 a b c => *3|:1000|:1000|:1000
  HSET h a 2 => :0
  HMSET h b 3 => +OK
  HPTTL h FIELDS 3 a b c => *3|:-1|:-1|:1000
  `,
);

script(
  "HRANDFIELD and SCAN options",
  `
  HSET h a 1 b 2 c 3 => :3
  HPEXPIRE h 1 FIELDS 2 a b => *2|:1|:1
  +2
  HRANDFIELD h 10 WITHVALUES => *2|$1|c|$1|3
  HLEN h => :1
  HRANDFIELD h => $1|c
  HRANDFIELD h -2 => *2|$1|c|$1|c
  HSCAN h 0 NOVALUES => *2|$1|0|*1|$1|c
  HSCAN h 0 MATCH x NOVALUES COUNT 2 => *2|$1|0|*0
  HSCAN none 0 NOVALUES => *2|$1|0|*0
  SADD s c => :1
  SSCAN s 0 NOVALUES => -ERR syntax error
  HPEXPIRE h 1 FIELDS 1 c => *1|:1
  +2
  HRANDFIELD h => $-1
  HRANDFIELD h 5 => *0
  EXISTS h => :0
  `,
);

const TOO_LATE = (command: string) => `-ERR invalid expire time in '${command}' command`;
const MANDATORY = "-ERR Mandatory argument FIELDS is missing or not at the right position";
const MISMATCH = "-ERR The \`numfields\` parameter must match the number of arguments";
const POSITIVE = "-ERR Number of fields must be a positive integer";
const GREATER = "-ERR Parameter \`numFields\` should be greater than 0";
const NO_INTEGER = "-ERR value is not an integer or out of range";
const WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value";

script(
  "errors",
  `
  HEXPIRE h 10 FIELDS 1 => -ERR wrong number of arguments for 'hexpire' command
  HTTL h FIELDS 1 => -ERR wrong number of arguments for 'httl' command
  SET s v => +OK
  HEXPIRE s x FIELDS 0 a => ${WRONG_TYPE}
  HTTL s x 0 a => ${WRONG_TYPE}
  HPERSIST s x 0 a => ${WRONG_TYPE}
  HGETEX s EX x FIELDS 0 a => ${WRONG_TYPE}
  HGETDEL s x 0 a => ${WRONG_TYPE}
  HSETEX s EX 10 FIELDS 1 a b => ${WRONG_TYPE}
  HEXPIRE h x FIELDS 0 a => ${NO_INTEGER}
  HEXPIRE h 1.5 FIELDS 1 a => ${NO_INTEGER}
  HEXPIRE h -1 FIELDS 1 a => -ERR invalid expire time, must be >= 0
  HEXPIRE h 70368744178 FIELDS 1 a => ${TOO_LATE("hexpire")}
  HPEXPIRE h 70368744177663 FIELDS 1 a => ${TOO_LATE("hpexpire")}
  HEXPIREAT h 9223372036854775807 FIELDS 1 a => ${TOO_LATE("hexpireat")}
  HPEXPIREAT h 70368744177664 FIELDS 1 a => ${TOO_LATE("hpexpireat")}
  HPEXPIREAT h 70368744177663 FIELDS 1 a => *1|:-2
  HEXPIRE h 10 a 1 FIELDS => ${MANDATORY}
  HEXPIRE h 10 NX XX FIELDS 1 a => ${MANDATORY}
  HEXPIRE h 10 FIELDS 0 a => ${GREATER}
  HEXPIRE h 10 FIELDS x a => ${GREATER}
  HEXPIRE h 10 NX FIELDS 1 => ${MISMATCH}
  HEXPIRE h 10 FIELDS 2 a => ${MISMATCH}
  HEXPIRE h 10 FIELDS 1 a b => ${MISMATCH}
  HEXPIRE h 10 FIELDS 9223372036854775807 a => ${MISMATCH}
  HTTL h 1 FIELDS a => ${MANDATORY}
  HPTTL h FIELDS 0 a => ${POSITIVE}
  HEXPIRETIME h FIELDS 2 a => ${MISMATCH}
  HPERSIST h FIELD 1 a => ${MANDATORY}
  HPERSIST h FIELDS -1 a => ${POSITIVE}
  HGETDEL h FIELDS 2 a => ${MISMATCH}
  HGETDEL h a b c => ${MANDATORY}
  HGETEX h FIELDS 2 a => ${MISMATCH}
  HGETEX h EX 10 FIELDS => ${POSITIVE}
  HGETEX h EX 10 PX 10 FIELDS 1 a => ${MANDATORY}
  HGETEX h PERSIST FIELDS 0 a => ${POSITIVE}
  HGETEX h EX -5 FIELDS 1 a => -ERR invalid expire time, must be >= 0
  HGETEX h PXAT 70368744177664 FIELDS 1 a => ${TOO_LATE("hgetex")}
  HSETEX h EX 10 FIELDS 1 => -ERR wrong number of arguments for 'hsetex' command
  HSETEX h EX 10 FIELDS 1 a => -ERR wrong number of arguments for 'hsetex' command
  HSETEX h EX 10 FIELDS 2 a b => -ERR wrong number of arguments for 'hsetex' command
  HSETEX h EX 10 FIELDS 1 a b c => -ERR wrong number of arguments for 'hsetex' command
  HSETEX h FNX KEEPTTL FIELDS 0 a b => -ERR invalid number of fields
  HSETEX h FNX KEEPTTL FIELDS x a b => -ERR invalid number of fields
  HSETEX h FNX FXX FIELDS 1 a b => -ERR Only one of FXX or FNX arguments can be specified
  HSETEX h EX 1 KEEPTTL FIELDS 1 a b => -ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified
  HSETEX h KEEPTTL PX 1 FIELDS 1 a b => -ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified
  HSETEX h FOO EX 1 FIELDS 1 a b => -ERR unknown argument: FOO
  HSETEX h FNX KEEPTTL x PX => -ERR unknown argument: x
  HSETEX h FNX KEEPTTL FNX EX => -ERR Only one of FXX or FNX arguments can be specified
  HSETEX h EX x FIELDS 1 a b => ${NO_INTEGER}
  HSETEX h PX 70368744177663 FIELDS 1 a b => ${TOO_LATE("hsetex")}
  EXISTS h => :0
  HSTRLEN h => -ERR wrong number of arguments for 'hstrlen' command
  HSTRLEN s f => ${WRONG_TYPE}
  `,
);

script(
  "HGETDEL, HGETEX",
  `
  HGETDEL h FIELDS 2 a b => *2|$-1|$-1
  HGETEX h EX 10 FIELDS 1 a => *1|$-1
  HSET h a 1 b 2 c 3 d 4 => :4
  HGETDEL h FIELDS 3 a x a => *3|$1|1|$-1|$-1
  HGETEX h FIELDS 2 b x => *2|$1|2|$-1
  OBJECT ENCODING h => $PLAIN
  HGETEX h EX 10 FIELDS 2 b x => *2|$1|2|$-1
  HPTTL h FIELDS 1 b => *1|:10000
  HGETEX h PX 500 FIELDS 1 b => *1|$1|2
  HGETEX h EXAT 1700000001 FIELDS 1 c => *1|$1|3
  HGETEX h pxat 1700000000002 fields 1 d => *1|$1|4
  HPTTL h FIELDS 3 b c d => *3|:500|:1000|:2
  HGETEX h PERSIST FIELDS 2 b x => *2|$1|2|$-1
  HPTTL h FIELDS 1 b => *1|:-1
  +3
  HGETEX h FIELDS 1 d => *1|$-1
  HLEN h => :2
  HGETEX h EXAT 0 FIELDS 1 b => *1|$1|2
  HGETDEL h FIELDS 2 b c => *2|$-1|$1|3
  EXISTS h => :0
  `,
);

script(
  "HSETEX",
  `
  HSETEX h FXX EX 10 FIELDS 1 a 1 => :0
  EXISTS h => :0
  HSETEX h FNX EX 10 FIELDS 2 a 1 b 2 => :1
  HPTTL h FIELDS 2 a b => *2|:10000|:10000
  HSETEX h FNX PX 5 FIELDS 2 x 1 b 9 => :0
  HSETEX h FXX PX 5 FIELDS 2 x 1 b 9 => :0
  HMGET h a b x => *3|$1|1|$1|2|$-1
  HSETEX h FXX KEEPTTL FIELDS 2 a 3 b 4 => :1
  HPTTL h FIELDS 2 a b => *2|:10000|:10000
  HSETEX h PXAT 1700000000700 FIELDS 2 a 5 c 6 => :1
  HPTTL h FIELDS 3 a b c => *3|:700|:10000|:700
  HSETEX h FNX FIELDS 1 d 7 => :1
  HSETEX h FXX FIELDS 1 a 8 => :1
  HPTTL h FIELDS 2 d a => *2|:-1|:-1
  +701
  HSETEX h FNX KEEPTTL FIELDS 1 c 9 => :1
  HTTL h FIELDS 1 c => *1|:-1
  HSETEX h EXAT 1 FIELDS 2 c 1 y 2 => :1
  HMGET h a b c y => *4|$1|8|$1|4|$-1|$-1
  HSETEX n PXAT 0 FIELDS 1 a 1 => :1
  EXISTS n => :0
  HSETEX n FXX PXAT 0 FIELDS 1 a 1 => :0
  HSETEX h EX 5 FIELDS 1 long ${"v".repeat(70)} => :1
  OBJECT ENCODING h => $9|hashtable
  HPTTL h FIELDS 3 a b long => *3|:-1|:9299|:5000
  `,
);

Deno.test("fields that expire: a key's own expiry, RENAME, SET, DEL, FLUSHALL, MULTI", async () => {
  await using stage = await Stage.open();
  for (const size of [3, 30]) {
    const pairs = Array.from({ length: size }, (_, i) => `f${i} ${i}`).join(" ");
    await stage.ask("FLUSHALL");
    await stage.ask(`HSET other ${pairs}`);
    await stage.ask("HEXPIRE other 60 FIELDS 2 f0 f1");
    await stage.ask(`HSET h ${pairs}`);
    await stage.ask("HEXPIRE h 100 FIELDS 1 f1");
    assertEquals(await stage.ask("EXPIRE h 50"), ":1\r\n");
    assertEquals(await stage.ask("RENAME h a-key-with-a-much-longer-name"), "+OK\r\n");
    assertEquals(
      await stage.ask("HTTL a-key-with-a-much-longer-name FIELDS 2 f1 f2"),
      "*2\r\n:100\r\n:-1\r\n",
    );
    assertEquals(await stage.ask("TTL a-key-with-a-much-longer-name"), ":50\r\n");
    stage.verify();
    // Over another that has fields that expire.
    await stage.ask("RENAME a-key-with-a-much-longer-name other");
    assertEquals(await stage.ask("HTTL other FIELDS 2 f0 f1"), "*2\r\n:-1\r\n:100\r\n");
    stage.verify();
    stage.clock.nowMs += 50_001;
    assertEquals(await stage.ask("HGETALL other"), "*0\r\n");
    stage.verify();
    await stage.ask(`HSETEX h EX 5 FIELDS ${size} ${pairs}`);
    await stage.ask("SET h v");
    stage.verify();
    await stage.ask("DEL h");
    await stage.ask(`HSETEX h EX 5 FIELDS ${size} ${pairs}`);
    await stage.ask("MULTI");
    await stage.ask("HGETDEL h FIELDS 1 f0");
    await stage.ask("HTTL h FIELDS 2 f0 f1");
    assertEquals(await stage.ask("EXEC"), "*2\r\n*1\r\n$1\r\n0\r\n*2\r\n:-2\r\n:5\r\n");
    stage.verify();
    await stage.ask("UNLINK h");
    stage.verify();
  }
  await flushAndDrain(stage.server);
  stage.verify();
});

Deno.test("fields that expire: INFO counts them, and the hashes", async () => {
  await using stage = await Stage.open();
  const db0 = async () => /avg_ttl=\d+(.*)\r/.exec(await stage.ask("INFO keyspace"))![1];
  const expired = async () => /expired_subkeys:(\d+)/.exec(await stage.ask("INFO stats"))![1];
  await stage.ask("HSET h a 1 b 2 c 3");
  await stage.ask("HSETEX i EX 5 FIELDS 1 a 1");
  assertEquals(await db0(), ",subexpiry=1");
  await stage.ask("HPEXPIRE h 1 FIELDS 2 a b");
  assertEquals(await db0(), ",subexpiry=2");
  await stage.ask("HPERSIST i FIELDS 1 a");
  assertEquals(await db0(), ",subexpiry=1");
  stage.clock.nowMs += 2;
  await stage.ask("HGET h a");
  assertEquals(await expired(), "1");
  await stage.ask("HRANDFIELD h");
  assertEquals(await expired(), "2");
  assertEquals(await db0(), "");
  await stage.ask("HEXPIREAT h 1 FIELDS 1 c");
  assertEquals(await expired(), "3");
  await stage.ask("CONFIG RESETSTAT");
  assertEquals(await expired(), "0");
});

Deno.test("fields that expire: events in Redis's order", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: { now: clock.now },
    directives: DIRECTIVES,
  });
  using hearing = await Hearing.begin(server.address.port, "KEA");
  const heard = async (line: string) =>
    (await hearing.ask(...wordsOf(line))).slice(1)
      .filter((text) => text.startsWith("__keyspace"))
      .map((text) => text.replace("__keyspace@0__:", ""));
  for (const entries of ["6", "0"]) {
    await hearing.peer.ask("CONFIG", "SET", "hash-max-listpack-entries", entries);
    assertEquals(await heard("HSET h a 1 b 2 c 3 d 4 e 5 f 6"), ["h: hset"]);
    assertEquals(await heard("HPEXPIRE h 10 FIELDS 4 a b c d"), ["h: hexpire"]);
    assertEquals(await heard("HPEXPIRE h 10 NX FIELDS 1 a"), []);
    assertEquals(await heard("HPEXPIRE h 0 FIELDS 2 d x"), ["h: hdel"]);
    assertEquals(await heard("HPERSIST h FIELDS 2 a e"), ["h: hpersist"]);
    assertEquals(await heard("HPERSIST h FIELDS 2 a e"), []);
    clock.nowMs += 11;
    assertEquals(await heard("HMGET h b c e"), ["h: hexpired"]);
    assertEquals(await heard("HGETEX h FIELDS 1 e"), []);
    assertEquals(await heard("HGETEX h PX 5 FIELDS 1 e"), ["h: hexpire"]);
    assertEquals(await heard("HGETEX h PERSIST FIELDS 1 e"), ["h: hpersist"]);
    assertEquals(await heard("HSETEX h PX 5 FIELDS 1 e 9"), ["h: hset", "h: hexpire"]);
    assertEquals(await heard("HSETEX h KEEPTTL FIELDS 1 e 9"), ["h: hset"]);
    clock.nowMs += 6;
    assertEquals(await heard("HSETEX h FXX EX 5 FIELDS 1 e 9"), ["h: hexpired"]);
    assertEquals(await heard("HSETEX h EXAT 1 FIELDS 1 f 9"), ["h: hset", "h: hdel"]);
    assertEquals(await heard("HPEXPIRE h 5 FIELDS 1 a"), ["h: hexpire"]);
    clock.nowMs += 6;
    assertEquals(await heard("HINCRBY h a 5"), ["h: hexpired", "h: hincrby"]);
    assertEquals(await heard("HGETEX h PXAT 1 FIELDS 1 a"), ["h: hdel", "h: del"]);
    assertEquals(await heard("HSETEX h PX 5 FIELDS 2 a 1 b 2"), ["h: hset", "h: hexpire"]);
    assertEquals(await heard("HGETDEL h FIELDS 1 a"), ["h: hdel"]);
    clock.nowMs += 6;
    assertEquals(await heard("HGETDEL h FIELDS 1 b"), ["h: hexpired", "h: del"]);
    assertEquals(await heard("HSETEX h PX 5 FIELDS 2 a 1 b 2"), ["h: hset", "h: hexpire"]);
    clock.nowMs += 6;
    assertEquals(await heard("HRANDFIELD h"), ["h: hexpired", "h: del"]);
    assertEquals(await heard("HSETEX h PXAT 1 FIELDS 1 a 1"), ["h: hset", "h: hdel", "h: del"]);
    assertEquals(await heard("HSETEX h EX 9 FIELDS 2 a 1 b 2"), ["h: hset", "h: hexpire"]);
    assertEquals(await heard("HPEXPIREAT h 5 FIELDS 2 a b"), ["h: hdel", "h: del"]);
  }
});

Deno.test("fields that expire: nobody has to ask, and each goes with its event", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: { now: clock.now },
    directives: { ...DIRECTIVES, "notify-keyspace-events": "Kgh" },
  });
  using peer = await Peer.connect(server.address.port);
  using subscriber = await Peer.connect(server.address.port);
  await subscriber.ask("PSUBSCRIBE", "*");
  const pairs = Array.from({ length: 20_000 }, (_, i) => [`f${i}`, "v"]).flat();
  await peer.ask("HSETEX", "large", "PX", "10", "FIELDS", "20000", ...pairs);
  await peer.ask("HSETEX", "small", "PX", "10", "FIELDS", "1", "a", "1");
  await peer.ask("HSET", "small", "b", "2");
  await peer.ask("HSETEX", "later", "EX", "10", "FIELDS", "1", "a", "1");
  clock.nowMs += 11;
  await until("two keys are left", () => server.keyspace.databases[0].size === 2);
  await until("all is collected", () => server.keyspace.expiredSubkeys === 20_001);
  assertEquals(await peer.ask("HGETALL", "small"), "*2\r\n$1\r\nb\r\n$1\r\n2\r\n");
  assertEquals(await peer.ask("HTTL", "later", "FIELDS", "1", "a"), "*1\r\n:10\r\n");
  const heard = new Set<string>();
  while (!heard.has("large: del") || !heard.has("small: hexpired")) {
    const [, , , , , , channel, , message] = (await subscriber.receive()).split("\r\n");
    heard.add(`${channel.replace("__keyspace@0__:", "")}: ${message}`);
  }
  assert(heard.has("large: hexpired") && !heard.has("small: del") && !heard.has("later: hexpired"));
  await flushAndDrain(server);
});

Deno.test("fields that expire: one round of the expire cycle removes a bounded number", async () => {
  await using stage = await Stage.open();
  const { clock, peer, server: { keyspace } } = stage;
  const [database] = keyspace.databases;
  const pairs = Array.from({ length: 3000 }, (_, i) => [`f${i}`, "v"]).flat();
  await peer.ask("HSETEX", "h", "PX", "10", "FIELDS", "3000", ...pairs);
  for (let i = 0; i < 300; i++) {
    await peer.ask("HSETEX", `s${i}`, "PX", "10", "FIELDS", "1", "a", "1");
  }
  clock.nowMs += 11;
  keyspace.updateClock();
  const size = () => {
    let fields = 0;
    database.forEach((entry) => fields += keyspace.hashes.open(entry).count);
    return fields;
  };
  for (let left = size(); left > 0;) {
    assertLessOrEqual(keyspace.fieldExpiry.collect(database, 128), 128);
    const now = size();
    assertLessOrEqual(left - now, 128);
    assertGreater(left - now, 0);
    left = now;
    stage.verify();
  }
  assertEquals([database.size, database.fieldExpiringCount], [0, 0]);
  assertEquals(keyspace.fieldExpiry.collect(database, 128), 0);
});

Deno.test("fields that expire: a client that pauses writes keeps expired fields", async () => {
  await using stage = await Stage.open();
  await stage.ask("HSETEX h PX 5 FIELDS 2 a 1 b 2");
  await stage.ask("HSET h c 3");
  stage.clock.nowMs += 6;
  await stage.ask("CLIENT PAUSE 100000 WRITE");
  assertEquals(await stage.ask("HGET h a"), "$-1\r\n");
  assertEquals(await stage.ask("HRANDFIELD h 5"), "*1\r\n$1\r\nc\r\n");
  assertEquals(await stage.ask("HLEN h"), ":3\r\n");
  await stage.ask("CLIENT UNPAUSE");
  assertEquals(await stage.ask("HGET h a"), "$-1\r\n");
  assertEquals(await stage.ask("HLEN h"), ":2\r\n");
});

Deno.test("fields that expire: a long HRANDFIELD sees the hash as it was when it began", async () => {
  for (const collects of [true, false]) {
    await using stage = await Stage.open();
    const { clock, peer, server } = stage;
    const value = "v".repeat(5000);
    const pairs = Array.from({ length: 4000 }, (_, i) => [`f${i}`, value]).flat();
    await peer.ask("HSET", "h", ...pairs.slice(0, 4000));
    await peer.ask("HSETEX", "h", "PX", "10", "FIELDS", "2000", ...pairs.slice(4000));
    if (!collects) await peer.ask("CLIENT", "PAUSE", "100000", "WRITE");
    using first = await Peer.connect(server.address.port);
    using second = await Peer.connect(server.address.port);
    first.queue("HRANDFIELD", "h", "5000", "WITHVALUES");
    await first.flush();
    await first.wire.readMore();
    // It is under way, and half of the fields expire.
    clock.nowMs += 11;
    const rest = await second.ask("HRANDFIELD", "h", "5000", "WITHVALUES");
    const all = await first.receive();
    const elements = (reply: string) => reply.match(/\r\n\$\d+\r\n/g)!.length;
    assertEquals([elements(all), all.slice(0, 5)], [8000, "*8000"]);
    assertEquals([elements(rest), rest.slice(0, 5)], [4000, "*4000"]);
    assertEquals(rest.match(/\r\nf[23]\d{3}\r\n/g), null);
    if (!collects) await peer.ask("CLIENT", "UNPAUSE");
  }
});

/** A hash, with what expires when. */
type Model = Map<string, { value: string; expiresAtMs: number }>;

Deno.test("fields that expire: random calls against a model, while time goes by", async () => {
  await using stage = await Stage.open();
  const { clock } = stage;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 1 }), async (seed) => {
      const random = new SeededRandom(seed);
      const model: Model = new Map();
      await stage.ask("FLUSHALL");
      const fields = Array.from({ length: 3 + random.below(12) }, (_, i) => `f${i}`);
      const live = (field: string) => {
        const found = model.get(field);
        if (found !== undefined && found.expiresAtMs < clock.nowMs) model.delete(field);
        return model.get(field);
      };
      for (let step = 0; step < 60; step++) {
        const field = random.pick(fields);
        const value = random.pick(["1", "22", "x", "y".repeat(70)]);
        const before = live(field);
        const ms = random.below(40);
        const expiresAtMs = clock.nowMs + ms;
        let expected: string;
        let call: string;
        switch (random.below(9)) {
          case 0:
            call = `HSET h ${field} ${value}`;
            expected = before === undefined ? ":1" : ":0";
            model.set(field, { value, expiresAtMs: Infinity });
            break;
          case 1:
            call = `HSETEX h PX ${ms + 1} FIELDS 1 ${field} ${value}`;
            expected = ":1";
            model.set(field, { value, expiresAtMs: expiresAtMs + 1 });
            break;
          case 2: {
            const condition = random.pick(["", "NX", "XX", "GT", "LT"]);
            call = `HPEXPIRE h ${ms} ${condition} FIELDS 1 ${field}`;
            const now = before?.expiresAtMs ?? 0;
            const isAllowed = condition === "" || condition === "NX" && now === Infinity ||
              condition === "XX" && now < Infinity || condition === "GT" && expiresAtMs > now ||
              condition === "LT" && expiresAtMs < now;
            if (before === undefined) expected = "*1\r\n:-2";
            else if (!isAllowed) expected = "*1\r\n:0";
            else {
              expected = ms === 0 ? "*1\r\n:2" : "*1\r\n:1";
              if (ms === 0) model.delete(field);
              else before.expiresAtMs = expiresAtMs;
            }
            break;
          }
          case 3:
            call = `HPERSIST h FIELDS 1 ${field}`;
            expected = before === undefined
              ? "*1\r\n:-2"
              : before.expiresAtMs === Infinity
              ? "*1\r\n:-1"
              : "*1\r\n:1";
            if (before !== undefined) before.expiresAtMs = Infinity;
            break;
          case 4:
            // What has expired counts until somebody comes upon it.
            await stage.ask(`HEXISTS h ${field}`);
            call = `HDEL h ${field}`;
            expected = model.delete(field) ? ":1" : ":0";
            break;
          case 5:
            call = `HSETEX h KEEPTTL FIELDS 1 ${field} ${value}`;
            expected = ":1";
            if (before === undefined) model.set(field, { value, expiresAtMs: Infinity });
            else before.value = value;
            break;
          case 6:
            call = `HGETEX h PXAT ${expiresAtMs + 1} FIELDS 1 ${field}`;
            expected = before === undefined
              ? "*1\r\n$-1"
              : `*1\r\n$${before.value.length}\r\n${before.value}`;
            if (before !== undefined) before.expiresAtMs = expiresAtMs + 1;
            break;
          case 7:
            call = `HPEXPIRETIME h FIELDS 1 ${field}`;
            expected = before === undefined
              ? "*1\r\n:-2"
              : `*1\r\n:${before.expiresAtMs === Infinity ? -1 : before.expiresAtMs}`;
            // A listpack's HTTL hides the last millisecond, as Redis's does.
            if (before?.expiresAtMs === clock.nowMs) call = "PING";
            if (before?.expiresAtMs === clock.nowMs) expected = "+PONG";
            break;
          default:
            clock.nowMs += random.below(12);
            call = `HGET h ${field}`;
            expected = live(field) === undefined
              ? "$-1"
              : `$${live(field)!.value.length}\r\n${live(field)!.value}`;
        }
        assertEquals(await stage.ask(call), expected + "\r\n", `${call} (seed ${seed})`);
        if (random.below(20) === 0) {
          stage.server.keyspace.updateClock();
          stage.server.keyspace.fieldExpiry.collect(stage.server.keyspace.databases[0], 5);
        }
      }
      const all = [...model].filter(([field]) => live(field) !== undefined);
      const reply = (await stage.ask("HGETALL h")).split("\r\n").slice(1, -1);
      const pairs: string[] = [];
      for (let i = 0; i < reply.length; i += 4) pairs.push(`${reply[i + 1]}=${reply[i + 3]}`);
      assertEquals(pairs.sort(), all.map(([field, { value }]) => `${field}=${value}`).sort());
      stage.verify();
    }),
    { numRuns: 60 },
  );
});
