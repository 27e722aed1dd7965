// Client-side caching: who is told that its copies of keys are worthless, when, in which form, and
// who is not. What two servers can both be asked is asked of redis-server too.

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Server } from "../../server/mod.ts";
import { comparison } from "../harness/comparison.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { Peer } from "../harness/peer.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const OK = "+OK\r\n";

/** The message in RESP3 that keys have changed. */
function invalidate(...keys: string[]): string {
  return `>2\r\n$10\r\ninvalidate\r\n${arrayOf(keys)}`;
}

/** The same for a subscriber in RESP2. */
function message(...keys: string[]): string {
  return `*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n${arrayOf(keys)}`;
}

function arrayOf(keys: readonly string[]): string {
  return `*${keys.length}\r\n${keys.map((key) => `$${key.length}\r\n${key}\r\n`).join("")}`;
}

async function connect(server: Server, protocol: 2 | 3 = 3): Promise<Peer> {
  const peer = await Peer.connect(server.address.port);
  if (protocol === 3) await peer.ask("HELLO", "3");
  return peer;
}

async function track(server: Server, ...options: string[]): Promise<Peer> {
  const peer = await connect(server);
  assertEquals(await peer.ask("CLIENT", "TRACKING", "ON", ...options), OK);
  return peer;
}

async function idOf(peer: Peer): Promise<string> {
  return (await peer.ask("CLIENT", "ID")).slice(1).trim();
}

/** That nothing has been sent to a peer: its next reply is the one to what it asks now. */
async function heardNothing(peer: Peer): Promise<void> {
  assertEquals(await peer.ask("ECHO", "nothing"), "$7\r\nnothing\r\n");
}

/** What INFO tells of a field. */
async function info(peer: Peer, field: string): Promise<string | undefined> {
  const text = await peer.ask("INFO", "everything");
  return new RegExp(`^${field}:(.*)\r$`, "m").exec(text)?.[1];
}

const STATES = `
  CLIENT TRACKINGINFO
  CLIENT GETREDIR
  CLIENT CACHING YES
  CLIENT TRACKING
  CLIENT TRACKING maybe
  CLIENT TRACKING ON MAYBE
  CLIENT TRACKING ON PREFIX
  CLIENT TRACKING ON REDIRECT
  CLIENT TRACKING OFF MAYBE
  CLIENT TRACKING ON PREFIX a
  CLIENT TRACKING ON REDIRECT 99999
  CLIENT TRACKING ON REDIRECT 0
  CLIENT TRACKING ON REDIRECT -1
  CLIENT TRACKING ON REDIRECT one
  CLIENT TRACKING ON REDIRECT 99999999999999999999
  CLIENT TRACKING ON OPTIN OPTOUT
  CLIENT TRACKING ON BCAST OPTIN
  CLIENT TRACKING ON BCAST OPTOUT NOLOOP
  CLIENT TRACKINGINFO
  CLIENT TRACKING OFF BCAST PREFIX a
  CLIENT TRACKING on optin
  CLIENT TRACKINGINFO
  CLIENT GETREDIR
  CLIENT CACHING NO
  CLIENT CACHING maybe
  CLIENT CACHING
  CLIENT CACHING YES
  CLIENT TRACKINGINFO
  CLIENT GETNAME
  CLIENT TRACKINGINFO
  NOSUCHCOMMAND
  CLIENT TRACKINGINFO
  CLIENT CACHING YES
  GET
  CLIENT TRACKINGINFO
  CLIENT CACHING YES
  GET k
  CLIENT TRACKINGINFO
  CLIENT CACHING YES
  MULTI
  GET k
  EXEC
  CLIENT TRACKINGINFO
  MULTI
  CLIENT CACHING YES
  GET k
  CLIENT TRACKINGINFO
  EXEC
  CLIENT TRACKINGINFO
  CLIENT TRACKING ON OPTOUT
  CLIENT TRACKING ON BCAST
  CLIENT TRACKING ON OPTIN NOLOOP
  CLIENT TRACKINGINFO
  CLIENT TRACKING ON
  CLIENT CACHING YES
  CLIENT TRACKING ON OPTOUT
  CLIENT CACHING YES
  CLIENT CACHING NO
  CLIENT TRACKINGINFO
  CLIENT TRACKING OFF
  CLIENT TRACKING OFF
  CLIENT TRACKINGINFO
  CLIENT TRACKING ON BCAST PREFIX foo PREFIX bar
  CLIENT TRACKINGINFO
  CLIENT TRACKING ON BCAST PREFIX fo
  CLIENT TRACKING ON BCAST PREFIX barn
  CLIENT TRACKING ON BCAST PREFIX foo
  CLIENT TRACKING ON BCAST PREFIX x PREFIX bar
  CLIENT TRACKING ON BCAST PREFIX ab PREFIX abc
  CLIENT TRACKING ON BCAST PREFIX ab PREFIX ""
  CLIENT TRACKING ON BCAST PREFIX "a\\xff\\x00b" PREFIX "a\\xff"
  CLIENT TRACKING ON BCAST PREFIX baz
  CLIENT TRACKINGINFO
  CLIENT TRACKING ON
  CLIENT TRACKING ON BCAST
  CLIENT TRACKINGINFO
  RESET
  CLIENT TRACKINGINFO
  CONFIG GET tracking-table-max-keys
  CONFIG SET tracking-table-max-keys -1
  CONFIG SET tracking-table-max-keys 10
  CONFIG GET tracking-table-max-keys
  COMMAND INFO client|tracking client|caching client|getredir client|trackinginfo
`;

