/**
 * The request decoder against a real redis-server: the same bytes must end in the same error and
 * split into the same words.
 */

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { bytesOf, decodeText, limits, resp } from "./decoding.ts";

/** Runs `test` against a server of its own; `password` makes it ask for one. */
async function withRedis(
  password: string,
  test: (ask: (request: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  await using redis = await RedisReference.start({ requirepass: password });
  /** Sends a request and returns everything that comes until the server closes. */
  await test(async (request) => {
    using peer = await Peer.connect(redis.port);
    await peer.send(bytesOf(request));
    return await peer.receiveRest();
  });
}

/** Lines that are longer than 64 KiB by so little that Redis has read their end when it asks. */
const LONG_LINES = [65_535, 65_536, 65_537];

/** The error as it stands on the wire, where a line break would end it. */
function onTheWire(error: string): string {
  return error === "" ? "" : `-${error.replaceAll(/[\r\n]/g, " ")}\r\n`;
}

Deno.test({
  name: "decoder: the errors of redis-server",
  ignore: withoutRedis,
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
  ignore: withoutRedis,
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
  ignore: withoutRedis,
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
  ignore: withoutRedis,
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
