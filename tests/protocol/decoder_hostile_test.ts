/**
 * The request decoder against clients that lie, send noise, or mean harm; and random honest ones.
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RequestBatch } from "../../protocol/arguments.ts";
import { DecodeStatus } from "../../protocol/decoder.ts";
import {
  type RequestArguments,
  writeNativeCommandLine,
  writeNativeRequest,
  writeRespRequest,
} from "../../protocol/request_writer.ts";
import {
  bytesOf,
  decodeChunks,
  decodeText,
  DecodingPeer,
  inputQueue,
  limits,
  nativeFrame,
  nativeVector,
  resp,
  singleBytes,
  textOf,
  uint32,
} from "./decoding.ts";

const MiB = 1024 * 1024;

/** Input that breaks the protocol at its end, the error, and the limits if not the usual ones. */
const broken: [input: string, error: string, under?: Parameters<typeof limits>[0]][] = [
  ["*1000000000\r\n", "invalid multibulk length"],
  ["*1048577\r\n", "invalid multibulk length"],
  ["*99999999999999999999\r\n", "invalid multibulk length"],
  ["*-99999999999999999999\r\n", "invalid multibulk length"],
  ["*\r\n  ", "invalid multibulk length"],
  ["*x\r\n ", "invalid multibulk length"],
  ["*01\r\n", "invalid multibulk length"],
  ["*+1\r\n", "invalid multibulk length"],
  ["*1 \r\n", "invalid multibulk length"],
  ["*-0\r\n", "invalid multibulk length"],
  ["*/\r\n ", "invalid multibulk length"],
  ["*:\r\n ", "invalid multibulk length"],
  ["*1\r\n*1\r\n", "expected '$', got '*'"],
  ["*1\r\n\r\n", "expected '$', got '\r'"],
  ["*2\r\n$1\r\na\r\nb\r\n", "expected '$', got 'b'"],
  ["*1\r\n$-1\r\n", "invalid bulk length"],
  ["*1\r\n$-5\r\n", "invalid bulk length"],
  ["*1\r\n$\r\n", "invalid bulk length"],
  ["*1\r\n$a\r\n", "invalid bulk length"],
  ["*1\r\n$03\r\nGET\r\n", "invalid bulk length"],
  ["*1\r\n$3x\r\nGET\r\n", "invalid bulk length"],
  ["*1\r\n$x3\r\nGET\r\n", "invalid bulk length"],
  ["*1\r\n$536870913\r\n", "invalid bulk length"],
  ["*1\r\n$1048577\r\n", "invalid bulk length", { maxBulkBytes: MiB }],
  ["*1\r\n$99999999999999999999\r\n", "invalid bulk length"],
  ["*11\r\n", "unauthenticated multibulk length", { authenticated: false }],
  ["*1048577\r\n", "invalid multibulk length", { authenticated: false }],
  ["*1\r\n$16385\r\n", "unauthenticated bulk length", { authenticated: false }],
  ["*" + "1".repeat(64 * 1024), "too big mbulk count string"],
  ["*1\r\n$" + "1".repeat(64 * 1024), "too big bulk count string"],
  ["a".repeat(64 * 1024 + 1), "too big inline request"],
  // What is unescaped in place must not look like the beginning of an array.
  ['"*abc\n', "unbalanced quotes in request"],
  ['"\\x2aabc\n', "unbalanced quotes in request"],
  ["'*'abc\n", "unbalanced quotes in request"],
  // No limit is above what the server holds.
  ["*2147483648\r\n", "invalid multibulk length", { maxMultibulk: Infinity }],
  ["*1\r\n$1073737729\r\n", "invalid bulk length", { maxBulkBytes: 2 ** 32 }],
  ["*1\r\n$2148532224\r\n", "invalid bulk length", { maxBulkBytes: 2 ** 32 }],
  ["*1\r\n$9007199254740991\r\n", "invalid bulk length", { maxBulkBytes: Infinity }],
  ["*1\r\n$9223372036854775807\r\n", "invalid bulk length", { maxBulkBytes: Infinity }],
  ['GET "a\n', "unbalanced quotes in request"],
  ["GET 'a\n", "unbalanced quotes in request"],
  ['GET "a"b\n', "unbalanced quotes in request"],
  ["GET 'a'b\n", "unbalanced quotes in request"],
  ["GET 'a''b'\n", "unbalanced quotes in request"],
  ['GET "a\\\n', "unbalanced quotes in request"],
  ['GET "a\\"\n', "unbalanced quotes in request"],
  ["GET 'a\\'\n", "unbalanced quotes in request"],
  ["a b c d e f g h i j k\n", "too many arguments", { maxMultibulk: 10 }],
  [uint32(64 * MiB + 1), "invalid frame length"],
  [uint32(0x08ffffff), "invalid frame length"],
  [nativeFrame("PING") + uint32(0xffffffff), "invalid frame length"],
  [nativeFrame('GET "a'), "unbalanced quotes in request"],
  [nativeFrame("a b c d e f g h i j k"), "too many arguments", { maxMultibulk: 10 }],
  [nativeFrame(uint32(1)), "invalid argument count"],
  [nativeFrame(uint32(1048576) + "aaaa"), "invalid argument count"],
  [nativeFrame(uint32(2) + uint32(1) + "abcd"), "invalid argument length"],
  [nativeFrame(uint32(2) + uint32(0) + uint32(1)), "invalid argument length"],
  [nativeFrame(uint32(1) + uint32(0xffffffff) + "a"), "invalid argument length"],
  [nativeFrame(uint32(1) + uint32(1) + "ab"), "bytes after the last argument"],
  [nativeFrame(uint32(0) + "a"), "bytes after the last argument"],
  [nativeVector(..."abcdefghijk"), "invalid argument count", { maxMultibulk: 10 }],
  [nativeVector("a".repeat(MiB + 1)), "invalid argument length", { maxBulkBytes: MiB }],
  [nativeVector(..."abcdefghijk"), "unauthenticated argument count", { authenticated: false }],
  [nativeVector("a".repeat(16_385)), "unauthenticated argument length", { authenticated: false }],
  [uint32(200_000), "unauthenticated frame length", { authenticated: false }],
];