comparison("CLIENT TRACKING and what is told of it, RESP2", STATES);
comparison("CLIENT TRACKING and what is told of it, RESP3", STATES, { resp3: true });

/**
 * Asks both servers the same, a line at a time (`@2 GET k; GET l`: the second client, at once), and
 * compares all that any client is sent until the next line. `ID2` is the second client's number.
 * Clients are in RESP3, but for those in `resp2`.
 */
function toldAlike(name: string, script: string, resp2 = ""): void {
  Deno.test({
    name: `same messages as redis-server: ${name}`,
    ignore: withoutRedis,
    async fn() {
      await using redis = await RedisReference.start();
      await using ravel = await serveQuietly();
      const lines = script.split("\n").map((line) => line.trim()).filter((line) => line !== "");
      const ours = await transcript(ravel.address.port, lines, resp2);
      assertEquals(ours, await transcript(redis.port, lines, resp2));
    },
  });
}

async function transcript(port: number, lines: string[], resp2: string): Promise<string[]> {
  using stack = new DisposableStack();
  const peers: Peer[] = [];
  const ids: string[] = [];
  for (let n = 1; n <= 3; n++) {
    const peer = stack.use(await Peer.connect(port));
    if (!resp2.includes(String(n))) await peer.ask("HELLO", "3");
    ids.push(await idOf(peer));
    peers.push(peer);
  }
  const told: string[] = [];
  for (const [at, line] of lines.entries()) {
    told.push(line);
    const words = line.split(" ").map((word) =>
      /^ID\d$/.test(word) ? ids[Number(word[2]) - 1] : word
    );
    const asker = Number(words[0][1]) - 1;
    await peers[asker].send(words.slice(1).join(" ").replaceAll("; ", "\r\n") + "\r\n");
    // The asker first: when it is done, so is what it has others told.
    for (const peer of [peers[asker], ...peers.filter((_, n) => n !== asker)]) {
      const end = `end-${at}`;
      peer.queue("PING", end);
      await peer.flush();
      for (let got = await peer.receive(); !got.includes(end); got = await peer.receive()) {
        // Who the server is differs.
        if (!got.includes("server\r\n")) told.push(`@${peers.indexOf(peer) + 1} ${got}`);
      }
    }
  }
  return told;
}

