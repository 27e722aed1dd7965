// Users on a server that runs: what becomes of clients when they change, the log of denials, and files.

import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Config } from "../../server/config/config.ts";
import { ConfigError } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

/** The digest of `secret`. */
const SECRET = "#2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

async function signedIn(port: number, user: string, password = "secret"): Promise<Peer> {
  const peer = await Peer.connect(port);
  assertEquals(await peer.ask("AUTH", user, password), "+OK\r\n");
  return peer;
}

Deno.test("clients of a user that is deleted are dropped, the caller behind its reply", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using admin = await Peer.connect(port);
  await admin.ask("ACL", "SETUSER", "a", "on", ">secret", "allcommands");
  await admin.ask("ACL", "SETUSER", "b", "on", ">secret", "allcommands");
  using other = await signedIn(port, "a");
  using blocked = await signedIn(port, "b");
  using own = await signedIn(port, "a");
  await admin.ask("ACL", "SETUSER", "b", "allkeys");
  blocked.queue("BLPOP", "k", "0");
  await blocked.flush();
  await until("it waits", () => server.blocking.waitingClients === 1);
  own.queue("ACL", "DELUSER", "a", "b");
  own.queue("PING");
  await own.flush();
  assertEquals(await own.receiveRest(), ":2\r\n");
  assertEquals(await other.receiveRest(), "");
  assertEquals(await blocked.receiveRest(), "");
  assertEquals(server.clients.size, 1);
  assertEquals(await admin.ask("ACL", "USERS"), "*1\r\n$7\r\ndefault\r\n");
});

Deno.test("subscribers are dropped whose channels are taken away, and no others", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using admin = await Peer.connect(port);
  await admin.ask("ACL", "SETUSER", "a", "on", ">secret", "+@all", "&x*", "&p*", "(+@all &y)");
  const subscribed = async (command: string, channel: string) => {
    const peer = await signedIn(port, "a");
    assertMatch(await peer.ask(command, channel), /^\*3/);
    return peer;
  };
  using kept = await subscribed("SUBSCRIBE", "x1");
  using other = await subscribed("SUBSCRIBE", "y");
  using pattern = await subscribed("PSUBSCRIBE", "p*");
  using shard = await subscribed("SSUBSCRIBE", "x2");
  using idle = await signedIn(port, "a");
  await admin.ask("ACL", "SETUSER", "a", "&more");
  assertEquals(server.clients.size, 6);
  await admin.ask("ACL", "SETUSER", "a", "clearselectors");
  assertEquals(await other.receiveRest(), "");
  await admin.ask("ACL", "SETUSER", "a", "resetchannels", "&x*");
  assertEquals(await pattern.receiveRest(), "");
  await admin.ask("ACL", "SETUSER", "a", "resetchannels", "&x1");
  assertEquals(await shard.receiveRest(), "");
  await admin.ask("ACL", "SETUSER", "a", "allchannels");
  await admin.ask("ACL", "SETUSER", "a", "resetchannels", "&x1");
  assertEquals(await admin.ask("PUBLISH", "x1", "m"), ":1\r\n");
  assertMatch(await kept.receive(), /message/);
  assertMatch(await idle.ask("PING"), /^-NOPERM|^\+PONG/);
});

Deno.test("who has waited is asked anew, and what is denied then is its reply", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using admin = await Peer.connect(port);
  await admin.ask("ACL", "SETUSER", "a", "on", "nopass", "+@all", "~*");
  using waiter = await signedIn(port, "a");
  waiter.queue("BLPOP", "k", "0");
  await waiter.flush();
  await until("it waits", () => server.blocking.waitingClients === 1);
  await admin.ask("ACL", "SETUSER", "a", "resetkeys", "~other");
  await admin.ask("RPUSH", "k", "v");
  assertEquals(await waiter.receive(), "-NOPERM No permissions to access a key\r\n");
  assertEquals(await admin.ask("LLEN", "k"), ":1\r\n");
});

