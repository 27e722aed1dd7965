// Commands from outside: the example of docs/plugins.md, and what happens when one fails.

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { register } from "../../commands/registry.ts";
import type { Reply } from "../../protocol/reply.ts";
import { ConfigError } from "../../server/mod.ts";
import { ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { run, ServerProcess } from "../harness/server_process.ts";

const EXAMPLE = new URL("../../docs/examples/ratelimit.ts", import.meta.url).pathname;

/** The reply of RATELIMIT. */
function verdict(allowed: number, left: number, waitMs: number): string {
  return `*3\r\n:${allowed}\r\n:${left}\r\n:${waitMs}\r\n`;
}

Deno.test("the example plugin does what its page says", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { plugin: EXAMPLE },
    environment: { now: clock.now },
  });
  const bytesAtStart = server.keyspace.arena.usedBytes;
  using peer = await Peer.connect(server.address.port);
  const ask = () => peer.ask("RATELIMIT", "user:7", "2", "60");
  assertEquals(await ask(), verdict(1, 1, 60_000));
  clock.nowMs += 10_000;
  assertEquals(await ask(), verdict(1, 0, 50_000));
  assertEquals(await ask(), verdict(0, 0, 50_000));
  assertEquals(await peer.ask("GET", "user:7"), "$1\r\n2\r\n");
  assertEquals(await peer.ask("RATELIMIT", "user:8", "2", "60"), verdict(1, 1, 60_000));
  clock.nowMs += 50_001;
  assertEquals(await ask(), verdict(1, 1, 60_000));
  await flushAndDrain(server);
  assertEquals(server.keyspace.arena.usedBytes, bytesAtStart);
});

Deno.test("a plugin's command is checked and described like a built-in one", async () => {
  await using server = await serveQuietly({ directives: { plugin: EXAMPLE } });
  using peer = await Peer.connect(server.address.port);
  assertEquals(
    await peer.ask("RateLimit", "k"),
    "-ERR wrong number of arguments for 'ratelimit' command\r\n",
  );
  assertEquals(
    await peer.ask("RATELIMIT", "k", "many", "60"),
    "-ERR value is not an integer or out of range\r\n",
  );
  assertEquals(
    await peer.ask("RATELIMIT", "k", "0", "60"),
    "-ERR requests and seconds must be from 1 to 1000000000\r\n",
  );
  await peer.ask("SET", "text", "abc");
  assertEquals(
    await peer.ask("RATELIMIT", "text", "1", "1"),
    "-ERR value is not an integer or out of range\r\n",
  );
  await peer.ask("ZADD", "sorted", "1", "a");
  assertStringIncludes(await peer.ask("RATELIMIT", "sorted", "1", "1"), "-WRONGTYPE ");
  assertEquals(
    await peer.ask("COMMAND", "GETKEYS", "ratelimit", "k", "1", "1"),
    "*1\r\n$1\r\nk\r\n",
  );
  assertStringIncludes(await peer.ask("COMMAND", "DOCS", "ratelimit"), "Counts an event");
});

Deno.test("a server process loads plugins with leave to read them", async () => {
  await using server = new ServerProcess(["--plugin", EXAMPLE], {
    permissions: ["--allow-net", `--allow-read=${EXAMPLE}`],
  });
  using peer = await Peer.connect(await server.port());
  assertStringIncludes(await peer.ask("RATELIMIT", "k", "5", "1"), "*3\r\n:1\r\n:4\r\n:");
  server.signal("SIGINT");
  assertEquals((await server.ended()).code, 0);
});

Deno.test("a plugin that cannot be loaded is a line that names it", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const broken = `${directory}/broken.ts`;
    const rude = `${directory}/rude.ts`;
    await Deno.writeTextFile(broken, "export const = 1;\n");
    await Deno.writeTextFile(rude, 'throw new Error("not today");\n');
    for (const [file, reason] of [[broken, "Expected"], [rude, "not today"], ["/no/such.ts", ""]]) {
      const directives = { plugin: file };
      const error = await assertRejects(() => serveQuietly({ directives }), ConfigError);
      assertStringIncludes(error.message, `plugin '${file}' cannot be loaded`);
      assertStringIncludes(error.message, reason);
    }
    const permissions = ["--allow-net", "--allow-read"];
    const outcome = await run(["serve", "--port", "0", "--plugin", rude], { permissions });
    assertEquals([outcome.code, outcome.stdout], [1, ""]);
    assertEquals(outcome.stderr.split("\n").length, 2, outcome.stderr);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("a name that is taken or malformed is refused", async () => {
  const declaration = {
    arity: 1,
    complexity: "O(1)",
    group: "module",
    since: "1.0.0",
    summary: "",
    flags: [],
    run() {},
  } as const;
  for (const name of ["get", "Upper", "", "two words", "x".repeat(65)]) {
    let refused = "";
    try {
      register({ ...declaration, name });
    } catch (error) {
      refused = String(error);
    }
    assertStringIncludes(refused, `'${name}'`);
  }
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("GET", "k"), "$-1\r\n");
});

