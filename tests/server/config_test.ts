import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bytesOfByteString, byteStringOf } from "../../structures/bytes/byte_string.ts";
import { ReplyError } from "../../protocol/reply_value.ts";
import { Config } from "../../server/config/config.ts";
import { type ConfigFiles, FileError } from "../../server/config/config_files.ts";
import { ConfigError } from "../../server/config/config_error.ts";
import { MAX_ARGUMENT_BYTES, MAX_QUERY_BUFFER_BYTES } from "../../server/config/capacity.ts";
import { MAX_BLOCK_BYTES } from "../../structures/arena/arena.ts";
import { DIRECTIVES, DIRECTIVES_BY_NAME } from "../../server/config/directives.ts";
import { nameMatcher } from "../../server/config/name_glob.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

/** Calls of CONFIG SET whose outcome, and whose effect on CONFIG GET, must be the same as on Redis. */
const SETS: readonly (readonly string[])[] = [
  ["x", "1"],
  ["X", "1", "maxclients", "0"],
  ["maxclients", "0", "X", "1"],
  ["", "1"],
  ["maxclients", "1", "hz"],
  ["requirepass", "a", "requirepass"],
  ["databases", "3"],
  ["DataBases", "3"],
  ["databases", "16", "X", "1"],
  ["logfile", "abc"],
  ["tcp-backlog", "4"],
  ...["0", "1", "abc", "5000000000", "-1", "", " 1", "1 ", "+1", "01", "0x10", "-0", "1.0", "1e3"]
    .map((value) => ["maxclients", value]),
  ["maxclients", "99999999999999999999"],
  ["maxclients", "9223372036854775807"],
  ["maxclients", "9223372036854775808"],
  ["maxclients", "-9223372036854775808"],
  ["MaxClients", "0"],
  ["MaxClients", "12"],
  ["maxclients", "100", "maxclients", "200"],
  ["maxclients", "100", "MAXCLIENTS", "abc"],
  ["maxclients", "100", "timeout", "abc"],
  ["maxclients", "abc", "timeout", "abc"],
  ["maxclients", "100", "timeout", "7", "hz", "12"],
  ...["maybe", "YES", "No", "", "1", "yes "].map((value) => ["protected-mode", value]),
  ...["VERBOSE", "debug"].map((value) => ["loglevel", value]),
  ...[
    "abc",
    "1.5gb",
    "-1",
    "10%",
    "99999999999999999999",
    "9999999999gb",
    " 1",
    "1 mb",
    "1kb",
    "1K",
    "1m",
    "1MB",
    "2g",
    "3Gb",
    "10b",
    "10B",
    "b",
    "",
    "+1",
    "0x1",
    "10tb",
    "0",
    "17179869184gb",
    "18446744073709551615",
    "123456789012345678",
  ].map((value) => ["maxmemory", value]),
  ["maxmemory-policy", "foo"],
  ["maxmemory-policy", "NoEviction"],
  ...[
    "normal 1 2",
    "normal a 2 3",
    "normal 1 a 3",
    "foo 1 2 3",
    "master 1 2 3",
    "",
    " ",
    "normal",
    "normal 1mb 2mb 3 pubsub 1 2 3",
    "normal 1mb 2mb -3",
    "normal 1mb -2 3",
    "slave 1kb 2kb 3",
    "replica 3 0 0x",
    "replica 3 0 010",
    "replica 3 0 1 ",
    " replica 3 0 1",
    "replica  3 0 1",
    'replica "3" 0 1',
    "NORMAL 3 0 0",
    "normal 0 0 0 normal 1 1 1",
    "normal 0 0 0 foo 1 1 1",
    "pubsub 1 1 +5",
    "pubsub 1 1 -0",
  ].map((value) => ["client-output-buffer-limit", value]),
  ...["1mb", "-1", "abc", "512mb", "1000mb"]
    .flatMap((value) => [["client-query-buffer-limit", value], ["proto-max-bulk-len", value]]),
  ...["0", "1", "500", "1000", "-5", "abc", "2147483647", "2147483648"].map((
    value,
  ) => ["hz", value]),
  ...["-1", "0", "60", "2147483648"].flatMap((value) => [["timeout", value], [
    "tcp-keepalive",
    value,
  ]]),
  ...["0", "1", "10", "11"].map((value) => ["active-expire-effort", value]),
  ...["-1", "0", "12", "abc", "9223372036854775807", "9223372036854775808"].flatMap((value) => [
    ["zset-max-listpack-entries", value],
    ["zset-max-ziplist-entries", value],
    ["zset-max-listpack-value", value],
    ["zset-max-ziplist-value", value],
  ]),
  ["zset-max-ziplist-entries", "5", "zset-max-listpack-entries", "6"],
  ...["yes", "no", "1"].flatMap((value) =>
    ["expire", "server-del", "user-del", "user-flush"].map((what) => [
      `lazyfree-lazy-${what}`,
      value,
    ])
  ),
  ...[
    "foo",
    "10",
    "10 10 20",
    "a b",
    "0 0",
    "   ",
    "60 1 300 10",
    "4294967297 4294967297",
    "+5 -1",
    "99999999999999999999 1",
    "",
  ].map((value) => ["save", value]),
  ...["foo", "no", ""].map((value) => ["appendonly", value]),
  ...["normal 0 0 1234567890123", "pubsub 0 0 4294967297", "pubsub 0 0 3000000000", "pubsub 0 0 "]
    .map((value) => ["client-output-buffer-limit", value]),
  ["dbfilename", "x"],
];