Deno.test("whoever may do everything is asked nothing, and all others are", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using admin = await Peer.connect(port);
  await admin.ask("ACL", "SETUSER", "a", "on", "nopass", "(+@all ~* &*)");
  using peer = await signedIn(port, "a");
  const [, client] = [...server.clients];
  assertEquals([client.user.name, client.conditions], ["a", 0]);
  await admin.ask("ACL", "SETUSER", "a", "clearselectors", "+get");
  assert(client.conditions !== 0);
  assertMatch(await peer.ask("SET", "k", "v"), /^-NOPERM User a has no permissions/);
  await admin.ask("ACL", "SETUSER", "a", "+@all", "~*", "&*");
  assertEquals(client.conditions, 0);
  await admin.ask("ACL", "SETUSER", "default", "-debug");
  using second = await Peer.connect(port);
  assertMatch(await second.ask("DEBUG", "SLEEP", "0"), /^-ERR DEBUG command not allowed/);
  assertMatch(await second.ask("ACL", "DRYRUN", "default", "DEBUG", "SLEEP"), /no permissions/);
});

Deno.test("the log of denials", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  const { port } = server.address;
  using admin = await Peer.connect(port);
  await admin.ask("ACL", "SETUSER", "a", "on", ">secret", "+@all", "-set", "~k*", "&c");
  using peer = await Peer.connect(port);
  await peer.ask("auth", "a", "wrong");
  await peer.ask("HELLO", "3", "AUTH", "nobody", "x");
  await peer.ask("AUTH", "a", "secret");
  await peer.ask("CLIENT", "SETNAME", "me");
  await peer.ask("SET", "k", "v");
  clock.nowMs += 1500;
  await peer.ask("SET", "k", "v");
  await peer.ask("GET", "other\xff");
  await peer.ask("MULTI");
  await peer.ask("PUBLISH", "d", "m");
  await peer.ask("DISCARD");
  await peer.ask("EVAL", "return redis.pcall('set', 'k', 1)", "0");
  clock.nowMs += 61_000;
  await peer.ask("SET", "k", "v");
  const entries = server.acl.log.latest(Infinity);
  assertEquals(
    entries.map(({ id, count, reason, context, object, userName }) =>
      `${id} ${count} ${reason} ${context} ${object} ${userName}`
    ),
    [
      "6 1 command toplevel set a",
      "5 1 command lua set a",
      "4 1 channel multi d a",
      "3 1 key toplevel other\xc3\xbf a",
      "2 2 command toplevel set a",
      "1 1 auth toplevel HELLO nobody",
      "0 1 auth toplevel auth a",
    ],
  );
  const [, , , , repeated] = entries;
  assertEquals(repeated.updatedAtMs - repeated.createdAtMs, 1500);
  assertMatch(entries[0].clientInfo, /^id=2 .* name=me .* cmd=set user=a .* lib-ver=$/);
  assertMatch(await admin.ask("ACL", "LOG", "1"), /^\*1\r\n\*20\r\n\$5\r\ncount\r\n:1\r\n/);
  await admin.ask("CONFIG", "SET", "acllog-max-len", "2");
  await peer.ask("GET", "x");
  assertEquals(server.acl.log.latest(Infinity).length, 2);
  const info = await admin.ask("INFO", "stats");
  const counts = ["auth:2", "cmd:4", "key:2", "channel:1"];
  for (const count of counts) assertStringIncludes(info, `acl_access_denied_${count}\r\n`);
  await admin.ask("ACL", "LOG", "RESET");
  assertEquals(await admin.ask("ACL", "LOG"), "*0\r\n");
  await admin.ask("CONFIG", "SET", "acllog-max-len", "0");
  await peer.ask("GET", "x");
  assertEquals(await admin.ask("ACL", "LOG"), "*0\r\n");
});

Deno.test("passwords and rules are in neither the slow log nor a warning", async () => {
  const lines: string[] = [];
  await using server = await serveQuietly({
    directives: { "slowlog-log-slower-than": "0" },
    onLogLine: (line) => lines.push(line),
  });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("ACL", "SETUSER", "a", "on", ">hidden-word");
  await peer.ask("AUTH", "a", "hidden-word");
  await peer.ask("AUTH", "a", "hidden-word2");
  using second = await Peer.connect(server.address.port);
  assert(!(await second.ask("SLOWLOG", "GET", "-1")).includes("hidden"));
  assert(!(await second.ask("ACL", "LOG")).includes("hidden"));
  assert(!lines.join("\n").includes("hidden"));
});

