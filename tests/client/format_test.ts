// Replies look exactly as redis-cli prints them: the same bytes from a server are shown to both.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatReply, type ReplyStyle } from "../../client/format.ts";
import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import type { ReplyValue } from "../../protocol/reply_value.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { withoutRedis } from "../harness/redis_reference.ts";
import { bytesOf, CannedServer } from "./canned_server.ts";

const MAX_BYTES = 2 ** 24;

function decoded(reply: string): ReplyValue {
  const input = new ByteQueue({ initialBytes: 64, maxBytes: MAX_BYTES });
  const bytes = bytesOf(reply);
  input.append(bytes, 0, bytes.length);
  const value = new ReplyDecoder("resp").decode(input);
  if (value === undefined) throw new Error(`incomplete: ${JSON.stringify(reply)}`);
  return value;
}

function formatted(value: ReplyValue, style: ReplyStyle, asText = false): string {
  const out = new ByteQueue({ initialBytes: 16, maxBytes: MAX_BYTES });
  formatReply(out, value, style, asText);
  return latin1(out.bytes.subarray(out.head, out.tail));
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

async function redisCli(port: number, style: ReplyStyle, ...words: string[]): Promise<string> {
  const options = style === "pretty" ? ["--no-raw"] : ["--raw"];
  const output = await new Deno.Command("redis-cli", {
    args: ["-3", ...options, "-p", String(port), ...words],
    stdin: "null",
  }).output();
  assertEquals(new TextDecoder().decode(output.stderr), "");
  return latin1(output.stdout);
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `:${i}\r\n`).join("");

const REPLIES: readonly string[] = [
  "+OK\r\n",
  "+\r\n",
  "+two words\r\n",
  "-ERR no\r\n",
  "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
  ":0\r\n",
  ":-1\r\n",
  ":9223372036854775807\r\n",
  ":-9223372036854775808\r\n",
  "$-1\r\n",
  "*-1\r\n",
  "_\r\n",
  "$0\r\n\r\n",
  "$5\r\nhello\r\n",
  "$8\r\na\"b\\c'd \r\n",
  "$7\r\n\n\r\t\x07\b\0\x7f\r\n",
  "$4\r\n\xc3\xa9\xff\x80\r\n",
  "$11\r\nhello\nworld\r\n",
  ",1.5\r\n",
  ",1.50\r\n",
  ",-0\r\n",
  ",1e+20\r\n",
  ",inf\r\n",
  ",-inf\r\n",
  "#t\r\n",
  "#f\r\n",
  "=8\r\ntxt:abcd\r\n",
  "=9\r\nmkd:a\nb\n\n\r\n",
  "*0\r\n",
  "~0\r\n",
  "%0\r\n",
  "*1\r\n*0\r\n",
  "*2\r\n$1\r\na\r\n:1\r\n",
  "*2\r\n*2\r\n:1\r\n*2\r\n:2\r\n:3\r\n$-1\r\n",
  "*1\r\n*1\r\n*1\r\n*1\r\n+deep\r\n",
  `*9\r\n${numbers(9)}`,
  `*10\r\n${numbers(10)}`,
  `*12\r\n${numbers(10)}*11\r\n${numbers(11)}*1\r\n:1\r\n`,
  `*100\r\n${numbers(99)}*2\r\n${numbers(2)}`,
  "*3\r\n-ERR inside\r\n+OK\r\n#t\r\n",
  "~2\r\n:1\r\n$1\r\nb\r\n",
  "~1\r\n~2\r\n:1\r\n:2\r\n",
  "%1\r\n$1\r\nk\r\n$1\r\nv\r\n",
  "%2\r\n+a\r\n:1\r\n+b\r\n*2\r\n:1\r\n*1\r\n:2\r\n",
  "%2\r\n+a\r\n*0\r\n+b\r\n%0\r\n",
  "%2\r\n+a\r\n%1\r\n+x\r\n~2\r\n:1\r\n_\r\n+b\r\n~1\r\n:1\r\n",
  "%1\r\n*2\r\n:1\r\n:2\r\n%1\r\n+k\r\n*2\r\n~1\r\n:1\r\n$-1\r\n",
  `%11\r\n${numbers(20)}+k\r\n*1\r\n+v\r\n`,
  "*2\r\n%1\r\n+k\r\n*2\r\n:1\r\n:2\r\n=5\r\ntxt:a\r\n",
];

Deno.test({
  name: "replies are printed as redis-cli prints them",
  ignore: withoutRedis,
  async fn() {
    await using server = new CannedServer();
    for (const reply of REPLIES) {
      server.reply = reply;
      for (const style of ["pretty", "raw"] as const) {
        const expected = await redisCli(server.port, style, "ANY");
        assertEquals(formatted(decoded(reply), style), expected, JSON.stringify(reply));
      }
    }
  },
});

Deno.test({
  name: "replies that are text are printed as redis-cli prints them",
  ignore: withoutRedis,
  async fn() {
    await using server = new CannedServer();
    for (
      const reply of ["$5\r\na:1\r\n\r\n", "=8\r\ntxt:a\nb\n\r\n", "-ERR no\r\n", "$0\r\n\r\n"]
    ) {
      server.reply = reply;
      for (const style of ["pretty", "raw"] as const) {
        const expected = await redisCli(server.port, style, "INFO");
        assertEquals(formatted(decoded(reply), style, true), expected, JSON.stringify(reply));
      }
    }
  },
});

const line = fc.string({ maxLength: 12 }).map((text) => text.replace(/[^ -~]/g, "."));
const bulk = fc.uint8Array({ maxLength: 12 })
  .map((bytes) => `$${bytes.length}\r\n${latin1(bytes)}\r\n`);

/** Any reply that redis-cli can print, in its encoding. */
const anyReply: fc.Arbitrary<string> = fc.letrec<{ reply: string }>((tie) => ({
  reply: fc.oneof(
    { depthSize: "small", maxDepth: 5 },
    bulk,
    line.map((text) => `+${text}\r\n`),
    line.map((text) => `-ERR ${text}\r\n`),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => `:${value}\r\n`),
    fc.constantFrom(
      "_\r\n",
      "$-1\r\n",
      "*-1\r\n",
      "#t\r\n",
      "#f\r\n",
      ",0.1\r\n",
      "=4\r\ntxt:\r\n",
    ),
    fc.array(tie("reply"), { maxLength: 12 }).map((items) =>
      `*${items.length}\r\n${items.join("")}`
    ),
    fc.array(tie("reply"), { maxLength: 3 }).map((items) =>
      `~${items.length}\r\n${items.join("")}`
    ),
    fc.array(fc.tuple(tie("reply"), tie("reply")), { maxLength: 11 })
      .map((pairs) => `%${pairs.length}\r\n${pairs.flat().join("")}`),
  ),
})).reply;