/** Settings that the reference does not have: our own, and those that came with Redis 7.2. */
const OWN_NAMES = ["metrics-port", "lazyfree-workers", "log-format", "plugin"];

/** Names that came with Redis 7.2. */
const NAMES_SINCE_7_2 = [
  "aof-disable-auto-gc",
  "cluster-allow-pubsubshard-when-down",
  "cluster-announce-human-nodename",
  "locale-collate",
  "set-max-listpack-entries",
  "set-max-listpack-value",
];

/** Defaults that differ on purpose, or that the reference server was started with. */
const OWN_DEFAULTS = ["port", "bind", "dir"];

Deno.test({
  name: "CONFIG SET answers and acts as redis-server does",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    const config = new Config();
    for (const set of SETS) {
      const reply = await redis.call("CONFIG", "SET", ...set);
      const expected = reply instanceof ReplyError ? reply.message : undefined;
      assertEquals(config.setAll(set), expected, `CONFIG SET ${JSON.stringify(set)}`);
      for (let i = 0; i < set.length; i += 2) {
        const shown = await redis.call("CONFIG", "GET", set[i]);
        const ours = [...config.get(set[i])].flat();
        assertEquals(ours, texts(shown), `CONFIG GET after CONFIG SET ${JSON.stringify(set)}`);
      }
    }
  },
});

/** Values that every setting is tried with, as words of bytes. */
const HOSTILE: readonly string[] = [
  ...["", " ", "0", "1", "-1", "01", "+7", "7", "50", "1x", "0x10", "1e3", "1.5", "2147483648"],
  ...["4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616"],
  ...[
    "1kb",
    "3MB",
    "10%",
    "101%",
    "yes",
    "NO",
    "yes\0no",
    "no\n",
    "\xff\xfe\0p",
    "a/b",
    "a\\b",
    "a b",
  ],
  ...[
    "local",
    "default",
    "save nosave",
    "Force NOW",
    "clients",
    "relative",
    "everysec",
    "hostname",
  ],
  ...[
    "KEA",
    "g$lshzxetdn",
    "mKd",
    "q",
    "1 2 3",
    "1 2 2001",
    "-2000 0  5",
    "99.9 50",
    "100.1",
    "1e-7 -0",
  ],
  ...["{title}", "{port} {nope}", "{{", "{", "{unixsocket}-{title", "{config-file}", "no one"],
  ..."x!y@z".split("@"),
  "h".repeat(256),
];

/** Settings whose change does something to the machine, or to the connection that asks. */
const NOT_TRIED =
  /^(tls-.*|bind|port|dir|logfile|appendonly|locale-collate|oom-score-adj(-values)?|activedefrag|jemalloc-bg-thread|maxclients|maxmemory-clients|client-query-buffer-limit|proto-max-bulk-len|crash-log-enabled|watchdog-period|timeout)$/;

/** Refused in other words before Redis 7.2. */
const NEW_IN_7_2 = ["loglevel"];

Deno.test({
  name: "CONFIG SET of every setting takes and refuses values as redis-server does",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    const config = new Config();
    const different: string[] = [];
    const names = [...DIRECTIVES_BY_NAME.keys()].filter((name) =>
      !OWN_NAMES.includes(name) && !NOT_TRIED.test(name) && !NEW_IN_7_2.includes(name)
    );
    let compared = 0;
    for (const name of names) {
      const known = byteTexts(await redis.call("CONFIG", "GET", name));
      if (known.length === 0) continue;
      for (const value of [known[1], ...HOSTILE, known[1]]) {
        const bytes = bytesOfByteString(value);
        const reply = await redis.call("CONFIG", "SET", name, bytes);
        const expected = reply instanceof ReplyError ? reply.message : undefined;
        const shown = byteTexts(await redis.call("CONFIG", "GET", name));
        const answer = config.set(name, value);
        const ours = [...config.get(name)].flat();
        if (answer !== expected || ours.join() !== shown.join()) {
          different.push(
            `${name} ${
              JSON.stringify(value)
            }\n  redis ${expected} ${shown}\n  ravel ${answer} ${ours}`,
          );
        }
        compared++;
      }
    }
    assertEquals(different.join("\n"), "");
    assert(compared > 5000, String(compared));
  },
});