toldAlike(
  "what is remembered, and what changes",
  `
  @1 CLIENT TRACKING ON
  @1 GET k
  @1 MGET a b a
  @1 GET
  @1 LRANGE k x y
  @2 SET k 1
  @2 SET k 1
  @2 MSET a 1 b 2
  @1 GET k
  @1 SET k 2
  @1 INCR n
  @2 INCR n
  @1 GET n
  @1 INCR n
  @1 GET missing
  @2 SADD missing m
  @1 SMEMBERS missing
  @2 SADD missing m
  @2 SREM missing none
  @2 SREM missing m
  @1 GET k
  @2 SELECT 3
  @2 SET k 3
  @1 GET k
  @1 GET a
  @2 RENAME k a
  @2 SELECT 0
  @1 EXISTS k
  @2 EXPIRE k 100
  @1 TTL k
  @2 PERSIST k
  @1 TYPE k
  @2 EXPIRE k -1
  @1 GET k
  @2 DEL k
  @2 FLUSHDB
  @2 FLUSHALL
  @1 FLUSHALL
  @1 CLIENT TRACKING OFF
  @2 FLUSHALL
  @1 CLIENT TRACKING ON
  @1 GET k
  @1 CLIENT TRACKING OFF
  @1 CLIENT TRACKING ON
  @2 SET k 1
  @1 GET k
  @1 CLIENT TRACKING OFF
  @1 CLIENT TRACKING ON BCAST
  @2 SET k 1
  @1 RESET
  @2 SET k 1
  `,
);

toldAlike(
  "prefixes, and who does not want its own changes",
  `
  @1 CLIENT TRACKING ON BCAST PREFIX user: PREFIX job
  @2 CLIENT TRACKING ON BCAST NOLOOP
  @3 SET user:1 a
  @3 MSET user:3 c other x user:2 b job y
  @1 SET user:1 x
  @2 SET user:1 x
  @2 MULTI; SET user:1 x; SET user:2 x; EXEC
  @2 CLIENT TRACKING OFF
  @2 CLIENT TRACKING ON NOLOOP
  @2 GET user:1
  @2 SET user:1 x
  @3 SET user:1 x
  @2 GET user:1
  @3 SET user:1 x
  @2 FLUSHALL
  @3 FLUSHALL
  `,
);

toldAlike(
  "opting in and out",
  `
  @1 CLIENT TRACKING ON OPTIN
  @1 GET a
  @2 SET a 1
  @1 CLIENT TRACKING ON OPTIN
  @1 CLIENT CACHING YES
  @1 CLIENT CACHING YES
  @1 GET a
  @2 SET a 1
  @1 CLIENT CACHING YES
  @1 MULTI; GET a; GET b; EXEC
  @2 MSET a 1 b 1
  @1 GET a
  @2 SET a 1
  @1 CLIENT TRACKING OFF
  @1 CLIENT TRACKING ON OPTOUT
  @1 CLIENT CACHING NO
  @1 GET a
  @1 GET b
  @2 MSET a 1 b 1
  `,
);

toldAlike(
  "transactions",
  `
  @1 CLIENT TRACKING ON
  @1 MGET a b
  @1 MULTI; SET a 1; GET b; SET b 2; GET a; FLUSHALL; GET b; EXEC
  @2 SET b 1
  @2 SET a 1
  `,
);

toldAlike(
  "a subscriber in RESP2 who is told in another's place",
  `
  @1 CLIENT TRACKING ON REDIRECT ID2
  @1 GET k
  @3 SET k 1
  @2 SUBSCRIBE __redis__:invalidate
  @1 GET k
  @3 SET k 2
  @1 GET k
  @1 SET k 3
  @3 FLUSHALL
  @1 HELLO 2
  @3 FLUSHALL
  @2 UNSUBSCRIBE
  @2 SUBSCRIBE other
  @3 FLUSHALL
  @1 CLIENT TRACKING OFF
  @1 CLIENT TRACKING ON BCAST REDIRECT ID2 PREFIX k
  @3 MSET k2 v k1 v other v
  @2 UNSUBSCRIBE
  @3 SET k v
  `,
  "2",
);

Deno.test("RESP2 without a redirection: remembered, and nobody is told", async () => {
  await using server = await serveQuietly();
  using peer = await connect(server, 2);
  using other = await connect(server, 2);
  await peer.ask("CLIENT", "TRACKING", "ON");
  await peer.ask("GET", "k");
  assertEquals(await info(peer, "tracking_total_items"), "1");
  await other.ask("SET", "k", "1");
  await heardNothing(peer);
  assertEquals(await info(peer, "tracking_total_items"), "0");
});

