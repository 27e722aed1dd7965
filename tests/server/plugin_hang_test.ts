// A plugin that never returns: the thread is lost, and the process has to be ended all the same.

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { ServerProcess } from "../harness/server_process.ts";

const REGISTRY = new URL("../../commands/registry.ts", import.meta.url);

const PLUGIN = `
import { register } from "${REGISTRY}";
register({
  name: "hang", arity: 1, complexity: "endless", group: "generic", since: "1.0.0",
  summary: "Does not return.", flags: [],
  run() {
    Deno.stdout.writeSync(new TextEncoder().encode("hanging\\n"));
    for (;;);
  },
});
`;

async function withPlugin(test: (server: ServerProcess) => Promise<void>): Promise<void> {
  const plugin = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(plugin, PLUGIN);
    const permissions = ["--allow-net", "--allow-read"];
    await using server = new ServerProcess(["--plugin", plugin], { permissions });
    await test(server);
  } finally {
    await Deno.remove(plugin);
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `a server whose plugin never returns is ended by a further ${signal}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await withPlugin(async (server) => {
        using peer = await Peer.connect(await server.port());
        await peer.send("HANG\r\n");
        await server.linesUntil(/^hanging$/);
        // Two at once may be taken for one.
        const repeated = setInterval(() => server.signal(signal), 20);
        const { code } = await server.ended().finally(() => clearInterval(repeated));
        assertEquals(code, 128 + (signal === "SIGINT" ? 2 : 15));
      });
    },
  });
}

Deno.test("a server with plugins stops cleanly at the first signal", async () => {
  await withPlugin(async (server) => {
    using peer = await Peer.connect(await server.port());
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
    server.signal("SIGTERM");
    assertEquals(await peer.receiveRest(), "");
    const { code, stderr } = await server.ended();
    assertEquals([code, stderr], [0, ""]);
  });
});
