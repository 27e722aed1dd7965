// SLOWLOG: what is noted, and how much of it.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { register } from "../../commands/registry.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

for (const [name, complexity] of [["idle", "O(1)"], ["idle-long", "O(N)"]]) {
  register({
    name,
    arity: 2,
    complexity,
    group: "module",
    since: "1.0.0",
    summary: "For this test: takes about as many milliseconds as it is told.",
    flags: [],
    run(call) {
      const endMs = performance.now() + call.integer(1);
      while (performance.now() < endMs);
      call.reply.ok();
    },
  });
}

comparison(
  "SLOWLOG",
  `
  SLOWLOG
  SLOWLOG foo
  SLOWLOG LEN
  SLOWLOG LEN 1
  SLOWLOG GET
  SLOWLOG GET 1 2
  SLOWLOG GET a
  SLOWLOG GET -2
  SLOWLOG GET -1
  SLOWLOG GET 9223372036854775808
  SLOWLOG RESET
  CONFIG SET slowlog-log-slower-than 0
  SLOWLOG LEN
  SLOWLOG RESET
  SLOWLOG LEN
  PING
  NOSUCH
  GET
  MULTI
  SET k v
  GET k
  EXEC
  SLOWLOG LEN
  CONFIG SET slowlog-max-len 3
  SLOWLOG LEN
  CONFIG SET slowlog-max-len 0
  SLOWLOG LEN
  SLOWLOG GET
  CONFIG SET slowlog-max-len 10
  CONFIG SET slowlog-log-slower-than -1
  SLOWLOG RESET
  PING
  SLOWLOG LEN
  CONFIG SET slowlog-log-slower-than -2
  `,
);

/** Arguments of the entries, the latest first. */
async function noted(peer: Peer): Promise<string[]> {
  const entries = (await peer.ask("SLOWLOG", "GET", "-1")).split("*6\r\n").slice(1);
  return entries.map((entry) => {
    const [, count, rest] = /^:\d+\r\n:\d+\r\n:\d+\r\n\*(\d+)\r\n(.*)$/s.exec(entry)!;
    const lines = rest.split("\r\n").filter((_, i) => i % 2 === 1);
    return lines.slice(0, Number(count)).join(" ");
  });
}

Deno.test("an entry: number, time, microseconds, arguments cut short, address and name", async () => {
  await using server = await serveQuietly({ directives: { "slowlog-log-slower-than": "0" } });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("CLIENT", "SETNAME", "me");
  await peer.ask("SLOWLOG", "RESET");
  await peer.ask("SADD", "s", "x".repeat(128), "y".repeat(130));
  await peer.ask("SADD", "s", ...Array.from({ length: 31 }, (_, i) => String(i)));
  await peer.ask("SADD", "s", ...Array.from({ length: 30 }, (_, i) => String(i)));
  const [all, many, long] = await noted(peer);
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i).join(" ");
  assertEquals(all, `SADD s ${numbers(30)}`);
  assertEquals(many, `SADD s ${numbers(29)} ... (2 more arguments)`);
  assertEquals(long, `SADD s ${"x".repeat(128)} ${"y".repeat(128)}... (2 more bytes)`);
  assertMatch(
    await peer.ask("SLOWLOG", "GET", "1"),
    /^\*1\r\n\*6\r\n:\d+\r\n:\d{10}\r\n:\d+\r\n\*3\r\n.*\$\d+\r\n127\.0\.0\.1:\d+\r\n\$2\r\nme\r\n$/s,
  );
});

Deno.test("passwords are not noted; what a transaction runs is, and EXEC is not", async () => {
  await using server = await serveQuietly({ directives: { "slowlog-log-slower-than": "0" } });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SLOWLOG", "RESET");
  await peer.ask("CONFIG", "SET", "masterauth", "hunter2");
  await peer.ask("AUTH", "u", "hunter2");
  await peer.ask("MULTI");
  await peer.ask("SET", "k", "v");
  await peer.ask("EXEC");
  assertEquals(await noted(peer), [
    "SET k v",
    "MULTI",
    "AUTH (redacted) (redacted)",
    "CONFIG SET masterauth (redacted)",
    "SLOWLOG RESET",
  ]);
});

Deno.test("who waits is noted once, when it has what it waited for", async () => {
  await using server = await serveQuietly({ directives: { "slowlog-log-slower-than": "0" } });
  using peer = await Peer.connect(server.address.port);
  using writer = await Peer.connect(server.address.port);
  await writer.ask("CLIENT", "PAUSE", "100000", "WRITE");
  await writer.ask("SLOWLOG", "RESET");
  peer.queue("SET", "k", "v");
  await peer.flush();
  await writer.ask("PING");
  assertEquals(await noted(writer), ["PING", "SLOWLOG RESET"]);
  await writer.ask("CLIENT", "UNPAUSE");
  await peer.receive();
  assertStringIncludes((await noted(writer)).join(), "SET k v");
});

