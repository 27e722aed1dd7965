// A function that does not end: what others are answered, and how it is ended.

import { assertEquals, assertMatch } from "@std/assert";
import { onEitherServer } from "../harness/either_server.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const FUNCTION_RUNS =
  "-BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.\r\n";
const SCRIPT_RUNS =
  "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n";
const KILLED =
  /^-ERR .*Script killed by user with SCRIPT KILL\.\.\. script: (\w+|\w{40}), on @user_(function|script):\d\.\r\n$/;

const LIBRARY = `#!lua name=busy
redis.register_function('endless', function() while true do end end)
redis.register_function('stubborn', function()
  while true do pcall(function() while true do end end) end
end)
redis.register_function('writes', function(keys, args)
  redis.call('SET', keys[1], args[1])
  while true do end
end)`;

/** Two clients of a server with the library, where scripts count as busy soon. */
async function twoClients(port: number): Promise<[busy: Peer, other: Peer]> {
  const busy = await Peer.connect(port);
  const other = await Peer.connect(port);
  assertEquals(await other.ask("CONFIG", "SET", "busy-reply-threshold", "20"), "+OK\r\n");
  assertEquals(await other.ask("FUNCTION", "LOAD", "REPLACE", LIBRARY), "$4\r\nbusy\r\n");
  return [busy, other];
}

/** Sends a request that is not answered, and waits until others are told so. */
async function begin(busy: Peer, other: Peer, ...request: string[]): Promise<void> {
  busy.queue(...request);
  await busy.flush();
  await until("others are refused", async () => (await other.ask("PING")).startsWith("-BUSY"));
}

onEitherServer(
  "a function that does not end: refusals, statistics, FUNCTION KILL",
  async (port) => {
    const [busy, other] = await twoClients(port);
    using _busy = busy;
    using _other = other;
    for (const name of ["endless", "stubborn"]) {
      await begin(busy, other, "FCALL", name, "1", "key", "argument");
      for (
        const request of [
          ["PING"],
          ["GET", "key"],
          ["FCALL", "endless", "0"],
          ["EVAL", "return 1", "0"],
          ["FUNCTION", "LIST"],
          ["FUNCTION", "FLUSH"],
          ["FUNCTION", "LOAD", "REPLACE", LIBRARY],
          ["SCRIPT", "KILL"],
        ]
      ) assertEquals(await other.ask(...request), FUNCTION_RUNS, request.join(" "));
      const stats = await other.ask("FUNCTION", "STATS");
      assertEquals(
        stats.replace(/duration_ms\r\n:\d+/, "duration_ms\r\n:…"),
        "*4\r\n$14\r\nrunning_script\r\n*6\r\n$4\r\nname\r\n" + `$${name.length}\r\n${name}\r\n` +
          "$7\r\ncommand\r\n" +
          `*5\r\n$5\r\nFCALL\r\n$${name.length}\r\n${name}\r\n$1\r\n1\r\n$3\r\nkey\r\n$8\r\nargument\r\n` +
          "$11\r\nduration_ms\r\n:…\r\n$7\r\nengines\r\n*2\r\n$3\r\nLUA\r\n*4\r\n" +
          "$15\r\nlibraries_count\r\n:1\r\n$15\r\nfunctions_count\r\n:3\r\n",
      );
      assertEquals(await other.ask("FUNCTION", "KILL"), "+OK\r\n");
      assertMatch(await busy.receive(), KILLED);
      assertEquals(await other.ask("PING"), "+PONG\r\n");
      assertEquals(
        await other.ask("FUNCTION", "KILL"),
        "-NOTBUSY No scripts in execution right now.\r\n",
      );
    }
  },
);

onEitherServer("a script that does not end is no function", async (port) => {
  const [busy, other] = await twoClients(port);
  using _busy = busy;
  using _other = other;
  await begin(busy, other, "EVAL", "while true do end", "0");
  for (const request of [["FUNCTION", "KILL"], ["FUNCTION", "STATS"], ["FCALL", "endless", "0"]]) {
    assertEquals(await other.ask(...request), SCRIPT_RUNS);
  }
  assertEquals(await other.ask("SCRIPT", "KILL"), "+OK\r\n");
  assertMatch(await busy.receive(), KILLED);
  assertEquals((await other.ask("FUNCTION", "STATS")).includes("running_script\r\n$-1"), true);
});

onEitherServer(
  "a function in a transaction is killed, what was queued behind it is done",
  async (port) => {
    const [busy, other] = await twoClients(port);
    using _busy = busy;
    using _other = other;
    await busy.ask("MULTI");
    await busy.ask("FCALL", "endless", "0");
    await busy.ask("SET", "key", "value");
    await begin(busy, other, "EXEC");
    assertEquals(await other.ask("FUNCTION", "KILL"), "+OK\r\n");
    const reply = await busy.receive();
    assertMatch(reply.slice(4, -5), KILLED);
    assertEquals([reply.slice(0, 4), reply.slice(-5)], ["*2\r\n", "+OK\r\n"]);
    assertEquals(await other.ask("GET", "key"), "$5\r\nvalue\r\n");
  },
);

Deno.test("a function that has written is not killed; SHUTDOWN NOSAVE ends it with the server", async () => {
  await using server = await serveQuietly();
  const [busy, other] = await twoClients(server.address.port);
  using _busy = busy;
  using _other = other;
  await begin(busy, other, "FCALL", "writes", "1", "key", "value");
  assertEquals(
    await other.ask("FUNCTION", "KILL"),
    "-UNKILLABLE Sorry the script already executed write commands against the dataset. You can " +
      "either wait the script termination or kill the server in a hard way using the SHUTDOWN " +
      "NOSAVE command.\r\n",
  );
  assertEquals(await other.ask("PING"), FUNCTION_RUNS);
  other.queue("SHUTDOWN", "NOSAVE");
  await other.flush();
  await server.finished;
});

Deno.test("a function is killed within a coroutine too, which is dead then; the library goes on", async () => {
  await using server = await serveQuietly();
  const [busy, other] = await twoClients(server.address.port);
  using _busy = busy;
  using _other = other;
  const library = `#!lua name=turns
local calls, co = 0
redis.register_function('within', function()
  calls = calls + 1
  co = coroutine.create(function() pcall(function() while true do end end) end)
  coroutine.resume(co)
end)
redis.register_function('after', function()
  return { calls, coroutine.status(co), select('#', coroutine.resume(co)) }
end)`;
  assertEquals(await other.ask("FUNCTION", "LOAD", library), "$5\r\nturns\r\n");
  await begin(busy, other, "FCALL", "within", "0");
  assertEquals(await other.ask("FUNCTION", "KILL"), "+OK\r\n");
  assertMatch(await busy.receive(), KILLED);
  assertEquals(await busy.ask("FCALL", "after", "0"), "*3\r\n:1\r\n$4\r\ndead\r\n:2\r\n");
  assertEquals(await busy.ask("FCALL", "nosuch", "0"), "-ERR Function not found\r\n");
});