Deno.test({
  name: "CONFIG GET matches names and shows defaults as redis-server does",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    const config = new Config();
    const all = pairs(texts(await redis.call("CONFIG", "GET", "*")));
    const ours = config.get("*");
    const isShared = (name: string) =>
      !OWN_NAMES.includes(name) && !NAMES_SINCE_7_2.includes(name) &&
      all.has(name) === ours.has(name);
    // All that Redis has is there, under every name.
    assertEquals(
      [...all.keys()].filter((name) => !ours.has(name) && !NAMES_SINCE_7_2.includes(name)),
      [],
    );
    assertEquals(
      [...ours.keys()].filter((name) => !all.has(name) && !NAMES_SINCE_7_2.includes(name)),
      OWN_NAMES,
    );
    for (const [name, value] of all) {
      if (!OWN_DEFAULTS.includes(name) && isShared(name)) assertEquals(ours.get(name), value, name);
    }
    // Some are told only when they are asked for by their whole name.
    for (const name of ["watchdog-period", "key-load-delay", "use-exit-on-panic"]) {
      const shown = pairs(texts(await redis.call("CONFIG", "GET", name, name + "*")));
      assertEquals([...config.get(name, name + "*")], [...shown], name);
    }
    const pattern = fc.array(
      fc.constantFrom(
        "*",
        "?",
        "[a-m]",
        "[^a]",
        "[z-a]",
        "[Z-a]",
        "[A-Z]",
        "[^z-A]",
        "[max",
        "\\",
        "max",
        "m",
        "-",
        "e",
        "E",
        "z",
      ),
      { minLength: 1, maxLength: 7 },
    ).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(pattern, async (pattern) => {
        const theirs = pairs(texts(await redis.call("CONFIG", "GET", pattern)));
        const expected = [...theirs.keys()].filter(isShared).sort();
        const ours = [...config.get(pattern).keys()].filter(isShared);
        assertEquals(ours.sort(), expected, pattern);
      }),
      { numRuns: 500 },
    );
    for (
      const patterns of [["MaxMemory"], ["MaxMemory", "maxmemory"], ["max*", "maxclients"], [""]]
    ) {
      const theirs = pairs(texts(await redis.call("CONFIG", "GET", ...patterns)));
      const ours = config.get(...patterns);
      for (const name of ours.keys()) assert(theirs.has(name), `${patterns}: ${name}`);
    }
  },
});

function texts(reply: unknown): string[] {
  assert(Array.isArray(reply));
  const decoder = new TextDecoder();
  return reply.map((item) => item instanceof Uint8Array ? decoder.decode(item) : String(item));
}

/** As texts(), with a character for each byte. */
function byteTexts(reply: unknown): string[] {
  assert(Array.isArray(reply));
  return reply.map((item) =>
    item instanceof Uint8Array ? byteStringOf(item, 0, item.length) : String(item)
  );
}

function pairs(items: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  return map;
}

Deno.test("a failing CONFIG SET changes nothing and calls no listener", () => {
  const config = new Config();
  let calls = 0;
  config.onChange("maxclients", () => calls++);
  const before = [...config.get("*")];
  assert(config.setAll(["maxclients", "5", "loglevel", "debug", "hz", "x"]) !== undefined);
  assertEquals([...config.get("*")], before);
  assertEquals(config.maxClients, 10_000);
  assertEquals(calls, 0);
});

Deno.test("listeners hear of a setting under any of its names, once a call, until they leave", () => {
  const config = new Config();
  const seen: number[] = [];
  const leave = config.onChange(
    "zset-max-listpack-entries",
    (config) => seen.push(config.zsetMaxListpackEntries),
  );
  config.setAll(["zset-max-ziplist-entries", "5", "zset-max-listpack-entries", "6"]);
  config.set("zset-max-ziplist-entries", "7");
  config.set("maxclients", "7");
  leave();
  config.set("zset-max-ziplist-entries", "8");
  assertEquals(seen, [6, 7]);
  assertEquals(config.zsetMaxListpackEntries, 8);
});

