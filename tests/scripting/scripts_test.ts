// EVAL, EVALSHA and SCRIPT as commands: their arguments, the first lines of scripts, transactions,
// memory that is short, and what is counted, shown and noted of scripts.

import { assertEquals } from "@std/assert";
import { After } from "../../server/execution/settlement.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { Peer } from "../harness/peer.ts";
import { type Request, type ScriptCase, scriptComparison } from "./script_comparison.ts";

const UNKNOWN = "f".repeat(40);
/** Of `return 5`. */
const FIVE = "4ca238f611c9d0ae4e9a75a5dbac22aedc379801";

scriptComparison("arguments of commands", [
  ...["x", "1.5", "-1", "3", "99999999999999999999", "0x1", ""].map((count): Request => [
    "EVAL",
    "return 1",
    count,
    "a",
  ]),
  ["EVAL"],
  ["EVAL", "return 1"],
  ["EVALSHA", "x"],
  ["EVALSHA", "x", "0"],
  ["EVALSHA", "x", "x"],
  ["EVALSHA", UNKNOWN, "0"],
  ["EVALSHA", UNKNOWN, "x"],
  ["EVALSHA", UNKNOWN, "-1"],
  ["EVALSHA_RO", UNKNOWN, "0"],
  ["EVAL_RO", "return 1", "0"],
  ["SCRIPT"],
  ["SCRIPT", "nothing"],
  ["SCRIPT", "LOAD"],
  ["SCRIPT", "LOAD", "a", "b"],
  ["SCRIPT", "EXISTS"],
  ["SCRIPT", "KILL"],
  ["SCRIPT", "KILL", "x"],
  ["SCRIPT", "FLUSH", "x"],
  ["SCRIPT", "FLUSH", "ASYNC", "x"],
  ["SCRIPT", "FLUSH", "ASYNC"],
  ["SCRIPT", "FLUSH", "SYNC"],
  ["SCRIPT", "FLUSH"],
  ["SCRIPT", "DEBUG"],
  ["SCRIPT", "DEBUG", "x"],
  ["SCRIPT", "DEBUG", "NO"],
  ["COMMAND", "GETKEYS", "EVAL", "x", "2", "a", "b", "c"],
  ["COMMAND", "GETKEYS", "EVALSHA", "x", "0", "a"],
]);

scriptComparison("scripts that are known", [
  ["SCRIPT", "LOAD", "return 5"],
  ["EVALSHA", FIVE, "0"],
  ["SCRIPT", "EXISTS", FIVE, FIVE.toUpperCase(), UNKNOWN, "x"],
  ["EVAL", "return 6", "0"],
  ["SCRIPT", "LOAD", "return 6"],
  ["SCRIPT", "FLUSH"],
  ["SCRIPT", "EXISTS", FIVE],
  ["EVALSHA", FIVE, "0"],
]);

const SHEBANGS = [
  "#!lua\nreturn 1",
  "#!lua flags=\nreturn 1",
  "#!lua flags=no-writes\nreturn redis.call('set', 'x', 'y')",
  "#!lua flags=no-writes,allow-oom,allow-stale,no-cluster\nreturn 2",
  "#!lua flags=nope\nreturn 1",
  "#!lua flags=no-writes,nope\nreturn 1",
  "#!lua name=x\nreturn 1",
  "#!lua",
  "#!other\nreturn 1",
  "#!\nreturn 1",
  "#! lua\nreturn 1",
  "#!lua flags=no-writes flags=allow-oom\nreturn 1",
  "#!lua flags=no-writes, allow-oom\nreturn 1",
  "#!lua 'flags=no-writes'\nreturn 3",
  '#!lua "flags\nreturn 1',
  "#!LUA\nreturn 1",
  "#!lua flags=NO-WRITES\nreturn 1",
  "#!lua\n\nerror('line 3')",
  "#!lua\r\nreturn 1",
  " #!lua\nreturn 1",
];

scriptComparison(
  "first lines",
  SHEBANGS.flatMap((script) => [
    script,
    { script, command: "EVAL_RO" },
    ["SCRIPT", "LOAD", script],
  ]),
);

