// rename-command: which names mean what, for clients, scripts, COMMAND and rules.

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Config } from "../../server/config/config.ts";
import { ConfigError, type Server } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

function renamed(...words: string[]): Promise<Server> {
  const lines: string[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const quoted = words.slice(i, i + 2).map((word) => JSON.stringify(word)).join(" ");
    lines.push(`rename-command ${quoted}`);
  }
  const file = Deno.makeTempFileSync({ suffix: ".conf" });
  Deno.writeTextFileSync(file, lines.join("\n"));
  return serveQuietly({ config: Config.parse([file]) }).finally(() => Deno.removeSync(file));
}

Deno.test("a command that was renamed is found by its new name alone, in any case", async () => {
  await using server = await renamed("FlushDB", "Badger", "config", "", "get", "x", "set", "get");
  using peer = await Peer.connect(server.address.port);
  assertMatch(await peer.ask("FLUSHDB"), /^-ERR unknown command 'FLUSHDB'/);
  assertMatch(await peer.ask("CONFIG", "GET", "*"), /^-ERR unknown command 'CONFIG'/);
  // A name that has become free may be another command's.
  assertEquals(await peer.ask("GET", "k", "v"), "+OK\r\n");
  assertEquals(await peer.ask("x", "k"), "$1\r\nv\r\n");
  assertMatch(await peer.ask("SET", "k", "v"), /^-ERR unknown command 'SET'/);
  assertEquals(await peer.ask("bAdGeR"), "+OK\r\n");
  assertEquals(await peer.ask("X", "k"), "$-1\r\n");
  // What is wrong is told under the name that was declared.
  assertEquals(
    await peer.ask("X"),
    "-ERR wrong number of arguments for 'get' command\r\n",
  );
  // Pipelines, transactions and scripts find the same.
  await peer.send("get k 1\r\nx k\r\nmulti\r\nx k\r\nbadger\r\nset k 1\r\nexec\r\n");
  for (
    const reply of ["+OK\r\n", "$1\r\n1\r\n", "+OK\r\n", "+QUEUED\r\n", "+QUEUED\r\n"]
  ) assertEquals(await peer.receive(), reply);
  assertMatch(await peer.receive(), /^-ERR unknown command 'set'/);
  assertMatch(await peer.receive(), /^-EXECABORT/);
  const script = (text: string) => peer.ask("EVAL", text, "1", "k");
  assertEquals(await script("return redis.call('x', KEYS[1])"), "$1\r\n1\r\n");
  assertMatch(await script("return redis.call('set', KEYS[1], 1)"), /Unknown Redis command/);
});

Deno.test("COMMAND and rules of users know commands that were renamed", async () => {
  await using server = await renamed("flushdb", "badger", "config", "");
  using peer = await Peer.connect(server.address.port);
  assertMatch(await peer.ask("COMMAND", "INFO", "badger"), /^\*1\r\n\*10\r\n\$7\r\nflushdb\r\n/);
  assertEquals(
    await peer.ask("COMMAND", "INFO", "flushdb", "config", "config|get", "get|x", "client|no"),
    "*5\r\n" + "$-1\r\n".repeat(5),
  );
  assertMatch(await peer.ask("COMMAND", "INFO", "client|id"), /client\|id/);
  const all = await peer.ask("COMMAND", "LIST");
  assertMatch(all, /\r\nflushdb\r\n/);
  assertEquals(/config/.exec(all), null);
  const [, count] = /^:(\d+)/.exec(await peer.ask("COMMAND", "COUNT"))!;
  assertMatch(await peer.ask("COMMAND"), new RegExp(`^\\*${count}\r\n`));
  assertMatch(await peer.ask("COMMAND", "GETKEYS", "config", "get", "a"), /^-ERR Invalid command/);
  assertMatch(await peer.ask("ACL", "DRYRUN", "default", "flushdb"), /^-ERR Command 'flushdb' not/);
  // As on Redis, rules have the names that were declared.
  assertMatch(await peer.ask("ACL", "SETUSER", "a", "on", "nopass", "+badger"), /Unknown command/);
  assertEquals(
    await peer.ask("ACL", "SETUSER", "a", "on", "nopass", "+flushdb", "-config"),
    "+OK\r\n",
  );
  await peer.ask("AUTH", "a", "x");
  assertEquals(await peer.ask("badger"), "+OK\r\n");
  assertMatch(await peer.ask("GET", "k"), /^-NOPERM/);
});

Deno.test("a server does not start with a line that renames nothing, or onto something", async () => {
  for (
    const [words, problem] of [
      [["nosuch", "x"], "there is no command 'nosuch'"],
      [["get", "SET"], "there is a command 'set' already"],
      [["get", "", "get", "x"], "there is no command 'get'"],
      [["get", "x", "set", "x"], "there is a command 'x' already"],
      [["config|get", "x"], "there is no command 'config|get'"],
    ] as const
  ) await assertRejects(() => renamed(...words), ConfigError, problem);
  await using server = await serveQuietly({ directives: { "rename-command": ["get", ""] } });
  using peer = await Peer.connect(server.address.port);
  assertMatch(await peer.ask("GET", "k"), /^-ERR unknown command/);
});