Deno.test("settings without effect are accepted, and told of", () => {
  const config = new Config();
  assertEquals(config.withoutEffect(), []);
  assertEquals(
    config.setAll(["save", "60 1", "appendonly", "yes", "activedefrag", "yes"]),
    undefined,
  );
  config.setAll(["hz", "20", "slave-priority", "7"]);
  assertEquals(config.withoutEffect(), [
    "activedefrag",
    "appendonly",
    "replica-priority",
    "save",
  ]);
  config.setAll(["save", "", "appendonly", "no", "activedefrag", "no"]);
  assertEquals(config.withoutEffect(), ["replica-priority"]);
  config.set("replica-priority", "100");
  assertEquals(config.withoutEffect(), []);
});

Deno.test("what a server cannot hold is refused with the limit", () => {
  const config = new Config();
  const refusal = (name: string, most: number) =>
    `ERR CONFIG SET failed (possibly related to argument '${name}') - ` +
    `argument must be between 1048576 and ${most} inclusive`;
  for (const value of ["1gb", "4gb", "9223372036854775807", "0"]) {
    assertEquals(
      config.set("proto-max-bulk-len", value),
      refusal("proto-max-bulk-len", MAX_ARGUMENT_BYTES),
    );
  }
  for (const value of ["2gb", "8gb", "9223372036854775808", "1023kb"]) {
    assertEquals(
      config.set("client-query-buffer-limit", value),
      refusal("client-query-buffer-limit", MAX_QUERY_BUFFER_BYTES),
    );
  }
  assertEquals(config.protoMaxBulkBytes, 512 * 1024 * 1024);
  const most = [
    ["proto-max-bulk-len", String(MAX_ARGUMENT_BYTES)],
    ["proto-max-bulk-len", "512mb"],
    ["client-query-buffer-limit", "2047mb"],
    ["client-query-buffer-limit", "1gb"],
  ].map(([name, value]) => config.set(name, value));
  assertEquals(most, [undefined, undefined, undefined, undefined]);
  // What is taken can be stored, and counted in 32 bits.
  assert(MAX_ARGUMENT_BYTES < MAX_BLOCK_BYTES);
  assert(MAX_QUERY_BUFFER_BYTES < 2 ** 31);
});

Deno.test("loglevel nothing, and the levels in a refusal", () => {
  const config = new Config();
  assertEquals(
    config.set("loglevel", "quiet"),
    "ERR CONFIG SET failed (possibly related to argument 'loglevel') - argument(s) must be one of " +
      "the following: debug, verbose, notice, warning, nothing",
  );
  assertEquals(config.set("loglevel", "NOTHING"), undefined);
  assertEquals(config.logLevel, "nothing");
});

Deno.test("set-max-listpack-value is a plain number", () => {
  const config = new Config();
  assertEquals(
    config.set("set-max-listpack-value", "1kb"),
    "ERR CONFIG SET failed (possibly related to argument 'set-max-listpack-value') - argument " +
      "couldn't be parsed into an integer",
  );
  assertEquals(config.set("set-max-listpack-value", "70"), undefined);
});

Deno.test("maxmemory-clients is bytes or a percentage", () => {
  const config = new Config();
  const shown: (string | undefined)[] = [];
  for (const value of ["5%", "0%", "100mb", "18446744073709551615", "100%"]) {
    assertEquals(config.set("maxmemory-clients", value), undefined);
    shown.push(config.get("maxmemory-clients").get("maxmemory-clients"));
  }
  assertEquals(shown, ["5%", "0", "104857600", "1%", "100%"]);
  const prefix = "ERR CONFIG SET failed (possibly related to argument 'maxmemory-clients') - ";
  assertEquals(
    config.set("maxmemory-clients", "101%"),
    prefix + "percentage argument must be less or equal to 100",
  );
  for (const value of ["%", "-5", "5 %", "1.5%"]) {
    assertEquals(
      config.set("maxmemory-clients", value),
      prefix + "argument must be a memory or percent value",
    );
  }
});

Deno.test("protected settings are changed only by whom enable-protected-configs lets", () => {
  const config = new Config();
  const refusal = (name: string) =>
    `ERR CONFIG SET failed (possibly related to argument '${name}') - can't set protected config`;
  assertEquals(config.set("dbfilename", "x.rdb"), refusal("dbfilename"));
  assertEquals(config.setAll(["hz", "20", "DIR", "/tmp"]), refusal("DIR"));
  assertEquals(config.hz, 10);
  assertEquals(config.setAll(["dbfilename", "x.rdb", "dir", "/tmp"], true), undefined);
  assertEquals([...config.get("dir", "dbfilename")], [["dir", "/tmp"], ["dbfilename", "x.rdb"]]);
});

