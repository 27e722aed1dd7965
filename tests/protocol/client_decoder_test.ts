/**
 * The client's reply decoder on what no writer of ours sends: other servers' forms, lies and noise.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { ReplyDecoder, ReplyFormatError, type ReplyLimits } from "../../protocol/client_decoder.ts";
import {
  ReplyBigNumber,
  ReplyDouble,
  ReplyError,
  ReplyMap,
  ReplyPush,
  ReplySet,
  type ReplyValue,
  ReplyVerbatim,
} from "../../protocol/reply_value.ts";
import { bytesOf, nativeFrame, textOf, uint32 } from "./decoding.ts";

/** Every value in the text, fed `step` bytes at a time. */
function decodeAll(
  text: string,
  protocol: "resp" | "native" = "resp",
  step = text.length,
  limits: Partial<ReplyLimits> = {},
): ReplyValue[] {
  const input = new ByteQueue({ initialBytes: 16, maxBytes: 1 << 24 });
  const decoder = new ReplyDecoder(protocol, limits);
  const bytes = bytesOf(text);
  const values: ReplyValue[] = [];
  for (let at = 0; at < bytes.length; at += step) {
    input.append(bytes, at, Math.min(step, bytes.length - at));
    for (;;) {
      const value = decoder.decode(input);
      if (value === undefined) break;
      values.push(value);
    }
  }
  return values;
}

Deno.test("client: every RESP type, whole and byte by byte", () => {
  const table: [string, ReplyValue[]][] = [
    ["+\r\n+OK\r\n", ["", "OK"]],
    ["-ERR a b\r\n", [new ReplyError("ERR a b")]],
    [":0\r\n:-5\r\n:9223372036854775807\r\n", [0, -5, 9223372036854775807n]],
    ["$0\r\n\r\n$4\r\n\r\n\r\n\r\n$-1\r\n", [bytesOf(""), bytesOf("\r\n\r\n"), null]],
    ["*0\r\n*-1\r\n*2\r\n:1\r\n*1\r\n+a\r\n", [[], null, [1, ["a"]]]],
    ["_\r\n#t\r\n#f\r\n", [null, true, false]],
    [
      ",1.50\r\n,inf\r\n,-inf\r\n,1e5\r\n",
      [
        new ReplyDouble(1.5, "1.50"),
        new ReplyDouble(Infinity, "inf"),
        new ReplyDouble(-Infinity, "-inf"),
        new ReplyDouble(100000, "1e5"),
      ],
    ],
    [",nan\r\n,-nan\r\n", [new ReplyDouble(NaN, "nan"), new ReplyDouble(NaN, "-nan")]],
    ["(-123456789012345678901234567890\r\n", [
      new ReplyBigNumber(-123456789012345678901234567890n),
    ]],
    ["!5\r\nERR a\r\n", [new ReplyError("ERR a")]],
    ["=7\r\nmkd:a\nb\r\n=4\r\ntxt:\r\n", [
      new ReplyVerbatim("mkd", "a\nb"),
      new ReplyVerbatim("txt", ""),
    ]],
    ["%0\r\n%2\r\n+a\r\n:1\r\n+b\r\n%1\r\n:2\r\n:3\r\n", [
      new ReplyMap([]),
      new ReplyMap([["a", 1], ["b", new ReplyMap([[2, 3]])]]),
    ]],
    ["~0\r\n~2\r\n:1\r\n:2\r\n", [new ReplySet([]), new ReplySet([1, 2])]],
    [">2\r\n+invalidate\r\n*1\r\n+k\r\n:7\r\n", [new ReplyPush(["invalidate", ["k"]]), 7]],
    ["|1\r\n+ttl\r\n:3\r\n:7\r\n|0\r\n:8\r\n", [7, 8]],
    ["*2\r\n|1\r\n+a\r\n*1\r\n:1\r\n:2\r\n:3\r\n:4\r\n", [[2, 3], 4]],
    ["*1\r\n*1\r\n*1\r\n*0\r\n:1\r\n", [[[[[]]]], 1]],
  ];
  for (const [text, values] of table) {
    for (const step of [1, 2, 3, text.length]) {
      assertEquals(decodeAll(text, "resp", step), values, JSON.stringify(text));
    }
  }
  assertEquals(new ReplyError("WRONGTYPE no").code, "WRONGTYPE");
  assertEquals(new ReplyError("ERR").code, "ERR");
});