scriptComparison("transactions", [
  ["MULTI"],
  "return redis.call('incr', 'count')",
  "no program",
  "return redis.call('multi')",
  ["EVAL", "return 1", "x"],
  ["EVALSHA", UNKNOWN, "0"],
  "redis.call('select', 3) return redis.call('set', 'in3', 'x')",
  ["GET", "count"],
  ["EXEC"],
  ["GET", "in3"],
  ["MULTI"],
  ["EVAL"],
  ["EXEC"],
  ["WATCH", "watched"],
  "return redis.call('set', 'watched', 1)",
  ["MULTI"],
  ["GET", "watched"],
  ["EXEC"],
]);

const WITHOUT_MEMORY: readonly string[] = [
  "return redis.call('set', 'x', 'y')",
  "return redis.pcall('set', 'x', 'y')",
  "return redis.call('get', 'x')",
  "redis.call('del', 'x') return redis.call('set', 'x', 'y')",
  "return 1",
  "#!lua\nreturn 1",
  "#!lua flags=allow-oom\nreturn redis.call('set', 'x', 'y')",
  "#!lua flags=no-writes\nreturn redis.call('get', 'x')",
  "#!lua flags=no-writes\nreturn redis.call('set', 'x', 'z')",
];

scriptComparison("memory that is short", [
  ["SET", "x", "before"],
  ["CONFIG", "SET", "maxmemory", "1"],
  ...WITHOUT_MEMORY.flatMap((script): ScriptCase[] => [script, { script, command: "EVAL_RO" }]),
  ["MULTI"],
  "#!lua\nreturn 1",
  ["EXEC"],
  ["CONFIG", "SET", "maxmemory", "0"],
  "#!lua\nreturn 1",
]);

Deno.test("numbers become arguments with the fewest digits that tell them", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const told = async (number: string) =>
    (await peer.ask("EVAL", `return redis.call('echo', ${number})`, "0")).split("\r\n")[1];
  // As redis-server 7.2.4 prints them; older ones print seventeen digits.
  const expected: Readonly<Record<string, string>> = {
    "0": "0",
    "-7": "-7",
    "1.5": "1.5",
    "0.1": "0.1",
    "99999999": "99999999",
    "1e7": "10000000",
    "1e8": "1e+8",
    "123456789": "123456789",
    "1700000000000": "1.7e+12",
    "1700000000001": "1700000000001",
    "2^53": "9007199254740992",
    "2^63": "9223372036854776000",
    "1e-5": "0.00001",
    "1e-7": "1e-7",
    "1e300": "1e+300",
    "0/0": "-nan",
    "1/0": "inf",
    "-1/0": "-inf",
  };
  for (const [number, text] of Object.entries(expected)) assertEquals(await told(number), text);
});

Deno.test("time stands still for a script: what has not expired at its start does not", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "key", "value", "PX", "10");
  // Each redis.log asks for the level, and moves the clock.
  server.log.logs = () => {
    clock.nowMs += 1000;
    return false;
  };
  const script = "local a = redis.call('get', 'key') redis.log(3, 'a second later') " +
    "return {a, redis.call('get', 'key'), redis.call('pttl', 'key')}";
  assertEquals(
    await peer.ask("EVAL", script, "0"),
    "*3\r\n$5\r\nvalue\r\n$5\r\nvalue\r\n:10\r\n",
  );
  assertEquals(await peer.ask("GET", "key"), "$-1\r\n");
});

Deno.test("who watches sees a script, and behind it what it calls", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using watcher = await Peer.connect(server.address.port);
  await watcher.ask("MONITOR");
  await peer.ask("EVAL", "redis.call('select', 3) return redis.call('get', KEYS[1])", "1", "k");
  await peer.ask("EVALSHA", UNKNOWN, "0");
  await peer.ask("MULTI");
  await peer.ask("EVAL", "return redis.pcall('nope')", "0");
  await peer.ask("EXEC");
  const lines: string[] = [];
  while (lines.length < 7) {
    const line = await watcher.receive();
    lines.push(
      line.replace(
        /^\+[\d.]+ \[(\d) (?:lua|([\d.:]+))\]/,
        (_, db, peer) => `${db} ${peer === undefined ? "lua" : "peer"}`,
      ).trim(),
    );
  }
  assertEquals(lines, [
    '0 peer "EVAL" "redis.call(\'select\', 3) return redis.call(\'get\', KEYS[1])" "1" "k"',
    '3 lua "select" "3"',
    '3 lua "get" "k"',
    `0 peer "EVALSHA" "${UNKNOWN}" "0"`,
    '0 peer "MULTI"',
    '0 peer "EVAL" "return redis.pcall(\'nope\')" "0"',
    '0 peer "EXEC"',
  ]);
});

