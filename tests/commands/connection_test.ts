// PING, ECHO, QUIT, SELECT, HELLO, AUTH, RESET: in both versions of RESP, with and without a
// password, and on native connections.

import { assertEquals, assertMatch } from "@std/assert";
import { ReplyError, type ReplyValue } from "../../protocol/reply_value.ts";
import { comparison } from "../harness/comparison.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const SCRIPT = `
  PING
  PING hello
  PING ""
  PING a b
  ECHO
  ECHO "\\x00\\xff\\r\\n"
  ECHO a b
  SELECT
  SELECT 0 1
  SELECT 15
  SET in15 v
  SELECT 16
  SELECT -1
  SELECT abc
  SELECT 1.5
  SELECT 2147483648
  SELECT 99999999999
  SELECT 99999999999999999999
  GET in15
  SELECT 0
  GET in15
  HELLO abc
  HELLO ""
  HELLO 1
  HELLO 4
  HELLO -3
  HELLO 99999999999999999999
  HELLO 3 AUTH
  HELLO 3 AUTH default
  HELLO 3 FOO
  HELLO 2 SETNAME
  HELLO 2 SETNAME "a b"
  HELLO 2 AUTH nobody x
  HELLO 5 FOO
  CLIENT GETNAME
  AUTH
  AUTH x
  AUTH default anything
  AUTH nobody x
  AUTH a b c
  CLIENT SETNAME somebody
  SELECT 3
  SET in3 v
  RESET now
  CLIENT GETNAME
  RESET
  CLIENT GETNAME
  GET in3
  SELECT 3
  GET in3
`;

comparison("connection commands", SCRIPT);
comparison("connection commands, RESP3", SCRIPT, { resp3: true });

const NOT_YET =
  "-NOAUTH HELLO must be called with the client already authenticated, otherwise the " +
  "HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the " +
  "RESP protocol version at the same time";

comparison(
  "authentication",
  `
  PING
  ECHO x
  NOSUCH
  GET
  CLIENT ID
  HELLO => ${NOT_YET}
  HELLO 3 => ${NOT_YET}
  HELLO 4
  HELLO 3 SETNAME me => ${NOT_YET}
  HELLO 3 AUTH default wrong
  AUTH wrong
  AUTH default wrong
  AUTH nobody secret
  AUTH ""
  AUTH secretsecret
  GET k
  AUTH secret
  SET k v
  AUTH wrong
  GET k
  RESET
  GET k
  AUTH default secret
  GET k
  @2 GET k
  @2 RESET
  CONFIG SET requirepass ""
  @2 GET k
  AUTH secret
  CONFIG SET requirepass other
  GET k
  @2 GET k
  @3 GET k
  @3 AUTH other
  @3 GET k
  `,
  { directives: { requirepass: "secret" } },
);

const HELLO_2 = "*14\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.2.4\r\n" +
  "$5\r\nproto\r\n:2\r\n$2\r\nid\r\n:1\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n" +
  "$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n";
const HELLO_3 = HELLO_2.replace("*14", "%7").replace(":2", ":3");

Deno.test("HELLO introduces the server and switches the protocol, RESET switches it back", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("HELLO"), HELLO_2);
  assertEquals(await peer.ask("HELLO", "3", "SETNAME", "me"), HELLO_3);
  assertEquals(await peer.ask("CLIENT", "GETNAME"), "$2\r\nme\r\n");
  assertEquals(await peer.ask("GET", "nothing"), "_\r\n");
  assertEquals(await peer.ask("HELLO"), HELLO_3);
  assertEquals(await peer.ask("RESET"), "+RESET\r\n");
  assertEquals(await peer.ask("GET", "nothing"), "$-1\r\n");
  assertEquals(await peer.ask("HELLO"), HELLO_2);
});

Deno.test("HELLO takes a password and a name with the version", async () => {
  await using server = await serveQuietly({ directives: { requirepass: "x" } });
  using peer = await Peer.connect(server.address.port);
  assertMatch(
    await peer.ask("HELLO", "3"),
    /^-NOAUTH HELLO must be called with the client already authenticated/,
  );
  const reply = await peer.ask("HELLO", "3", "SETNAME", "me", "AUTH", "default", "x");
  assertEquals(reply.slice(0, 2), "%7");
  assertEquals(await peer.ask("CLIENT", "GETNAME"), "$2\r\nme\r\n");
});

Deno.test("a failed HELLO changes neither name nor protocol", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("HELLO", "3", "SETNAME", "me", "AUTH", "nobody", "x");
  assertEquals(await peer.ask("CLIENT", "GETNAME"), "$-1\r\n");
});

Deno.test("before AUTH requests are small", async () => {
  await using server = await serveQuietly({ directives: { requirepass: "x" } });
  for (
    const [request, error] of [
      ["*11\r\n", "-ERR Protocol error: unauthenticated multibulk length\r\n"],
      ["*2\r\n$16385\r\n", "-ERR Protocol error: unauthenticated bulk length\r\n"],
    ]
  ) {
    using peer = await Peer.connect(server.address.port);
    await peer.send(request);
    assertEquals(await peer.receiveRest(), error);
  }
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("AUTH", "x"), "+OK\r\n");
  assertEquals(await peer.ask("SET", "k", "v".repeat(20_000)), "+OK\r\n");
  assertEquals(await peer.ask("MGET", ..."abcdefghiABC"), "*12\r\n" + "$-1\r\n".repeat(12));
});

Deno.test("QUIT answers what came before it, and nothing behind it", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.send("PING\r\nQUIT now\r\nPING\r\n");
  assertEquals(await peer.receiveRest(), "+PONG\r\n+OK\r\n");
});

Deno.test("a native connection has no RESP version to switch to", async () => {
  await using server = await serveQuietly();
  using peer = await NativePeer.connect(server.address.port);
  for (const version of ["2", "3", "4"]) {
    assertEquals(
      await peer.ask("HELLO", version),
      new ReplyError("NOPROTO unsupported protocol version"),
    );
  }
  assertEquals(textOf(await peer.ask("HELLO")), [
    ...["server", "redis", "version", "7.2.4", "proto", "native", "id", 1],
    ...["mode", "standalone", "role", "master", "modules", []],
  ]);
  assertEquals(textOf(await peer.ask("RESET")), "RESET");
  assertEquals(textOf(await peer.ask("PING")), "PONG");
  assertMatch(String(textOf(await peer.ask("CLIENT", "INFO"))), / resp=native /);
});

/** Strings as text, in arrays too. */
function textOf(value: ReplyValue): ReplyValue {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return Array.isArray(value) ? value.map(textOf) : value;
}