register({
  name: "test-of-failure",
  arity: -1,
  complexity: "O(1)",
  group: "module",
  since: "1.0.0",
  summary: "Writes half a reply and throws.",
  flags: [],
  run({ reply, count }) {
    reply.array(2);
    reply.bulk("half");
    if (count > 1) throw "not even an error";
    throw new TypeError("as it was told to");
  },
});

Deno.test("a command that throws is an internal error, logged with its stack", async () => {
  const lines: string[] = [];
  await using server = await serveQuietly({ onLogLine: (line) => lines.push(line) });
  using peer = await Peer.connect(server.address.port);
  // In the midst of a pipeline: what is before and after it is answered as if nothing were.
  peer.queue("SET", "k", "v");
  peer.queue("TEST-OF-FAILURE");
  peer.queue("TEST-OF-FAILURE", "with", "a", "string");
  peer.queue("GET", "k");
  await peer.flush();
  assertEquals(await peer.receive(), "+OK\r\n");
  assertEquals(await peer.receive(), "-ERR internal error\r\n");
  assertEquals(await peer.receive(), "-ERR internal error\r\n");
  assertEquals(await peer.receive(), "$1\r\nv\r\n");
  const faults = lines.filter((line) => line.includes("test-of-failure failed"));
  assertEquals(faults.length, 2, lines.join("\n"));
  assertStringIncludes(faults[0], "TypeError: as it was told to");
  assert(/\n\s+at .*plugin_test\.ts/.test(faults[0]), faults[0]);
  assertStringIncludes(faults[1], "not even an error");
  assertEquals(server.stats.errorKinds.get("ERR"), 2);
});

let keptReply: Reply | undefined;

register({
  name: "keepreply",
  arity: 1,
  complexity: "O(1)",
  group: "module",
  since: "1.0.0",
  summary: "For this test: answers, and keeps what it answered by.",
  flags: [],
  run({ reply }) {
    keptReply = reply;
    reply.ok();
  },
});

Deno.test("what is written after a command has returned reaches nobody", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  for (const greeting of [["PING"], ["HELLO", "3"], ["RESET"], ["NOSUCH"]]) {
    assertEquals(await peer.ask("KEEPREPLY"), "+OK\r\n");
    await other.ask(...greeting);
    const late = keptReply!;
    assertThrows(() => late.bulk("late"), ByteQueueFullError);
    assertThrows(() => late.array(1), ByteQueueFullError);
    assertEquals(await other.ask("ECHO", "a"), "$1\r\na\r\n");
    assertEquals(await peer.ask("ECHO", "b"), "$1\r\nb\r\n");
  }
});

register({
  name: "answers",
  arity: 2,
  complexity: "O(N)",
  group: "module",
  since: "1.0.0",
  summary: "For this test: writes so many replies.",
  flags: [],
  run(call) {
    for (let i = call.integer(1); i > 0; i--) call.reply.integer(i);
  },
});

Deno.test("a command that writes two replies or none confuses its own client alone", async () => {
  await using server = await serveQuietly();
  using confused = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  for (const count of [0, 2, 3, 0]) {
    confused.queue("ANSWERS", String(count));
    await confused.flush();
    other.queue("ECHO", "a");
    other.queue("ECHO", "b");
    await other.flush();
    assertEquals(await other.receive() + await other.receive(), "$1\r\na\r\n$1\r\nb\r\n");
    for (let i = count; i > 0; i--) assertEquals(await confused.receive(), `:${i}\r\n`);
    assertEquals(await confused.ask("PING"), "+PONG\r\n");
  }
});