Deno.test("values are bytes, from clients and from files", () => {
  const config = new Config();
  assertEquals(config.set("requirepass", "\xff\xfe\0p"), undefined);
  assertEquals(config.requirePass, "\xff\xfe\0p");
  assertEquals(config.get("requirepass").get("requirepass"), "\xff\xfe\0p");
  const files = filesIn({ "raw.conf": 'requirepass "\xff\\xfe\\x00"\nlogfile \xc3\xa9.log' });
  const read = Config.parse(["raw.conf"], files);
  assertEquals([read.requirePass, read.logFile], ["\xff\xfe\0", "é.log"]);
  // Words of the command line are text.
  assertEquals(Config.parse(["--requirepass", "é"]).requirePass, "\xc3\xa9");
  // The runtime puts U+FFFD where they are not: nobody is to be let in by another password.
  for (const words of [["--requirepass", "\ufffd"], ["--requirepass=a\ufffd"]]) {
    assertThrows(
      () => Config.parse(words),
      ConfigError,
      "what follows --requirepass on the command line is no UTF-8",
    );
  }
  // C sees a text up to its first NUL.
  assertEquals(
    config.set("\xff\0x", "1"),
    "ERR Unknown option or number of arguments for CONFIG SET - '\xff'",
  );
});

Deno.test("an applier hears of changes alone, once for all of its settings, and may refuse", () => {
  const config = new Config();
  const calls: string[] = [];
  let refusal: string | undefined = undefined;
  const leave = config.onApply(["port", "bind"], () => {
    calls.push(`listen ${config.port} ${config.bind}`);
    return refusal;
  });
  config.onApply("maxclients", () => {
    calls.push(`clients ${config.maxClients}`);
    return undefined;
  });
  config.onChange(["hz", "port"], (config) => calls.push(`changed ${config.hz}`));
  const drain = () => calls.splice(0);

  assertEquals(config.setAll(["port", "7000", "bind", "::1"]), undefined);
  assertEquals(drain(), ["listen 7000 ::1", "changed 10"]);
  assertEquals(config.setAll(["port", "7000", "hz", "20"]), undefined);
  assertEquals(drain(), ["changed 20"]);

  refusal = "Unable to listen on this port. Check server logs.";
  assertEquals(
    config.setAll(["hz", "30", "maxclients", "5", "bind", "a b", "port", "1"]),
    "ERR CONFIG SET failed (possibly related to argument 'bind') - " + refusal,
  );
  assertEquals(drain(), ["clients 5", "listen 1 a,b", "clients 10000", "listen 7000 ::1"]);
  assertEquals(
    [...config.get("hz", "maxclients", "bind", "port")].flat(),
    ["hz", "20", "maxclients", "10000", "bind", "::1", "port", "7000"],
  );
  leave();
  assertEquals(config.set("port", "9"), undefined);
  assertEquals(drain(), ["changed 20"]);
});

Deno.test("settings fixed at start-up refuse CONFIG SET", () => {
  const config = new Config();
  for (const directive of DIRECTIVES.filter((directive) => !directive.mutable)) {
    const error = config.set(directive.name, "7");
    assert(error?.endsWith("can't set immutable config"), directive.name);
    const text = directive.print(config);
    if (directive.takesItself) continue;
    assert(config.set(directive.name, text)?.endsWith("can't set immutable config"));
  }
});

Deno.test("what Redis does not have takes the value that it has, so that scripts may set all they get", () => {
  const config = Config.from({ plugin: ["a.ts", "b.ts"], "lazyfree-workers": "2" });
  const own = DIRECTIVES.filter(({ takesItself }) => takesItself).map(({ name }) => name);
  assertEquals(own.sort(), ["lazyfree-workers", "log-format", "plugin"]);
  const all = [...config.get("maxclients", ...own, "hz")].flat();
  assertEquals(config.setAll(all), undefined);
  assert(String(config.setAll([...all, "timeout", "-1"])).includes("'timeout'"));
  assertEquals([...config.get("maxclients", ...own, "hz")].flat(), all);
});

Deno.test("every default is a value that its own directive accepts", () => {
  const config = new Config();
  for (const directive of DIRECTIVES) {
    const text = directive.print(config);
    if (directive.name === "plugin" || directive.name === "replicaof") continue;
    // A directory is shown from the root on.
    if (directive.name === "dir") continue;
    assertEquals(
      Config.from({ [directive.name]: text }).get(directive.name).get(directive.name),
      text,
    );
  }
});

