/**
 * The request decoder on known input: every form of request, split at every byte; resuming instead
 * of parsing again; batches and their bounds.
 */

import { assert, assertEquals } from "@std/assert";
import { Arguments, MAX_BATCH_REQUESTS, RequestBatch } from "../../protocol/arguments.ts";
import { DecodeStatus, RequestDecoder } from "../../protocol/decoder.ts";
import { MAX_MULTIBULK } from "../../protocol/request_limits.ts";
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

const long = "x".repeat(300);

/** Input and the requests in it. */
const corpus: { name: string; input: string; requests: string[][]; protocol: string }[] = [
  {
    name: "RESP",
    input: resp("PING") + resp("SET", "key", "") + resp("GET", "k".repeat(16)) +
      resp("ECHO", long) + resp(..."abcdefghijklm") + resp("SET", "\r\n$3\r\n*1\r\n", "\0\xff\n"),
    requests: [
      ["PING"],
      ["SET", "key", ""],
      ["GET", "k".repeat(16)],
      ["ECHO", long],
      [..."abcdefghijklm"],
      ["SET", "\r\n$3\r\n*1\r\n", "\0\xff\n"],
    ],
    protocol: "resp",
  },
  {
    name: "RESP with empty requests between",
    input: "*0\r\n*-1\r\n" + resp("A") + "*-9223372036854775808\r\n*0\r\n\r\n" + resp("B"),
    requests: [["A"], ["B"]],
    protocol: "resp",
  },
  {
    name: "inline",
    input: "PING\r\n\r\n\n  SET  key\tvalue \n" +
      `ECHO "a b\\x41\\x4a\\x4G\\n\\r\\t\\b\\a\\\\\\"\\q" 'it\\'s \\n "x"' mid"dle"\r\n` +
      `"" '' a""\nlast\n`,
    requests: [
      ["PING"],
      ["SET", "key", "value"],
      ["ECHO", 'a bAJx4G\n\r\t\b\x07\\"q', `it's \\n "x"`, "middle"],
      ["", "", "a"],
      ["last"],
    ],
    protocol: "resp",
  },
  {
    name: "inline and RESP in turn",
    input: "PING\r\n" + resp("GET", "a") + "GET b\n" + resp("GET", "c") + "\r\n" + resp("D"),
    requests: [["PING"], ["GET", "a"], ["GET", "b"], ["GET", "c"], ["D"]],
    protocol: "resp",
  },
  {
    name: "native",
    input: nativeFrame(`SET k "a\\x20b"`) + nativeVector("SET", "\0\xff\r\n", "") +
      nativeFrame("") + nativeVector() + nativeFrame("GO") + nativeFrame("PING") +
      nativeFrame("   ") + nativeVector("ECHO", long) + nativeFrame("A\nB\r\n"),
    requests: [["SET", "k", "a b"], ["SET", "\0\xff\r\n", ""], ["GO"], ["PING"], ["ECHO", long], [
      "A",
      "B",
    ]],
    protocol: "native",
  },
  {
    name: "native whose length looks like a line break",
    input: nativeFrame("GET abcdef") + nativeFrame("PING"),
    requests: [["GET", "abcdef"], ["PING"]],
    protocol: "native",
  },
];

for (const { name, input, requests, protocol } of corpus) {
  Deno.test(`decoder: ${name}, whole, split everywhere and byte by byte`, () => {
    const bytes = bytesOf(input);
    const expected = { requests, error: "", left: 0, protocol };
    const batch = new RequestBatch();
    assertEquals(decodeChunks([bytes], limits(), batch), expected);
    assertEquals(decodeChunks(singleBytes(bytes), limits(), batch), expected);
    for (let at = 1; at < bytes.length; at++) {
      const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
      assertEquals(decodeChunks(chunks, limits(), batch), expected, `split at ${at}`);
    }
  });
}

Deno.test("decoder: connections that share a batch do not disturb each other", () => {
  const batch = new RequestBatch();
  const peers = corpus.map(() => new DecodingPeer(limits(), batch));
  const inputs = corpus.map(({ input }) => bytesOf(input));
  const longest = Math.max(...inputs.map((bytes) => bytes.length));
  for (let at = 0; at < longest; at += 3) {
    peers.forEach((peer, i) => peer.receive(inputs[i].subarray(at, at + 3)));
  }
  peers.forEach((peer, i) => assertEquals(peer.requests, corpus[i].requests));
});

