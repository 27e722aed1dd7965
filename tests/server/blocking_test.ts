// Clients that wait for keys. Scripts are played to redis-server and to Ravel, with several
// connections; a request is sent on only when the one before is answered, or its client waits.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import type { Server } from "../../server/mod.ts";
import { wordsOf } from "../harness/comparison.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { until } from "../harness/until.ts";

/**
 * Plays a script and answers what came back, a line a reply.
 *
 *     @2 > BLPOP k 0      sent on connection 2, which then waits
 *     @2 + PING           sent on connection 2 behind a request that waits
 *     @2 <                the next reply to connection 2
 *     @2 x                connection 2 ends, while it waits
 *     LPUSH k a           asked on connection 1
 *
 * `$2` in a request is the number of connection 2.
 */
async function play(port: number, script: string, resp3: boolean): Promise<string[]> {
  const peers = new Map<number, { peer: Peer; id: string }>();
  using control = await Peer.connect(port);
  const blocked = async () =>
    Number(/blocked_clients:(\d+)/.exec(await control.ask("INFO", "clients"))![1]);
  const heard: string[] = [];
  const connection = async (number: number) => {
    let known = peers.get(number);
    if (known === undefined) {
      const peer = await Peer.connect(port);
      if (resp3) await peer.ask("HELLO", "3");
      peers.set(number, known = { peer, id: (await peer.ask("CLIENT", "ID")).slice(1, -2) });
    }
    return known;
  };
  try {
    for (const line of script.split("\n").map((text) => text.trim())) {
      if (line === "" || line.startsWith("#")) continue;
      const [, number = "1", action = "", rest] = /^(?:@(\d) ?)?([>+<x](?= |$))? ?(.*)$/
        .exec(line)!;
      const { peer } = await connection(Number(number));
      const request = rest.replace(/\$(\d)/g, (_, other) => peers.get(Number(other))!.id);
      const before = await blocked();
      if (action === "<") heard.push(`@${number} ${await peer.receive()}`);
      else if (action === "x") {
        peer[Symbol.dispose]();
        peers.delete(Number(number));
        await until("its end is noticed", async () => await blocked() === before - 1);
      } else if (action === "") {
        heard.push(`${rest} ${await peer.ask(...wordsOf(request))}`);
      } else {
        peer.queue(...wordsOf(request));
        await peer.flush();
        if (action === ">") {
          await until(`it waits: ${line}`, async () => await blocked() === before + 1);
        }
      }
    }
    heard.push(`still waiting ${await blocked()}`);
  } finally {
    for (const { peer } of peers.values()) peer[Symbol.dispose]();
  }
  return heard;
}

/** Registers a test that plays a script to both servers, in both protocols. */
function played(name: string, script: string): void {
  Deno.test({
    name: `clients that wait, as on redis-server: ${name}`,
    ignore: withoutRedis,
    async fn() {
      for (const resp3 of [false, true]) {
        await using redis = await RedisReference.start();
        await using ravel = await serveQuietly();
        const expected = await play(redis.port, script, resp3);
        assertEquals(await play(ravel.address.port, script, resp3), expected);
        ravel.keyspace.arena.verify();
      }
    },
  });
}

played(
  "the first that came is served first",
  `
  @2 > BLPOP k 0
  @3 > BRPOP k 0
  @4 > BLMPOP 0 1 k LEFT COUNT 2
  @5 > BLMOVE k other LEFT RIGHT 0
  @6 > BRPOPLPUSH k other 0
  RPUSH k a b c d e f
  @2 <
  @3 <
  @4 <
  @5 <
  @6 <
  LRANGE other 0 -1
  EXISTS k
  @2 > BZPOPMIN z 0
  @3 > BZPOPMAX z 0
  @4 > BZMPOP 0 1 z MIN COUNT 2
  ZADD z 1 a 2 b 3 c 4 d 5 e
  @2 <
  @3 <
  @4 <
  ZRANGE z 0 -1
  `,
);

played(
  "several keys, the same one twice, and the order in which they are ready",
  `
  @2 > BLPOP a b b a 0
  @3 > BLPOP b 0
  RPUSH b 1
  @2 <
  RPUSH b 2
  @3 <
  @2 > BLPOP a 0
  @3 > BLPOP b 0
  @4 > BLMOVE a c LEFT RIGHT 0
  MULTI
  RPUSH b 1
  RPUSH a 2 3
  EXEC
  @2 <
  @3 <
  @4 <
  RPUSH b now
  BLPOP missing b 0
  `,
);