Deno.test("from a millisecond on quick commands are timed as a run: the mean is told, or nothing", async () => {
  await using server = await serveQuietly({ directives: { "slowlog-log-slower-than": "20000" } });
  using peer = await Peer.connect(server.address.port);
  const pipeline = async (...times: string[]) => {
    await peer.ask("SLOWLOG", "RESET");
    for (const time of times) peer.queue("IDLE", time);
    await peer.flush();
    for (const _ of times) await peer.receive();
    return await noted(peer);
  };
  assertEquals(await pipeline("30"), ["IDLE 30"]);
  assertEquals(await pipeline("1", "100", "1"), ["IDLE 100"]);
  assertEquals(await pipeline("30", "0", "0"), []);
  // In between there are others, so each is a run of its own.
  await peer.ask("SLOWLOG", "RESET");
  for (const time of ["0", "30", "0"]) {
    peer.queue("IDLE", time);
    peer.queue("PING");
  }
  await peer.flush();
  for (let i = 0; i < 6; i++) await peer.receive();
  assertEquals(await noted(peer), ["IDLE 30"]);
});

Deno.test("who waits in vain is noted when it gives up", async () => {
  await using server = await serveQuietly({ directives: { "slowlog-log-slower-than": "0" } });
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await other.ask("SLOWLOG", "RESET");
  await peer.ask("BLPOP", "nothing", "0.001");
  const [, id] = /:(\d+)/.exec(await peer.ask("CLIENT", "ID"))!;
  peer.queue("BZPOPMIN", "nothing", "0");
  await peer.flush();
  while (await other.ask("CLIENT", "UNBLOCK", id, "ERROR") === ":0\r\n");
  await peer.receive();
  const waited = (await noted(other)).filter((request) => request.startsWith("B"));
  assertEquals(waited, ["BZPOPMIN nothing 0", "BLPOP nothing 0.001"]);
});

/** Runs scripts one behind the other, the middle one of which takes 50 ms, with a limit of 20 ms. */
async function slowScriptAmongOthers(settings: Record<string, string>, slow: string[]) {
  await using server = await serveQuietly({
    directives: { "slowlog-log-slower-than": "20000", ...settings },
  });
  using peer = await Peer.connect(server.address.port);
  // The first script that takes long has the engine's module for memory loaded.
  await peer.ask(...slow);
  await peer.ask("CONFIG", "RESETSTAT");
  await peer.ask("SLOWLOG", "RESET");
  const requests = [...Array(8).fill(SHORT), slow, ...Array(8).fill(SHORT)] as string[][];
  for (const request of requests) peer.queue(...request);
  await peer.flush();
  for (const _ of requests) await peer.receive();
  const [calls] = /(?<=cmdstat_eval:calls=)\d+/.exec(await peer.ask("INFO", "commandstats"))!;
  const timed = /eval:calls=(\d+)/.exec(
    (await peer.ask("LATENCY", "HISTOGRAM", "eval")).replace(
      /\$4\r\neval\r\n.*?calls\r\n:/s,
      "eval:calls=",
    ),
  )![1];
  // On a machine that does much else, anything may take long.
  const entries = (await noted(peer)).filter((entry) => /idle-long/.test(entry));
  return { noted: entries, calls, timed };
}

const SHORT = ["EVAL", "return 1", "0"];
const SLOW = ["EVAL", "return redis.call('idle-long', 50)", "0"];

Deno.test("a slow script is noted with its own time, wherever in a pipeline of short ones it stands", async () => {
  const { noted, calls, timed } = await slowScriptAmongOthers({}, SLOW);
  assertEquals(noted, [SLOW.join(" "), "idle-long 50"]);
  assertEquals([calls, timed], ["17", "17"]);
});

Deno.test("so is one that has stopped in the middle for others to have a turn", async () => {
  const script = SLOW[1].replace("return", "redis.call('idle-long', 1) return");
  const busy = { "busy-reply-threshold": "1" };
  const { noted, calls, timed } = await slowScriptAmongOthers(busy, ["EVAL", script, "0"]);
  assertEquals(noted, [`EVAL ${script} 0`, "idle-long 50"]);
  assertEquals([calls, timed], ["17", "17"]);
});

Deno.test("so is one behind which a client is served that waited for what it has pushed", async () => {
  await using server = await serveQuietly({ directives: { "slowlog-log-slower-than": "20000" } });
  using peer = await Peer.connect(server.address.port);
  using waiting = await Peer.connect(server.address.port);
  const script = "redis.call('rpush', 'list', 'x') return redis.call('idle-long', 50)";
  await peer.ask("EVAL", script, "0");
  await peer.ask("DEL", "list");
  await peer.ask("SLOWLOG", "RESET");
  waiting.queue("BLPOP", "list", "0");
  await waiting.flush();
  while (!(await peer.ask("INFO", "clients")).includes("blocked_clients:1"));
  const requests = [...Array(8).fill(SHORT), ["EVAL", script, "0"], ...Array(8).fill(SHORT)];
  for (const request of requests) peer.queue(...request);
  await peer.flush();
  for (const _ of requests) await peer.receive();
  await waiting.receive();
  const entries = (await noted(peer)).filter((entry) => /idle-long/.test(entry));
  assertEquals(entries, [`EVAL ${script} 0`, "idle-long 50"]);
});