Deno.test("decoder: the first bytes tell the protocols apart", () => {
  const table: [string, string][] = [
    ["", "unknown"],
    ["P", "unknown"],
    ["PI", "unknown"],
    ["PIN", "unknown"],
    ["PING", "resp"],
    ["a\n", "resp"],
    ["a\r\n", "resp"],
    ["\na\n", "resp"],
    ["*1", "unknown"],
    ["*1\r\n", "resp"],
    ["\r\n\r\n", "resp"],
    ["\n\n\n\n", "resp"],
    ["\n", "unknown"],
    ["\r\n", "unknown"],
    ["abc\t", "resp"],
    ["\x0a\0\0", "unknown"],
    ["\x0a\0\0\0", "native"],
    ["abc\x04", "native"],
    ["\0\0\0\x08", "native"],
    ["\xff\xff\xff\xff", "resp"],
  ];
  for (const [text, protocol] of table) {
    assertEquals(decodeText(text).protocol, protocol, JSON.stringify(text));
    const bytes = bytesOf(text);
    assertEquals(decodeChunks(singleBytes(bytes)).protocol, protocol, JSON.stringify(text));
  }
  // Once decided it stays: what would be a native length is inline text now, and the reverse.
  assertEquals(decodeText("PING\r\n\x01\0\0\0\n").requests, [["PING"], ["\x01\0\0\0"]]);
  assertEquals(
    decodeText(nativeFrame("A") + "*1\r\n").error,
    "ERR Protocol error: invalid frame length",
  );
});

Deno.test("decoder: a batch takes a bounded number of requests, then goes on", () => {
  const input = inputQueue();
  const sent = bytesOf(resp("GET", "key").repeat(MAX_BATCH_REQUESTS * 2 + 5));
  input.append(sent, 0, sent.length);
  const decoder = new RequestDecoder(limits());
  const batch = new RequestBatch();
  const args = new Arguments();
  const counts: number[] = [];
  for (;;) {
    batch.clear();
    const status = decoder.decode(input, batch, true);
    counts.push(batch.count);
    for (let r = 0; r < batch.count; r++) {
      batch.view(args, r);
      assertEquals([args.count, args.text(0), args.text(1)], [2, "GET", "key"]);
    }
    if (status === DecodeStatus.NeedMore) break;
  }
  assertEquals(counts, [MAX_BATCH_REQUESTS, MAX_BATCH_REQUESTS, 5]);
  assertEquals(input.length, 0);
  assertEquals(decoder.decode(input, batch, true), DecodeStatus.NeedMore);
});

Deno.test("decoder: a full batch is left alone", () => {
  const input = inputQueue();
  const batch = new RequestBatch();
  for (let i = 0; i < MAX_BATCH_REQUESTS; i++) batch.finish(0);
  for (const text of [resp("A"), nativeFrame("A"), "A\r\nB\r\n"]) {
    input.append(bytesOf(text), 0, text.length);
    const decoder = new RequestDecoder(limits());
    assertEquals(decoder.decode(input, batch, true), DecodeStatus.Full);
    assertEquals(input.length, text.length);
    input.consume(input.length);
  }
});

Deno.test("decoder: a batch of giant requests ends early, and its arrays shrink again", () => {
  const input = inputQueue();
  const giant = bytesOf(resp(...Array.from({ length: 70_000 }, () => "")));
  for (let i = 0; i < 3; i++) input.append(giant, 0, giant.length);
  const decoder = new RequestDecoder(limits());
  const batch = new RequestBatch();
  const small = batch.offsets.length;
  assertEquals(decoder.decode(input, batch, true), DecodeStatus.Full);
  assertEquals(batch.count, 1);
  assert(batch.offsets.length >= 70_000);
  batch.clear();
  assertEquals([batch.offsets.length, batch.lengths.length], [small, small]);
});

