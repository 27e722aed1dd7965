// The three reply writers against literal bytes, and against the client's decoder.

import { byteStringOfText } from "../../structures/bytes/byte_string.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteQueue, ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import { OutputQueue } from "../../structures/bytes/output_queue.ts";
import { drained } from "../structures/bytes/drained.ts";
import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import { NativeReply } from "../../protocol/native_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
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
import { RespReply } from "../../protocol/resp_reply.ts";
import { bytesOf, nativeFrame, textOf, uint32 } from "./decoding.ts";

/** Chunks so small that most replies are in several. */
function outputQueue(): OutputQueue {
  return new OutputQueue({ initialBytes: 16, maxBytes: 1 << 24, chunkBytes: 64 });
}

type Write = (reply: Reply) => void;

/** What a writer makes of one reply. */
function written(reply: Reply, write: Write): string {
  const mark = reply.begin();
  write(reply);
  reply.end(mark);
  return textOf(drained(reply.out));
}

const shared = new Uint8Array(new SharedArrayBuffer(200)).fill(0x7a);

function float64(value: number): string {
  return textOf(new Uint8Array(Float64Array.of(value).buffer));
}

function int64(value: bigint): string {
  return textOf(new Uint8Array(BigInt64Array.of(value).buffer));
}

const string = (text: string) => `\x02${uint32(text.length)}${text}`;
const error = (text: string) => `\x01${uint32(text.length)}${text}`;
const array = (count: number) => `\x05${uint32(count)}`;