Deno.test("a redirection that leads nowhere: told each time, and noted", async () => {
  await using server = await serveQuietly();
  using writer = await connect(server, 2);
  const receiver = await connect(server);
  const id = await idOf(receiver);
  using peer = await track(server, "REDIRECT", id);
  await peer.ask("MGET", "a", "b", "c");
  await writer.ask("SET", "a", "1");
  assertEquals(await receiver.receive(), invalidate("a"));
  await heardNothing(peer);
  receiver[Symbol.dispose]();
  await until("it is gone", () => server.clients.get(Number(id)) === undefined);
  const broken = `>2\r\n$21\r\ntracking-redir-broken\r\n:${id}\r\n`;
  for (const key of ["b", "c"]) {
    await writer.ask("SET", key, "1");
    assertEquals(await peer.receive(), broken);
  }
  assertMatch(await peer.ask("CLIENT", "INFO"), new RegExp(` flags=tR .* redir=${id} `));
  assertMatch(await peer.ask("CLIENT", "TRACKINGINFO"), /broken_redirect/);
  await writer.ask("FLUSHALL");
  assertEquals(await peer.receive(), broken);
  // Begun again, it is whole.
  await peer.ask("CLIENT", "TRACKING", "ON");
  assertMatch(await peer.ask("CLIENT", "INFO"), / flags=t .* redir=0 /);
  await peer.ask("CLIENT", "TRACKING", "OFF");
  assertMatch(await peer.ask("CLIENT", "INFO"), / flags=N .* redir=-1 /);
});

Deno.test("all keys are the nil of the tracker's protocol, whoever is told", async () => {
  await using server = await serveQuietly();
  using subscriber = await connect(server, 2);
  const receiver = await connect(server);
  const subscriberId = await idOf(subscriber);
  const receiverId = await idOf(receiver);
  await subscriber.ask("SUBSCRIBE", "__redis__:invalidate");
  using inResp3 = await track(server, "REDIRECT", subscriberId);
  await inResp3.ask("FLUSHDB");
  assertEquals(
    await subscriber.receive(),
    "*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n_\r\n",
  );
  await inResp3.ask("RESET");
  await inResp3.ask("CLIENT", "TRACKING", "ON", "REDIRECT", receiverId);
  await inResp3.ask("FLUSHDB");
  assertEquals(await receiver.receive(), ">2\r\n$10\r\ninvalidate\r\n$-1\r\n");
  receiver[Symbol.dispose]();
});

Deno.test("native: invalidations are frames between replies", async () => {
  await using server = await serveQuietly();
  using peer = await NativePeer.connect(server.address.port);
  using writer = await connect(server, 2);
  await peer.ask("CLIENT", "TRACKING", "ON");
  await peer.ask("GET", "k");
  await writer.ask("SET", "k", "1");
  const [kind, keys] = await peer.receive() as [Uint8Array, Uint8Array[]];
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(kind), "invalidate");
  assertEquals(keys.map((key) => decoder.decode(key)), ["k"]);
  await writer.ask("FLUSHALL");
  const flushed = await peer.receive() as unknown[];
  assertEquals([flushed.length, flushed[1]], [2, null]);
});

Deno.test("expiry is told: found by a command, and in the background", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using writer = await connect(server, 2);
  using peer = await track(server);
  using watcher = await track(server, "BCAST", "NOLOOP");
  await writer.ask("SET", "k", "1", "PX", "100");
  assertEquals(await watcher.receive(), invalidate("k"));
  await peer.ask("GET", "k");
  clock.nowMs += 101;
  // Remembered again, for it was read: the message is behind the reply all the same.
  peer.queue("GET", "k");
  await peer.flush();
  const heard = [await peer.receive(), await peer.receive()];
  assertEquals(heard.includes(invalidate("k")), true);
  assertEquals(await watcher.receive(), invalidate("k"));
  await writer.ask("SET", "bg", "1", "PX", "100");
  assertEquals(await watcher.receive(), invalidate("bg"));
  await peer.ask("GET", "bg");
  clock.nowMs += 101;
  assertEquals(await peer.receive(), invalidate("bg"));
  assertEquals(await watcher.receive(), invalidate("bg"));
});