Deno.test("decoder: a request of many arguments in small pieces is read once", () => {
  // Counts how often the decoder looks at a byte, which a parser that starts over cannot hide.
  const count = 100_000;
  const bytes = bytesOf(`*${count}\r\n` + "$1\r\na\r\n".repeat(count) + resp("PING"));
  let reads = 0;
  const view = new DataView(bytes.buffer);
  const countingView = {
    getInt32(at: number, littleEndian: boolean) {
      reads++;
      return view.getInt32(at, littleEndian);
    },
  };
  const counting = new Proxy(bytes, {
    get(target, key) {
      if (key === "view") return countingView;
      if (typeof key === "string" && key >= "0" && key <= ":") reads++;
      return Reflect.get(target, key, target);
    },
  });
  const input = inputQueue();
  input.bytes = counting as Uint8Array<ArrayBuffer>;
  const decoder = new RequestDecoder(limits());
  const batch = new RequestBatch();
  const step = 10_007;
  while (input.tail < bytes.length) {
    input.tail = Math.min(bytes.length, input.tail + step);
    assertEquals(batch.count, 0);
    decoder.decode(input, batch, true);
  }
  assertEquals(batch.count, 1);
  const args = new Arguments();
  batch.view(args, 0);
  assertEquals(args.count, count);
  batch.bytes = bytes;
  batch.view(args, 0);
  for (const i of [0, 1, 77_777, count - 1]) assertEquals(args.text(i), "a");
  batch.clear();
  assertEquals(decoder.decode(input, batch, true), DecodeStatus.NeedMore);
  assertEquals(batch.count, 1);
  batch.bytes = bytes;
  batch.view(args, 0);
  assertEquals([args.count, args.text(0)], [1, "PING"]);
  assert(reads < bytes.length * 2, `${reads} reads of ${bytes.length} bytes`);
});

Deno.test("decoder: many arguments, byte by byte at first and moved between reads", () => {
  const bytes = bytesOf(resp(...Array.from({ length: 100_000 }, (_, i) => String(i))));
  const peer = new DecodingPeer(limits());
  let at = 0;
  for (; at < 5000; at++) peer.receive(bytes.subarray(at, at + 1));
  for (; at < bytes.length; at += 509) peer.receive(bytes.subarray(at, at + 509));
  assertEquals(peer.requests.length, 1);
  assertEquals(peer.requests[0].length, 100_000);
  assert(peer.requests[0].every((text, i) => text === String(i)));
});

Deno.test("decoder: what a split request needs is used again, unless it was giant", () => {
  const decoder = new RequestDecoder(limits());
  const batch = new RequestBatch();
  const splitRequest = (words: number) => {
    const bytes = bytesOf(resp(...Array.from({ length: words }, (_, i) => String(i))));
    const input = inputQueue();
    for (const part of [bytes.subarray(0, bytes.length - 3), bytes.subarray(bytes.length - 3)]) {
      input.append(part, 0, part.length);
      decoder.decode(input, batch, true);
    }
    assertEquals(batch.count, 1);
    batch.clear();
    const partial = batch.takePartial();
    batch.keepPartial(partial);
    return partial;
  };
  // A hundred fields with their values, as bulk loads send them.
  const first = splitRequest(202);
  assert(first.offsets.length >= 202);
  const { offsets, lengths } = first;
  const second = splitRequest(202);
  assert(second === first && second.offsets === offsets && second.lengths === lengths);
  assert(splitRequest(100_000).offsets.length < 1000);
});

Deno.test("decoder: long lines without an end are searched once", () => {
  // Each of the 60,000 bytes comes alone; starting over would look at 1.8 billion.
  for (const [first, rest] of [["x", "y"], ["*", "1"]]) {
    const peer = new DecodingPeer(limits());
    peer.receive(bytesOf(first));
    const byte = bytesOf(rest);
    for (let i = 0; i < 60_000; i++) assertEquals(peer.receive(byte), DecodeStatus.NeedMore);
    assertEquals(peer.input.length, 60_001);
  }
});