/** One reply and its spelling in RESP2, in RESP3 (the same if left out), and the native body. */
const table: { write: Write; resp2: string; resp3?: string; native: string }[] = [
  { write: (r) => r.ok(), resp2: "+OK\r\n", native: "\0" },
  { write: (r) => r.nil(), resp2: "$-1\r\n", resp3: "_\r\n", native: "\0" },
  { write: (r) => r.nilArray(), resp2: "*-1\r\n", resp3: "_\r\n", native: "\0" },
  { write: (r) => r.status("OK"), resp2: "+OK\r\n", native: "\0" },
  { write: (r) => r.status("QUEUED"), resp2: "+QUEUED\r\n", native: string("QUEUED") },
  { write: (r) => r.status("a\r\nb"), resp2: "+a  b\r\n", native: string("a\r\nb") },
  { write: (r) => r.error("ERR no"), resp2: "-ERR no\r\n", native: error("ERR no") },
  {
    write: (r) => r.error("E \n\r \xc3\xa9"),
    resp2: "-E    \xc3\xa9\r\n",
    native: error("E \n\r \xc3\xa9"),
  },
  { write: (r) => r.integer(0), resp2: ":0\r\n", native: "\x03" + int64(0n) },
  { write: (r) => r.integer(9), resp2: ":9\r\n", native: "\x03" + int64(9n) },
  { write: (r) => r.integer(-1), resp2: ":-1\r\n", native: "\x03" + int64(-1n) },
  { write: (r) => r.integer(1234567), resp2: ":1234567\r\n", native: "\x03" + int64(1234567n) },
  {
    write: (r) => r.integer(-Number.MAX_SAFE_INTEGER),
    resp2: ":-9007199254740991\r\n",
    native: "\x03" + int64(-9007199254740991n),
  },
  {
    write: (r) => r.integer(2 ** 32),
    resp2: ":4294967296\r\n",
    native: "\x03" + int64(2n ** 32n),
  },
  {
    write: (r) => r.bigInteger(-(2n ** 63n)),
    resp2: ":-9223372036854775808\r\n",
    native: "\x03" + int64(-(2n ** 63n)),
  },
  { write: (r) => r.bulk(""), resp2: "$0\r\n\r\n", native: string("") },
  { write: (r) => r.bulk("hello"), resp2: "$5\r\nhello\r\n", native: string("hello") },
  { write: (r) => r.bulk("a\r\nb"), resp2: "$4\r\na\r\nb\r\n", native: string("a\r\nb") },
  {
    write: (r) => r.bulk("é€😀\ud800"),
    resp2: "$12\r\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd\r\n",
    native: string("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd"),
  },
  {
    write: (r) => r.bulk("x".repeat(5000)),
    resp2: `$5000\r\n${"x".repeat(5000)}\r\n`,
    native: string("x".repeat(5000)),
  },
  {
    write: (r) => r.bulkBytes(bytesOf("abc\0\xff"), 2, 3),
    resp2: "$3\r\nc\0\xff\r\n",
    native: string("c\0\xff"),
  },
  { write: (r) => r.bulkBytes(shared, 5, 0), resp2: "$0\r\n\r\n", native: string("") },
  {
    write: (r) => r.bulkBytes(shared, 5, 64),
    resp2: `$64\r\n${"z".repeat(64)}\r\n`,
    native: string("z".repeat(64)),
  },
  {
    write: (r) => r.bulkBytes(shared, 5, 150),
    resp2: `$150\r\n${"z".repeat(150)}\r\n`,
    native: string("z".repeat(150)),
  },
  {
    write: (r) => r.double(1.5),
    resp2: "$3\r\n1.5\r\n",
    resp3: ",1.5\r\n",
    native: "\x04" + float64(1.5),
  },
  {
    write: (r) => r.double(-0),
    resp2: "$2\r\n-0\r\n",
    resp3: ",-0\r\n",
    native: "\x04" + float64(-0),
  },
  {
    write: (r) => r.double(1e20),
    resp2: "$5\r\n1e+20\r\n",
    resp3: ",1e+20\r\n",
    native: "\x04" + float64(1e20),
  },
  {
    write: (r) => r.double(0.12345678),
    resp2: "$10\r\n0.12345678\r\n",
    resp3: ",0.12345678\r\n",
    native: "\x04" + float64(0.12345678),
  },
  {
    write: (r) => r.double(-1.2345678901234568e-300),
    resp2: "$24\r\n-1.2345678901234568e-300\r\n",
    resp3: ",-1.2345678901234568e-300\r\n",
    native: "\x04" + float64(-1.2345678901234568e-300),
  },
  {
    write: (r) => r.double(Infinity),
    resp2: "$3\r\ninf\r\n",
    resp3: ",inf\r\n",
    native: "\x04" + float64(Infinity),
  },
  {
    write: (r) => r.double(-Infinity),
    resp2: "$4\r\n-inf\r\n",
    resp3: ",-inf\r\n",
    native: "\x04" + float64(-Infinity),
  },
  {
    write: (r) => r.double(NaN),
    resp2: "$3\r\nnan\r\n",
    resp3: ",nan\r\n",
    native: "\x04" + float64(NaN),
  },
  { write: (r) => r.boolean(true), resp2: ":1\r\n", resp3: "#t\r\n", native: "\x03" + int64(1n) },
  { write: (r) => r.boolean(false), resp2: ":0\r\n", resp3: "#f\r\n", native: "\x03" + int64(0n) },
  {
    write: (r) => r.bigNumber("-12345678901234567890"),
    resp2: "$21\r\n-12345678901234567890\r\n",
    resp3: "(-12345678901234567890\r\n",
    native: string("-12345678901234567890"),
  },
  {
    write: (r) => r.verbatim("txt", "a\né"),
    resp2: "$4\r\na\n\xc3\xa9\r\n",
    resp3: "=8\r\ntxt:a\n\xc3\xa9\r\n",
    native: string("a\n\xc3\xa9"),
  },
  { write: (r) => r.array(0), resp2: "*0\r\n", native: array(0) },
  { write: (r) => r.array(123456), resp2: "*123456\r\n", native: array(123456) },
  { write: (r) => r.map(3), resp2: "*6\r\n", resp3: "%3\r\n", native: array(6) },
  { write: (r) => r.set(10), resp2: "*10\r\n", resp3: "~10\r\n", native: array(10) },
  { write: (r) => r.push(3), resp2: "*3\r\n", resp3: ">3\r\n", native: array(3) },
  {
    write: (r) => {
      r.array(2);
      r.map(1);
      r.bulk("k");
      r.set(1);
      r.nil();
      r.integer(7);
    },
    resp2: "*2\r\n*2\r\n$1\r\nk\r\n*1\r\n$-1\r\n:7\r\n",
    resp3: "*2\r\n%1\r\n$1\r\nk\r\n~1\r\n_\r\n:7\r\n",
    native: array(2) + array(2) + string("k") + array(1) + "\0\x03" + int64(7n),
  },
];

Deno.test("replies: RESP2 to the byte", () => {
  const reply = new RespReply(outputQueue(), 2);
  for (const { write, resp2 } of table) assertEquals(written(reply, write), resp2);
});

