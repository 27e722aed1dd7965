// The command line as a user meets it: a process started with `deno run --allow-net main.ts`.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DIRECTIVES } from "../../server/config/directives.ts";
import { ravelVersion } from "../../server/version.ts";
import { until } from "../harness/until.ts";
import { run, type RunOptions, ServerProcess } from "../harness/server_process.ts";

/** The one line that a failed start leaves; nothing else was printed. */
async function failure(words: readonly string[], options?: RunOptions): Promise<string> {
  const outcome = await run(words, options);
  assertEquals([outcome.code, outcome.stdout], [1, ""], outcome.stderr);
  assertMatch(outcome.stderr, /^ravel: [^\n]+\n$/);
  return outcome.stderr;
}

async function ask(port: number, request: string, replyBytes: number): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  const reply = new Uint8Array(replyBytes);
  let length = 0;
  while (length < replyBytes) {
    const count = await connection.read(reply.subarray(length));
    if (count === null) break;
    length += count;
  }
  return new TextDecoder().decode(reply.subarray(0, length));
}

Deno.test("without arguments and with --help the usage is printed", async () => {
  const [bare, help] = await Promise.all([run([]), run(["--help"])]);
  assertEquals([bare.code, bare.stderr], [0, ""]);
  assertStringIncludes(bare.stdout, "main.ts serve [FILE] [--setting value …]");
  assertEquals(help, bare);
});

Deno.test("serve --help names every setting", async () => {
  const { code, stdout } = await run(["serve", "--help"]);
  assertEquals(code, 0);
  const [effective, others] = stdout.split("Settings of Redis that have no effect");
  for (const { name, hasEffect, hidden } of DIRECTIVES) {
    if (hasEffect) assertStringIncludes(effective, `  --${name}  `);
    else assertEquals(new RegExp(`\\s${name}\\s`).test(others), !hidden, name);
  }
  assert(stdout.split("\n").every((line) => line.length <= 100));
});

Deno.test("--version prints the version of deno.json", async () => {
  for (const words of [["--version"], ["serve", "--version"]]) {
    const { code, stdout } = await run(words);
    assertEquals([code, stdout], [0, `Ravel ${ravelVersion} (follows Redis 7.2.4)\n`]);
  }
});

const REFUSED: readonly (readonly [words: readonly string[], line: string])[] = [
  [["brew"], "unknown command 'brew'; see --help"],
  [["--port", "7000"], 'unknown option --port; settings come after "serve", see --help'],
  [["serve", "--brew", "1"], "unknown setting 'brew' on the command line"],
  [["serve", "--port", "70000"], "argument must be between 0 and 65535 inclusive"],
  [["serve", "my.conf"], 'start with "deno run --allow-net --allow-read=my.conf'],
  [["serve", "--port", "0", "--logfile", "x.log"], "--allow-write=x.log"],
  [["serve", "--port", "0", "--plugin", "./x.ts"], "plugin './x.ts' cannot be loaded"],
  [["serve", "--port", "0", "--bind", "192.0.2.1"], "no address of this machine"],
  [["serve", "--port", "0", "--bind", "name.invalid"], "'name.invalid' is not an address"],
];

Deno.test("what cannot start says why in one line and ends with 1", async (t) => {
  for (const [words, line] of REFUSED) {
    await t.step(words.join(" "), async () => assertStringIncludes(await failure(words), line));
  }
});

Deno.test("a port in use is one clear line", async () => {
  using listener = Deno.listen({ hostname: "::", port: 0 });
  const { port } = listener.addr;
  const line = await failure(["serve", "--port", String(port)]);
  assertStringIncludes(line, `port ${port} is in use by another program`);
});

Deno.test("missing network permission is one clear line", async () => {
  const line = await failure(["serve", "--port", "0"], { permissions: ["--no-prompt"] });
  assertStringIncludes(line, "Deno was not given net access");
  assertStringIncludes(line, '"deno run --allow-net main.ts serve"');
});