Deno.test("decoder: says how many bytes a partial request lacks", () => {
  const table: [string, number][] = [
    ["", 0],
    ["*2\r\n", 0],
    ["*2\r\n$3", 0],
    ["*2\r\n$3\r\n", 5],
    ["*2\r\n$3\r\nGET\r", 1],
    ["*2\r\n$3\r\nGET\r\n", 0],
    ["*2\r\n$3\r\nGET\r\n$1000000\r\n", 1_000_002],
    ["PING", 0],
    [uint32(100), 100],
    [uint32(100) + "abc", 97],
    [nativeFrame("PING") + "\x01", 3],
    [nativeFrame("PING"), 0],
  ];
  for (const [text, wanted] of table) {
    const peer = new DecodingPeer(limits());
    assertEquals(peer.receive(bytesOf(text)), DecodeStatus.NeedMore);
    assertEquals(peer.decoder.bytesWanted, wanted, JSON.stringify(text));
    // And again for the next piece of the same argument.
    if (wanted > 2 && text.startsWith("*")) {
      peer.receive(bytesOf("x"));
      assertEquals(peer.decoder.bytesWanted, wanted - 1);
    }
  }
});

Deno.test("decoder: before authentication one request a call, and the limits can change", () => {
  const decoder = new RequestDecoder(limits());
  const batch = new RequestBatch();
  const input = inputQueue();
  const big = resp("SET", "key", "v".repeat(20_000));
  const sent = bytesOf(resp("AUTH", "secret") + big + big);
  input.append(sent, 0, sent.length);
  assertEquals(decoder.decode(input, batch, false), DecodeStatus.Full);
  assertEquals(batch.count, 1);
  batch.clear();
  assertEquals(decoder.decode(input, batch, true), DecodeStatus.NeedMore);
  assertEquals(batch.count, 2);
});

Deno.test("decoder: connections share their limits, and follow a change of them", () => {
  const shared = limits({ maxBulkBytes: 1 << 20 });
  const peers = [new DecodingPeer(shared), new DecodingPeer(shared)];
  const large = "x".repeat((1 << 20) + 1);
  shared.maxBulkBytes = 1 << 21;
  peers[0].receive(bytesOf(resp("GET", large)));
  assertEquals(peers[0].requests, [["GET", large]]);
  shared.maxBulkBytes = 1 << 20;
  for (const peer of peers) {
    assertEquals(peer.receive(bytesOf(resp("GET", large))), DecodeStatus.Failed);
    assertEquals(peer.decoder.error, "ERR Protocol error: invalid bulk length");
  }
});

Deno.test("decoder: tells where requests without arguments stood", () => {
  const quit = resp("QUIT");
  const table: [string, number[]][] = [
    ["PING\r\n" + quit, []],
    ["*0\r\nPING\r\n", [0]],
    ["PING\r\n\r\n", [1]],
    ["PING\r\n*-1\r\n \t \n" + quit + "*-9223372036854775808\r\n", [1, 2]],
    [nativeFrame("") + nativeFrame("PING") + nativeVector() + nativeVector("PING"), [0, 1]],
    [nativeFrame("PING") + nativeFrame("  "), [1]],
  ];
  const batch = new RequestBatch();
  for (const [text, expected] of table) {
    const input = inputQueue();
    input.append(bytesOf(text), 0, text.length);
    batch.clear();
    new RequestDecoder(limits()).decode(input, batch, true);
    const places = Array.from({ length: batch.count + 1 }, (_, r) => r);
    assertEquals(places.filter((r) => batch.emptyBefore(r)), expected, JSON.stringify(text));
  }
  batch.clear();
  assertEquals(batch.emptyBefore(0), false);
});

Deno.test("decoder: what is behind a request does not keep it from the batch", () => {
  const table = [resp("QUIT") + "*x\r\n", 'QUIT\r\n"a\r\n', "QUIT\n*1\r\nX\r\n"];
  for (const text of [...table, nativeFrame("QUIT") + uint32(2 ** 32 - 1)]) {
    const input = inputQueue();
    input.append(bytesOf(text), 0, text.length);
    const batch = new RequestBatch();
    const decoder = new RequestDecoder(limits());
    assertEquals(decoder.decode(input, batch, true), DecodeStatus.Failed);
    const args = new Arguments();
    batch.view(args, 0);
    assertEquals([batch.count, args.count, args.text(0)], [1, 1, "QUIT"]);
  }
});