Deno.test("client: RESP that is none is refused", () => {
  const lines = [
    ...["", "x", "\0", "HTTP/1.1 200 OK", "_x", "#", "#x", "#true", ",", ",x", ",1 ", "(", "(x"],
    ...["(1.0", "(+1", ":", ":x", ": 1", ":+1", ":1.0", ":9223372036854775808", "$", "$x", "$-2"],
    ...["$1x", "$03", "*", "*x", "*-2", "%", "%-1", "~-1", ">-1", "|-1", "!-1", "=-1", "$?", "*?"],
  ];
  for (const line of lines) {
    assertThrows(() => decodeAll(`${line}\r\n`), ReplyFormatError);
    assertThrows(() => decodeAll(`${line}\r\n`, "resp", 1), ReplyFormatError);
  }
  assertThrows(() => decodeAll("+a\n"), ReplyFormatError);
  for (const text of ["$1\r\nab\r\n", "$1\r\na\n\n ", "=3\r\ntxt\r\n", "=4\r\ntxt;\r\n"]) {
    assertThrows(() => decodeAll(text), ReplyFormatError);
  }
});

Deno.test("client: nesting, lengths and lines are bounded", () => {
  const nested = (depth: number) => "*1\r\n".repeat(depth) + ":1\r\n";
  assertEquals(decodeAll(nested(128)).length, 1);
  assertThrows(() => decodeAll(nested(129)), ReplyFormatError, "nested");
  assertThrows(() => decodeAll("*1\r\n".repeat(100_000)), ReplyFormatError, "nested");
  assertEquals(decodeAll(nested(3), "resp", 1, { maxDepth: 3 }), [[[[1]]]]);
  assertThrows(() => decodeAll("$536870913\r\n"), ReplyFormatError, "string length");
  assertThrows(() => decodeAll("$99999999999999999999\r\n"), ReplyFormatError, "string length");
  assertThrows(() => decodeAll("*99999999999\r\n"), ReplyFormatError, "item count");
  assertEquals(decodeAll("*1000000\r\n$536870912\r\nabc"), []);
  assertThrows(
    () => decodeAll("+" + "a".repeat(200), "resp", 1, { maxLineBytes: 100 }),
    ReplyFormatError,
    "line",
  );
});

Deno.test("client: native values", () => {
  const integer = (value: bigint) =>
    "\x03" + textOf(new Uint8Array(BigInt64Array.of(value).buffer));
  const table: [string, ReplyValue][] = [
    ["\0", null],
    ["\x01" + uint32(3) + "ERR", new ReplyError("ERR")],
    ["\x02" + uint32(2) + "\xff\0", bytesOf("\xff\0")],
    [integer(-5n), -5],
    [integer(2n ** 62n), 2n ** 62n],
    ["\x04" + textOf(new Uint8Array(Float64Array.of(0.1).buffer)), new ReplyDouble(0.1, "0.1")],
    ["\x05" + uint32(2) + "\0\x05" + uint32(0), [null, []]],
  ];
  for (const [body, value] of table) {
    assertEquals(decodeAll(nativeFrame(body), "native"), [value]);
    assertEquals(decodeAll(nativeFrame(body).repeat(2), "native", 1), [value, value]);
  }
});

Deno.test("client: native frames that lie are refused", () => {
  const bodies = [
    "",
    "\x06",
    "\0\0",
    "\x01" + uint32(4) + "ERR",
    "\x02" + uint32(0xffffffff) + "a",
    "\x02\x01",
    "\x03abc",
    "\x04abc",
    "\x05" + uint32(2) + "\0",
    "\x05" + uint32(0xffffffff),
    ("\x05" + uint32(1)).repeat(200) + "\0",
  ];
  for (const body of bodies) {
    assertThrows(() => decodeAll(nativeFrame(body), "native"), ReplyFormatError);
  }
  assertThrows(() => decodeAll(uint32(0xffffffff), "native"), ReplyFormatError, "frame");
});

Deno.test("client: noise ends in values or a format error, nothing else", () => {
  const noise = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."*$:+-_#,(!=%~>|\r\n\r\n0123tfxab"), maxLength: 60 }),
    fc.uint8Array({ maxLength: 60 }).map(textOf),
    fc.uint8Array({ maxLength: 40, max: 5 }).map((bytes) => nativeFrame(textOf(bytes))),
  );
  const attempt = (text: string, protocol: "resp" | "native", step: number): string => {
    try {
      decodeAll(text, protocol, step);
      return "";
    } catch (error) {
      assert(error instanceof ReplyFormatError, String(error));
      return error.message;
    }
  };
  fc.assert(
    fc.property(noise, fc.constantFrom("resp", "native"), (text, protocol) => {
      assertEquals(attempt(text, protocol, 1), attempt(text, protocol, text.length || 1));
    }),
    { numRuns: 3000 },
  );
});