Deno.test({
  name: "any nesting is printed as redis-cli prints it",
  ignore: withoutRedis,
  async fn() {
    await using server = new CannedServer();
    await fc.assert(
      fc.asyncProperty(anyReply, fc.constantFrom("pretty", "raw"), async (reply, style) => {
        server.reply = reply;
        assertEquals(formatted(decoded(reply), style), await redisCli(server.port, style, "ANY"));
      }),
      { numRuns: 150 },
    );
  },
});

Deno.test("what redis-cli cannot print", () => {
  const cases: readonly (readonly [reply: string, pretty: string, raw: string])[] = [
    [
      "(123456789012345678901\r\n",
      "(big number) 123456789012345678901\n",
      "123456789012345678901\n",
    ],
    ["!6\r\nERR no\r\n", "(error) ERR no\n", "ERR no\n\n"],
    [">2\r\n+message\r\n:1\r\n", "1) message\n2) (integer) 1\n", "message\n1\n"],
    [">0\r\n", "(empty push)\n", "\n"],
    ["*1\r\n|1\r\n+ttl\r\n:3\r\n:7\r\n", "1) (integer) 7\n", "7\n"],
  ];
  for (const [reply, pretty, raw] of cases) {
    assertEquals(formatted(decoded(reply), "pretty"), pretty);
    assertEquals(formatted(decoded(reply), "raw"), raw);
  }
});

Deno.test("long strings are quoted across the pieces they are written in", () => {
  const bytes = new Uint8Array(10_000).fill(0xff);
  assertEquals(formatted(bytes, "pretty"), `"${"\\xff".repeat(10_000)}"\n`);
  assertEquals(formatted(new Uint8Array(4097).fill(0x61), "pretty"), `"${"a".repeat(4097)}"\n`);
});
