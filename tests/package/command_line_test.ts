// `npx ravel-server` in a project that has the package installed: what the command line of the
// server is under Deno, it is here. What its sockets do is in tests/platform/node_server_test.ts.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import project from "../../deno.json" with { type: "json" };
import { RUNTIMES, withoutInstallation } from "../harness/npm_installation.ts";
import { PackageProject } from "../harness/npm_package.ts";
import { Peer } from "../harness/peer.ts";
import { run, ServerProcess } from "../harness/server_process.ts";

const NPX = Deno.build.os === "windows" ? ["cmd", "/c", "npx"] : ["npx"];

/** Registers a test in a project of its own, and hands it how each runtime starts the package. */
function inProject(
  name: string,
  test: (created: PackageProject, bins: ReadonlyMap<string, readonly string[]>) => Promise<void>,
): void {
  Deno.test({
    name: `the package's command line: ${name}`,
    ignore: withoutInstallation,
    async fn() {
      await using created = await PackageProject.create();
      const bin = join(created.folder, "node_modules", "ravel-server", "bin.cjs");
      await test(created, new Map(RUNTIMES.map(({ name, program }) => [name, [program, bin]])));
    },
  });
}

inProject("npx starts it, and hands on what it is told", async (created) => {
  const [program, ...words] = [...NPX, "ravel-server"];
  const version = await created.run(program, [...words, "--version"]);
  assertEquals(version.stdout, `Ravel ${project.version} (follows Redis 7.2.4)\n`);
  assertEquals([version.code, version.stderr], [0, ""]);
  const help = await created.run(program, [...words, "--help"]);
  assertStringIncludes(help.stdout, "npx ravel-server serve");
  assertEquals(/deno|main\.ts/i.exec(help.stdout)?.[0], undefined);
  const wrong = await created.run(program, [...words, "serve", "--prot", "1"]);
  assertEquals([wrong.code, wrong.stdout], [1, ""]);
  assertMatch(wrong.stderr, /^ravel: [^\n]*'prot'[^\n]*\n$/);
});

inProject("options are those of main.ts", async (_, bins) => {
  for (const program of bins.values()) {
    const words = ["--requirepass", "secret", "--maxmemory", "64mb", "--databases", "4"];
    await using server = new ServerProcess(words, { program });
    using peer = await Peer.connect(await server.port());
    assertEquals(await peer.ask("PING"), "-NOAUTH Authentication required.\r\n");
    assertEquals(await peer.ask("AUTH", "secret"), "+OK\r\n");
    assertStringIncludes(await peer.ask("CONFIG", "GET", "maxmemory"), "67108864");
    assertEquals(await peer.ask("SELECT", "4"), "-ERR DB index is out of range\r\n");
    server.signal("SIGTERM");
    const { code, stderr } = await server.ended();
    assertEquals([code, stderr], [0, ""]);
  }
});

inProject("a configuration file is read, and help tells of the settings", async (created, bins) => {
  await created.write({ "ravel.conf": "maxclients 77\nfrob 1\n" });
  for (const program of bins.values()) {
    const setup = `cd "${created.folder}"`;
    const { code, stdout, stderr } = await run(["serve", "ravel.conf"], { program, setup });
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^ravel: [^\n]*'frob'[^\n]*ravel\.conf[^\n]*\n$/);
    const help = await run(["serve", "--help"], { program });
    assertEquals([help.code, help.stderr], [0, ""]);
    assertStringIncludes(help.stdout, "npx ravel-server serve [FILE]");
    assertStringIncludes(help.stdout, "--maxmemory");
  }
});

inProject("what is wrong is one line", async (_, bins) => {
  for (const program of bins.values()) {
    await using server = new ServerProcess([], { program });
    const port = String(await server.port());
    const taken = await run(["serve", "--bind", "127.0.0.1", "--port", port], { program });
    assertEquals([taken.code, taken.stdout], [1, ""]);
    assertMatch(taken.stderr, /^ravel: [^\n]*in use[^\n]*\n$/);
    for (
      const words of [["frob"], ["--frob"], ["serve", "--port", "x"], ["serve", "--plugin", "a"]]
    ) {
      const { code, stdout, stderr } = await run(words, { program });
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr, /^ravel: [^\n]+\n$/);
    }
  }
});
