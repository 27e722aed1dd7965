/**
 * The request decoder against a real redis-server: the same bytes must end in the same error and
 * split into the same words.
 */

import { assertEquals } from "@std/assert";
import { deadline } from "@std/async/deadline";
import { bytesOf, decodeText, limits, resp, textOf } from "./decoding.ts";

function redisInstalled(): boolean {
  try {
    return new Deno.Command("redis-server", { args: ["--version"], stdout: "null" })
      .outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const installed = redisInstalled();
if (!installed) console.warn("SKIPPED: decoder against redis-server, which is not installed");

/** Runs `test` against a server of its own; `password` makes it ask for one. */
async function withRedis(
  password: string,
  test: (ask: (request: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/redis.sock`;
  const server = new Deno.Command("redis-server", {
    args: ["--port", "0", "--unixsocket", path, "--save", "", "--requirepass", password],
    cwd: directory,
    stdout: "null",
    stderr: "null",
  }).spawn();
  /** Sends a request and returns everything that comes until the server closes. */
  const ask = async (request: string): Promise<string> => {
    using connection = await Deno.connect({ transport: "unix", path });
    const bytes = bytesOf(request);
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    const buffer = new Uint8Array(65_536);
    let reply = "";
    for (;;) {
      const read = await connection.read(buffer);
      if (read === null) return reply;
      reply += textOf(buffer.subarray(0, read));
    }
  };
  try {
    const ready = async () => {
      for (;;) {
        try {
          await ask("QUIT\r\n");
          return;
        } catch (error) {
          if (!(error instanceof Deno.errors.NotFound)) {
            if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
          }
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    };
    await deadline(ready(), 10_000);
    await deadline(test(ask), 30_000);
  } finally {
    server.kill("SIGTERM");
    await server.status;
    await Deno.remove(directory, { recursive: true });
  }
}

/** Lines that are longer than 64 KiB by so little that Redis has read their end when it asks. */
const LONG_LINES = [65_535, 65_536, 65_537];

/** The error as it stands on the wire, where a line break would end it. */
function onTheWire(error: string): string {
  return error === "" ? "" : `-${error.replaceAll(/[\r\n]/g, " ")}\r\n`;
}

Deno.test({
  name: "decoder: the errors of redis-server",
  ignore: !installed,
  fn: () =>
    withRedis("", async (ask) => {
      const inputs = [
        // Every byte but the one that is expected, and NUL, behind which Redis does not look.
        ...Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1))
          .filter((byte) => byte !== "$").map((byte) => `*1\r\n${byte}x\r\n`),
        '"*abc\n',
        '"\\x2aabc\n',
        "*2147483648\r\n",
        "*1\r\n$9007199254740991\r\n",
        "*1\r\n$9223372036854775807\r\n",
        "*x\r\n",
        "*\r\n",
        "*01\r\n",
        "*-0\r\n",
        "*+1\r\n",
        "*1 \r\n",
        "*99999999999\r\n",
        "*-99999999999999999999\r\n",
        "*1\r\n*1\r\n",
        "*1\r\n\r\n",
        "*1\r\n\n\r\n",
        "*2\r\n$1\r\na\r\nb\r\n",
        "*1\r\n$-1\r\n",
        "*1\r\n$\r\n",
        "*1\r\n$a\r\n",
        "*1\r\n$03\r\nGET\r\n",
        "*1\r\n$536870913\r\n",
        "*1\r\n$99999999999999999999\r\n",
        "*" + "1".repeat(64 * 1024),
        "*1\r\n$" + "1".repeat(64 * 1024),
        "a".repeat(64 * 1024 + 1),
        'GET "a\n',
        "GET 'a\n",
        'GET "a"b\n',
        "GET 'a'b\n",
        'GET "a\\\n',
        "GET 'a\\'\n",
      ];
      for (const input of inputs) {
        const name = JSON.stringify(input.slice(0, 40));
        assertEquals(await ask(input), onTheWire(decodeText(input).error), name);
      }
    }),
});

Deno.test({
  name: "decoder: the errors of redis-server before authentication",
  ignore: !installed,
  fn: () =>
    withRedis("secret", async (ask) => {
      for (const input of ["*11\r\n", "*1\r\n$16385\r\n", "*1\r\n$-1\r\n", "*x\r\n"]) {
        const ours = decodeText(input, limits({ authenticated: false })).error;
        assertEquals(await ask(input), onTheWire(ours), input);
      }
    }),
});

Deno.test({
  name: "decoder: the words of redis-server's inline requests",
  ignore: !installed,
  fn: () =>
    withRedis("", async (ask) => {
      const words = [
        "plain",
        '"two words"',
        `'it\\'s'`,
        `'a\\nb'`,
        '"\\x41\\x7a\\xFF\\x4g\\n\\r\\t\\b\\a\\\\\\"\\q"',
        'mid"dle"',
        `mid'dle'`,
        `a\\x41`,
        '"\\x4"',
        '""',
        "''",
        '"\\',
        `"'"`,
        `'"'`,
        "a\fb\v",
      ];
      // The words of each line come back as the members of a list, which nothing reinterprets.
      for (const word of words) {
        const line = `RPUSH k ${word} \t x\v${word}\v\f ${word}\v${word}\r\n`;
        const { requests } = decodeText(line);
        const items = requests.flatMap((request) => request.slice(2));
        const reply = await ask(`DEL k\r\n${line}LRANGE k 0 -1\r\nQUIT\r\n`);
        if (requests.length === 0) {
          assertEquals(reply, `:0\r\n${onTheWire(decodeText(line).error)}`, word);
          await ask("DEL k\r\nQUIT\r\n");
        } else {
          const list = resp(...items);
          assertEquals(reply, `:0\r\n:${items.length}\r\n${list}+OK\r\n`, word);
          await ask("DEL k\r\nQUIT\r\n");
        }
      }
    }),
});

Deno.test({
  name: "decoder: what redis-server skips and overlooks is skipped and overlooked",
  ignore: !installed,
  fn: () =>
    withRedis("", async (ask) => {
      const quit = resp("QUIT");
      const inputs = [
        "*0\r\n\r\n\n*-1\r\n*-9223372036854775808\r\n" + quit,
        "  \t \r\nQUIT\n",
        "*1\rX$4\rYQUITZZ",
      ];
      for (const bytes of LONG_LINES) {
        const word = "x".repeat(bytes - 5);
        assertEquals(
          await ask(`ECHO ${word}\r\nQUIT\r\n`),
          `$${word.length}\r\n${word}\r\n+OK\r\n`,
        );
        assertEquals(decodeText(`ECHO ${word}\r\n`).requests, [["ECHO", word]]);
      }
      for (const input of inputs) {
        assertEquals(await ask(input), "+OK\r\n", JSON.stringify(input));
        const decoded = decodeText(input);
        assertEquals(decoded.requests, [["QUIT"]], JSON.stringify(input));
      }
    }),
});