Deno.test("decoder: more than a million arguments, whole and in pieces", () => {
  const count = 1_100_000;
  const bytes = bytesOf(
    `*${count + 2}\r\n` + resp("RPUSH", "list").slice(4) + "$1\r\nx\r\n".repeat(count),
  );
  const input = inputQueue();
  const batch = new RequestBatch();
  const args = new Arguments();
  const small = batch.offsets.length;
  const decoder = new RequestDecoder(limits({ maxMultibulk: MAX_MULTIBULK }));
  for (const step of [bytes.length, 1_000_003]) {
    let status: DecodeStatus = DecodeStatus.Failed;
    for (let at = 0; at < bytes.length; at += step) {
      assertEquals(batch.count, 0);
      input.append(bytes, at, Math.min(step, bytes.length - at));
      status = decoder.decode(input, batch, true);
    }
    assertEquals([status, batch.count], [DecodeStatus.Full, 1]);
    batch.view(args, 0);
    assertEquals([args.count, args.text(0), args.text(1)], [count + 2, "RPUSH", "list"]);
    for (const i of [2, 1_048_577, count + 1]) assertEquals(args.text(i), "x");
    batch.clear();
    assertEquals(batch.offsets.length, small);
  }
});

Deno.test("decoder: giant requests behind others in a batch", () => {
  const giant = Array.from({ length: 40_000 }, (_, i) => String(i));
  const bytes = bytesOf(resp("A") + resp(...giant) + resp("B") + resp(...giant) + resp("C"));
  const expected = [["A"], giant, ["B"], giant, ["C"]];
  for (const step of [bytes.length, 100_000, 4099]) {
    const peer = new DecodingPeer(limits());
    for (let at = 0; at < bytes.length; at += step) peer.receive(bytes.subarray(at, at + step));
    assertEquals(peer.requests, expected);
  }
});

Deno.test("decoder: a giant request that is completed leaves those before it in the batch", () => {
  const giant = Array.from({ length: 5000 }, (_, i) => String(i));
  const bytes = bytesOf(resp("A", "b") + resp(...giant));
  const input = inputQueue();
  const batch = new RequestBatch();
  const decoder = new RequestDecoder(limits());
  for (const part of [bytes.subarray(0, bytes.length - 9), bytes.subarray(bytes.length - 9)]) {
    input.append(part, 0, part.length);
    decoder.decode(input, batch, true);
  }
  // The queue kept the first request's bytes where they were, as nothing had to move.
  const args = new Arguments();
  batch.view(args, 0);
  assertEquals([batch.count, args.count, args.length(1)], [2, 2, 1]);
  batch.view(args, 1);
  assertEquals([args.count, args.text(0), args.text(4999)], [5000, "0", "4999"]);
});

Deno.test("arguments: a view of the input", () => {
  const input = inputQueue();
  const sent = bytesOf(resp("sEt", "k\xc3\xa9y\xff", "-42", "9223372036854775807", "1x"));
  input.append(sent, 0, sent.length);
  const batch = new RequestBatch();
  new RequestDecoder(limits()).decode(input, batch, true);
  const args = new Arguments();
  batch.view(args, 0);
  assertEquals(args.count, 5);
  assertEquals(args.text(1), "kéy\ufffd");
  assertEquals(textOf(args.bytes.subarray(args.start(0), args.start(0) + args.length(0))), "sEt");
  assert(args.is(0, "SET"));
  assert(!args.is(0, "SE"));
  assert(!args.is(0, "SETX"));
  assert(!args.is(0, "GET"));
  assertEquals(args.safeInteger(2), -42);
  assertEquals(args.safeInteger(3), NaN);
  assertEquals([args.int64(2), args.int64(3), args.int64(4)], [
    -42n,
    9223372036854775807n,
    undefined,
  ]);
  const copy = args.copy(1);
  args.bytes.fill(0);
  assertEquals(textOf(copy), "k\xc3\xa9y\xff");
});

Deno.test("arguments: tokens match letters alone in either case", () => {
  const batch = new RequestBatch();
  batch.bytes = bytesOf("[{@`Zz");
  batch.offsets.set([0, 1, 2, 3, 4, 5]);
  batch.lengths.fill(1, 0, 6);
  batch.finish(6);
  const args = new Arguments();
  batch.view(args, 0);
  const matches = [..."[[@@ZZ"].map((token, i) => args.is(i, token));
  assertEquals(matches, [true, false, true, false, true, true]);
});