played(
  "keys that become something else while they are awaited",
  `
  @2 > BLPOP k 0
  @3 > BZPOPMIN k 0
  SET k string
  DEL k
  SADD k member
  DEL k
  ZADD k 1 m
  @3 <
  @4 > BZPOPMIN k 0
  RPUSH other e
  RENAME other k
  @2 <
  MULTI
  RPUSH k a
  DEL k
  EXEC
  ZADD z 5 x
  RENAME z k
  @4 <
  @2 > BLPOP k 0
  MULTI
  RPUSH k a
  DEL k
  SET k v
  EXEC
  FLUSHALL
  SELECT 3
  RPUSH k wrong
  SELECT 0
  RPUSH k right
  @2 <
  @2 > BLPOP k 0
  MULTI
  RPUSH k a
  PEXPIREAT k 1
  EXEC
  RPUSH k b
  @2 <
  `,
);

played(
  "wrong types, of the key and of where an element is to go",
  `
  SET s v
  BLPOP s 0
  BLPOP missing s 0
  BZPOPMIN s 0
  BLMOVE s d LEFT LEFT 0
  BLMPOP 0 2 missing s LEFT
  @2 > BLMOVE k s LEFT LEFT 0
  @3 > BLPOP k 0
  RPUSH k a
  @2 <
  @3 <
  LMOVE missing s LEFT LEFT
  RPUSH k a
  LMOVE k s LEFT LEFT
  RPOPLPUSH s k
  LRANGE k 0 -1
  `,
);

played(
  "one that is served serves others",
  `
  @2 > BLPOP c 0
  @3 > BLMOVE b c LEFT RIGHT 0
  @4 > BRPOPLPUSH a b 0
  RPUSH a x
  @4 <
  @3 <
  @2 <
  @2 > BRPOPLPUSH a a 0
  @3 > BLPOP a 0
  RPUSH a x y
  @2 <
  @3 <
  LRANGE a 0 -1
  @2 > BRPOPLPUSH p q 0
  @3 > BRPOPLPUSH q p 0
  RPUSH p 1
  @2 <
  @3 <
  LRANGE p 0 -1
  `,
);

played(
  "in a transaction nobody waits, and what it adds is given out behind it",
  `
  MULTI
  BLPOP k 0
  BZPOPMIN k 0
  BLMOVE k d LEFT RIGHT 0
  BRPOPLPUSH k d 0
  BLMPOP 0 1 k LEFT
  BZMPOP 0 1 k MIN
  WAIT 1 0
  EXEC
  @2 > BLPOP k 0
  MULTI
  RPUSH k a b
  LPOP k
  LRANGE k 0 -1
  EXEC
  @2 <
  @2 > BLPOP k 0
  @2 + BLPOP k 0
  @2 + PING
  MULTI
  RPUSH k 1
  RPUSH k 2
  EXEC
  @2 <
  @2 <
  @2 <
  `,
);

played(
  "an end that is noticed, and requests behind one that waits",
  `
  @2 > BLPOP k 0
  @3 > BLPOP k 0
  @2 x
  RPUSH k a
  @3 <
  @3 > BLPOP k 0
  @3 + SET after 1
  @3 + GET after
  GET after
  @4 > BLPOP k 0
  @3 x
  RPUSH k b
  @4 <
  GET after
  @4 > BLPOP k 0
  CLIENT KILL ID $4
  RPUSH k c
  LRANGE k 0 -1
  `,
);