Deno.test("what is counted of scripts, of what they call, and of their errors", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const run = (script: string) => peer.ask("EVAL", script, "0");
  await run("return redis.call('nope')");
  await run("return redis.pcall('nope')");
  await run("redis.pcall('nope') return 1");
  await run("error('x')");
  await run("return {err = 'MY x'}");
  await run("redis.call('set', 's', 'x') return redis.call('incr', 's')");
  await run("redis.pcall('incr', 's') return 1");
  await run("redis.call('get')");
  await run("redis.call('config', 'get', 'x')");
  await run("return {1, {err = 'A b'}, {err = 'C d'}}");
  await run("no program");
  await peer.ask("EVALSHA", UNKNOWN, "0");
  const info = await peer.ask("INFO", "everything");
  const stats = (name: string) =>
    new RegExp(`^cmdstat_${name.replace("|", "\\|")}:(.*)\r$`, "m").exec(info)?.[1]
      .replace(/usec=\d+,usec_per_call=[\d.]+,/, "");
  // As redis-server 7.2.4 counts the same.
  assertEquals(stats("eval"), "calls=11,rejected_calls=0,failed_calls=9");
  assertEquals(stats("evalsha"), "calls=1,rejected_calls=0,failed_calls=1");
  assertEquals(stats("incr"), "calls=2,rejected_calls=0,failed_calls=2");
  assertEquals(stats("get"), "calls=0,rejected_calls=1,failed_calls=0");
  assertEquals(stats("config|get"), "calls=0,rejected_calls=1,failed_calls=0");
  const errors = Array.from(
    info.matchAll(/^errorstat_(\w+):count=(\d+)/gm),
    ([, k, n]) => `${k} ${n}`,
  );
  assertEquals(errors.sort(), ["A 1", "C 1", "ERR 9", "MY 1", "NOSCRIPT 1"]);
  assertEquals(/^total_error_replies:(\d+)/m.exec(info)?.[1], "13");
});

Deno.test("the slow log notes scripts, and what they call", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("CONFIG", "SET", "slowlog-log-slower-than", "0");
  await peer.ask("SLOWLOG", "RESET");
  await peer.ask("EVAL", "return redis.call('get', 'key')", "0");
  const slow = await peer.ask("SLOWLOG", "GET", "2");
  assertEquals(slow.includes("$4\r\nEVAL\r\n$31\r\nreturn redis.call('get', 'key')\r\n"), true);
  assertEquals(slow.includes("*2\r\n$3\r\nget\r\n$3\r\nkey\r\n$0\r\n\r\n$0\r\n\r\n"), true);
});

Deno.test("a tracked client is told of what its scripts have read", async () => {
  await using server = await serveQuietly();
  using reader = await Peer.connect(server.address.port);
  using writer = await Peer.connect(server.address.port);
  await reader.ask("HELLO", "3");
  await reader.ask("CLIENT", "TRACKING", "ON");
  await reader.ask("EVAL", "return redis.call('get', 'read')", "1", "declared");
  await reader.ask("EVAL_RO", "return redis.call('get', 'read too')", "1", "declared");
  await writer.ask("SET", "declared", "1");
  await writer.ask("EVAL", "redis.call('set', 'read', 1) redis.call('set', 'read too', 1)", "0");
  const invalidated = (key: string) =>
    `>2\r\n$10\r\ninvalidate\r\n*1\r\n$${key.length}\r\n${key}\r\n`;
  assertEquals(await reader.receive(), invalidated("read"));
  assertEquals(await reader.receive(), invalidated("read too"));
});