const COMMAND_LINES:
  readonly (readonly [words: readonly string[], shown: Record<string, string>])[] = [
    [[], { port: "1234", bind: "* -::*" }],
    [["--port", "7000"], { port: "7000" }],
    [["--port=7000", "--hz", "20"], { port: "7000", hz: "20" }],
    [["--PORT", "7000"], { port: "7000" }],
    [["--port 7000"], { port: "7000" }],
    [["--requirepass=a=b --c"], { requirepass: "a=b --c" }],
    [["--requirepass", ""], { requirepass: "" }],
    [["--bind", "127.0.0.1", "-::1"], { bind: "127.0.0.1 -::1" }],
    [["--bind", "127.0.0.1 -::1"], { bind: "127.0.0.1 -::1" }],
    [["--save", "", "--appendonly", "no"], { save: "", appendonly: "no" }],
    [["--plugin", "a b.ts", "c.ts", "--plugin", "d.ts"], { plugin: "a b.ts c.ts d.ts" }],
    [["--port", "1", "--port", "2"], { port: "2" }],
    [
      ["--client-output-buffer-limit", "normal", "1kb", "0", "0", "pubsub", "0", "0", "0"],
      { "client-output-buffer-limit": "normal 1024 0 0 slave 268435456 67108864 60 pubsub 0 0 0" },
    ],
  ];

Deno.test("the command line", async (t) => {
  for (const [words, shown] of COMMAND_LINES) {
    await t.step(`serve ${words.join(" ")}`, () => {
      const config = Config.parse(words);
      for (const [name, text] of Object.entries(shown)) {
        assertEquals(config.get(name).get(name), text);
      }
    });
  }
});

const FILES: Record<string, string> = {
  "good.conf":
    '# comment\n\n  port 7001\r\n\trequirepass "a \\x41\\n\\"b" \nbind 127.0.0.1 ::1\nMaxMemory 1kb',
  "outer.conf": "port 1\ninclude inner.conf\nhz 30",
  "inner.conf": "port 2\nhz 20",
  "loop.conf": "include loop.conf",
  "unknown.conf": "port 1\nfrobnicate 3",
  "quotes.conf": 'requirepass "abc',
  "range.conf": "\nport 70000",
  "secret.conf": "secret",
  "-": "port 9",
};

/** The files above, and those that a test writes. */
function filesIn(contents: Record<string, string>, directory?: string): ConfigFiles {
  return {
    read(path) {
      const text = contents[path];
      if (text === undefined) throw new FileError("missing", "gone");
      if (text === "secret") throw new FileError("not permitted", "no");
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
    },
    names: (directory) =>
      Object.keys(contents).filter((path) => path.startsWith(directory + "/")).map((path) =>
        path.slice(directory.length + 1)
      ),
    replace(path, bytes) {
      contents[path] = String.fromCharCode(...bytes);
    },
    workingDirectory: () => directory,
  };
}

const memoryFiles = filesIn(FILES);

Deno.test("configuration files", () => {
  const good = Config.parse(["good.conf"], memoryFiles);
  assertEquals(good.port, 7001);
  assertEquals(good.requirePass, 'a A\n"b');
  assertEquals(good.bind, ["127.0.0.1", "::1"]);
  assertEquals(good.maxMemoryBytes, 1024);
  assertEquals([good.file, Config.parse([]).file], ["good.conf", ""]);

  const outer = Config.parse(["outer.conf", "--loglevel", "debug"], memoryFiles);
  assertEquals([outer.port, outer.hz, outer.logLevel], [2, 30, "debug"]);

  assertEquals(Config.parse(["outer.conf", "--hz", "40"], memoryFiles).hz, 40);
  assertEquals(Config.parse(["--port", "8", "--include", "inner.conf"], memoryFiles).port, 2);
  assertEquals(Config.parse(["-"], memoryFiles).port, 9);
  assertEquals(Config.parse(["good.conf", "--hz", "40", "-"], memoryFiles).port, 9);

  const bare = Config.parse(["good.conf", "LogLevel", "debug", "--hz", "40"], memoryFiles);
  assertEquals([bare.port, bare.logLevel, bare.hz], [7001, "debug", 40]);
});

Deno.test("words of the command line that begin with dashes, and --save without a value", () => {
  const shown = (...words: string[]) => {
    const config = Config.parse(words, memoryFiles);
    return [
      config.get("save").get("save"),
      config.get("proc-title-template")
        .get("proc-title-template"),
      config.hz,
    ];
  };
  const [, title, hz] = shown();
  assertEquals(shown("--proc-title-template", "--my--title", "--hz", "40"), [
    "",
    "--my--title",
    40,
  ]);
  assertEquals(shown("--proc-title-template --my--title", "--hz 40"), ["", "--my--title", 40]);
  assertEquals(
    shown("--proc-title-template", "--save", "--save", "60 1", "--hz", "40"),
    ["60 1", "--save", 40],
  );
  assertEquals(shown("--save=60 1", "--save", "--hz=40"), ["", title, 40]);
  assertEquals(shown("--save", "60", "1", "--SAVE"), ["", title, hz]);
  assertEquals(shown("--save", "60 1", "--save", "", "--hz", "40"), ["", title, 40]);
});