Deno.test("decoder: what breaks the protocol fails with its error, after what came before", () => {
  for (const [input, problem, changes] of broken) {
    const under = limits(changes);
    const error = `ERR Protocol error: ${problem}`;
    const name = JSON.stringify(input.slice(0, 40));
    assertEquals(decodeText(input, under).error, error, name);
    if (input.length < 70_000) {
      assertEquals(decodeChunks(singleBytes(bytesOf(input)), under).error, error, name);
    }
    const native = input.charCodeAt(3) < 9;
    const before = native ? nativeFrame("GET key") : resp("GET", "key");
    const decoded = decodeText(before + input, under);
    assertEquals([decoded.error, decoded.requests[0]], [error, ["GET", "key"]], name);
  }
});

Deno.test("decoder: a failed connection stays failed and takes nothing more", () => {
  for (const input of ["*x\r\n ", 'a"\r\n   ', uint32(0x7000000)]) {
    const peer = new DecodingPeer(limits());
    assertEquals(peer.receive(bytesOf(input)), DecodeStatus.Failed);
    const { length } = peer.input;
    assertEquals(peer.receive(bytesOf(resp("PING"))), DecodeStatus.Failed);
    assertEquals([peer.requests.length, peer.input.length], [0, length + 14]);
  }
});

Deno.test("decoder: the largest legal sizes are accepted", () => {
  const accepted: [string, Parameters<typeof limits>[0]?][] = [
    ["*1048576\r\n"],
    ["*1\r\n$536870912\r\n"],
    ["*10\r\n$16384\r\n", { authenticated: false }],
    ["*2147483647\r\n", { maxMultibulk: Infinity }],
    ["*1\r\n$1073737728\r\n", { maxBulkBytes: Infinity }],
    ["a".repeat(64 * 1024)],
    ["*" + "1".repeat(64 * 1024 - 1)],
    [uint32(64 * MiB)],
  ];
  for (const [input, changes] of accepted) {
    assertEquals(decodeText(input, limits(changes)).error, "", input.slice(0, 40));
  }
  // Longer lines, too, where they come with their end.
  for (const bytes of [65_536, 65_537, 100_000, 1_000_000]) {
    assertEquals(decodeText("a".repeat(bytes) + "\r\n").requests, [["a".repeat(bytes)]]);
    assertEquals(
      decodeText("*" + "1".repeat(bytes) + "\r\n").error,
      "ERR Protocol error: invalid multibulk length",
    );
    assertEquals(
      decodeText("*1\r\n$" + "1".repeat(bytes) + "\r\n").error,
      "ERR Protocol error: invalid bulk length",
    );
  }
  const words = decodeText("a ".repeat(32 * 1024) + "\n").requests;
  assertEquals(words.map((request) => request.length), [32 * 1024]);
});