Deno.test("replies: RESP3 to the byte", () => {
  const reply = new RespReply(outputQueue(), 3);
  for (const { write, resp2, resp3 } of table) assertEquals(written(reply, write), resp3 ?? resp2);
});

Deno.test("replies: attributes are for RESP3 alone", () => {
  const attributes: Write = (reply) => reply.attributes(12);
  assertEquals(written(new RespReply(outputQueue(), 3), attributes), "|12\r\n");
  assertThrows(() => written(new RespReply(outputQueue(), 2), attributes), Error, "RESP2");
  assertThrows(() => written(new NativeReply(outputQueue()), attributes), Error, "native");
});

Deno.test("replies: native to the byte", () => {
  const reply = new NativeReply(outputQueue());
  for (const { write, native } of table) assertEquals(written(reply, write), nativeFrame(native));
});

Deno.test("replies: native has no frame that is longer than its length can say", () => {
  const largest = (length: number) => {
    const out = outputQueue();
    const reply = new NativeReply(out, 100);
    const first = written(reply, (r) => r.integer(1));
    // The value's tag and length are five bytes.
    const second = written(reply, (r) => r.bulk("x".repeat(length - 5)));
    const third = written(reply, (r) => r.integer(1));
    assertEquals(third, first);
    return second;
  };
  const error = written(
    new NativeReply(outputQueue()),
    (r) => r.error("ERR the reply is too large for a frame"),
  );
  assertEquals(largest(100).length, 104);
  assertEquals(largest(101), error);
});

const writers: [string, (out: OutputQueue) => Reply][] = [
  ["RESP2", (out) => new RespReply(out, 2)],
  ["RESP3", (out) => new RespReply(out, 3)],
  ["native", (out) => new NativeReply(out)],
];

for (const [name, create] of writers) {
  Deno.test(`replies: ${name} rolls back to the beginning of the reply, wherever it moved`, () => {
    const out = outputQueue();
    const reply = create(out);
    const first = written(reply, (r) => r.integer(1));
    out.append(bytesOf("sent"), 0, 4);
    out.append(bytesOf(first), 0, first.length);
    out.sent(out.take(4).length);
    const failed = written(create(outputQueue()), (r) => r.error("ERR internal error"));
    const mark = reply.begin();
    reply.array(1000);
    for (let i = 0; i < 500; i++) reply.bulk("x".repeat(20));
    reply.rollback(mark);
    reply.error("ERR internal error");
    reply.end(mark);
    assertEquals(textOf(drained(out)), first + failed);
  });

  Deno.test(`replies: ${name} leaves no trace of a reply that wrote nothing`, () => {
    const out = outputQueue();
    const reply = create(out);
    out.append(bytesOf("before"), 0, 6);
    out.sent(out.take(2).length);
    const mark = reply.begin();
    reply.end(mark);
    assertEquals(textOf(drained(out)), "fore");
  });

  Deno.test(`replies: ${name} stays within the queue's bound`, () => {
    const out = new OutputQueue({ initialBytes: 16, maxBytes: 100 });
    const reply = create(out);
    const mark = reply.begin();
    assertThrows(() => reply.bulk("x".repeat(100)), ByteQueueFullError);
    assertThrows(() => reply.bulkBytes(shared, 0, 100), ByteQueueFullError);
    reply.rollback(mark);
    reply.error("ERR");
    reply.end(mark);
    assert(out.length < 20);
  });
}

/** A random reply: how to write it, and what each protocol's client gets. */
interface Sample {
  write: Write;
  resp2: ReplyValue;
  resp3: ReplyValue;
  native: ReplyValue;
}

const encoder = new TextEncoder();
const bulk = (text: string) => encoder.encode(text);
const same = (write: Write, value: ReplyValue): Sample => ({
  write,
  resp2: value,
  resp3: value,
  native: value,
});

function doubleSample(value: number): Sample {
  // The text in RESP2 is the text in RESP3, and only its value has to be right.
  const text = written(new RespReply(outputQueue(), 3), (r) => r.double(value)).slice(1, -2);
  assert(Object.is(Number(text.replace("inf", "Infinity")), value));
  const double = new ReplyDouble(value, text);
  return { write: (r) => r.double(value), resp2: bulk(text), resp3: double, native: double };
}