const REFUSALS: readonly (readonly [words: readonly string[], message: string])[] = [
  [["--frobnicate", "1"], "unknown setting 'frobnicate' on the command line"],
  [["--port"], "setting 'port' on the command line: wrong number of arguments"],
  [["--port", "1", "2"], "setting 'port' on the command line: wrong number of arguments"],
  [["--port", "x"], "argument couldn't be parsed into an integer (it takes: 0..65535)"],
  [["--port", "--hz", "20"], "setting 'port' on the command line: wrong number of arguments"],
  [["--port", "--hz", "--hz", "20"], "argument couldn't be parsed into an integer"],
  [["--bind"], "setting 'bind' on the command line: wrong number of arguments"],
  [["--plugin"], "setting 'plugin' on the command line: wrong number of arguments"],
  [["--shutdown-on-sigint"], "argument(s) must be one of the following: default"],
  [["--replicaof"], "setting 'replicaof' on the command line: wrong number of arguments"],
  [["--bind", ""], "setting 'bind' on the command line: wrong number of arguments"],
  [["--maxmemory-policy", "never"], "argument(s) must be one of the following: volatile-lru"],
  [["--tls-key-file-pass", "x"], "only keys without a passphrase are read"],
  [["--replicaof", "h", "1"], "this version of Ravel does not replicate"],
  [["--replicaof", "h", "x"], "Invalid master port"],
  [["--rename-command", "FLUSHALL"], "it takes the name of a command and another one"],
  [["--loadmodule", "x.so"], "modules of Redis cannot be loaded"],
  [["--sentinel", "monitor", "x"], "Ravel does not run as a Sentinel"],
  [["--bind"], "setting 'bind' on the command line: wrong number of arguments"],
  [["--notify-keyspace-events"], "wrong number of arguments"],
  [["--list-max-ziplist-entries"], "wrong number of arguments"],
  [["--save", '"60 1'], "unbalanced quotes"],
  [["secret.conf"], "nor tell whether it exists: reading files is not permitted"],
  [["-p", "7000"], "'-p' on the command line is not a setting"],
  [["--"], "'--' on the command line is not a setting"],
  [["missing.conf"], "the configuration file missing.conf does not exist"],
  [["unknown.conf"], "unknown setting 'frobnicate' in unknown.conf, line 2"],
  [["quotes.conf"], "unbalanced quotes in quotes.conf, line 1"],
  [["range.conf"], "setting 'port' in range.conf, line 2: argument must be between 0 and 65535"],
  [["loop.conf"], "does a file include itself?"],
  [["good.conf", "hz"], "setting 'hz' on the command line: wrong number of arguments"],
  [["good.conf", "hz", "20", "stray"], "setting 'hz' on the command line: wrong number"],
  [["good.conf", "stray"], "'stray' on the command line is not a setting"],
];

Deno.test("what the server cannot start with is named in one line", async (t) => {
  for (const [words, message] of REFUSALS) {
    await t.step(words.join(" "), () => {
      const error = assertThrows(() => Config.parse(words, memoryFiles), ConfigError, message);
      assert(!error.message.includes("\n"));
    });
  }
});

Deno.test("options given by name take fixed settings and lists", () => {
  const config = Config.from({ port: "0", bind: ["127.0.0.1"], plugin: [], databases: "4" });
  assertEquals([config.port, config.databases, config.plugins.length], [0, 4, 0]);
  assertEquals([...config.bind], ["127.0.0.1"]);
  assertThrows(() => Config.from({ nonsense: "1" }), ConfigError, "unknown setting 'nonsense'");
});

Deno.test("a hostile pattern takes no more than its length times the name's", () => {
  assertEquals(nameMatcher("*a".repeat(10_000) + "b")("a".repeat(30)), false);
  assertEquals(nameMatcher("*?".repeat(15) + "*")("a".repeat(30)), true);
});

Deno.test("the case of a letter counts behind a backslash in a class, and nowhere else", () => {
  assert(nameMatcher("MAX\\Memory")("maxmemory"));
  assert(nameMatcher("[A-M]AX[MN]emory")("maxmemory"));
  assert(nameMatcher("ma[\\x]memory")("maxmemory"));
  assert(!nameMatcher("ma[\\X]memory")("maxmemory"));
  assert(!nameMatcher("*[max\\E")("dir-name-e"));
  assert(!nameMatcher("[-\\Ma]aximum")("maximum"));
  // A bracket behind a backslash, or at a range's end, does not close its class.
  assert(!nameMatcher("ma[\\]\\X]memory")("maxmemory"));
  assert(nameMatcher("ma[Z-]X]memory")("maxmemory"));
});

