// Scripts that run for long: what others may do meanwhile, how such a script is ended, what waits
// for it, and that it finds the keyspace as it left it.

import { assertEquals, assertMatch } from "@std/assert";
import { bytesOfByteString } from "../../structures/bytes/byte_string.ts";
import type { Server } from "../../server/mod.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const BUSY =
  "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n";
const KILLED =
  /^-ERR Script killed by user with SCRIPT KILL\.\.\. script: [0-9a-f]{40}, on @user_script:1\.\r\n$/;
const OK = "+OK\r\n";

/** Runs until somebody sets the server free, by the number of turns that others had. */
const FOREVER = "while true do end";

interface Busy extends AsyncDisposable {
  readonly server: Server;
  readonly clock: ManualClock;
  /** Runs scripts. */
  readonly runner: Peer;
  readonly other: Peer;
}

/** A server whose scripts are busy after a millisecond, and two clients. */
async function busyServer(): Promise<Busy> {
  const clock = new ManualClock();
  const server = await serveQuietly({
    directives: { "busy-reply-threshold": "1" },
    environment: { now: clock.now },
  });
  const runner = await Peer.connect(server.address.port);
  const other = await Peer.connect(server.address.port);
  return {
    server,
    clock,
    runner,
    other,
    async [Symbol.asyncDispose]() {
      runner[Symbol.dispose]();
      other[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Begins a request, and waits until its script is busy. */
async function begin({ runner, server }: Busy, ...requests: readonly string[][]): Promise<void> {
  for (const request of requests) runner.queue(...request);
  await runner.flush();
  await until("the script is busy", () => server.scripting.isBusy);
}

Deno.test("while a script is busy others are told so, but for what Redis lets through", async () => {
  await using busy = await busyServer();
  const { other } = busy;
  await begin(busy, ["EVAL", FOREVER, "0"]);
  for (
    const words of [
      "PING",
      "GET k",
      "SET k v",
      "SELECT 1",
      "SCRIPT LOAD x",
      "SCRIPT FLUSH",
      "EVAL x 0",
      "FUNCTION LIST",
      "CLIENT ID",
      "INFO",
      "CONFIG GET x",
      "SHUTDOWN",
      "FUNCTION KILL",
      "FUNCTION STATS",
      "SUBSCRIBE c",
    ]
  ) {
    assertEquals(await other.ask(...words.split(" ")), BUSY, words);
  }
  assertEquals(await other.ask("GET"), "-ERR wrong number of arguments for 'get' command\r\n");
  assertMatch(await other.ask("NOSUCH"), /^-ERR unknown command/);
  assertMatch(await other.ask("AUTH", "x"), /^-ERR AUTH <password> called/);
  assertMatch(await other.ask("HELLO", "2"), /^\*14/);
  assertEquals(await other.ask("WATCH", "k"), OK);
  assertEquals(await other.ask("UNWATCH"), OK);
  assertEquals(await other.ask("MULTI"), OK);
  assertEquals(await other.ask("GET", "k"), BUSY);
  assertEquals(
    await other.ask("EXEC"),
    "-EXECABORT Transaction discarded because of: BUSY Redis is busy running a script. You can " +
      "only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n",
  );
  assertEquals(await other.ask("MULTI"), OK);
  assertEquals(await other.ask("DISCARD"), OK);
  assertEquals(await other.ask("RESET"), "+RESET\r\n");
  assertEquals(await other.ask("SCRIPT", "KILL"), OK);
  assertMatch(await busy.runner.receive(), KILLED);
  assertEquals(await other.ask("PING"), "+PONG\r\n");
  assertEquals(
    await other.ask("SCRIPT", "KILL"),
    "-NOTBUSY No scripts in execution right now.\r\n",
  );
});

/** Programs that do not end, each another way. */
const ENDLESS: Readonly<Record<string, string>> = {
  "a loop": FOREVER,
  "a loop in pcall in a loop": "while true do pcall(function() while true do end end) end",
  "pcall of pcall": "local function f() while true do pcall(f) end end f()",
  "xpcall with a handler that loops":
    "while true do xpcall(function() error('x') end, function() while true do end end) end",
  "tail calls": "local function f(n) return f(n + 1) end f(0)",
  "repeat": "repeat until false",
  "a numeric loop": "for i = 1, math.huge do end",
  "a generic loop": "for k in function() return 1 end do end",
  "sort's comparator": "table.sort({3, 2, 1, 4}, function() while true do end end)",
  "sorts": "local t = {} for i = 1, 500 do t[i] = -i end " +
    "while true do local c = {unpack(t)} table.sort(c) end",
  "gsub's callback": "('aaa'):gsub('a', function() while true do end end)",
  "gsub's pattern": "while true do ('x'):rep(1000):gsub('(.-)y', '%1') end",
  "a pattern that explodes":
    "local s = ('a'):rep(30) while true do s:find(('a?'):rep(30) .. ('a'):rep(30) .. 'b') end",
  "a coroutine": "coroutine.wrap(function() while true do end end)()",
  "coroutines that yield":
    "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
  "a metamethod": "return setmetatable({}, {__index = function() while true do end end}).x",
  "arithmetic of metamethods":
    "local t = setmetatable({}, {__add = function(a) return a end}) while true do t = t + t end",
  "string.rep": "while true do string.rep('x', 100000) end",
  "concatenation": "while true do local s = '' for i = 1, 1000 do s = s .. i end end",
  "table.concat":
    "local t = {} for i = 1, 1000 do t[i] = 'x' end while true do table.concat(t) end",
  "load": "while true do loadstring('return 1')() end",
  "reading commands": "while true do redis.call('get', 'k') end",
  "failing commands": "while true do redis.pcall('nope') end",
  "cjson": "while true do cjson.encode({1, 2, {a = 'b'}}) end",
  "recursion that overflows, caught, in a loop":
    "local function f() return 1 + f() end while true do pcall(f) end",
};

/** On a long list and a large string. */
const ENDLESS_COMMANDS: Readonly<Record<string, string>> = {
  "commands that take long": "while true do redis.call('sort_ro', 'list') end",
  "large replies": "while true do redis.call('mget', 'large', 'large', 'large') end",
};

for (const [name, script] of Object.entries({ ...ENDLESS, ...ENDLESS_COMMANDS })) {
  Deno.test(`a script that does not end is killed: ${name}`, async () => {
    await using busy = await busyServer();
    if (name in ENDLESS_COMMANDS) {
      await busy.other.ask("SET", "large", "x".repeat(1_000_000));
      const elements = Array.from({ length: 20_000 }, (_, i) => String(i));
      await busy.other.ask("RPUSH", "list", ...elements);
    }
    await begin(busy, ["EVAL", script, "0"]);
    assertEquals(await busy.other.ask("PING"), BUSY);
    assertEquals(await busy.other.ask("SCRIPT", "KILL"), OK);
    assertMatch(await busy.runner.receive(), /^-ERR Script killed by user with SCRIPT KILL\.\.\./);
    assertEquals(await busy.other.ask("PING"), "+PONG\r\n");
    assertEquals(await busy.runner.ask("EVAL", "return 'well'", "0"), "$4\r\nwell\r\n");
  });
}

/** A loop that ends when the key `go` of another client's is there: it can only come by this script. */
const UNTIL_TURNS = (turns: number) => `local n = 0 while n < ${turns} do n = n + 1 end `;

Deno.test("a script that has written is not killed; it ends by itself", async () => {
  await using busy = await busyServer();
  const { other, runner } = busy;
  const script = `redis.call('set', KEYS[1], 'before') ${UNTIL_TURNS(3e7)}` +
    "redis.call('append', KEYS[1], ' after') return redis.call('get', KEYS[1])";
  await begin(busy, ["EVAL", script, "1", "key"]);
  assertMatch(await other.ask("SCRIPT", "KILL"), /^-UNKILLABLE Sorry the script already executed/);
  assertEquals(await runner.receive(), "$12\r\nbefore after\r\n");
  assertEquals(await other.ask("GET", "key"), "$12\r\nbefore after\r\n");
});

Deno.test("requests behind a busy script wait, and come in their order", async () => {
  await using busy = await busyServer();
  const { runner } = busy;
  await begin(
    busy,
    ["SET", "k", "1"],
    ["EVAL", `${UNTIL_TURNS(2e7)} return redis.call('incr', 'k')`, "0"],
    ["GET", "k"],
    ["EVAL", `${UNTIL_TURNS(2e7)} return redis.call('incr', 'k')`, "0"],
  );
  await runner.send("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
  for (const reply of [OK, ":2\r\n", "$1\r\n2\r\n", ":3\r\n", "$1\r\n3\r\n"]) {
    assertEquals(await runner.receive(), reply);
  }
});

Deno.test("EXEC stops with its script, and goes on with the others", async () => {
  await using busy = await busyServer();
  const { other, runner, server } = busy;
  const slow = (answer: string) => ["EVAL", `${UNTIL_TURNS(2e7)} return ${answer}`, "0"];
  await begin(
    busy,
    ["MULTI"],
    ["SET", "k", "1"],
    slow("redis.call('incr', 'k')"),
    ["GET", "k"],
    slow("{redis.call('incr', 'k'), redis.call('nope')}"),
    slow("'third'"),
    ["INCR", "k"],
    ["EXEC"],
    ["PING"],
  );
  assertEquals(await other.ask("GET", "k"), BUSY);
  for (const reply of [OK, ...new Array(6).fill("+QUEUED\r\n")]) {
    assertEquals(await runner.receive(), reply);
  }
  const replies = await runner.receive();
  assertMatch(
    replies,
    /^\*6\r\n\+OK\r\n:2\r\n\$1\r\n2\r\n-ERR Unknown Redis command [^\r]*\r\n\$5\r\nthird\r\n:4\r\n$/,
  );
  assertEquals(await runner.receive(), "+PONG\r\n");
  assertEquals(await other.ask("GET", "k"), "$1\r\n4\r\n");
  server.keyspace.arena.verify();
});

Deno.test("a killed script in EXEC is one of its replies", async () => {
  await using busy = await busyServer();
  const { other, runner } = busy;
  await begin(busy, ["MULTI"], ["SET", "k", "1"], ["EVAL", FOREVER, "0"], ["INCR", "k"], ["EXEC"]);
  assertEquals(await other.ask("SCRIPT", "KILL"), OK);
  for (let i = 0; i < 4; i++) await runner.receive();
  assertMatch(await runner.receive(), /^\*3\r\n\+OK\r\n-ERR Script killed [^\r]*\r\n:2\r\n$/);
});

Deno.test("nothing expires under a busy script, nor is collected", async () => {
  await using busy = await busyServer();
  const { clock, other, runner, server } = busy;
  await other.ask("SET", "k", "v", "PX", "50");
  await begin(
    busy,
    ["MULTI"],
    ["EVAL", `${UNTIL_TURNS(3e7)} return {redis.call('get', 'k'), redis.call('pttl', 'k')}`, "0"],
    ["GET", "k"],
    ["EXEC"],
  );
  clock.nowMs += 60_000;
  server.upkeep.run();
  assertEquals(await other.ask("GET", "k"), BUSY);
  for (let i = 0; i < 3; i++) await runner.receive();
  assertEquals(await runner.receive(), "*2\r\n*2\r\n$1\r\nv\r\n:50\r\n$1\r\nv\r\n");
  assertEquals(await other.ask("GET", "k"), "$-1\r\n");
});

Deno.test("a script goes on when its client is gone", async () => {
  await using busy = await busyServer();
  const { other, runner, server } = busy;
  await begin(
    busy,
    ["MULTI"],
    ["EVAL", `${UNTIL_TURNS(3e7)} return redis.call('set', 'by script', 1)`, "0"],
    ["SET", "by exec", "1"],
    ["EXEC"],
  );
  runner[Symbol.dispose]();
  await until("the script has ended", () => !server.scripting.isBusy);
  assertEquals(await other.ask("EXISTS", "by script", "by exec"), ":2\r\n");
  server.keyspace.arena.verify();
});

Deno.test("who waits for a key is served when the busy script has ended, not before", async () => {
  await using busy = await busyServer();
  const { other, runner, server } = busy;
  using waiting = await Peer.connect(server.address.port);
  waiting.queue("BLPOP", "list", "0");
  await waiting.flush();
  await until("it waits", () => server.blocking.waitingClients === 1);
  const script = `redis.call('rpush', 'list', 'a') ${UNTIL_TURNS(3e7)}` +
    "redis.call('lpush', 'list', 'b') return redis.call('llen', 'list')";
  await begin(busy, ["EVAL", script, "0"]);
  // Commands that are let through would serve those who wait.
  assertEquals(await other.ask("MULTI"), OK);
  assertEquals(await other.ask("DISCARD"), OK);
  assertEquals(await runner.receive(), ":2\r\n");
  assertEquals(await waiting.receive(), "*2\r\n$4\r\nlist\r\n$1\r\nb\r\n");
});

Deno.test("a client that is told to be silent gets no reply of a busy script", async () => {
  await using busy = await busyServer();
  const { runner, server } = busy;
  await begin(busy, ["CLIENT", "REPLY", "SKIP"], ["EVAL", `${UNTIL_TURNS(2e7)} return 1`, "0"]);
  await until("the script has ended", () => !server.scripting.isBusy);
  assertEquals(await runner.ask("PING"), "+PONG\r\n");
});

Deno.test("the native protocol gets a whole frame of a busy script, in EXEC too", async () => {
  await using busy = await busyServer();
  const { server } = busy;
  using peer = await NativePeer.connect(server.address.port);
  const answer = peer.ask("EVAL", `${UNTIL_TURNS(2e7)} return {1, 'two'}`, "0");
  await until("the script is busy", () => server.scripting.isBusy);
  assertEquals(await answer, [1, bytesOfByteString("two")]);
  await peer.ask("MULTI");
  await peer.ask("SET", "k", "v");
  await peer.ask("EVAL", `${UNTIL_TURNS(2e7)} return redis.call('get', 'k')`, "0");
  await peer.ask("GET", "k");
  const v = bytesOfByteString("v");
  assertEquals(await peer.ask("EXEC"), [null, v, v]);
});

Deno.test("published messages come behind the reply of a busy script, or before it, whole", async () => {
  await using busy = await busyServer();
  const { runner, server } = busy;
  await runner.ask("HELLO", "3");
  await runner.ask("SUBSCRIBE", "channel");
  await begin(
    busy,
    ["EVAL", `redis.call('publish', 'channel', 'm') ${UNTIL_TURNS(2e7)} return 'reply'`, "0"],
  );
  assertEquals(server.scripting.isBusy, true);
  assertEquals(await runner.receive(), "$5\r\nreply\r\n");
  assertEquals(await runner.receive(), ">3\r\n$7\r\nmessage\r\n$7\r\nchannel\r\n$1\r\nm\r\n");
});

Deno.test("SHUTDOWN NOSAVE ends the server, whatever a script does", async () => {
  await using busy = await busyServer();
  await begin(busy, ["EVAL", `redis.call('set', 'k', 'v') ${FOREVER}`, "0"]);
  assertEquals(await busy.other.ask("SHUTDOWN"), BUSY);
  assertEquals(await busy.other.ask("SHUTDOWN", "SAVE"), BUSY);
  busy.other.queue("SHUTDOWN", "NOSAVE");
  await busy.other.flush();
  await busy.server.finished;
});

Deno.test("busy-reply-threshold takes effect for the next script, by either name", async () => {
  await using busy = await busyServer();
  const { other, runner, server } = busy;
  await other.ask("CONFIG", "SET", "lua-time-limit", "0");
  assertEquals(
    await other.ask("CONFIG", "GET", "busy-reply-threshold"),
    "*2\r\n$20\r\nbusy-reply-threshold\r\n$1\r\n0\r\n",
  );
  assertEquals(await runner.ask("EVAL", `${UNTIL_TURNS(1e7)} return 1`, "0"), ":1\r\n");
  await other.ask("CONFIG", "SET", "busy-reply-threshold", "1");
  await begin(busy, ["EVAL", FOREVER, "0"]);
  assertEquals(server.scripting.isBusy, true);
  assertEquals(await other.ask("SCRIPT", "KILL"), OK);
});