Deno.test("clients that wait get what a script brings when it has ended, and not before", async () => {
  await using server = await serveQuietly();
  using waiting = await Peer.connect(server.address.port);
  using peer = await Peer.connect(server.address.port);
  waiting.queue("BLPOP", "list", "0");
  await waiting.flush();
  while (!(await peer.ask("INFO", "clients")).includes("blocked_clients:1"));
  const script = "redis.call('rpush', 'list', 'a') local n = redis.call('llen', 'list') " +
    "redis.call('lpush', 'list', 'b') return n";
  assertEquals(await peer.ask("EVAL", script, "0"), ":1\r\n");
  assertEquals(await waiting.receive(), "*2\r\n$4\r\nlist\r\n$1\r\nb\r\n");
});

Deno.test("texts of EVAL are bounded in number, those of SCRIPT LOAD stay", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const loaded = (await peer.ask("SCRIPT", "LOAD", "return 'loaded'")).split("\r\n")[1];
  await peer.ask("EVAL", "return 'used'", "0");
  await peer.ask("EVAL", "return 'promoted'", "0");
  const promoted = (await peer.ask("SCRIPT", "LOAD", "return 'promoted'")).split("\r\n")[1];
  for (let i = 0; i < 2000; i++) {
    peer.queue("EVAL", `return ${i}`, "0");
    if (i % 100 === 0) peer.queue("EVAL", "return 'used'", "0");
  }
  await peer.flush();
  for (let i = 0; i < 2020; i++) await peer.receive();
  const used = server.scripting.cachedScripts;
  assertEquals(used, 502);
  assertEquals(
    await peer.ask("SCRIPT", "EXISTS", loaded, promoted),
    "*2\r\n:1\r\n:1\r\n",
  );
  const info = await peer.ask("INFO", "memory");
  assertEquals(/^number_of_cached_scripts:(\d+)/m.exec(info)?.[1], "502");
  assertEquals(/^evicted_scripts:(\d+)/m.exec(await peer.ask("INFO", "stats"))?.[1], "1501");
  await peer.ask("SCRIPT", "FLUSH");
  assertEquals(server.scripting.cachedScripts, 0);
});

Deno.test("a script sees what the one before it changed nowhere but in the keyspace", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const run = (script: string) => peer.ask("EVAL", script, "0");
  await run("redis.setresp(3) redis.set_repl(redis.REPL_NONE) redis.call('select', 5) return 1");
  assertEquals(await run("return type(redis.call('get', 'missing'))"), "$7\r\nboolean\r\n");
  assertEquals(await run("redis.call('set', 'k', 'v') return 1"), ":1\r\n");
  assertEquals(await peer.ask("GET", "k"), "$1\r\nv\r\n");
  await run("KEYS[1] = 'left' ARGV[1] = 'left'");
  assertEquals(await run("return #KEYS + #ARGV"), ":0\r\n");
  await run("setfenv(0, {})");
  await run("setfenv(1, {redis = 1}) return 1");
  assertEquals(await run("setfenv(1, {redis = 1}) return 1"), ":1\r\n");
  assertEquals(await run("return redis.call('ping').ok"), "$4\r\nPONG\r\n");
});

Deno.test("who writes down what changes sees each command of a script, then the call", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const seen: string[] = [];
  server.settlement.hook(After.Propagate, ({ args, depth, propagatesTo }, { fullName }) => {
    seen.push(`${depth} ${fullName} ${depth === 0 ? "" : args.byteString(1)} ${propagatesTo}`);
  });
  server.settlement.set(After.Propagate, true);
  const script =
    "redis.call('set', 'a', 1) redis.set_repl(redis.REPL_AOF) redis.call('del', 'a') " +
    "redis.set_repl(redis.REPL_NONE) redis.pcall('incr', 'b') redis.pcall('nope')";
  await peer.ask("EVAL", script, "0");
  await peer.ask("MULTI");
  await peer.ask("EVAL", "redis.call('set', 'c', 1)", "0");
  await peer.ask("INCR", "c");
  await peer.ask("EXEC");
  assertEquals(seen, [
    "1 set a 3",
    "1 del a 1",
    "1 incr b 0",
    "0 eval  3",
    // MULTI itself.
    "0 multi  3",
    "2 set c 3",
    "1 eval redis.call('set', 'c', 1) 3",
    "1 incr c 3",
    "0 exec  3",
  ]);
});
