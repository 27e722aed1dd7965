// Several servers in one process share nothing; one that is stopped leaves nothing.

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { CommandDeclaration } from "../../commands/registry.ts";
import { serve } from "../../testing/mod.ts";
import { Peer } from "../harness/peer.ts";

const RATELIMIT = new URL("../../docs/examples/ratelimit.ts", import.meta.url);

function greeting(text: string): CommandDeclaration {
  return {
    name: "greet",
    arity: 1,
    complexity: "O(1)",
    group: "module",
    since: "1.0.0",
    summary: "Greets.",
    flags: ["fast"],
    run: ({ reply }) => reply.bulk(text),
  };
}

Deno.test("servers share no keys, settings, scripts, functions, channels or time", async () => {
  await using one = await serve({ now: 1_000_000_000_000 });
  await using two = await serve({ now: 2_000_000_000_000, directives: { requirepass: "x" } });
  using first = await Peer.connect(one.port);
  using second = await Peer.connect(two.port);
  await second.ask("AUTH", "x");
  await first.ask("SET", "k", "v");
  assertEquals(await second.ask("GET", "k"), "$-1\r\n");
  await first.ask("CONFIG", "SET", "maxmemory", "100mb");
  assertStringIncludes(await second.ask("CONFIG", "GET", "maxmemory"), "\r\n0\r\n");
  const sha = (await first.ask("SCRIPT", "LOAD", "return 1")).split("\r\n")[1];
  assertStringIncludes(await second.ask("EVALSHA", sha, "0"), "NOSCRIPT");
  await first.ask("SUBSCRIBE", "news");
  assertEquals(await second.ask("PUBLISH", "news", "x"), ":0\r\n");
  await one.advance(1000);
  assertStringIncludes(await second.ask("TIME"), "\r\n2000000000\r\n");
});

Deno.test("the commands of one server are not those of another", async () => {
  await using plain = await serve();
  await using polite = await serve({ plugins: [greeting("Good day")] });
  await using casual = await serve({ plugins: [greeting("Hi"), RATELIMIT] });
  await using strict = await serve({ plugins: [RATELIMIT.pathname] });
  using peer = await Peer.connect(plain.port);
  assertStringIncludes(await peer.ask("GREET"), "unknown command");
  assertStringIncludes(await peer.ask("RATELIMIT", "k", "1", "1"), "unknown command");
  using politePeer = await Peer.connect(polite.port);
  assertEquals(await politePeer.ask("GREET"), "$8\r\nGood day\r\n");
  using casualPeer = await Peer.connect(casual.port);
  assertEquals(await casualPeer.ask("GREET"), "$2\r\nHi\r\n");
  assertStringIncludes(await casualPeer.ask("RATELIMIT", "k", "1", "1"), "*3\r\n:1\r\n");
  using strictPeer = await Peer.connect(strict.port);
  assertStringIncludes(await strictPeer.ask("RATELIMIT", "k", "1", "1"), "*3\r\n:1\r\n");
  assertStringIncludes(await strictPeer.ask("GREET"), "unknown command");

  const counts: number[] = [];
  for (const each of [peer, politePeer, strictPeer, casualPeer]) {
    counts.push(Number((await each.ask("COMMAND", "COUNT")).slice(1)));
  }
  assertEquals(counts.map((count) => count - counts[0]), [0, 1, 1, 2]);
  assertEquals(await peer.ask("COMMAND", "INFO", "greet"), "*1\r\n$-1\r\n");
  assertStringIncludes(await politePeer.ask("COMMAND", "DOCS", "greet"), "Greets.");
  assertStringIncludes(await politePeer.ask("COMMAND", "LIST"), "$5\r\ngreet\r\n");
  assertEquals((await peer.ask("COMMAND", "LIST")).includes("greet"), false);
  assertStringIncludes(
    await strictPeer.ask("COMMAND", "GETKEYS", "ratelimit", "k", "1", "1"),
    "$1\r\nk\r\n",
  );
  assertStringIncludes(await peer.ask("COMMAND", "GETKEYS", "ratelimit", "k", "1", "1"), "Invalid");
  assertEquals(await politePeer.ask("ACL", "SETUSER", "ann", "+greet"), "+OK\r\n");
  assertStringIncludes(await peer.ask("ACL", "SETUSER", "ann", "+greet"), "Unknown command");
  assertStringIncludes(await peer.ask("ACL", "DRYRUN", "default", "greet"), "not found");
  assertEquals(await politePeer.ask("ACL", "DRYRUN", "default", "greet"), "+OK\r\n");
  assertStringIncludes(await politePeer.ask("EVAL", "return redis.call('greet')", "0"), "Good day");
});

Deno.test("a plugin that cannot be is told of in one line, and nothing stays", async () => {
  const failure = (plugins: readonly (string | CommandDeclaration)[]) =>
    assertRejects(() => serve({ plugins }), Error);
  const twice = await failure([greeting("a"), greeting("b")]);
  assertEquals(twice.message, "command 'greet' is registered already");
  const known = await failure([{ ...greeting("a"), name: "get" }]);
  assertEquals(known.message, "command 'get' is registered already");
  const bad = await failure([{ ...greeting("a"), arity: 0 }]);
  assertStringIncludes(bad.message, "command 'greet' has arity 0");
  const missing = await failure(["./nowhere.ts"]);
  assertStringIncludes(missing.message, "plugin './nowhere.ts' cannot be loaded");
  const setting = await assertRejects(() => serve({ directives: { frobnicate: "1" } }), Error);
  assertStringIncludes(setting.message, "unknown setting 'frobnicate'");
  // The next one is well all the same.
  await using server = await serve({ plugins: [greeting("a")] });
  using peer = await Peer.connect(server.port);
  assertEquals(await peer.ask("GREET"), "$1\r\na\r\n");
});

Deno.test("servers that load the same modules at the same time all have them", async () => {
  const servers = await Promise.all(
    Array.from({ length: 5 }, (_, i) => serve({ plugins: i === 2 ? [] : [RATELIMIT] })),
  );
  for (const [i, server] of servers.entries()) {
    using peer = await Peer.connect(server.port);
    const reply = await peer.ask("RATELIMIT", "k", "1", "1");
    assertEquals(reply.startsWith(i === 2 ? "-ERR unknown" : "*3"), true, `${i}: ${reply}`);
    await server.stop();
  }
});

Deno.test("a port that is in use and a host that is none are told of", async () => {
  await using server = await serve();
  await assertRejects(() => serve({ port: server.port }), Error);
  await assertRejects(() => serve({ host: "192.0.2.200" }), Error);
});

const HUNDRED = `
import { serve } from "${new URL("../../testing/mod.ts", import.meta.url)}";
async function hundred() {
  for (let i = 0; i < 100; i++) {
    const server = await serve();
    const stream = server.connect();
    stream.write("SET k v\\r\\nEVAL 'return 1' 0\\r\\n");
    await new Promise((resolve) => stream.once("data", resolve));
    await server.stop();
  }
  for (let i = 0; i < 5; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Deno.memoryUsage().heapUsed;
}
await hundred();
const before = await hundred();
console.log(await hundred() - before);
`;

Deno.test("a hundred servers leave nothing on the heap when they are stopped", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/program.ts`, HUNDRED);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-net", "--v8-flags=--expose-gc", "program.ts"],
      cwd: folder,
    }).output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stderr)], [0, ""]);
    const bytes = Number(decoder.decode(stdout));
    assert(bytes < 1_000_000, `${bytes} bytes more after a hundred servers`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
