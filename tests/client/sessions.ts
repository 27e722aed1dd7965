// A session in a terminal, as a person has it: keys go in, and the screen shows what it should.
// The same on every runtime.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import type { ClientProgram } from "./client_program.ts";
import { CannedServer } from "./canned_server.ts";
import { CTRL_C, CTRL_D, CTRL_U, ENTER, LEFT, TAB, Terminal, UP } from "./terminal.ts";

export function sessionTests(program: ClientProgram): void {
  const on = (name: string) => `${program.name}: ${name}`;

  Deno.test(on("a session: replies, errors, databases, transactions, the end"), async () => {
    await using server = await serveQuietly();
    const { port } = server.address;
    const at = `127.0.0.1:${port}`;
    await using terminal = new Terminal(program, ["-p", String(port)]);
    await terminal.line(`${at}>`);

    await terminal.type(`set "a key" "caf\\xc3\\xa9"`, ENTER);
    await terminal.shows("OK");
    await terminal.type(`get 'a key'`, ENTER);
    await terminal.shows('"caf\\xc3\\xa9"');
    await terminal.type("get", ENTER);
    await terminal.shows("(error) ERR wrong number of arguments for 'get' command");
    await terminal.type('get "a', ENTER);
    await terminal.shows("Invalid argument(s)");
    await terminal.type("zadd z 1 a 1.5 b", ENTER);
    await terminal.shows("(integer) 2");
    await terminal.type("zrange z 0 -1 withscores", ENTER);
    await terminal.shows('4) "1.5"');
    await terminal.type("hello 3", ENTER);
    await terminal.shows('"proto" => (integer) 3');
    await terminal.type("zscore z b", ENTER);
    await terminal.shows("(double) 1.5");

    await terminal.type("select 3", ENTER);
    await terminal.line(`${at}[3]>`);
    await terminal.type("select 99", ENTER);
    await terminal.shows("ERR DB index is out of range");
    await terminal.line(`${at}[3]>`);
    await terminal.type("clear", ENTER);
    await terminal.until("an empty screen", (screen) => screen.text === `${at}[3]>`);

    await terminal.type("quit", ENTER);
    assertEquals(await terminal.exitCode(), 0);
  });

  Deno.test({
    name: on("the prompt follows MULTI, EXEC, DISCARD and SELECT"),
    ignore: withoutRedis,
    async fn() {
      await using redis = await RedisReference.start();
      const at = `127.0.0.1:${redis.port}`;
      await using terminal = new Terminal(program, ["-p", String(redis.port), "-n", "1"]);
      await terminal.line(`${at}[1]>`);
      const steps: readonly (readonly [line: string, prompt: string])[] = [
        ["multi", `${at}[1](TX)>`],
        ["set k 1", `${at}[1](TX)>`],
        ["select 2", `${at}[2](TX)>`],
        ["exec", `${at}[2]>`],
        ["multi", `${at}[2](TX)>`],
        ["select 5", `${at}[5](TX)>`],
        ["discard", `${at}[2]>`],
        ["multi", `${at}[2](TX)>`],
        ["nonsense", `${at}[2](TX)>`],
        ["select 6", `${at}[6](TX)>`],
        ["exec", `${at}[2]>`],
        ["exec", `${at}[2]>`],
        ["reset", `${at}>`],
      ];
      for (const [line, prompt] of steps) {
        await terminal.type("clear", ENTER);
        await terminal.type(line, ENTER);
        await terminal.until(
          `${prompt} after ${line}`,
          (screen) => screen.line === prompt && screen.text.split("\n").length > 1,
        );
      }
      await terminal.type(CTRL_D);
      assertEquals(await terminal.exitCode(), 0);
    },
  });

  Deno.test(on("hints and completion with Ravel"), async () => {
    await using server = await serveQuietly();
    const conditions =
      "[NX|XX|IFEQ ifeq-value|IFNE ifne-value|IFDEQ ifdeq-digest|IFDNE ifdne-digest]";
    await typesWithHelp(program, server.address.port, conditions);
  });

  Deno.test({
    name: on("hints and completion with redis-server"),
    ignore: withoutRedis,
    async fn() {
      await using redis = await RedisReference.start();
      await typesWithHelp(program, redis.port, "[NX|XX]");
    },
  });

  Deno.test(on("arrow up brings lines back, but none with a password"), async () => {
    await using server = await serveQuietly();
    const { port } = server.address;
    const at = `127.0.0.1:${port}`;
    await using terminal = new Terminal(program, ["-p", String(port)]);
    await terminal.line(`${at}>`);
    await terminal.type("set first 1", ENTER);
    await terminal.shows("OK");
    await terminal.type("auth secret", ENTER);
    await terminal.shows("(error)");
    await terminal.type("get first", ENTER);
    await terminal.shows('"1"');
    await terminal.line(`${at}>`);
    await terminal.type(UP);
    await terminal.line(`${at}> get first`);
    await terminal.type(UP);
    await terminal.line(`${at}> set first 1`);
    await terminal.type("0", ENTER, UP);
    await terminal.line(`${at}> set first 10`);
    await terminal.type(CTRL_U, "get first", ENTER);
    await terminal.shows('"10"');
  });

  Deno.test(on("the history file is used when access to it has been given"), async () => {
    await using server = await serveQuietly();
    const { port } = server.address;
    const at = `127.0.0.1:${port}`;
    const home = await Deno.makeTempDir();
    try {
      const file = `${home}/.ravel_history`;
      const options = {
        env: { HOME: home, DENO_DIR: await denoDirectory() },
        permissions: [
          "--allow-net",
          "--allow-env=HOME",
          `--allow-read=${file}`,
          `--allow-write=${file}`,
          "--no-prompt",
        ],
      };
      {
        await using terminal = new Terminal(program, ["-p", String(port)], options);
        await terminal.line(`${at}>`);
        await terminal.type("set remembered yes", ENTER, "auth secret", ENTER, "quit", ENTER);
        assertEquals(await terminal.exitCode(), 0);
      }
      assertEquals(await Deno.readTextFile(file), "set remembered yes\nquit\n");
      await using terminal = new Terminal(program, ["-p", String(port)], options);
      await terminal.line(`${at}>`);
      await terminal.type(UP, UP);
      await terminal.line(`${at}> set remembered yes`);
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  });

  Deno.test(on("a lost connection is announced and opened again by the next command"), async () => {
    await using server = new CannedServer();
    const at = `127.0.0.1:${server.port}`;
    await using terminal = new Terminal(program, ["-p", String(server.port)]);
    await terminal.line(`${at}>`);
    await terminal.type("multi", ENTER);
    await terminal.line(`${at}(TX)>`);
    await terminal.type("half a line");
    await terminal.line(`${at}(TX)> half a line`);
    server.dropConnections();
    await terminal.shows(`Connection to ${at} lost.`);
    await terminal.line("not connected> half a line");
    await terminal.type(ENTER);
    await terminal.shows(`Connected to ${at} again.`);
    await terminal.line(`${at}>`);
  });

  Deno.test(on("a connection lost while a command waits"), async () => {
    const server = new CannedServer();
    const at = `127.0.0.1:${server.port}`;
    await using terminal = new Terminal(program, ["-p", String(server.port)], { columns: 200 });
    await terminal.line(`${at}>`);
    server.reply = "";
    await terminal.type("wait", ENTER);
    await terminal.until("the command runs", (screen) => !screen.line.startsWith(at));
    await server[Symbol.asyncDispose]();
    await terminal.shows("lost before the reply came");
    await terminal.shows("the command may or may not have been carried out.");
    await terminal.line("not connected>");
    await terminal.type("ping", ENTER);
    await terminal.shows(`Could not connect to ${at}: connection refused`);
    await terminal.line("not connected>");
    await terminal.type("quit", ENTER);
    assertEquals(await terminal.exitCode(), 0);
  });

  Deno.test({
    name: on("Ctrl-C stops waiting, and the session goes on in the same database"),
    ignore: withoutRedis,
    async fn() {
      await using redis = await RedisReference.start();
      const at = `127.0.0.1:${redis.port}`;
      await using terminal = new Terminal(program, ["-p", String(redis.port)]);
      await terminal.line(`${at}>`);
      await terminal.type("select 2", ENTER);
      await terminal.line(`${at}[2]>`);
      await terminal.type("blpop nothing 0", ENTER);
      await terminal.until("the command runs", (screen) => screen.line === "");
      await terminal.type(CTRL_C);
      await terminal.shows("Stopped waiting");
      await terminal.line(`${at}[2]>`);

      await terminal.type("subscribe news", ENTER);
      await terminal.shows("Reading messages...");
      await redis.call("PUBLISH", "news", "hello");
      await terminal.shows('3) "hello"');
      await terminal.type(CTRL_C);
      await terminal.line(`${at}[2]>`);
      await terminal.type("ping", ENTER);
      await terminal.shows("PONG");
      await terminal.type(CTRL_C);
      assertEquals(await terminal.exitCode(), 0);
    },
  });

  Deno.test({
    name: on("under RESP3 messages come in above the line that is being typed"),
    ignore: withoutRedis,
    async fn() {
      await using redis = await RedisReference.start();
      const at = `127.0.0.1:${redis.port}`;
      const columns = 40;
      await using terminal = new Terminal(program, ["-3", "-p", String(redis.port)], { columns });
      await terminal.line(`${at}>`);
      await terminal.type("subscribe a b", ENTER);
      await terminal.until("both", (screen) => /"a"[^]*"b"[^]*>$/.test(screen.text));
      // Longer than the terminal is wide.
      const long = "echo " + "0123456789".repeat(6);
      await terminal.type(long);
      const typed = `${at}> ${long}`.match(/.{1,40}/g)!.join("\n");
      await terminal.until("the long line", (screen) => screen.text.endsWith(typed));
      await redis.call("PUBLISH", "b", "news");
      await terminal.until(
        "the message above the line",
        (screen) => screen.text.endsWith(`1) "message"\n2) "b"\n3) "news"\n${typed}`),
      );
      assertEquals(terminal.screen.text.split(at).length - 1, 2);
      await terminal.type(ENTER);
      await terminal.until("the reply", (screen) => screen.text.includes(`"${long.slice(5, 40)}`));
    },
  });

  Deno.test(on("pasted lines are answered in turn"), async () => {
    await using server = await serveQuietly();
    const { port } = server.address;
    const at = `127.0.0.1:${port}`;
    await using terminal = new Terminal(program, ["-p", String(port)]);
    await terminal.line(`${at}>`);
    await terminal.type("set n 1", ENTER, "incr n", ENTER, "incr n", ENTER, "get n");
    await terminal.line(`${at}> get n`);
    assertStringIncludes(
      terminal.screen.text,
      `set n 1\nOK\n${at}> incr n\n(integer) 2\n${at}> incr n\n(integer) 3\n${at}> get n`,
    );
  });

  Deno.test(on("a session over the native protocol"), async () => {
    await using server = await serveQuietly();
    const { port } = server.address;
    const at = `127.0.0.1:${port}`;
    await using terminal = new Terminal(program, ["--native", "-p", String(port)]);
    await terminal.line(`${at}>`);
    await terminal.type("zadd z 1.5 a", ENTER);
    await terminal.shows("(integer) 1");
    await terminal.type("zquery z 0 '' 0 10");
    await terminal.type(ENTER);
    await terminal.shows('1) "a"\n2) (double) 1.5');
    await terminal.type("zscore");
    await terminal.hint("key member");
    await terminal.type(CTRL_U, "select 4", ENTER);
    await terminal.line(`${at}[4]>`);
  });

  Deno.test(on("a wrong password is told, and the session goes on"), async () => {
    await using server = new CannedServer();
    server.reply = "-WRONGPASS no\r\n";
    const at = `127.0.0.1:${server.port}`;
    await using terminal = new Terminal(program, ["-p", String(server.port), "-a", "wrong"]);
    await terminal.shows("AUTH failed: WRONGPASS no");
    await terminal.line(`${at}>`);
    assert(!terminal.screen.text.includes("wrong\n"));
  });
}

/**
 * Hints and completion need nothing but COMMAND DOCS, so they are the same with both servers.
 *
 * @param conditions on which SET writes
 */
async function typesWithHelp(
  program: ClientProgram,
  port: number,
  conditions: string,
): Promise<void> {
  const at = `127.0.0.1:${port}`;
  await using terminal = new Terminal(program, ["-p", String(port)], { columns: 160 });
  await terminal.line(`${at}>`);
  // The table of commands arrives in the background.
  await terminal.type("incrby");
  await terminal.hint("key increment");
  await terminal.type(" ");
  await terminal.hint("key increment");
  await terminal.type("counter");
  await terminal.hint("increment");
  await terminal.type(" 5");
  await terminal.hint("");
  await terminal.line(`${at}> incrby counter 5`);
  await terminal.type(ENTER);
  await terminal.shows("(integer) 5");

  await terminal.type("SET k v ");
  await terminal.until(
    "options",
    (screen) => screen.hint.startsWith(`${conditions} [GET] [EX seconds|`),
  );
  await terminal.type("EX");
  await terminal.hint(`seconds ${conditions} [GET]`);
  await terminal.type(" 10 ");
  await terminal.hint(`${conditions} [GET]`);
  await terminal.type("N", TAB);
  await terminal.line(`${at}> SET k v EX 10 NX`);
  await terminal.hint("[GET]");
  // A hint is only for who types at the end of the line.
  await terminal.type(LEFT);
  await terminal.hint("");
  await terminal.type(CTRL_C);
  await terminal.shows("^C");
  await terminal.line(`${at}>`);

  await terminal.type("expiret", TAB);
  await terminal.line(`${at}> expiretime`);
  await terminal.hint("key");
  await terminal.type(CTRL_U, "EXPIRET", TAB);
  await terminal.line(`${at}> EXPIRETIME`);
  await terminal.type(CTRL_U, "decr");
  await terminal.press(TAB, `${at}> decr`, "key");
  await terminal.press(TAB, `${at}> decr`, "key");
  await terminal.until("both", (screen) => /decr +decrby\n/.test(screen.text));
  await terminal.type("b", TAB);
  await terminal.line(`${at}> decrby`);
  await terminal.type(CTRL_U, "config res", TAB);
  await terminal.line(`${at}> config resetstat`);
  await terminal.type(CTRL_U, "help incrb", TAB);
  await terminal.until("both", (screen) => screen.line === `${at}> help incrby`);
  await terminal.type(ENTER);
  await terminal.shows("  INCRBY key increment\n");
  await terminal.shows("  group: string");
  await terminal.type(CTRL_U, "help nothing", ENTER);
  await terminal.shows("There is no help for 'nothing'.");
  await terminal.type("help", ENTER);
  await terminal.shows("@string");
  await terminal.type("help @transactions", ENTER);
  await terminal.type("exit", ENTER);
  assertEquals(await terminal.exitCode(), 0);
}

/** Deno's cache, which would otherwise be looked for in the new home directory. */
async function denoDirectory(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