Deno.test("decoder: a claimed length takes no memory before its bytes come", () => {
  const batch = new RequestBatch();
  const { length } = batch.offsets;
  const peer = new DecodingPeer(limits(), batch);
  peer.receive(bytesOf("*1048576\r\n$536870912\r\nabc"));
  assertEquals(batch.offsets.length, length);
  assert(peer.input.bytes.length < 100);
  // Nor does a count, however much of one argument comes.
  const counted = new DecodingPeer(limits({ maxMultibulk: Infinity }), batch);
  for (const text of ["*2147483647\r\n", "$3000000\r\n", "a".repeat(2_000_000)]) {
    counted.receive(bytesOf(text));
  }
  assertEquals(batch.offsets.length, length);
  assert(batch.takePartial().offsets.length < 100);
});

Deno.test("decoder: errors repeat a byte as it came", () => {
  for (let byte = 0; byte < 256; byte++) {
    if (byte === 0x24) continue;
    const character = String.fromCharCode(byte);
    const { error } = decodeText(`*1\r\n${character}x\r\n`);
    assertEquals(error, `ERR Protocol error: expected '$', got '${character}'`);
  }
});

Deno.test("decoder: random bytes never throw, whole and byte by byte alike", () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map(textOf),
    fc.string({ unit: fc.constantFrom(..."*$\r\n0123-\"'\\x aA\0\x01\xff"), maxLength: 60 }),
    // Well-formed up to some mutation.
    fc.tuple(
      fc.constantFrom(
        resp("SET", "key", "value") + resp("PING"),
        nativeVector("SET", "key", "value") + nativeFrame("GET key"),
        `SET key "a\\x20b" 'c'\r\nPING\r\n`,
      ),
      fc.nat(40),
      fc.nat(3),
      fc.uint8Array({ maxLength: 3 }).map(textOf),
    ).map(([text, at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed)),
  );
  const batch = new RequestBatch();
  const sets = [limits(), limits({ authenticated: false }), limits({ maxInlineBytes: 16 })];
  fc.assert(
    fc.property(noise, fc.constantFrom(...sets), (text, under) => {
      const bytes = bytesOf(text);
      const whole = decodeChunks([bytes], under, batch);
      const single = decodeChunks(singleBytes(bytes), under, batch);
      // Telling the protocols apart may need bytes that are not there yet: "a\n" is a line, even if
      // a frame's length was to come of it.
      if (whole.protocol !== single.protocol) return;
      // A line that is longer than the limit is taken if it comes with its end, as on Redis.
      if (single.error.includes("too big")) return;
      assertEquals(single.requests, whole.requests);
      assertEquals(single.error, whole.error);
      for (const request of whole.requests) {
        assert(request.length > 0);
        for (const argument of request) assert(argument.length <= text.length);
      }
    }),
    { numRuns: 5000 },
  );
});

const argument = fc.oneof(
  fc.uint8Array({ maxLength: 120 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", "GET", "\r\n", "x".repeat(1000)),
);
const request = fc.array(argument, { minLength: 1, maxLength: 12 });

/** A request as decodeChunks() reports it. */
function expected(request: RequestArguments): string[] {
  const encoder = new TextEncoder();
  return request.map((a) => textOf(typeof a === "string" ? encoder.encode(a) : a));
}

/** The bytes, cut at random places. */
function cut(bytes: Uint8Array, cuts: number[]): Uint8Array[] {
  const places = cuts.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i]));
}

const cuts = fc.array(fc.nat(), { maxLength: 8 });

Deno.test("decoder: random requests arrive as they were written", () => {
  const requests = fc.array(request, { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(requests, cuts, fc.constantFrom("resp", "native"), (requests, cuts, protocol) => {
      const out = inputQueue();
      const write = protocol === "resp" ? writeRespRequest : writeNativeRequest;
      for (const request of requests) write(out, request);
      const bytes = out.bytes.slice(out.head, out.tail);
      // The first four bytes stay together; a native length may look like a short line.
      const chunks = cut(bytes.subarray(4), cuts);
      const decoded = decodeChunks([bytes.subarray(0, 4), ...chunks]);
      assertEquals(decoded, { requests: requests.map(expected), error: "", left: 0, protocol });
    }),
    { numRuns: 300 },
  );
});

Deno.test("decoder: random words survive quoting, in lines and in native command lines", () => {
  const quote = (bytes: Uint8Array) =>
    `"${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"`;
  const lines = fc.array(fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1 }), {
    minLength: 1,
    maxLength: 10,
  });
  fc.assert(fc.property(lines, cuts, (lines, cuts) => {
    const requests = lines.map(expected);
    const text = lines.map((words) => words.map(quote).join(" "));
    assertEquals(
      decodeChunks(cut(bytesOf(text.map((line) => line + "\r\n").join("")), cuts)).requests,
      requests,
    );
    const out = inputQueue();
    for (const line of text) writeNativeCommandLine(out, line);
    assertEquals(decodeChunks([out.bytes.slice(out.head, out.tail)]).requests, requests);
  }));
});