async function withFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/users.acl`;
    await Deno.writeTextFile(path, text);
    await use(path);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("a file of users is read at the start, loaded anew and saved", async () => {
  const file = `user default on nopass ~* &* +@all\n\n  user alice on ${SECRET} ~a* +@all  \r\n`;
  await withFile(file, async (aclfile) => {
    await using server = await serveQuietly({ directives: { aclfile } });
    const { port } = server.address;
    using admin = await Peer.connect(port);
    using alice = await signedIn(port, "alice");
    assertEquals(await alice.ask("SET", "a", "1"), "+OK\r\n");
    await admin.ask("ACL", "SETUSER", "bob", "on", ">x", "(+get ~b)");
    assertEquals(await admin.ask("ACL", "SAVE"), "+OK\r\n");
    assertEquals(
      await Deno.readTextFile(aclfile),
      [
        `user alice on sanitize-payload ${SECRET} ~a* resetchannels +@all`,
        "user bob on sanitize-payload " +
        "#2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 resetchannels -@all " +
        "(~b resetchannels -@all +get)",
        "user default on nopass sanitize-payload ~* &* +@all",
        "",
      ].join("\n"),
    );
    const bad = "user alice on ~x\nnonsense\nuser bob +nosuch ~* ~y >z bad\nuser bob on\nuser \n" +
      "user c (+get\n";
    await Deno.writeTextFile(aclfile, bad);
    const problems = await admin.ask("ACL", "LOAD");
    for (
      const problem of [
        `-ERR ${aclfile}:2 should start with user keyword followed by the username. `,
        `${aclfile}:3: Error in applying operation '+nosuch': Unknown command or category name in ACL. `,
        `${aclfile}:3: Adding a pattern after the * pattern`,
        "WARNING: Duplicate user 'bob' found on line 4. ",
        `${aclfile}:6: Unmatched parenthesis in selector definition.`,
        "no change to the previously active ACL rules was performed\r\n",
      ]
    ) assertStringIncludes(problems, problem);
    assertEquals(await alice.ask("GET", "a"), "$1\r\n1\r\n");
    await Deno.writeTextFile(aclfile, "user carol on nopass +@all\nuser alice on nopass +@all\n");
    assertEquals(await admin.ask("ACL", "LOAD"), "+OK\r\n");
    // As on Redis, whoever is not the default user is dropped, and that one is as new.
    assertEquals(await alice.receiveRest(), "");
    assertMatch(await admin.ask("ACL", "USERS"), /alice.*carol.*default/s);
    assertEquals(await admin.ask("PING"), "+PONG\r\n");
    await Deno.remove(aclfile);
    assertMatch(
      await admin.ask("ACL", "LOAD"),
      /^-ERR Error loading ACLs, opening file '.*': No such/,
    );
  });
});

Deno.test("a file of users that is wrong throughout is told of in some kilobytes", async () => {
  await withFile("", async (aclfile) => {
    await using server = await serveQuietly({ directives: { aclfile } });
    const { acl } = server;
    const load = (text: string) => {
      Deno.writeTextFileSync(aclfile, text);
      return acl.load(undefined) ?? "";
    };
    const users = Array.from({ length: 20_001 }, (_, i) => `user u${i}\n`).join("");
    const problemsOf: Record<string, string> = {
      "nonsense": "x\n".repeat(500_000),
      "the same user": "user a\n".repeat(100_000),
      "unknown commands": `user a${" +nosuch".repeat(100_000)}`,
      "more passwords than a user has": `user a${
        Array.from({ length: 50_000 }, (_, i) => ` >${i}`).join("")
      }`,
      "more selectors than a user has": `user a${" (+get)".repeat(100_000)}`,
      "more first arguments than a command is open with": `user a${
        Array.from({ length: 4_000 }, (_, i) => ` +get|${i}`).join("")
      }`,
      "more users than there may be": users,
      "a long name": `user ${"a".repeat(5_000)} on\n`,
      "an unknown command of a megabyte": `user a +${"x".repeat(1024 * 1024)}`,
      "a parenthesis that stays open": `user a (${" x".repeat(500_000)}`,
      "no line at all, too large": "\n".repeat(4 * 1024 * 1024 + 1),
    };
    for (const [name, text] of Object.entries(problemsOf)) {
      const problems = load(text);
      assertGreater(problems.length, 40, name);
      assertLess(problems.length, 20_000, name);
      assertEquals(acl.users.size, 1, name);
    }
    assertEquals(load(users.split("\n").slice(0, 20_000).join("\n")), "");
    assertEquals(acl.users.size, 20_001);
    // Not one more, and none that could not be read again.
    using peer = await Peer.connect(server.address.port);
    assertMatch(await peer.ask("ACL", "SETUSER", "more"), /There are at most 20000 users/);
    const patterns = Array.from({ length: 300 }, (_, i) => `~${i}${"x".repeat(15_000)}`);
    assertEquals(await peer.ask("ACL", "SETUSER", "u1", ...patterns), "+OK\r\n");
    assertMatch(await peer.ask("ACL", "SAVE"), /^-ERR There was an error trying to save the ACLs/);
  });
});

Deno.test("rules about commands take the place of earlier ones about the same or a part of it", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const commandsOf = async (...rules: string[]) => {
    assertEquals(await peer.ask("ACL", "SETUSER", "a", "reset", ...rules), "+OK\r\n");
    const { selectors: [root] } = server.acl.users.get("a")!;
    return [...root.rules].join(" ");
  };
  assertEquals(
    await commandsOf("+config|get", "-@slow", "+get", "+config|set", "-config", "+config|get"),
    "-@slow +get -config +config|get",
  );
  // Closed by its category, it is opened with that argument once more.
  assertEquals(
    await commandsOf("+select|1", "-@connection", "+select|2", "+select|1"),
    "-@connection +select|2 +select|1",
  );
  assertEquals(await peer.ask("ACL", "DRYRUN", "a", "SELECT", "1"), "+OK\r\n");
  assertMatch(await peer.ask("ACL", "DRYRUN", "a", "SELECT", "3"), /no permissions to run/);
  await commandsOf("+select|1", "-@connection");
  assertMatch(await peer.ask("ACL", "DRYRUN", "a", "SELECT", "1"), /no permissions to run/);
});

Deno.test("what is long is kept in the log of denials only in part", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("ACL", "SETUSER", "a", "on", "nopass", "+get", "+client", "~a");
  await peer.ask("AUTH", "a", "x");
  await peer.ask("CLIENT", "SETNAME", "n".repeat(60_000));
  const megabyte = "k".repeat(1024 * 1024);
  assertMatch(await peer.ask("GET", megabyte), /^-NOPERM/);
  assertMatch(await peer.ask("AUTH", megabyte, "x"), /^-WRONGPASS/);
  assertMatch(await peer.ask("AUTH", "a", megabyte + megabyte), /^-WRONGPASS/);
  assertMatch(await peer.ask("HELLO", "3", "AUTH", megabyte, megabyte), /^-WRONGPASS/);
  for (const { object, userName, clientInfo } of server.acl.log.latest(10)) {
    for (const text of [object, userName, clientInfo]) assertLess(text.length, 4_097);
  }
  assertEquals(server.acl.log.latest(10).map(({ reason }) => reason), [
    "auth",
    "auth",
    "auth",
    "key",
  ]);
});

Deno.test("a file of users that is wrong, or beside users of the configuration, ends the start", async () => {
  await withFile("user alice on\nuser alice on\n", async (aclfile) => {
    const duplicate = await assertRejects(
      () => serveQuietly({ directives: { aclfile } }),
      ConfigError,
    );
    assertStringIncludes(duplicate.message, "Duplicate user 'alice' found on line 2.");
    await assertRejects(
      () => serveQuietly({ directives: { aclfile, user: ["bob", "on"] } }),
      ConfigError,
      "have all of them in one of the two",
    );
    await assertRejects(
      () => serveQuietly({ directives: { aclfile: `${aclfile}.missing` } }),
      ConfigError,
      "No such file or directory",
    );
  });
});

Deno.test("users of the configuration that are wrong end the start in one line", async () => {
  const WRONG: readonly (readonly [words: string[], message: string])[] = [
    [["--user"], "a user has a name"],
    [["--user", "a b", "on"], "Spaces not allowed in ACL usernames"],
    [["--user", "bob", "on", "+nosuch"], "Error loading ACL rule '+nosuch': Unknown command"],
    [["--user", "bob", "(+get"], "Unmatched parenthesis in selector starting at '(+get'"],
    [["--user", "bob", "<secret"], "Error loading ACL rule '<(hidden)'"],
    [["--user", "bob", "on", "--user", "bob", "off"], "Duplicate user found"],
  ];
  for (const [words, message] of WRONG) {
    const error = await assertRejects(
      () => serveQuietly({ config: Config.parse(["--port", "0", ...words]) }),
      ConfigError,
      message,
    );
    assert(!error.message.includes("\n") && !error.message.includes("secret"));
  }
});

Deno.test("users of the configuration file come back by CONFIG REWRITE", async () => {
  const file = `port 0\nrequirepass first\nuser bob on ${SECRET} ~b* +get ( +set ~c )\n` +
    "user default on >second ~* &* +@all\n# the end\nuser eve off\n";
  await withFile(file, async (path) => {
    await using server = await serveQuietly({ config: Config.parse([path]) });
    using peer = await Peer.connect(server.address.port);
    // The users of the file come after requirepass.
    assertMatch(await peer.ask("AUTH", "first"), /^-WRONGPASS/);
    assertEquals(await peer.ask("AUTH", "second"), "+OK\r\n");
    await peer.ask("ACL", "DELUSER", "eve");
    await peer.ask("ACL", "SETUSER", "bob", "~d");
    assertEquals(await peer.ask("CONFIG", "REWRITE"), "+OK\r\n");
    const lines = (await Deno.readTextFile(path)).split("\n");
    assertEquals(lines.filter((line) => line.startsWith("user ")), [
      `user bob on sanitize-payload ${SECRET} ~b* ~d resetchannels -@all +get (~c resetchannels -@all +set)`,
      "user default on sanitize-payload " +
      "#16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4 ~* &* +@all",
    ]);
    await using again = await serveQuietly({ config: Config.parse([path]) });
    using second = await Peer.connect(again.address.port);
    assertEquals(await second.ask("AUTH", "second"), "+OK\r\n");
    assertEquals(await second.ask("ACL", "LIST"), await peer.ask("ACL", "LIST"));
  });
});

Deno.test("a client that is not let in may say who it is, and nothing else", async () => {
  await using server = await serveQuietly({
    config: Config.parse([
      "--port",
      "0",
      "--user",
      "default",
      "off",
      "--user",
      "a",
      "on",
      "nopass",
      "+@all",
    ]),
  });
  using peer = await Peer.connect(server.address.port);
  for (const command of ["PING", "INFO", "ACL"]) {
    assertMatch(await peer.ask(command, "WHOAMI"), /^-NOAUTH/);
  }
  assertMatch(await peer.ask("AUTH", "default", "x"), /^-WRONGPASS/);
  assertEquals(await peer.ask("AUTH", "a", "anything"), "+OK\r\n");
  assertEquals(await peer.ask("ACL", "WHOAMI"), "$1\r\na\r\n");
  await peer.ask("RESET");
  assertMatch(await peer.ask("PING"), /^-NOAUTH/);
});

Deno.test("rules and passwords have limits", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const long = "x".repeat(1024 * 1024 + 1);
  assertMatch(await peer.ask("ACL", "SETUSER", "a", `>${long}`), /A password has at most 1048576/);
  assertMatch(await peer.ask("ACL", "SETUSER", "a", `~${long}`), /A rule has at most 65536 bytes/);
  assertMatch(
    await peer.ask("ACL", "SETUSER", "a", `(~${long})`),
    /A rule has at most 65536 bytes/,
  );
  assertEquals(await peer.ask("ACL", "SETUSER", "a", "on", `>${long.slice(1)}`), "+OK\r\n");
  assertMatch(await peer.ask("AUTH", "a", long), /^-WRONGPASS/);
  assertEquals(await peer.ask("AUTH", "a", long.slice(1)), "+OK\r\n");
  const patterns = Array.from({ length: 4097 }, (_, i) => `~${i}`);
  await peer.ask("AUTH", "default", "");
  assertMatch(await peer.ask("ACL", "SETUSER", "a", ...patterns), /'~4096': Too many rules/);
});