Deno.test("a configuration file sets the server up, and its mistakes are named", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const good = `${directory}/good.conf`, bad = `${directory}/bad.conf`;
    await Deno.writeTextFile(good, "port 1\nhz 33 # not a comment\n");
    await Deno.writeTextFile(bad, "# fine\nhz 33\nfrobnicate yes\n");
    const permissions = ["--allow-net", `--allow-read=${directory}`];
    assertStringIncludes(
      await failure(["serve", good], { permissions }),
      `setting 'hz' in ${good}, line 2: wrong number of arguments`,
    );
    assertStringIncludes(
      await failure(["serve", bad], { permissions }),
      `unknown setting 'frobnicate' in ${bad}, line 3`,
    );
    assertStringIncludes(
      await failure(["serve", `${directory}/none.conf`], { permissions }),
      "does not exist",
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("all that is wrong with settings is told at once, a line each", async () => {
  const { code, stdout, stderr } = await run(["serve", "--port", "x", "--brew", "1", "--hz", "y"]);
  assertEquals([code, stdout], [1, ""]);
  assertEquals(stderr.trimEnd().split("\n"), [
    "ravel: setting 'port' on the command line: argument couldn't be parsed into an integer (it " +
    "takes: 0..65535)",
    "ravel: unknown setting 'brew' on the command line; \"serve --help\" lists the settings",
    "ravel: setting 'hz' on the command line: argument couldn't be parsed into an integer (it " +
    "takes: 0..2147483647)",
  ]);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `a server greets, serves, and ends with 0 on ${signal}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using server = new ServerProcess([]);
      const banner = await server.linesUntil(/connect with/);
      assert(banner.length <= 6, banner.join("\n"));
      assertStringIncludes(banner[0], `Ravel ${ravelVersion}`);
      assertStringIncludes(banner.join("\n"), `process id    ${server.pid}`);
      const port = Number(/listening on .*:(\d+)$/m.exec(banner.join("\n"))?.[1]);
      assertEquals(await ask(port, "PING\r\n", 7), "+PONG\r\n");
      server.signal(signal);
      const { code, stderr } = await server.ended();
      assertEquals([code, stderr], [0, ""]);
    },
  });
}

Deno.test({
  name: "a second signal ends a server at once whose client does not read its replies",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = new ServerProcess([]);
    const port = await server.port();
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    // The replies fill every buffer on the way, so that the first signal has to wait for them.
    const value = "x".repeat(1024 * 1024);
    const requests = `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n${value}\r\n` +
      "GET k\r\n".repeat(40);
    const bytes = new TextEncoder().encode(requests);
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    await connection.read(new Uint8Array(6));
    server.signal("SIGINT");
    await server.linesUntil(/shutting down/);
    server.signal("SIGINT");
    assertEquals((await server.ended()).code, 1);
  },
});

Deno.test("SHUTDOWN ends the process with 0", async () => {
  await using server = new ServerProcess([]);
  assertEquals(await ask(await server.port(), "SHUTDOWN\r\n", 1), "");
  assertEquals((await server.ended()).code, 0);
});

Deno.test({
  name: "SIGHUP and SIGALRM are ignored",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = new ServerProcess([]);
    const port = await server.port();
    for (const signal of ["SIGHUP", "SIGALRM"] as const) {
      server.signal(signal);
      assertEquals(await ask(port, "PING\r\n", 7), "+PONG\r\n");
    }
    server.signal("SIGTERM");
    assertEquals((await server.ended()).code, 0);
  },
});

for (const redirection of [">/dev/full", ">&-", ">&- 2>&-"]) {
  Deno.test({
    name: `a server serves with ${redirection}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const port = freePort();
      await using server = new ServerProcess(["--port", String(port)], { redirection });
      await until("the server answers", async () => {
        try {
          return await ask(port, "PING\r\n", 7) === "+PONG\r\n";
        } catch {
          return false;
        }
      });
      server.signal("SIGTERM");
      assertEquals((await server.ended()).code, 0);
    },
  });
}

/** A port that nobody listens on. */
function freePort(): number {
  using listener = Deno.listen({ port: 0 });
  return listener.addr.port;
}

Deno.test("help goes to a full disk without complaint", async () => {
  const { code, stderr } = await run(["--help"], { redirection: ">/dev/full" });
  assertEquals([code, stderr], [0, ""]);
});

Deno.test("the banner names every address, and connects with one of this machine", async () => {
  await using server = new ServerProcess(["--bind", "127.0.0.2 127.0.0.1 -192.0.2.200"]);
  const lines = (await server.linesUntil(/connect with/)).join("\n");
  const port = /listening on {2}127\.0\.0\.2:(\d+)$/m.exec(lines)?.[1];
  assertStringIncludes(lines, `listening on  127.0.0.1:${port}\n`);
  assertEquals(lines.match(/listening on/g)?.length, 2);
  assertStringIncludes(lines, `redis-cli -p ${port}`);
});

/** The packages that a start needs, of all that tests and benchmarks use. */
const PACKAGES = ["@logtape", "deno-std"];

Deno.test("a first start fetches no package but the server's own", async () => {
  const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] });
  const { npmCache } = JSON.parse(new TextDecoder().decode((await info.output()).stdout));
  const cache = await Deno.makeTempDir();
  try {
    const packages = `${cache}/npm/registry.npmjs.org`;
    await Deno.mkdir(packages, { recursive: true });
    for (const name of PACKAGES) {
      const copy = { args: ["-r", `${npmCache}/registry.npmjs.org/${name}`, packages] };
      assertEquals((await new Deno.Command("cp", copy).output()).code, 0);
    }
    const permissions = ["--cached-only", "--allow-net"];
    await using server = new ServerProcess([], { permissions, env: { DENO_DIR: cache } });
    await server.port();
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("with a log in JSON every line of output is JSON", async () => {
  await using server = new ServerProcess(["--log-format", "json", "--loglevel", "debug"]);
  const lines = await server.linesUntil(/"port":/);
  const { port } = JSON.parse(lines[lines.length - 1]);
  assertEquals(await ask(port, "PING\r\n", 7), "+PONG\r\n");
  server.signal("SIGINT");
  const { stdout, code } = await server.ended();
  for (const line of [...lines, ...stdout.split("\n")]) {
    if (line !== "") assertEquals(typeof JSON.parse(line).message, "string");
  }
  assertEquals(code, 0);
});

Deno.test("a server asks Deno for no permission but the network's", async () => {
  const audit = await Deno.makeTempFile();
  try {
    await using server = new ServerProcess([], { env: { DENO_AUDIT_PERMISSIONS: audit } });
    const port = await server.port();
    assertEquals(await ask(port, "SET k v\r\nINFO\r\nUNLINK k\r\n", 5), "+OK\r\n");
    server.signal("SIGINT");
    assertEquals((await server.ended()).code, 0);
    const asked = (await Deno.readTextFile(audit)).split("\n").filter((line) => line !== "");
    assertEquals(asked.filter((line) => JSON.parse(line).permission !== "net"), []);
  } finally {
    await Deno.remove(audit);
  }
});