played(
  "CLIENT UNBLOCK, time-outs, and replies that are not wanted",
  `
  @2 > BLPOP k 0
  CLIENT UNBLOCK $2
  @2 <
  @2 > BLMOVE k d LEFT RIGHT 0
  CLIENT UNBLOCK $2 TIMEOUT
  @2 <
  @2 > BZPOPMIN k 0
  @2 + PING
  CLIENT UNBLOCK $2 ERROR
  @2 <
  @2 <
  @2 > WAIT 1 0
  CLIENT UNBLOCK $2
  @2 <
  CLIENT UNBLOCK $2
  CLIENT UNBLOCK 99999
  CLIENT UNBLOCK x
  CLIENT UNBLOCK 1 ERROR more
  CLIENT UNBLOCK x NEITHER
  CLIENT UNBLOCK 1 NEITHER
  @2 BLPOP k 0.01
  @2 BRPOPLPUSH k d 0.01
  @2 BLMPOP 0.01 1 k LEFT
  @2 BZMPOP 0.01 1 k MIN
  @2 WAIT 1 1
  @2 + CLIENT REPLY SKIP
  @2 > BLPOP k 0
  RPUSH k a
  @2 PING
  @2 + CLIENT REPLY OFF
  @2 > BLPOP k 0
  RPUSH k b
  @2 CLIENT REPLY ON
  EXISTS k
  `,
);

played(
  "what is no time, no number of keys, no end",
  `
  BLPOP k -1
  BLPOP k x
  BLPOP k ""
  BLPOP k nan
  BLPOP k -inf
  BLPOP k 1e5000
  BLPOP k -1e400
  BLPOP k " 1"
  BLPOP k "1 "
  BLPOP k 0x1p-9
  BLPOP k 1e-400
  BLPOP k -0.9
  BLPOP k
  BLMOVE k d UP LEFT 0
  BLMOVE k d LEFT UP x
  BLMOVE k d LEFT LEFT x
  BRPOPLPUSH k d -1
  BLMPOP 0 0 k LEFT
  BLMPOP x 0 k LEFT
  BLMPOP x 1 k LEFT
  BLMPOP 0 x k LEFT
  BLMPOP 0 2 k LEFT
  BLMPOP 0 1 k UP
  BLMPOP 0 1 k LEFT COUNT 0
  BLMPOP 0 1 k LEFT COUNT
  BLMPOP 0 1 k LEFT COUNT 1 COUNT 1
  BLMPOP 0 1 k LEFT MORE
  BLMPOP 0 9223372036854775806 k LEFT
  BZMPOP 0 1 k LEFT
  BZPOPMAX k y
  LMPOP 1 k LEFT COUNT -1
  LMPOP 0 k LEFT
  LMPOP 3 a b LEFT
  ZMPOP 1 k LEFT
  WAIT x 0
  WAIT 1 x
  WAIT 1 -1
  WAIT 0 0
  WAIT -1 0
  `,
);

played(
  "the commands that do not wait",
  `
  RPUSH a 1 2 3 four 5
  LMOVE a b LEFT RIGHT
  LMOVE a b RIGHT LEFT
  LMOVE a a LEFT RIGHT
  LMOVE a a LEFT LEFT
  LMOVE a a RIGHT RIGHT
  RPOPLPUSH a a
  RPOPLPUSH a b
  RPOPLPUSH missing b
  LMOVE missing b LEFT LEFT
  LRANGE a 0 -1
  LRANGE b 0 -1
  LMPOP 2 missing b LEFT
  LMPOP 2 missing b RIGHT COUNT 10
  LMPOP 2 missing b RIGHT
  LMPOP 1 a LEFT COUNT 2
  EXISTS a b
  RPUSH single x
  LMOVE single single LEFT RIGHT
  RPOPLPUSH single other
  EXISTS single
  ZADD z 1 a 2 b 3 c 4 d 5.5 e
  ZPOPMAX z
  ZPOPMAX z 2
  ZPOPMAX z 0
  ZPOPMAX z -1
  ZPOPMAX missing
  ZPOPMAX z 1 2
  ZMPOP 2 missing z MAX
  ZMPOP 1 z MIN COUNT 9
  ZMPOP 1 z MIN
  SET s v
  ZMPOP 2 z s MIN
  LMPOP 1 s LEFT
  ZPOPMAX s
  `,
);

Deno.test("where several keys have something, it is the first that the command names", async () => {
  await using server = await serveQuietly();
  const waiting = new DetachedClient(server);
  const other = new DetachedClient(server);
  waiting.ask("BLPOP", "a", "b", "0");
  other.run([["MULTI"], ["RPUSH", "b", "1"], ["RPUSH", "a", "2"], ["EXEC"]]);
  assertEquals(waiting.replies(), "*2\r\n$1\r\na\r\n$1\r\n2\r\n");
});

