// Plugins of a server that the package serves: they import "ravel-server/commands", whichever kind of
// module they are, and their commands are there.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { RUNTIMES, withoutInstallation } from "../harness/npm_installation.ts";
import { PackageProject } from "../harness/npm_package.ts";
import { Peer } from "../harness/peer.ts";
import { run, ServerProcess } from "../harness/server_process.ts";

/** The example of docs/plugins.md, as JavaScript that imports the package. */
async function exampleForPackage(): Promise<string> {
  const example = await Deno.readTextFile(
    new URL("../../docs/examples/ratelimit.ts", import.meta.url),
  );
  return example.replace("../../commands/plugin.ts", "ravel-server/commands");
}

const IMPORT = /^import (\{ .* \}) from "ravel-server\/commands";$/m;

/** The same plugin as each kind of module, and one that cannot be loaded. */
async function plugins(): Promise<Record<string, string>> {
  const example = await exampleForPackage();
  const other = example.replaceAll("ratelimit", "ratelimit.too");
  return {
    "ratelimit.mjs": example,
    "too.cjs": other.replace(IMPORT, 'const $1 = require("ravel-server/commands");'),
    "broken.mjs": 'import "ravel-server/nothing";\n',
  };
}

Deno.test({
  name: "the package loads plugins of both kinds of modules",
  ignore: withoutInstallation,
  async fn(t) {
    await using project = await PackageProject.create(await plugins());
    const bin = join(project.folder, "node_modules", "ravel-server", "bin.cjs");
    for (const { name, program } of RUNTIMES) {
      const options = { program: [program, bin], setup: `cd "${project.folder}"` };
      await t.step(name, async () => {
        const words = ["--plugin", "ratelimit.mjs", "--plugin", join(project.folder, "too.cjs")];
        await using server = new ServerProcess(words, options);
        using peer = await Peer.connect(await server.port());
        for (const command of ["RATELIMIT", "RATELIMIT.TOO"]) {
          assertMatch(await peer.ask(command, command, "2", "60"), /^\*3\r\n:1\r\n:1\r\n:\d+\r\n$/);
        }
        assertEquals(
          await peer.ask("RATELIMIT", "k", "0", "0"),
          "-ERR requests and seconds must be from 1 to 1000000000\r\n",
        );
        assertStringIncludes(await peer.ask("COMMAND", "INFO", "ratelimit"), "ratelimit");
        server.signal("SIGTERM");
        assertEquals((await server.ended()).code, 0);
      });
      await t.step(`${name}: one that cannot be loaded`, async () => {
        const { code, stdout, stderr } = await run(["serve", "--plugin", "broken.mjs"], options);
        assertEquals([code, stdout], [1, ""]);
        assertMatch(stderr, /^ravel: [^\n]*plugin 'broken\.mjs' cannot be loaded: [^\n]+\n$/);
      });
    }
  },
});

const IN_PROCESS = `
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Redis } from "ioredis";
import { serve } from "ravel-server";
import * as commands from "ravel-server/commands";

const require = createRequire(import.meta.url);
assert.equal(require("ravel-server/commands").register, commands.register);
assert.equal(require("ravel-server").serve, serve);

const plain = await serve();
const plugged = await serve({
  plugins: [new URL("./ratelimit.mjs", import.meta.url), require.resolve("./too.cjs")],
});
const again = await serve({ plugins: [new URL("./ratelimit.mjs", import.meta.url)] });
for (const [server, known] of [[plain, []], [plugged, ["", ".too"]], [again, [""]]]) {
  const redis = new Redis(server.url);
  for (const ending of ["", ".too"]) {
    const reply = await redis.call("ratelimit" + ending, "k", 2, 60).catch(({ message }) => message);
    if (known.includes(ending)) assert.equal(reply[0], 1);
    else assert.match(reply, /unknown command/);
  }
  redis.disconnect();
  await server.stop();
}
await assert.rejects(serve({ plugins: ["./broken.mjs"] }), /broken\\.mjs' cannot be loaded/);
console.log("done");
`;

Deno.test({
  name: "plugins of a server in the process are its own",
  ignore: withoutInstallation,
  async fn(t) {
    await using project = await PackageProject.create({
      ...await plugins(),
      "main.mjs": IN_PROCESS,
    });
    for (const { name, program } of RUNTIMES) {
      await t.step(name, async () => {
        const { code, stdout, stderr } = await project.run(program, ["main.mjs"]);
        assertEquals([code, stdout, stderr], [0, "done\n", ""]);
      });
    }
  },
});
