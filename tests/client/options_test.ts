// The words after `client`, lines as words, and lines that are not remembered.

import { assertEquals, assertThrows } from "@std/assert";
import { mayKeep } from "../../client/history.ts";
import { linesOf } from "../../client/batch.ts";
import { OptionError, parseOptions } from "../../client/options.ts";
import { hostPort } from "../../client/endpoint.ts";
import { splitLine, splitUnfinished, textOf } from "../../client/words.ts";

const DEFAULTS = parseOptions([]);

Deno.test("options come before the command", () => {
  assertEquals(DEFAULTS.endpoint, { transport: "tcp", hostname: "127.0.0.1", port: 1234 });
  assertEquals([DEFAULTS.db, DEFAULTS.resp3, DEFAULTS.native, DEFAULTS.command], [
    0,
    false,
    false,
    [],
  ]);
  const words = [
    "-h",
    "::1",
    "-p",
    "7000",
    "-a",
    "x=y",
    "-n",
    "12",
    "-3",
    "SET",
    "-p",
    "1",
    "--raw",
  ];
  assertEquals(parseOptions(words), {
    ...DEFAULTS,
    endpoint: { transport: "tcp", hostname: "::1", port: 7000 },
    password: "x=y",
    db: 12,
    resp3: true,
    command: ["SET", "-p", "1", "--raw"],
  });
  const long = ["--host=h", "--port=1", "--password=-p", "--user=u", "--db=0", "--native", "--raw"];
  assertEquals(parseOptions(long), {
    ...DEFAULTS,
    endpoint: { transport: "tcp", hostname: "h", port: 1 },
    password: "-p",
    user: "u",
    native: true,
    style: "raw",
  });
  assertEquals(parseOptions(["--no-raw", "GET", "007"]).command, ["GET", "007"]);
  assertEquals(parseOptions(["--no-raw"]).style, "pretty");
  assertEquals(parseOptions(["--", "-x"]).command, ["-x"]);
  assertEquals(parseOptions(["--help"]).help, true);
});

Deno.test("options that make no sense", () => {
  const refused: readonly (readonly [words: string[], message: string])[] = [
    [["-x"], "unknown option -x"],
    [["--brew", "PING"], "unknown option --brew"],
    [["-p"], "-p needs a value"],
    [["-p", "-3"], "-p needs a value"],
    [["-h", ""], "-h needs a value"],
    [["-p", "0"], "'0' is not a port"],
    [["-p", "65536"], "'65536' is not a port"],
    [["-p", "12x"], "'12x' is not a port"],
    [["-n=-1"], "'-1' is not the number of a database"],
    [["-n", "one"], "'one' is not the number of a database"],
    [["-3", "--native"], "choose one of -3 and --native"],
    [["--raw", "--no-raw"], "choose one of --raw and --no-raw"],
    [["--user", "u"], "--user needs a password"],
    [["--user"], "--user needs a value"],
    [["--cacert", "f"], "--cacert is for TLS: add --tls"],
    [["--insecure"], "--insecure is for TLS: add --tls"],
    [["--tls", "--insecure", "--cacert", "f"], "choose one of --cacert and --insecure"],
    [["--tls", "--cacert"], "--cacert needs a value"],
    [["-s", "/s", "--tls"], "choose one of --tls and -s"],
    [["-s", "/s", "-p", "1"], "-s takes neither -h nor -p"],
    [["-u", "redis://h", "-p", "1"], "choose one of -u and -p"],
    [["-u", "redis://h", "--user", "x"], "choose one of -u and --user"],
    [["-u", "http://h"], "-u takes redis://"],
    [["-u", "redis://h/two"], "'two' is not the number of a database"],
    [["-u", "redis://h:99999"], "-u takes redis://"],
    [["-u", "redis://%ff@h"], "-u takes redis://"],
    [["-u", "redis://a b"], "-u takes redis://"],
  ];
  for (const [words, message] of refused) {
    assertThrows(() => parseOptions(words), OptionError, message);
  }
});

