// redis-cli, unchanged, in every way that people use it.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { writeRespRequest } from "../../protocol/request_writer.ts";
import { ravelVersion } from "../../server/version.ts";
import type { DirectiveRecord, Server } from "../../server/mod.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { runProgram, without } from "../harness/program.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

type Cli = (args: readonly string[], input?: string | Uint8Array) => Promise<string>;

/** Registers a test with a server and a redis-cli that reaches it; any complaint of it fails. */
function cliTest(
  name: string,
  fn: (cli: Cli, server: Server) => Promise<void>,
  directives?: DirectiveRecord,
): void {
  Deno.test({
    name: `redis-cli: ${name}`,
    ignore: without("redis-cli"),
    async fn() {
      await using server = await serveQuietly({ directives });
      const port = String(server.address.port);
      await fn(async (args, input) => {
        const { code, stdout, stderr } = await runProgram(
          "redis-cli",
          ["-p", port, ...args],
          input,
        );
        assertEquals([code, stderr], [0, ""], stdout);
        return stdout;
      }, server);
    },
  });
}

cliTest("one command a call", async (cli) => {
  assertEquals(await cli(["PING"]), "PONG\n");
  assertEquals(await cli(["SET", "greeting", "hello world"]), "OK\n");
  assertEquals(await cli(["GET", "greeting"]), "hello world\n");
  assertEquals(await cli(["--no-raw", "GET", "none"]), "(nil)\n");
  assertEquals(
    await cli(["--no-raw", "INCRBY", "n", "9223372036854775807"]),
    "(integer) 9223372036854775807\n",
  );
  assertEquals(
    await cli(["--no-raw", "INCR", "n"]),
    "(error) ERR increment or decrement would overflow\n",
  );
  assertEquals(await cli(["-n", "3", "DBSIZE"]), "0\n");
  assertEquals(await cli(["-n", "0", "DBSIZE"]), "2\n");
  assertEquals(await cli(["-x", "SET", "stdin"], "from\0stdin"), "OK\n");
  assertEquals(await cli(["--json", "GET", "stdin"]), '"from\\u0000stdin"\n');
  assertEquals(await cli(["-r", "3", "INCR", "three"]), "1\n2\n3\n");
});

cliTest("commands from standard input", async (cli) => {
  const session = `
    SET k "two words"
    get k
    ZADD board 10 ann 20 bob 15 cy
    ZRANGE board 0 -1 WITHSCORES
    NONSENSE
    EXPIRE k 100
    TTL k
    DEL k board
  `;
  assertEquals(
    await cli([], session),
    "OK\ntwo words\n3\nann\n10\ncy\n15\nbob\n20\n" +
      "ERR unknown command 'NONSENSE', with args beginning with: \n\n1\n100\n2\n",
  );
});

cliTest("RESP3 with -3", async (cli) => {
  await cli(["ZADD", "z", "1.5", "a", "inf", "b"]);
  assertEquals(await cli(["-3", "--no-raw", "ZSCORE", "z", "a"]), "(double) 1.5\n");
  assertEquals(
    await cli(["-3", "--no-raw", "ZRANGE", "z", "0", "-1", "WITHSCORES"]),
    '1) 1) "a"\n   2) (double) 1.5\n2) 1) "b"\n   2) (double) inf\n',
  );
  assertEquals(await cli(["-3", "--no-raw", "GET", "none"]), "(nil)\n");
  const hello = await cli(["-3", "--no-raw", "HELLO"]);
  assertStringIncludes(hello, '"server" => "redis"');
  assertStringIncludes(hello, '"proto" => (integer) 3');
});

cliTest("mass insertion with --pipe", async (cli, server) => {
  const COUNT = 20_000;
  const out = new ByteQueue({ initialBytes: 1024, maxBytes: 64 * 1024 * 1024 });
  for (let i = 0; i < COUNT; i++) writeRespRequest(out, ["SET", `key:${i}`, `value ${i}`]);
  const report = await cli(["--pipe"], out.bytes.slice(out.head, out.tail));
  assertStringIncludes(report, `errors: 0, replies: ${COUNT}\n`);
  assertEquals(server.keyspace.databases[0].size, COUNT);
  assertEquals(await cli(["GET", "key:19999"]), "value 19999\n");
});

cliTest("--scan finds every key once", async (cli) => {
  const names = Array.from({ length: 1000 }, (_, i) => `key:${i}`);
  await cli([], names.map((name) => `SET ${name} v\n`).join(""));
  const found = (await cli(["--scan"])).trim().split("\n");
  assertEquals(found.sort(), names.toSorted());
  const some = (await cli(["--scan", "--pattern", "key:99?"])).trim().split("\n");
  assertEquals(some.sort(), names.filter((name) => /^key:99.$/.test(name)).sort());
});

cliTest("--bigkeys and --memkeys", async (cli) => {
  const members = Array.from({ length: 300 }, (_, i) => `${i} member:${i}`).join(" ");
  await cli([], `ZADD large ${members}\nZADD small 1 a\n`);
  const big = await cli(["--bigkeys"]);
  assertMatch(big, /Biggest +zset found '"large"' has 300 members/);
  assertMatch(big, /\n2 zsets with 301 members/);
  const memory = await cli(["--memkeys"]);
  assertMatch(memory, /Biggest +zset found '"large"' has \d+ bytes/);
});

