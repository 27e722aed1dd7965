// What others see of functions: MONITOR, the slow log, statistics of commands, tracked keys, and that
// libraries are no keys.

import { assertEquals } from "@std/assert";
import { onEitherServer } from "../harness/either_server.ts";
import { Peer } from "../harness/peer.ts";
import { until } from "../harness/until.ts";

const LIBRARY = `#!lua name=seen
redis.register_function('f', function(keys, args)
  redis.call('SET', keys[1], args[1])
  redis.pcall('NOSUCH')
  return redis.call('GET', keys[1])
end)
redis.register_function{ function_name = 'reads', flags = { 'no-writes' }, callback = function(keys)
  return redis.call('GET', keys[1])
end }`;

onEitherServer("MONITOR shows a function before what it calls", async (port) => {
  using peer = await Peer.connect(port);
  using watcher = await Peer.connect(port);
  assertEquals(await peer.ask("FUNCTION", "LOAD", LIBRARY), "$4\r\nseen\r\n");
  assertEquals(await watcher.ask("MONITOR"), "+OK\r\n");
  await peer.ask("FCALL", "f", "1", "k", "v");
  await peer.ask("FCALL_RO", "reads", "1", "k");
  await peer.ask("FCALL", "nosuch", "0");
  await peer.ask("FCALL_RO", "f", "1", "k", "v");
  await peer.ask("FCALL", "f", "x");
  await peer.ask("MULTI");
  await peer.ask("FCALL", "reads", "1", "k");
  await peer.ask("EXEC");
  await peer.ask("FUNCTION", "STATS");
  const seen: string[] = [];
  while (!seen.at(-1)?.includes("STATS")) {
    seen.push((await watcher.receive()).replace(/^\+[\d.]+ \[0 (lua)?.*?\] (.*)\r\n$/, "$1 $2"));
  }
  assertEquals(seen, [
    ' "FCALL" "f" "1" "k" "v"',
    'lua "SET" "k" "v"',
    'lua "GET" "k"',
    ' "FCALL_RO" "reads" "1" "k"',
    'lua "GET" "k"',
    ' "FCALL" "nosuch" "0"',
    ' "FCALL_RO" "f" "1" "k" "v"',
    ' "FCALL" "f" "x"',
    ' "MULTI"',
    ' "FCALL" "reads" "1" "k"',
    'lua "GET" "k"',
    ' "EXEC"',
    ' "FUNCTION" "STATS"',
  ]);
});

onEitherServer("a function and what it calls are counted, and noted where slow", async (port) => {
  using peer = await Peer.connect(port);
  await peer.ask("FUNCTION", "LOAD", LIBRARY);
  await peer.ask("CONFIG", "RESETSTAT");
  await peer.ask("CONFIG", "SET", "slowlog-log-slower-than", "0");
  await peer.ask("SLOWLOG", "RESET");
  await peer.ask("FCALL", "f", "1", "k", "v");
  await peer.ask("FCALL", "reads", "1", "k");
  await peer.ask("FCALL", "nosuch", "0");
  await peer.ask("FCALL", "f");
  const slow = (await peer.ask("SLOWLOG", "GET", "-1")).split("\r\n");
  const noted = slow.filter((line) => /^(FCALL|GET|SET|NOSUCH)$/.test(line));
  assertEquals(noted, ["FCALL", "FCALL", "GET", "FCALL", "GET", "SET"]);
  const stats = await peer.ask("INFO", "commandstats");
  const counts = (name: string) =>
    new RegExp(`cmdstat_${name}:calls=(\\d+),.*rejected_calls=(\\d+),failed_calls=(\\d+)`)
      .exec(stats)?.slice(1).join(" ");
  assertEquals(counts("fcall"), "3 1 1");
  assertEquals(counts("get"), "2 0 0");
  assertEquals(counts("set"), "1 0 0");
});

onEitherServer(
  "keys that a function reads are tracked, and those that it writes told of",
  async (port) => {
    using reader = await Peer.connect(port);
    using writer = await Peer.connect(port);
    await writer.ask("FUNCTION", "LOAD", LIBRARY);
    await reader.ask("HELLO", "3");
    await reader.ask("CLIENT", "TRACKING", "on");
    assertEquals(await reader.ask("FCALL_RO", "reads", "1", "k"), "_\r\n");
    assertEquals(await writer.ask("FCALL", "f", "1", "k", "v"), "$1\r\nv\r\n");
    assertEquals(await reader.receive(), ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n");
  },
);

onEitherServer(
  "a pause of writes holds back what may write, by the flags of functions",
  async (port) => {
    using peer = await Peer.connect(port);
    using other = await Peer.connect(port);
    await peer.ask("FUNCTION", "LOAD", LIBRARY);
    await peer.ask("SET", "k", "before");
    for (
      const held of [
        ["FCALL", "f", "1", "k", "after"],
        ["FCALL", "nosuch", "0"],
        ["FUNCTION", "FLUSH", "what"],
        ["FCALL_RO", "f", "1", "k", "after"],
      ]
    ) {
      assertEquals(await peer.ask("CLIENT", "PAUSE", "100000", "WRITE"), "+OK\r\n");
      assertEquals(await peer.ask("FCALL", "reads", "1", "k"), "$6\r\nbefore\r\n");
      assertEquals(await peer.ask("FCALL_RO", "reads", "1", "k"), "$6\r\nbefore\r\n");
      assertEquals(await peer.ask("FCALL_RO", "nosuch", "0"), "-ERR Function not found\r\n");
      other.queue(...held);
      await other.flush();
      await until(
        "it is held back",
        async () => (await peer.ask("INFO", "clients")).includes("blocked_clients:1\r\n"),
      );
      assertEquals(await peer.ask("GET", "k"), "$6\r\nbefore\r\n");
      assertEquals(await peer.ask("CLIENT", "UNPAUSE"), "+OK\r\n");
      await other.receive();
      await peer.ask("SET", "k", "before");
    }
  },
);