Deno.test("a move counts as one change, between two lists and within one", async () => {
  await using server = await serveQuietly();
  const client = new DetachedClient(server);
  client.ask("RPUSH", "a", "1", "2", "3");
  for (const [i, to] of ["a", "b", "b", "a"].entries()) {
    client.ask("LMOVE", "a", to, "LEFT", "RIGHT");
    assertEquals(server.keyspace.changes.dirty, 4 + i);
  }
});

Deno.test("a time that ends behind all milliseconds of 64 bits is none", async () => {
  await using server = await serveQuietly();
  const client = new DetachedClient(server);
  const outOfRange = "-ERR timeout is out of range\r\n";
  for (
    const seconds of ["9223372036854775", "9223372036854776", "1e400", "inf", "0x7fffffffffffffff"]
  ) {
    assertEquals(client.ask("BLPOP", "k", seconds), outOfRange, seconds);
  }
  assertEquals(client.ask("WAIT", "1", "9223372036854775807"), outOfRange);
});

Deno.test("WAITAOF, as redis-server 7.2 answers", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("WAITAOF", "0", "0", "0"), "*2\r\n:0\r\n:0\r\n");
  assertEquals(await peer.ask("WAITAOF", "0", "1", "1"), "*2\r\n:0\r\n:0\r\n");
  const errors: [string, string][] = [
    ["1 0 0", "WAITAOF cannot be used when numlocal is set but appendonly is disabled."],
    ["2 0 0", "value is out of range, value must between 0 and 1"],
    ["x 0 0", "value is not an integer or out of range"],
    ["0 -1 0", "value is out of range, must be positive"],
    ["1 0 x", "timeout is not an integer or out of range"],
    ["1 0 -1", "timeout is negative"],
  ];
  for (const [words, error] of errors) {
    assertEquals(await peer.ask("WAITAOF", ...words.split(" ")), `-ERR ${error}\r\n`);
  }
});

Deno.test("what waits is told of: CLIENT LIST, INFO, statistics, memory", async () => {
  await using server = await serveQuietly();
  const waiting = new DetachedClient(server);
  const other = new DetachedClient(server);
  const idleBytes = waiting.client.memoryBytes;
  assertEquals(waiting.ask("BLPOP", "a", "b", "b", "5"), "");
  assertStringIncludes(other.ask("CLIENT", "LIST"), "flags=b ");
  const info = other.ask("INFO", "clients");
  assertStringIncludes(
    info,
    "blocked_clients:1\r\ntracking_clients:0\r\nclients_in_timeout_table:1\r\n" +
      "total_blocking_keys:2\r\ntotal_blocking_keys_on_nokey:0\r\n",
  );
  assert(waiting.client.memoryBytes > idleBytes + 512);
  const calls = () => /cmdstat_blpop:calls=(\d+)/.exec(other.ask("INFO", "commandstats"))?.[1];
  assertEquals(calls(), undefined);
  assertEquals(other.ask("RPUSH", "b", "x"), ":1\r\n");
  assertEquals(waiting.replies(), "*2\r\n$1\r\nb\r\n$1\r\nx\r\n");
  assertEquals(calls(), "1");
  assertStringIncludes(other.ask("INFO", "clients"), "blocked_clients:0\r\n");
  assertEquals(server.blocking.awaitedKeys, 0);
  waiting.ask("BLPOP", "x".repeat(100_000), "0");
  assert(waiting.client.memoryBytes > idleBytes + 100_000);
  other.ask("CLIENT", "UNBLOCK", String(waiting.client.id), "ERROR");
  assertStringIncludes(
    other.ask("INFO", "commandstats"),
    "cmdstat_blpop:calls=2,",
  );
  assertStringIncludes(other.ask("INFO", "commandstats"), "rejected_calls=0,failed_calls=1\r\n");
  assertStringIncludes(other.ask("INFO", "errorstats"), "errorstat_UNBLOCKED:count=1\r\n");
  assert(waiting.client.memoryBytes < idleBytes + 2000);
});

Deno.test("time-outs come in their order, and none too early", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  const waiting = [3, 1, 2].map((seconds) => {
    const client = new DetachedClient(server);
    assertEquals(client.ask("BLPOP", "k", String(seconds)), "");
    return client;
  });
  for (
    const expected of [["", "", ""], ["", "*-1\r\n", ""], ["", "", "*-1\r\n"], ["*-1\r\n", "", ""]]
  ) {
    server.blocking.expire();
    assertEquals(waiting.map((client) => client.replies()), expected);
    clock.nowMs += 1000;
  }
  assertEquals(server.blocking.waitingClients, 0);
});