function integerSample(value: bigint): Sample {
  const small = Number(value);
  if (!Number.isSafeInteger(small)) return same((r) => r.bigInteger(value), value);
  return same((r) => r.integer(small), small);
}

function aggregateSample(kind: "array" | "set" | "push", items: Sample[]): Sample {
  const resp3 = items.map((item) => item.resp3);
  return {
    write: (r) => {
      r[kind](items.length);
      for (const item of items) item.write(r);
    },
    resp2: items.map((item) => item.resp2),
    resp3: kind === "array" ? resp3 : kind === "set" ? new ReplySet(resp3) : new ReplyPush(resp3),
    native: items.map((item) => item.native),
  };
}

function mapSample(pairs: [Sample, Sample][]): Sample {
  const flat = pairs.flat();
  return {
    write: (r) => {
      r.map(pairs.length);
      for (const item of flat) item.write(r);
    },
    resp2: flat.map((item) => item.resp2),
    resp3: new ReplyMap(pairs.map(([key, value]) => [key.resp3, value.resp3])),
    native: flat.map((item) => item.native),
  };
}

const line = fc.string({ unit: fc.constantFrom(..."abc é€😀-$"), maxLength: 20 });

const { sample } = fc.letrec<{ sample: Sample; leaf: Sample }>((tie) => ({
  leaf: fc.oneof(
    fc.constant({ ...same((r) => r.ok(), "OK"), native: null }),
    fc.constant(same((r) => r.nil(), null)),
    fc.constant(same((r) => r.nilArray(), null)),
    line.map((text) => ({
      ...same((r) => r.status(byteStringOfText(text)), text),
      native: bulk(text),
    })),
    line.map((text) => same((r) => r.error(byteStringOfText(text)), new ReplyError(text))),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(integerSample),
    fc.maxSafeInteger().map((value) => integerSample(BigInt(value))),
    fc.string({ unit: "binary", maxLength: 300 }).map((text) =>
      same((r) => r.bulk(text), bulk(text))
    ),
    fc.uint8Array({ maxLength: 300 }).map((bytes) =>
      same((r) => r.bulkBytes(bytes, 0, bytes.length), bytes)
    ),
    fc.double({ noNaN: true }).map(doubleSample),
    fc.boolean().map((value): Sample => ({
      write: (r) => r.boolean(value),
      resp2: Number(value),
      resp3: value,
      native: Number(value),
    })),
    fc.bigInt().map((value): Sample => ({
      write: (r) => r.bigNumber(`${value}`),
      resp2: bulk(`${value}`),
      resp3: new ReplyBigNumber(value),
      native: bulk(`${value}`),
    })),
    line.map((text): Sample => ({
      write: (r) => r.verbatim("txt", text),
      resp2: bulk(text),
      resp3: new ReplyVerbatim("txt", text),
      native: bulk(text),
    })),
  ),
  sample: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie("leaf"),
    fc.tuple(fc.constantFrom("array", "set", "push"), fc.array(tie("sample"), { maxLength: 5 }))
      .map(([kind, items]) => aggregateSample(kind, items)),
    fc.array(fc.tuple(tie("sample"), tie("sample")), { maxLength: 3 }).map(mapSample),
  ),
}));

for (const [name, create] of writers) {
  Deno.test(`replies: random ${name} replies reach the client, however they are cut`, () => {
    const expected = (s: Sample) =>
      name === "RESP2" ? s.resp2 : name === "RESP3" ? s.resp3 : s.native;
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (samples, step) => {
          const reply = create(outputQueue());
          for (const { write } of samples) {
            const mark = reply.begin();
            write(reply);
            reply.end(mark);
          }
          const bytes = drained(reply.out);
          const input = new ByteQueue({ initialBytes: 16, maxBytes: 1 << 24 });
          const decoder = new ReplyDecoder(name === "native" ? "native" : "resp");
          const values: ReplyValue[] = [];
          for (let at = 0; at < bytes.length; at += step) {
            input.append(bytes, at, Math.min(step, bytes.length - at));
            for (;;) {
              const value = decoder.decode(input);
              if (value === undefined) break;
              values.push(value);
            }
          }
          assertEquals(values, samples.map(expected));
          assertEquals(input.length, 0);
        },
      ),
      { numRuns: 200 },
    );
  });
}
