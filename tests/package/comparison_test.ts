// Replies of the package's server, on every runtime: tests that compare Ravel's with redis-server's are
// run once more against it.

import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RUNTIMES, withoutInstallation } from "../harness/npm_installation.ts";
import { PackageProject } from "../harness/npm_package.ts";
import { withoutRedis } from "../harness/redis_reference.ts";
import { ServerProcess } from "../harness/server_process.ts";

const SAMPLE = fileURLToPath(new URL("./comparison_sample.ts", import.meta.url));
const NAMES = "same replies as redis-server";

Deno.test({
  name: "the package replies as redis-server does",
  ignore: withoutInstallation || withoutRedis,
  async fn(t) {
    await using project = await PackageProject.create();
    const bin = join(project.folder, "node_modules", "ravel-server", "bin.cjs");
    for (const { name, program } of RUNTIMES) {
      await t.step(name, async () => {
        await using server = new ServerProcess([], { program: [program, bin] });
        const port = String(await server.port());
        const { code, stdout } = await new Deno.Command(Deno.execPath(), {
          args: ["test", "--quiet", "--no-check", "--allow-all", "--filter", NAMES, SAMPLE],
          env: { NO_COLOR: "1", RAVEL_PORT: port },
        }).output();
        const text = new TextDecoder().decode(stdout);
        assertMatch(text, /^ok \| \d{2,} passed \| 0 failed/m, text);
        assertEquals(code, 0);
        server.signal("SIGTERM");
        const { stderr } = await server.ended();
        assertEquals(stderr, "");
      });
    }
  },
});