Deno.test("NOLOOP hears of what others change, and of a flush of its own", async () => {
  await using server = await serveQuietly();
  using writer = await connect(server, 2);
  using peer = await track(server, "NOLOOP");
  await peer.ask("MGET", "a", "b");
  await peer.ask("SET", "a", "1");
  await heardNothing(peer);
  // That it changed the key itself is the end of what is known of it.
  await writer.ask("SET", "a", "2");
  await heardNothing(peer);
  await writer.ask("SET", "b", "2");
  assertEquals(await peer.receive(), invalidate("b"));
  assertEquals(await peer.ask("FLUSHALL"), OK);
  assertEquals(await peer.receive(), ">2\r\n$10\r\ninvalidate\r\n_\r\n");
});

Deno.test("a pipeline's changes are told behind it in one message, each key once, in order", async () => {
  await using server = await serveQuietly();
  using peer = await track(server, "BCAST");
  using other = await track(server, "BCAST", "PREFIX", "b");
  using aloof = await track(server, "BCAST", "NOLOOP");
  for (const key of ["b", "a", "b", "c"]) peer.queue("SET", key, "1");
  await peer.flush();
  for (let i = 0; i < 4; i++) assertEquals(await peer.receive(), OK);
  assertEquals(await peer.receive(), invalidate("a", "b", "c"));
  assertEquals(await other.receive(), invalidate("b"));
  assertEquals(await aloof.receive(), invalidate("a", "b", "c"));
  aloof.queue("SET", "own", "1");
  await aloof.flush();
  assertEquals(await aloof.receive(), OK);
  assertEquals(await peer.receive(), invalidate("own"));
  await heardNothing(aloof);
});

Deno.test("more keys than are gathered at a time are told of, each once", async () => {
  await using server = await serveQuietly();
  using watcher = await track(server, "BCAST");
  using writer = await connect(server, 2);
  const count = 70_000;
  const words = Array.from({ length: count }, (_, i) => `$6\r\nk${10_000 + i}\r\n$1\r\nv\r\n`);
  await writer.send(`*${2 * count + 1}\r\n$4\r\nMSET\r\n${words.join("")}`);
  const told = new Set<string>();
  while (told.size < count) {
    const keys = (await watcher.receive()).match(/^k\d+$/mg)!;
    for (const key of keys) {
      assert(!told.has(key), key);
      told.add(key);
    }
  }
  assertEquals(await writer.receive(), OK);
  await heardNothing(watcher);
});

Deno.test("CLIENT REPLY OFF keeps replies back, and no message", async () => {
  await using server = await serveQuietly();
  using peer = await track(server);
  await peer.ask("GET", "k");
  peer.queue("CLIENT", "REPLY", "OFF");
  peer.queue("SET", "k", "1");
  peer.queue("CLIENT", "REPLY", "ON");
  await peer.flush();
  assertEquals(await peer.receive(), invalidate("k"));
  assertEquals(await peer.receive(), OK);
});

Deno.test("the table is bounded: keys are taken out as if they had changed", async () => {
  await using server = await serveQuietly({ directives: { "tracking-table-max-keys": "10" } });
  using peer = await track(server);
  using asker = await connect(server, 2);
  const read = new Set<string>();
  for (let i = 0; i < 30; i++) {
    peer.queue("GET", `k${i}`);
    read.add(`k${i}`);
  }
  await peer.flush();
  let replies = 0;
  while (replies < 30 || read.size > 10) {
    const got = await peer.receive();
    if (got === "_\r\n") replies++;
    else {
      const key = /\$\d+\r\n(k\d+)\r\n$/.exec(got)![1];
      assertEquals(got, invalidate(key));
      assert(read.delete(key), `${key} was taken out twice`);
    }
  }
  await heardNothing(peer);
  assertEquals(await info(asker, "tracking_total_keys"), "10");
  assertEquals(await info(asker, "tracking_total_items"), "10");
  // A limit that is lowered is reached in steps, of which every tick is one.
  await asker.ask("CONFIG", "SET", "tracking-table-max-keys", "0");
  peer.queue("MGET", ...Array.from({ length: 1000 }, (_, i) => `m${i}`));
  await peer.flush();
  await peer.receive();
  assertEquals(await info(asker, "tracking_total_keys"), "1010");
  await asker.ask("CONFIG", "SET", "tracking-table-max-keys", "1");
  for (let i = 0; i < 1009; i++) await peer.receive();
  await heardNothing(peer);
  assertEquals(await info(asker, "tracking_total_keys"), "1");
});