Deno.test("all problems of files and the command line are told together, in a bounded number", () => {
  const files = filesIn({
    "bad.conf": "port x\nhz 20\nnonsense\n'\ninclude gone.conf\n" + "hz y\n".repeat(30),
  });
  const error = assertThrows(
    () => Config.parse(["bad.conf", "--timeout", "z", "-x"], files),
    ConfigError,
  );
  assertEquals(error.problems.length, 21);
  assertEquals(error.problems.slice(0, 4), [
    "unbalanced quotes in bad.conf, line 4: '",
    "the configuration file gone.conf does not exist",
    "setting 'port' in bad.conf, line 1: argument couldn't be parsed into an integer (it takes: " +
    "0..65535)",
    "unknown setting 'nonsense' in bad.conf, line 3; \"serve --help\" lists the settings",
  ]);
  assertEquals(error.problems[20], "and 15 more problems with settings");
});

Deno.test("what a file says of save adds up, and the words of one pair of quotes are several", () => {
  const files = filesIn({
    "save.conf": 'save 60 1\nsave "300 10"\nclient-output-buffer-limit "pubsub 1mb 0 0"',
    "none.conf": 'save ""',
    "back.conf": 'include save.conf\nsave ""\nsave 5 5',
    // As a program writes it that leaves the quotes away: no snapshots, or no more of them.
    "bare.conf": "save ",
    "more.conf": "save 60 1\nsave\nlatency-tracking-info-percentiles\nclient-output-buffer-limit",
  });
  const shown = (file: string) => Config.parse([file], files).get("save").get("save");
  assertEquals(["save.conf", "none.conf", "bare.conf", "back.conf"].map(shown), [
    "60 1 300 10",
    "",
    "",
    "5 5",
  ]);
  assertEquals(shown("more.conf"), "60 1");
  assertEquals(Config.parse(["save.conf", "--SAVE"], files).get("save").get("save"), "");
  assertEquals(Config.parse(["--save", "--hz", "20"], files).hz, 20);
  assertEquals(
    Config.parse(["save.conf"], files).outputBufferLimits.pubsub.hardBytes,
    1024 * 1024,
  );
});

Deno.test("lines that mean nothing here are passed over", () => {
  const files = filesIn({
    "old.conf": "user default on nopass sanitize-payload ~* &* +@all\nlist-max-ziplist-value 64\n" +
      "lua-replicate-commands yes\nreplicaof no one\nslaveof NO ONE\ntls-port 0\nport 5\n",
  });
  const config = Config.parse(["old.conf"], files);
  assertEquals([config.port, ...config.withoutEffect()], [5]);
});

Deno.test("include takes patterns, and none that matches is no mistake", () => {
  const files = filesIn({
    "outer.conf": "include conf.d/*.conf\ninclude none/*.conf\n",
    "conf.d/2.conf": "hz 22",
    "conf.d/1.conf": "hz 11\ntimeout 11",
    "conf.d/.hidden.conf": "hz 33",
    "conf.d/3.txt": "hz 44",
  });
  const config = Config.parse(["outer.conf"], files);
  assertEquals([config.hz, config.timeoutSeconds], [22, 11]);
});

Deno.test("the working directory is shown from the root on, where it may be known", () => {
  const shown = (directory: string | undefined, ...words: string[]) =>
    Config.parse(words, filesIn({}, directory)).get("dir").get("dir");
  assertEquals(shown("/srv"), "/srv");
  assertEquals(shown("/srv", "--dir", "data/"), "/srv/data");
  assertEquals(shown("/srv", "--dir", "/data"), "/data");
  assertEquals(shown(undefined, "--dir", "data"), "data");
  assertEquals(Config.parse(["--dir", "."], filesIn({}, "/srv")).withoutEffect(), []);
  assertEquals(Config.parse(["--dir", "x"], filesIn({}, "/srv")).withoutEffect(), ["dir"]);
});

/** The configuration that Debian's package starts redis-server with. */
const DEBIAN_FILE = "/etc/redis/redis.conf";

Deno.test({
  name: "a redis.conf as it comes starts the server, and tells what is without effect",
  ignore: !isReadable(DEBIAN_FILE),
  fn() {
    const config = Config.parse([DEBIAN_FILE]);
    assertEquals([config.port, config.bind, config.protectedMode], [
      6379,
      ["127.0.0.1", "-::1"],
      true,
    ]);
    assert(config.withoutEffect().includes("daemonize"));
  },
});

function isReadable(path: string): boolean {
  try {
    Deno.openSync(path).close();
    return true;
  } catch {
    return false;
  }
}
