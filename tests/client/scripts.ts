// The client in scripts: one command, piped lines, exit codes, and what it says when it cannot. The
// same on every runtime.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Config } from "../../server/config/config.ts";
import { Certificates, freePort, withoutOpenssl } from "../harness/certificates.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import type { Outcome } from "../harness/program.ts";
import { until } from "../harness/until.ts";
import { bytesOf, CannedServer } from "./canned_server.ts";
import type { ClientProgram } from "./client_program.ts";

export interface ClientRun {
  /** What is piped in; without it standard input is empty. */
  readonly input?: string;
  readonly permissions?: readonly string[];
}

/** Runs the client; its output has a character for each byte. */
export async function runClient(
  program: ClientProgram,
  words: readonly string[],
  run: ClientRun = {},
): Promise<Outcome> {
  const [executable, ...args] = program.command(run.permissions);
  const process = new Deno.Command(executable, {
    args: [...args, ...words],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = process.output();
  const keyboard = process.stdin.getWriter();
  // A client that ends early leaves some of its input unread.
  await keyboard.write(bytesOf(run.input ?? "")).catch(() => {});
  await keyboard.close().catch(() => {});
  const { code, stdout, stderr } = await output;
  return { code, stdout: text(stdout), stderr: new TextDecoder().decode(stderr) };
}

function text(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

export function scriptTests(program: ClientProgram): void {
  const on = (name: string) => `${program.name}: ${name}`;
  const client = (words: readonly string[], run?: ClientRun) => runClient(program, words, run);

  Deno.test(on("one command: the reply, and an exit code"), async () => {
    await using server = await serveQuietly();
    const port = String(server.address.port);
    const cases: readonly (readonly [words: string[], code: number, stdout: string])[] = [
      [["SET", "k", "two words\n"], 0, "OK\n"],
      [["GET", "k"], 0, "two words\n\n"],
      [["--no-raw", "GET", "k"], 0, '"two words\\n"\n'],
      [["GET", "none"], 0, "\n"],
      [["--no-raw", "GET", "none"], 0, "(nil)\n"],
      [["GET"], 1, "ERR wrong number of arguments for 'get' command\n\n"],
      [["--no-raw", "GET"], 1, "(error) ERR wrong number of arguments for 'get' command\n"],
      [["ZADD", "z", "1.5", "a", "-2", "b"], 0, "2\n"],
      [["ZRANGE", "z", "0", "-1", "WITHSCORES"], 0, "b\n-2\na\n1.5\n"],
      [["-3", "--no-raw", "ZSCORE", "z", "a"], 0, "(double) 1.5\n"],
      [["--no-raw", "ZSCORE", "z", "a"], 0, '"1.5"\n'],
      [["--native", "--no-raw", "ZSCORE", "z", "a"], 0, "(double) 1.5\n"],
      [["--native", "--no-raw", "ZQUERY", "z", "0", "", "0", "1"], 0, '1) "a"\n2) (double) 1.5\n'],
      [["--native", "GET"], 1, "ERR wrong number of arguments for 'get' command\n\n"],
      [["-n", "2", "SET", "k", "in 2"], 0, "OK\n"],
      [["-n", "2", "GET", "k"], 0, "in 2\n"],
      [["--native", "-n", "2", "GET", "k"], 0, "in 2\n"],
      [["ECHO", "-n"], 0, "-n\n"],
    ];
    for (const [words, code, stdout] of cases) {
      const outcome = await client(["-p", port, ...words]);
      assertEquals(outcome, { code, stdout, stderr: "" }, words.join(" "));
    }
  });

  Deno.test(on("piped lines are run one after the other"), async () => {
    await using server = await serveQuietly();
    const port = String(server.address.port);
    const input = [
      'SET "a key" "\\x00\\xff"',
      "",
      "   ",
      "GET 'a key'\r",
      "SET n 41",
      "INCR n",
      "ECHO \xe9",
      "GET n",
    ].join("\n");
    const stdout = "OK\n\0\xff\nOK\n42\n\xe9\n42\n";
    for (const protocol of [[], ["-3"], ["--native", "--no-raw"]]) {
      const outcome = await client([...protocol, "-p", port], { input });
      assertEquals([outcome.code, outcome.stderr], [0, ""]);
      if (protocol[0] !== "--native") assertEquals(outcome.stdout, stdout);
      else {
        // Natively SET's status is nil.
        assertEquals(
          outcome.stdout,
          '(nil)\n"\\x00\\xff"\n(nil)\n(integer) 42\n"\\xe9"\n"42"\n',
        );
      }
    }
  });

  Deno.test(
    on("an error among piped lines is no reason to stop, but the exit code tells"),
    async () => {
      await using server = await serveQuietly();
      const port = String(server.address.port);
      const wrong = await client(["-p", port], { input: "GET\nPING\n" });
      assertEquals([wrong.code, wrong.stderr], [1, ""]);
      assertEquals(wrong.stdout, "ERR wrong number of arguments for 'get' command\n\nPONG\n");
      const unbalanced = await client(["-p", port], { input: 'GET "k\nPING\n' });
      assertEquals([unbalanced.code, unbalanced.stdout], [1, "Invalid argument(s)\nPONG\n"]);
      const ended = await client(["-p", port], { input: "PING\nquit\nGET\n" });
      assertEquals([ended.code, ended.stdout], [0, "PONG\n"]);
      const empty = await client(["-p", port]);
      assertEquals([empty.code, empty.stdout], [0, ""]);
    },
  );

  Deno.test(on("a long line and a large reply"), async () => {
    await using server = await serveQuietly();
    const port = String(server.address.port);
    const value = "0123456789".repeat(100_000);
    const outcome = await client(["-p", port], { input: `SET k ${value}\nGET k\n` });
    assertEquals([outcome.code, outcome.stderr], [0, ""]);
    assertEquals(outcome.stdout === `OK\n${value}\n`, true);
  });

  Deno.test({
    name: on("piped lines print what redis-cli prints"),
    ignore: withoutRedis,
    async fn() {
      await using redis = await RedisReference.start();
      const input = [
        "FLUSHALL",
        "RPUSH l a 'b c' \"\\n\"",
        "LRANGE l 0 -1",
        "MULTI",
        "GET l",
        "LRANGE l 0 -1",
        "EXEC",
        "HSET h f 1 g 2",
        "HGETALL h",
        "CLIENT GETNAME",
        "nonsense",
        "COMMAND DOCS zadd",
        "COMMAND INFO set zadd",
        "SELECT 3",
        "CONFIG GET save*",
      ].join("\n") + "\n";
      for (const options of [["--raw"], ["--no-raw"], ["--raw", "-3"], ["--no-raw", "-3"]]) {
        const ours = await client([...options, "-p", String(redis.port)], { input });
        const theirs = new Deno.Command("redis-cli", {
          args: [...options, "-p", String(redis.port)],
          stdin: "piped",
          stdout: "piped",
        }).spawn();
        const output = theirs.output();
        const keyboard = theirs.stdin.getWriter();
        await keyboard.write(bytesOf(input));
        await keyboard.close();
        assertEquals(ours.stdout, text((await output).stdout), options.join(" "));
        assertEquals(ours.code, 1);
      }
    },
  });

  Deno.test(on("passwords and users"), async () => {
    await using server = await serveQuietly({ config: Config.parse(["--requirepass", "se cret"]) });
    const port = String(server.address.port);
    for (const protocol of [[], ["-3"], ["--native"]]) {
      const run = (...words: string[]) => client([...protocol, "-p", port, ...words]);
      assertEquals((await run("-a", "se cret", "PING")).stdout, "PONG\n");
      assertEquals((await run("-a", "se cret", "--user", "default", "-n", "1", "PING")).code, 0);
      const wrong = await run("-a", "wrong", "PING");
      assertEquals([wrong.code, wrong.stdout], [1, ""]);
      assertMatch(wrong.stderr, /^ravel: AUTH failed: WRONGPASS [^\n]+\n$/);
      const without = await run("PING");
      assertEquals(without.code, 1);
      // With -3 it is HELLO that is refused.
      assertStringIncludes(without.stdout + without.stderr, "NOAUTH");
    }
  });

  Deno.test(on("a database that does not exist is told before the command is sent"), async () => {
    await using server = await serveQuietly();
    const port = String(server.address.port);
    const { code, stdout, stderr } = await client(["-p", port, "-n", "999", "SET", "k", "v"]);
    assertEquals([code, stdout], [1, ""]);
    assertEquals(stderr, "ravel: SELECT 999 failed: ERR DB index is out of range\n");
  });

  Deno.test({
    name: on("subscribers print messages until the connection ends"),
    ignore: withoutRedis,
    async fn() {
      for (const protocol of [[], ["-3"]]) {
        await using redis = await RedisReference.start();
        const outcome = client([...protocol, "-p", String(redis.port), "SUBSCRIBE", "a", "b"]);
        await until("both are subscribed", async () => {
          const counts = await redis.call("PUBSUB", "NUMSUB", "a", "b");
          return Array.isArray(counts) && counts[1] === 1 && counts[3] === 1;
        });
        await redis.call("PUBLISH", "b", "news");
        await redis.call("CLIENT", "KILL", "TYPE", "pubsub");
        assertEquals(await outcome, {
          code: 0,
          stdout: "subscribe\na\n1\nsubscribe\nb\n2\nmessage\nb\nnews\n",
          stderr: "",
        });
      }
    },
  });

  Deno.test(on("without a connection there is one clear line"), async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const refused = await client(["-p", String(port), "PING"]);
    assertEquals(refused, {
      code: 1,
      stdout: "",
      stderr: `ravel: could not connect to 127.0.0.1:${port}: connection refused\n`,
    });
    const unknown = await client(["-h", "name.invalid", "PING"]);
    assertEquals([unknown.code, unknown.stdout], [1, ""]);
    assertMatch(unknown.stderr, /^ravel: could not connect to name\.invalid:1234: [^\n]+\n$/);
  });

  Deno.test(
    on("a connection that ends before the reply, and one that sends nonsense"),
    async () => {
      await using server = new CannedServer();
      server.reply = "HTTP/1.1 400 Bad Request\r\n";
      const nonsense = await client(["-p", String(server.port), "PING"]);
      assertEquals([nonsense.code, nonsense.stdout], [1, ""]);
      assertMatch(
        nonsense.stderr,
        /^ravel: the server's reply is not RESP: unexpected "HTTP[^\n]*\n$/,
      );
      server.reply = "";
      const waiting = client(["-p", String(server.port), "PING"]);
      await server.requested();
      server.dropConnections();
      const lost = await waiting;
      assertEquals([lost.code, lost.stdout], [1, ""]);
      assertMatch(lost.stderr, /^ravel: [^\n]*closed the connection\n$/);
    },
  );

  Deno.test(on("help, and options that make no sense"), async () => {
    const help = await client(["--help"], { permissions: [] });
    assertEquals([help.code, help.stderr], [0, ""]);
    assertStringIncludes(help.stdout, `${program.invocation} client [options]`);
    const { code, stdout, stderr } = await client(["--brew"]);
    assertEquals([code, stdout], [1, ""]);
    assertEquals(stderr, "ravel: unknown option --brew; see client --help\n");
  });

  Deno.test(on("whoever stops reading the output ends the client"), async () => {
    await using server = await serveQuietly();
    const command = `yes 'ECHO "some more text"' | "$0" "$@" | head -n 3`;
    const { stdout, stderr } = await new Deno.Command("sh", {
      args: [
        ...["-c", command, ...program.command(), "-p", String(server.address.port)],
      ],
      stdin: "null",
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "some more text\n".repeat(3));
    assertEquals(new TextDecoder().decode(stderr).replace(/^yes: .*\n/, ""), "");
  });

  Deno.test({
    name: on("over TLS and a Unix socket"),
    ignore: withoutOpenssl,
    async fn() {
      using certificates = new Certificates();
      const port = String(freePort());
      const path = `${certificates.directory}/s.sock`;
      await using _server = await serveQuietly({
        bind: ["127.0.0.1"],
        directives: {
          "tls-port": port,
          unixsocket: path,
          requirepass: "s@cret",
          ...certificates.directives,
        },
      });
      const { certFile } = certificates;
      const read = `--allow-read=${certFile}`;
      const tls = ["--tls", "-p", port, "-a", "s@cret"];
      const ways: readonly (readonly [words: string[], permissions: string[]])[] = [
        [[...tls, "--cacert", certFile], [read]],
        [[...tls, "--insecure"], []],
        [["-u", `rediss://default:s%40cret@localhost:${port}/5`, "--cacert", certFile], [read]],
        [["-s", path, "-a", "s@cret"], [`--allow-read=${path}`, `--allow-write=${path}`]],
      ];
      const value = "x".repeat(300_000);
      for (const [words, permissions] of ways) {
        const run = { permissions: ["--allow-net", ...permissions] };
        const input = `SET k ${value}\nGET k\n`;
        const { code, stdout, stderr } = await client(words, { ...run, input });
        assertEquals([code, stdout === `OK\n${value}\n`, stderr], [0, true, ""]);
      }
      const unknown = await client([...tls, "PING"]);
      assertEquals([unknown.code, unknown.stdout], [1, ""]);
      assertMatch(
        unknown.stderr,
        /^ravel: could not connect to [^\n]+(invalid peer|self.signed)[^\n]+\n$/,
      );
      const plain = await client(["-p", port, "PING"]);
      assertEquals(plain.code, 1);
      assertMatch(plain.stderr, /^[^\n]+\n$/);
    },
  });
}
