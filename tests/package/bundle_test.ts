// `deno task bundle`: one file, which Deno runs as it runs main.ts.

import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { build } from "../harness/npm_package.ts";
import { Peer } from "../harness/peer.ts";
import { run, ServerProcess } from "../harness/server_process.ts";

const MAX_BYTES = 1_200_000;

Deno.test("the bundle is a server that needs the network's permission alone, and a client", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = await build("deno", folder);
    assertEquals(await Array.fromAsync(Deno.readDir(folder), ({ name }) => name), ["ravel.js"]);
    assertLess((await Deno.stat(file)).size, MAX_BYTES);
    const program = [Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-net", file];
    await using server = new ServerProcess(["--lazyfree-workers", "1"], { program });
    const port = await server.port();
    using peer = await Peer.connect(port);
    assertEquals(await peer.ask("SET", "k", "v"), "+OK\r\n");
    assertEquals(await peer.ask("EVAL", "return redis.call('GET', 'k')", "0"), "$1\r\nv\r\n");
    const members = Array.from({ length: 20_000 }, (_, i) => `member:${i}`);
    assertEquals(await peer.ask("SADD", "large", ...members), ":20000\r\n");
    assertEquals(await peer.ask("UNLINK", "large"), ":1\r\n");
    assertStringIncludes(await peer.ask("INFO", "server"), "redis_version:7.2.4");
    const help = await run(["client", "--help"], { program });
    assertEquals([help.code, help.stderr], [0, ""]);
    assert(help.stdout.length > 0);
    const wrong = await run(["frob"], { program });
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.stderr, "ravel: unknown command 'frob'");
    server.signal("SIGTERM");
    assertEquals((await server.ended()).code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