Deno.test("who is gone, or was reset, is told nothing; the table goes with the last", async () => {
  await using server = await serveQuietly();
  using writer = await connect(server, 2);
  using peer = await track(server);
  const other = await track(server, "BCAST", "PREFIX", "x");
  const third = await track(server);
  await third.ask("MGET", "a", "b", "c");
  await peer.ask("MGET", "a", "b");
  const fields = ["clients", "total_keys", "total_items", "total_prefixes"];
  const totals = async () => {
    const values = [];
    for (const field of fields) values.push(await info(writer, `tracking_${field}`));
    return values.join(" ");
  };
  assertEquals(await totals(), "3 3 5 1");
  other[Symbol.dispose]();
  third[Symbol.dispose]();
  await until("they are gone", () => server.clients.size === 2);
  assertEquals(await totals(), "1 3 5 0");
  await writer.ask("SET", "c", "1");
  assertEquals(await totals(), "1 2 4 0");
  await peer.ask("RESET");
  await peer.ask("HELLO", "3");
  assertEquals(await totals(), "0 2 4 0");
  await writer.ask("SET", "a", "1");
  await heardNothing(peer);
  assertEquals(await totals(), "0 1 2 0");
  assert(server.keyspace.changes.isHeard);
  peer[Symbol.dispose]();
  await until("it is gone", () => server.clients.size === 1);
  assertEquals(await totals(), "0 0 0 0");
  assert(!server.keyspace.changes.isHeard);
});

Deno.test("HELLO changes the form of what is told from then on", async () => {
  await using server = await serveQuietly();
  using writer = await connect(server, 2);
  using peer = await connect(server, 2);
  await peer.ask("CLIENT", "TRACKING", "ON");
  await peer.ask("MGET", "a", "b");
  await writer.ask("SET", "a", "1");
  await peer.ask("HELLO", "3");
  await heardNothing(peer);
  await writer.ask("SET", "b", "1");
  assertEquals(await peer.receive(), invalidate("b"));
});

Deno.test("one may be told in one's own place, as a subscriber", async () => {
  await using server = await serveQuietly();
  using peer = await connect(server, 2);
  using writer = await connect(server, 2);
  await peer.ask("CLIENT", "TRACKING", "ON", "BCAST", "REDIRECT", await idOf(peer));
  await peer.ask("SUBSCRIBE", "__redis__:invalidate");
  await writer.ask("SET", "k", "1");
  assertEquals(await peer.receive(), message("k"));
});

Deno.test("a client has a thousand prefixes at most, and is refused more as a whole", async () => {
  await using server = await serveQuietly();
  using peer = await connect(server);
  using writer = await connect(server, 2);
  const prefixes = Array.from({ length: 1024 }, (_, i) => `${i}:`);
  const words = prefixes.flatMap((prefix) => ["PREFIX", prefix]);
  assertEquals(await peer.ask("CLIENT", "TRACKING", "ON", "BCAST", ...words), OK);
  const error = "-ERR A client can have 1024 prefixes at most\r\n";
  assertEquals(await peer.ask("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "x"), error);
  await writer.ask("MSET", "7", "1", "7:", "1", "1023:k", "1", "x", "1");
  const heard = [await peer.receive(), await peer.receive()];
  assertEquals(heard, [invalidate("1023:k"), invalidate("7:")]);
  assertEquals(await info(writer, "tracking_total_prefixes"), "1024");
  await peer.ask("CLIENT", "TRACKING", "OFF");
  assertEquals(await info(writer, "tracking_total_prefixes"), "0");
});
