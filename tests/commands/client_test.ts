// CLIENT: names, the list, kills across connections, and modes.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const SCRIPT = `
  CLIENT
  CLIENT NOSUCH
  CLIENT ID x
  CLIENT GETNAME
  CLIENT SETNAME me
  CLIENT GETNAME
  CLIENT SETNAME "a b"
  CLIENT SETNAME "a\\nb"
  CLIENT SETNAME "\\xff"
  CLIENT GETNAME
  CLIENT SETNAME ""
  CLIENT GETNAME
  CLIENT SETNAME
  CLIENT INFO x
  CLIENT LIST NOSUCH
  CLIENT LIST TYPE
  CLIENT LIST TYPE nosuch
  CLIENT LIST TYPE master
  CLIENT LIST TYPE pubsub
  CLIENT LIST TYPE replica
  CLIENT LIST TYPE normal more
  CLIENT LIST ID
  CLIENT LIST ID abc
  CLIENT LIST ID 0
  CLIENT LIST ID -1
  CLIENT LIST ID 123456 123457
  CLIENT KILL
  CLIENT KILL nosuch
  CLIENT KILL 1.2.3.4:5
  CLIENT KILL ID
  CLIENT KILL ID abc
  CLIENT KILL ID -1
  CLIENT KILL ID 0
  CLIENT KILL ID 123456
  CLIENT KILL id 123456
  CLIENT KILL TYPE nosuch
  CLIENT KILL TYPE master
  CLIENT KILL TYPE slave
  CLIENT KILL USER nobody
  CLIENT KILL NOSUCH x
  CLIENT KILL ADDR 1.2.3.4:5
  CLIENT KILL LADDR 1.2.3.4:5
  CLIENT KILL ID 123456 ADDR
  CLIENT KILL ID 123456 ADDR 1.2.3.4:5 SKIPME no
  CLIENT KILL SKIPME maybe
  CLIENT NO-EVICT
  CLIENT NO-EVICT on
  CLIENT NO-EVICT OFF
  CLIENT NO-EVICT maybe
  CLIENT REPLY
  CLIENT REPLY maybe
  CLIENT REPLY ON
  CLIENT NO-TOUCH on => +OK
  CLIENT NO-TOUCH OFF => +OK
  CLIENT NO-TOUCH maybe => -ERR syntax error
  CLIENT SETINFO lib-name ravel => +OK
  CLIENT SETINFO LIB-VER 1.2.3 => +OK
  CLIENT SETINFO LIB-NAME "" => +OK
  CLIENT SETINFO lib-Name "a b" => -ERR lib-Name cannot contain spaces, newlines or special characters.
  CLIENT SETINFO nosuch x => -ERR Unrecognized option 'nosuch'