Deno.test("addresses in one word, sockets and TLS", () => {
  const tcp = { transport: "tcp", hostname: "127.0.0.1", port: 1234 };
  const tls = { ...tcp, transport: "tls", insecure: false };
  const { endpoint: _, ...rest } = DEFAULTS;
  const cases: readonly (readonly [words: string[], options: Record<string, unknown>])[] = [
    [["-s", "/tmp/s.sock"], { endpoint: { transport: "unix", path: "/tmp/s.sock" } }],
    [["--tls"], { endpoint: tls }],
    [["--tls", "--insecure"], { endpoint: { ...tls, insecure: true } }],
    [["--tls", "--cacert", "ca.pem"], { endpoint: { ...tls, caFile: "ca.pem" } }],
    [["-u", "redis://"], { endpoint: tcp }],
    [["-u", "redis://h"], { endpoint: { ...tcp, hostname: "h" } }],
    [["-u", "redis://h:80/3"], { endpoint: { ...tcp, hostname: "h", port: 80 }, db: 3 }],
    [["-u", "REDISS://[::1]:7/"], { endpoint: { ...tls, hostname: "::1", port: 7 } }],
    [["-u", "rediss://u:p@h", "--cacert", "f"], {
      endpoint: { ...tls, hostname: "h", caFile: "f" },
      user: "u",
      password: "p",
    }],
    [["-u", "redis://p%40%3A@h"], { endpoint: { ...tcp, hostname: "h" }, password: "p@:" }],
    [["-u", "redis://:p@h?db=4"], { endpoint: { ...tcp, hostname: "h" }, password: "p", db: 4 }],
  ];
  for (const [words, options] of cases) {
    assertEquals(
      parseOptions([...words, "PING"]),
      {
        ...rest,
        command: ["PING"],
        ...options,
      } as unknown as typeof DEFAULTS,
      words.join(" "),
    );
  }
});

Deno.test("addresses of IPv6 are written in brackets", () => {
  assertEquals(hostPort("::1", 1), "[::1]:1");
  assertEquals(hostPort("localhost", 1234), "localhost:1234");
});

Deno.test("a line's words", () => {
  const words = (line: string) => splitLine(line)?.map(textOf);
  assertEquals(words(`set  "a b" 'c"d' "\\x41\\n"`), ["set", "a b", 'c"d', "A\n"]);
  assertEquals(words("   "), []);
  assertEquals(words('get "a'), undefined);
  assertEquals(words('get "a"b'), undefined);
  // The splitter unescapes in place; the caller's bytes stay as they are.
  const bytes = new TextEncoder().encode('"\\x41"');
  assertEquals(splitLine(bytes)?.map(textOf), ["A"]);
  assertEquals(textOf(bytes), '"\\x41"');
});

Deno.test("the words of a line that is being typed", () => {
  const cases: readonly (readonly [line: string, words: string[], typing: boolean])[] = [
    ["", [], false],
    ["get", ["get"], true],
    ["get ", ["get"], false],
    ['get "a ', ["get", "a "], true],
    ["get 'a b", ["get", "a b"], true],
    ['get "a b" ', ["get", "a b"], false],
    ['get "a"b', [], false],
  ];
  for (const [line, words, typing] of cases) {
    assertEquals(splitUnfinished(line), { words, typing }, line);
  }
});

Deno.test("lines with a password are not remembered", () => {
  const secret = [
    "auth secret",
    " AUTH user secret",
    "hello 3 auth user secret",
    "acl setuser u >secret",
    "config set requirepass secret",
    "CONFIG SET maxmemory 1 masterauth secret",
    "migrate host 1 key 0 1000 AUTH2 user secret",
  ];
  for (const line of secret) assertEquals(mayKeep(line), false, line);
  for (const line of ["get auth", "set author x", "hello 3", "config get requirepass"]) {
    assertEquals(mayKeep(line), true, line);
  }
  assertEquals(mayKeep("  "), false);
});

Deno.test("lines arrive in pieces of any size", async () => {
  const text = "first\r\n\nthird line\n\r\nlast";
  for (let size = 1; size <= text.length; size++) {
    const bytes = new TextEncoder().encode(text);
    let at = 0;
    const source = {
      read(target: Uint8Array): Promise<number | null> {
        if (at === bytes.length) return Promise.resolve(null);
        const piece = bytes.subarray(at, at + size);
        target.set(piece);
        at += piece.length;
        return Promise.resolve(piece.length);
      },
    };
    const lines: string[] = [];
    for await (const line of linesOf(source)) lines.push(textOf(line));
    assertEquals(lines, ["first", "", "third line", "", "last"]);
  }
});