/** Keys of all types, of which one of each is the largest. */
const KEYSPACE = [
  "SET string:long " + "x".repeat(5000),
  "SETEX string:brief 1000 abc",
  "SET number 12345",
  'SET "two words" v',
  "RPUSH list:long " + Array.from({ length: 700 }, (_, i) => `element:${i}`).join(" "),
  "RPUSH list:short a b c",
  "SADD set:long " + Array.from({ length: 600 }, (_, i) => `member:${i}`).join(" "),
  "SADD set:numbers 1 2 3 4 5",
  "HSET hash:long " + Array.from({ length: 300 }, (_, i) => `field:${i} v`).join(" "),
  "HSET hash:short f v",
  "ZADD zset:long " + Array.from({ length: 250 }, (_, i) => `${i} member:${i}`).join(" "),
  "ZADD zset:short 1 a 2 b",
].join("\n");

/** What redis-cli prints at the end, without what depends on the order of the keys. */
function summaryOf(printed: string): string[] {
  return printed.slice(printed.indexOf("-------- summary")).split("\n").sort();
}

Deno.test({
  name: "redis-cli: --bigkeys, --memkeys, --scan and --hotkeys say what they say of redis-server",
  ignore: without("redis-cli") || withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    const ports = [ravel.address.port, redis.port];
    const both = (args: readonly string[], input?: string) =>
      Promise.all(
        ports.map((port) => runProgram("redis-cli", ["-p", String(port), ...args], input)),
      );
    const [filled, alsoFilled] = await both([], KEYSPACE);
    assertEquals(filled, alsoFilled);
    const [big, bigThere] = await both(["--bigkeys"]);
    assertEquals([big.code, big.stderr], [0, ""]);
    assertEquals(summaryOf(big.stdout), summaryOf(bigThere.stdout));
    assertStringIncludes(big.stdout, `Biggest    set found '"set:long"' has 600 members`);
    for (const args of [["--memkeys"], ["--memkeys-samples", "0"]]) {
      const [memory, memoryThere] = await both(args);
      assertEquals([memory.code, memory.stderr], [0, ""]);
      // Each has bytes of its own.
      const [ours, theirs] = [memory, memoryThere].map(({ stdout }) =>
        summaryOf(stdout.replace(/\d+ bytes( \(.*\))?/g, "N bytes"))
      );
      assertEquals(ours, theirs);
    }
    for (
      const args of [[], ["--pattern", "*:long"], ["--pattern", "[sz]*"], ["--pattern", "none"]]
    ) {
      const [ours, theirs] = (await both(["--scan", ...args])).map(({ code, stderr, stdout }) => [
        code,
        stderr,
        ...stdout.split("\n").sort(),
      ]);
      assertEquals(ours, theirs, args.join(" "));
    }
    const [hot, hotThere] = await both(["--hotkeys"]);
    assertEquals(hot, hotThere);
    assertStringIncludes(hot.stderr, "An LFU maxmemory policy is not selected");
  },
});

cliTest("INFO", async (cli) => {
  await cli(["SET", "k", "v", "EX", "100"]);
  const info = await cli(["INFO"]);
  assertMatch(info, /^# Server\r\n/);
  assertStringIncludes(info, "redis_version:7.2.4\r\n");
  assertStringIncludes(info, `ravel_version:${ravelVersion}\r\n`);
  assertStringIncludes(info, "connected_clients:1\r\n");
  assertMatch(info, /\r\ndb0:keys=1,expires=1,avg_ttl=\d+/);
  assertMatch(await cli(["INFO", "keyspace"]), /^# Keyspace\r\ndb0:/);
});

cliTest("what it asks at its prompt: COMMAND DOCS", async (cli) => {
  assertStringIncludes(await cli(["COMMAND", "DOCS", "get"]), "summary");
  assertMatch(await cli(["COMMAND", "COUNT"]), /^\d+\n$/);
});

cliTest("--stat and --latency speak to it", async (cli, server) => {
  await cli(["-i", "0.01", "-r", "2", "INFO", "server"]);
  const latency = await cli(["--latency", "--raw", "-i", "1"], "");
  assertMatch(latency, /^\d+ [\d.]+ [\d.]+ \d+\n$/);
  assertEquals(server.stats.errorReplies, 0);
});

Deno.test({
  name: "redis-cli: a password with -a, and what is said without one",
  ignore: without("redis-cli"),
  async fn() {
    await using server = await serveQuietly({ directives: { requirepass: "sesame" } });
    const port = String(server.address.port);
    const cli = (...args: string[]) => runProgram("redis-cli", ["-p", port, ...args]);
    assertEquals((await cli("GET", "k")).stdout, "NOAUTH Authentication required.\n\n");
    assertEquals((await cli("-a", "sesame", "--no-auth-warning", "PING")).stdout, "PONG\n");
    assertStringIncludes((await cli("-a", "wrong", "PING")).stderr, "WRONGPASS");
  },
});