`;

comparison("CLIENT", SCRIPT);
comparison("CLIENT, RESP3", SCRIPT, { resp3: true });

const FIELDS = "id addr laddr fd name age idle flags db sub psub ssub multi qbuf qbuf-free " +
  "argv-mem multi-mem rbs rbp obl oll omem tot-mem events cmd user redir resp lib-name lib-ver";

/** The fields of a line of CLIENT LIST, in order. */
function fieldsOf(line: string): Map<string, string> {
  return new Map(
    line.split(" ").map((field) => {
      const equals = field.indexOf("=");
      return [field.slice(0, equals), field.slice(equals + 1)];
    }),
  );
}

/** The lines in a reply of CLIENT LIST or CLIENT INFO. */
function linesOf(reply: string): string[] {
  return reply.slice(reply.indexOf("\r\n") + 2, -2).replace(/^txt:/, "").split("\n").slice(0, -1);
}

Deno.test("CLIENT LIST has a line for each client, with Redis's fields in their order", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: clock });
  const { port } = server.address;
  using first = await Peer.connect(port);
  using second = await Peer.connect(port);
  await first.ask("HELLO", "3", "SETNAME", "one");
  await second.ask("SELECT", "7");
  await second.ask("CLIENT", "SETINFO", "LIB-NAME", "library");
  await second.ask("CLIENT", "SETINFO", "LIB-VER", "1.2");
  await second.ask("CLIENT", "NO-EVICT", "ON");
  await second.ask("CLIENT", "NO-TOUCH", "ON");
  clock.nowMs += 12_000;
  const reply = await first.ask("CLIENT", "LIST");
  assertMatch(reply, /^=\d+\r\ntxt:id=/);
  const lines = linesOf(reply).map(fieldsOf);
  assertEquals(lines.length, 2);
  for (const line of lines) assertEquals([...line.keys()].join(" "), FIELDS);
  const [one, two] = lines.map((line) => Object.fromEntries(line));
  const host = "127.0.0.1";
  const localPort = (first.connection.localAddr as Deno.NetAddr).port;
  assertEquals(
    [one.id, one.addr, one.laddr, one.name, one.age, one.idle, one.flags, one.db, one.cmd],
    ["1", `${host}:${localPort}`, `${host}:${port}`, "one", "12", "0", "N", "0", "client|list"],
  );
  assertEquals([one.user, one.redir, one.resp, one["lib-name"]], ["default", "-1", "3", ""]);
  assertEquals(
    [two.id, two.name, two.age, two.idle, two.flags, two.db, two.cmd, two.resp],
    ["2", "", "12", "12", "eT", "7", "client|no-touch", "2"],
  );
  assertEquals([two["lib-name"], two["lib-ver"]], ["library", "1.2"]);
  assertEquals(linesOf(await second.ask("CLIENT", "LIST", "ID", "2", "99", "1")).length, 2);
  assertEquals(linesOf(await second.ask("CLIENT", "LIST", "TYPE", "normal")).length, 2);
  const [own] = linesOf(await second.ask("CLIENT", "INFO"));
  assertEquals(fieldsOf(own).get("id"), "2");
});

Deno.test("a client's buffers are in its line", async () => {
  await using server = await serveQuietly();
  using watcher = await Peer.connect(server.address.port);
  using sender = await Peer.connect(server.address.port);
  await sender.ask("PING");
  await sender.send("*2\r\n$4\r\nECHO\r\n$100\r\nhalf of it");
  let fields: Record<string, string> = {};
  await until("half of the request has come", async () => {
    const [line] = linesOf(await watcher.ask("CLIENT", "LIST", "ID", "2"));
    fields = Object.fromEntries(fieldsOf(line));
    return Number(fields.qbuf) === "half of it".length;
  });
  // What is done with is no query any more: arguments are told apart, and length lines are gone.
  assertEquals([fields.qbuf, fields["argv-mem"]], [String("half of it".length), "4"]);
  assert(Number(fields["tot-mem"]) >= Number(fields.qbuf) + Number(fields["qbuf-free"]));
  assertEquals([fields.cmd, fields.events], ["ping", "r"]);
});

Deno.test("a client's own line counts all that came with the request", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const request = "*2\r\n$6\r\nCLIENT\r\n$4\r\nINFO\r\n";
  const ask = async (text: string, replies: number) => {
    await peer.send(text);
    for (let i = 1; i < replies; i++) await peer.receive();
    const { qbuf, "argv-mem": argvMem } = Object.fromEntries(
      fieldsOf(linesOf(await peer.receive())[0]),
    );
    return [qbuf, argvMem];
  };
  assertEquals(await ask(request, 1), ["26", "10"]);
  assertEquals(await ask(`PING\r\n${request}`, 2), ["32", "10"]);
  assertEquals(await ask("client info\r\n", 1), ["13", "10"]);
  const begun = "*1\r\n$4\r\nPI";
  assertEquals(await ask(request + begun, 1), [String(26 + begun.length), "10"]);
  assertEquals(await peer.send("NG\r\n").then(() => peer.receive()), "+PONG\r\n");
});

Deno.test("CLIENT KILL by id, address and local address ends other connections", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using killer = await Peer.connect(port);
  const address = (peer: Peer) => `127.0.0.1:${(peer.connection.localAddr as Deno.NetAddr).port}`;
  const filters: ((victim: Peer, id: string) => [request: string[], reply: string])[] = [
    (_, id) => [["ID", id], ":1\r\n"],
    (victim) => [["ADDR", address(victim)], ":1\r\n"],
    (victim) => [[address(victim)], "+OK\r\n"],
    () => [["LADDR", `127.0.0.1:${port}`], ":1\r\n"],
    () => [["TYPE", "normal", "USER", "default", "SKIPME", "yes"], ":1\r\n"],
    (victim, id) => [["ID", id, "ADDR", address(victim)], ":1\r\n"],
  ];
  await killer.ask("PING");
  for (const filter of filters) {
    using victim = await Peer.connect(port);
    const id = (await victim.ask("CLIENT", "ID")).slice(1, -2);
    const [request, reply] = filter(victim, id);
    assertEquals(await killer.ask("CLIENT", "KILL", ...request), reply);
    assertEquals(await victim.receiveRest(), "");
    assertEquals(linesOf(await killer.ask("CLIENT", "LIST")).length, 1);
  }
});

Deno.test("killed clients are gone from the list at once", async () => {
  await using server = await serveQuietly();
  using killer = await Peer.connect(server.address.port);
  using victim = await Peer.connect(server.address.port);
  await victim.ask("PING");
  await killer.send("CLIENT KILL TYPE normal\r\nCLIENT KILL TYPE normal\r\n");
  assertEquals(await killer.receive(), ":1\r\n");
  assertEquals(await killer.receive(), ":0\r\n");
  assertEquals(await victim.receiveRest(), "");
});

Deno.test("who kills itself gets the reply first, in either form", async () => {
  await using server = await serveQuietly();
  using first = await Peer.connect(server.address.port);
  await first.send("CLIENT KILL USER default SKIPME no\r\nPING\r\n");
  assertEquals(await first.receiveRest(), ":1\r\n");
  using second = await Peer.connect(server.address.port);
  const { port } = second.connection.localAddr as Deno.NetAddr;
  await second.send(`CLIENT KILL 127.0.0.1:${port}\r\nPING\r\n`);
  assertEquals(await second.receiveRest(), "+OK\r\n");
  await until("both are gone", () => server.clients.size === 0);
});

Deno.test("CLIENT REPLY takes replies away, errors too, and gives them back", async () => {
  await using server = await serveQuietly();
  for (
    const [pipeline, replies] of [
      ["SKIP,PING a,PING b", "$1\r\nb\r\n"],
      ["SKIP,NOSUCH,PING b", "$1\r\nb\r\n"],
      ["SKIP,SKIP,PING a,PING b", "$1\r\nb\r\n"],
      ["OFF,PING a,NOSUCH,GET,SKIP,PING c,ON,PING d", "+OK\r\n$1\r\nd\r\n"],
      ["PING a,OFF,PING b,RESET,PING c", "$1\r\na\r\n+RESET\r\n$1\r\nc\r\n"],
      ["OFF,SET k v,ON,GET k", "+OK\r\n$1\r\nv\r\n"],
    ]
  ) {
    using peer = await Peer.connect(server.address.port);
    const requests = pipeline.split(",").map((request) =>
      /^(ON|OFF|SKIP)$/.test(request) ? `CLIENT REPLY ${request}` : request
    );
    await peer.send([...requests, "QUIT", ""].join("\r\n"));
    assertEquals(await peer.receiveRest(), `${replies}+OK\r\n`, pipeline);
  }
});

Deno.test("CLIENT NO-TOUCH: reads leave the idle time as it is, in the same pipeline already", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: clock });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v");
  clock.nowMs += 9000;
  await peer.send("CLIENT NO-TOUCH ON\r\nGET k\r\nOBJECT IDLETIME k\r\n");
  const replies = [await peer.receive(), await peer.receive(), await peer.receive()];
  assertEquals(replies, ["+OK\r\n", "$1\r\nv\r\n", ":9\r\n"]);
  await peer.send("CLIENT NO-TOUCH OFF\r\nGET k\r\nOBJECT IDLETIME k\r\n");
  await peer.receive();
  await peer.receive();
  assertEquals(await peer.receive(), ":0\r\n");
});