Deno.test("a client that is paused when it is served is served behind the pause", async () => {
  await using server = await serveQuietly();
  const waiting = new DetachedClient(server);
  const other = new DetachedClient(server);
  waiting.ask("BLPOP", "k", "0");
  // As a pause does: the request is not carried out, and its client held.
  const perform = server.executor.retry.bind(server.executor);
  server.executor.retry = (client) => {
    client.isPostponed = true;
    client.hold();
  };
  other.ask("RPUSH", "k", "a");
  assertEquals(waiting.replies(), "");
  server.executor.retry = perform;
  waiting.client.release();
  assertEquals(waiting.replies(), "*2\r\n$1\r\nk\r\n$1\r\na\r\n");
  assertEquals(waiting.client.isHeld, false);
});

// ---- random clients against a model

const KEYS = ["a", "b", "c"];
const key = fc.constantFrom(...KEYS);
const end = fc.constantFrom("LEFT", "RIGHT");
const step = fc.oneof(
  fc.record({
    what: fc.constant("pop" as const),
    client: fc.nat(5),
    keys: fc.array(key, { minLength: 1, maxLength: 3 }),
    from: end,
    seconds: fc.nat(3),
  }),
  fc.record({
    what: fc.constant("move" as const),
    client: fc.nat(5),
    from: key,
    to: key,
    fromEnd: end,
    toEnd: end,
    seconds: fc.nat(3),
  }),
  fc.record({
    what: fc.constant("push" as const),
    keys: fc.array(key, { minLength: 1, maxLength: 3 }),
    count: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ what: fc.constant("delete" as const), key }),
  fc.record({ what: fc.constant("unblock" as const), client: fc.nat(5), error: fc.boolean() }),
  fc.record({ what: fc.constant("die" as const), client: fc.nat(5) }),
  fc.record({ what: fc.constant("time" as const), seconds: fc.integer({ min: 1, max: 2 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Waiting {
  client: number;
  keys: string[];
  fromEnd: string;
  move: { to: string; toEnd: string } | undefined;
  deadlineMs: number;
}

/** Lists, and those who wait for them, as simply as can be. */
class Model {
  readonly lists = new Map<string, string[]>();
  waiting: Waiting[] = [];
  readonly replies: string[] = ["", "", "", "", "", ""];
  #ready: string[] = [];

  push(name: string, element: string, end: string): void {
    const list = this.lists.get(name) ?? [];
    if (list.length === 0 && !this.#ready.includes(name)) this.#ready.push(name);
    this.lists.set(name, end === "LEFT" ? [element, ...list] : [...list, element]);
  }

  /** Serves a client, if one of its keys has something. */
  try(request: Waiting): boolean {
    const name = request.keys.find((candidate) => (this.lists.get(candidate) ?? []).length > 0);
    if (name === undefined) return false;
    const list = this.lists.get(name)!;
    const element = request.fromEnd === "LEFT" ? list[0] : list.at(-1)!;
    const rest = () => {
      const now = this.lists.get(name)!;
      const left = request.fromEnd === "LEFT" ? now.slice(1) : now.slice(0, -1);
      if (left.length === 0) this.lists.delete(name);
      else this.lists.set(name, left);
    };
    rest();
    const { move } = request;
    if (move !== undefined) {
      // Into the same list, that was there all the time.
      const wasReady = [...this.#ready];
      this.push(move.to, element, move.toEnd);
      if (move.to === name) this.#ready = wasReady;
      this.replies[request.client] += bulk(element);
    } else this.replies[request.client] += `*2\r\n${bulk(name)}${bulk(element)}`;
    return true;
  }

  settle(): void {
    for (let name = this.#ready.shift(); name !== undefined; name = this.#ready.shift()) {
      for (const request of this.waiting.filter(({ keys }) => keys.includes(name!))) {
        if ((this.lists.get(name) ?? []).length === 0) break;
        if (this.try(request)) this.waiting = this.waiting.filter((other) => other !== request);
      }
    }
  }

  giveUp(request: Waiting, reply: string): void {
    this.replies[request.client] += reply;
    this.waiting = this.waiting.filter((other) => other !== request);
  }
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

class Play {
  readonly model = new Model();
  readonly clients: DetachedClient[];
  readonly pusher: DetachedClient;
  #elements = 0;

  constructor(readonly server: Server, readonly clock: ManualClock) {
    this.clients = this.model.replies.map(() => new DetachedClient(server));
    this.pusher = new DetachedClient(server);
  }

  do(step: Step): void {
    const { clock, model } = this;
    if (step.what === "pop" || step.what === "move") {
      const { client, seconds } = step;
      if (model.waiting.some((request) => request.client === client)) return;
      const deadlineMs = seconds === 0 ? Infinity : clock.nowMs + seconds * 1000;
      const request: Waiting = step.what === "pop"
        ? { client, keys: step.keys, fromEnd: step.from, move: undefined, deadlineMs }
        : {
          client,
          keys: [step.from],
          fromEnd: step.fromEnd,
          move: { to: step.to, toEnd: step.toEnd },
          deadlineMs,
        };
      if (!model.try(request)) model.waiting.push(request);
      model.settle();
      const words = step.what === "pop"
        ? [step.from === "LEFT" ? "BLPOP" : "BRPOP", ...step.keys, String(seconds)]
        : ["BLMOVE", step.from, step.to, step.fromEnd, step.toEnd, String(seconds)];
      this.clients[client].run([words]);
    } else if (step.what === "push") {
      const requests = [["MULTI"]];
      for (const name of step.keys) {
        const elements = Array.from({ length: step.count }, () => `e${this.#elements++}`);
        for (const element of elements) model.push(name, element, "RIGHT");
        requests.push(["RPUSH", name, ...elements]);
      }
      model.settle();
      this.pusher.run([...requests, ["EXEC"]]);
    } else if (step.what === "delete") {
      model.lists.delete(step.key);
      this.pusher.run([["DEL", step.key]]);
    } else if (step.what === "time") {
      clock.nowMs += step.seconds * 1000;
      const due = model.waiting.filter(({ deadlineMs }) => deadlineMs <= clock.nowMs);
      for (const request of due) model.giveUp(request, "*-1\r\n");
      this.server.blocking.expire();
    } else {
      const request = model.waiting.find(({ client }) => client === step.client);
      const client = this.clients[step.client];
      if (step.what === "unblock") {
        const error = "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n";
        if (request !== undefined) model.giveUp(request, step.error ? error : "*-1\r\n");
        const reply = this.pusher.ask(
          "CLIENT",
          "UNBLOCK",
          String(client.client.id),
          step.error ? "ERROR" : "TIMEOUT",
        );
        assertEquals(reply.slice(-4), request === undefined ? ":0\r\n" : ":1\r\n");
      } else {
        if (request !== undefined) model.giveUp(request, "");
        this.server.clients.remove(client.client);
        client.client.ended();
        assertEquals(client.replies(), model.replies[step.client]);
        this.clients[step.client] = new DetachedClient(this.server);
        model.replies[step.client] = "";
      }
    }
    this.#check(step);
  }

  #check(step: Step): void {
    const { clients, model, pusher, server } = this;
    pusher.replies();
    for (const [i, client] of clients.entries()) {
      assertEquals(client.replies(), model.replies[i], `client ${i}: ${JSON.stringify(step)}`);
      model.replies[i] = "";
    }
    for (const name of KEYS) {
      const elements = model.lists.get(name) ?? [];
      const expected = `*${elements.length}\r\n${elements.map(bulk).join("")}`;
      assertEquals(pusher.ask("LRANGE", name, "0", "-1"), expected, JSON.stringify(step));
    }
    assertEquals(server.blocking.waitingClients, model.waiting.length);
    const awaited = new Set(model.waiting.flatMap(({ keys }) => keys));
    assertEquals(server.blocking.awaitedKeys, awaited.size);
  }
}

Deno.test("random clients wait, push, move, time out, are unblocked and die", async () => {
  const clock = new ManualClock();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120, size: "max" }), async (steps) => {
      await using server = await serveQuietly({ environment: { now: clock.now } });
      const game = new Play(server, clock);
      for (const next of steps) game.do(next);
      server.keyspace.arena.verify();
    }),
    { numRuns: 60 },
  );
});
