// Values in forms that Redis has not written for long: ziplists, zipmaps, lists element by element,
// scores as text, compressed strings. redis-server is asked what becomes of each.

import { assertEquals } from "@std/assert";
import { compressLzf } from "../../../structures/lzf.ts";
import { serveQuietly } from "../../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../../harness/redis_reference.ts";
import { Peer } from "../../harness/peer.ts";
import { dumpOf } from "./dump_values.ts";

const encoder = new TextEncoder();

function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function little(value: number | bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Number(BigInt(value) >> BigInt(8 * i) & 0xffn));
}

function lengthOf(length: number): number[] {
  if (length < 64) return [length];
  if (length < 16_384) return [0x40 | length >> 8, length & 0xff];
  return [0x80, ...little(length, 4).reverse()];
}

/** A string of the RDB format. */
function stringOf(bytes: Uint8Array): Uint8Array {
  return concat(lengthOf(bytes.length), bytes);
}

function compressedOf(bytes: Uint8Array): Uint8Array {
  const target = new Uint8Array(bytes.length + 16);
  const length = compressLzf(bytes, 0, bytes.length, target, 0, target.length);
  return concat([0xc3], lengthOf(length), lengthOf(bytes.length), target.subarray(0, length));
}

/** An entry's encoding and data: an integer in the narrowest form, or a string. */
function ziplistBody(text: string): number[] {
  if (/^(0|-?[1-9]\d*)$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) {
    const value = BigInt(text);
    if (value >= 0 && value <= 12) return [0xf1 + Number(value)];
    if (BigInt.asIntN(8, value) === value) return [0xfe, ...little(value, 1)];
    if (BigInt.asIntN(16, value) === value) return [0xc0, ...little(value, 2)];
    if (BigInt.asIntN(24, value) === value) return [0xf0, ...little(value, 3)];
    if (BigInt.asIntN(32, value) === value) return [0xd0, ...little(value, 4)];
    return [0xe0, ...little(value, 8)];
  }
  const bytes = [...encoder.encode(text)];
  if (bytes.length < 64) return [bytes.length, ...bytes];
  if (bytes.length < 16_384) return [0x40 | bytes.length >> 8, bytes.length & 0xff, ...bytes];
  return [0x80, ...little(bytes.length, 4).reverse(), ...bytes];
}

function ziplistOf(texts: readonly string[]): Uint8Array {
  const entries: number[] = [];
  let last = 10;
  let previous = 0;
  for (const text of texts) {
    last = 10 + entries.length;
    const head = previous < 254 ? [previous] : [254, ...little(previous, 4)];
    const entry = [...head, ...ziplistBody(text)];
    for (const byte of entry) entries.push(byte);
    previous = entry.length;
  }
  const total = 11 + entries.length;
  return concat(little(total, 4), little(last, 4), little(texts.length, 2), entries, [0xff]);
}

function zipmapOf(texts: readonly string[], unused = 0): Uint8Array {
  const part = (text: string, isValue: boolean): number[] => {
    const bytes = encoder.encode(text);
    const head = bytes.length < 254 ? [bytes.length] : [254, ...little(bytes.length, 4)];
    const filler = Array.from({ length: unused }, () => 0x2a);
    return isValue ? [...head, unused, ...bytes, ...filler] : [...head, ...bytes];
  };
  const parts = texts.flatMap((text, i) => part(text, i % 2 === 1));
  return concat([Math.min(texts.length / 2, 254)], parts, [0xff]);
}

function textDouble(text: string): Uint8Array {
  const words: Record<string, number> = { nan: 253, inf: 254, "-inf": 255 };
  return text in words ? Uint8Array.of(words[text]) : concat([text.length], encoder.encode(text));
}

const INTEGERS = ["0", "12", "13", "-1", "127", "-128", "300", "-32768", "70000", "-8388608"]
  .concat("8388608", "2147483647", "-2147483648", "9007199254740993", "-9223372036854775808");
const TEXTS = ["a", "", "x".repeat(63), "y".repeat(64), "z".repeat(300), "w".repeat(20_000)];
const MIXED = [...INTEGERS, ...TEXTS, "007", "-0", "1.5"];

function pairs(count: number): string[] {
  return Array.from({ length: count }, (_, i) => [`f${i}`, `${i}`]).flat();
}

function strings(texts: readonly string[]): Uint8Array {
  return concat(...texts.map((text) => stringOf(encoder.encode(text))));
}

const sortedPairs = ["a", "-inf", "b", "-3", "c", "0.1", "d", "7", "e", "1e+30", "f", "inf"];

/**
 * A payload, by name: those that make a value, and those that are refused. One that is cut off is not
 * among them: redis-server takes what stands behind the value for a part of it.
 */
const DUMPS: Readonly<Record<string, Uint8Array>> = {
  "a list of elements": dumpOf(1, concat(lengthOf(MIXED.length), strings(MIXED))),
  "a long list of elements": dumpOf(1, concat(lengthOf(5000), strings(pairs(2500)))),
  "a list of none": dumpOf(1, Uint8Array.of(0)),
  "a set of integers": dumpOf(2, concat(lengthOf(3), strings(["1", "-70000", "5"]))),
  "a set of texts": dumpOf(2, concat(lengthOf(6), strings(TEXTS))),
  "a set that turns": dumpOf(2, concat(lengthOf(4), strings(["1", "2", "c", "4"]))),
  "a large set": dumpOf(2, concat(lengthOf(1200), strings(pairs(600).map((t, i) => `${i}${t}`)))),
  "a set with a member twice": dumpOf(2, concat(lengthOf(3), strings(["a", "b", "a"]))),
  "a set with an integer twice": dumpOf(2, concat(lengthOf(3), strings(["1", "2", "1"]))),
  "scores as text": dumpOf(
    3,
    concat(
      lengthOf(6),
      ...["inf", "-inf", "1.5", "-2", "1e300", "0.1"].map((score, i) =>
        concat(stringOf(encoder.encode(`m${i}`)), textDouble(score))
      ),
    ),
  ),
  "a score that is no number": dumpOf(
    3,
    concat(lengthOf(1), stringOf(encoder.encode("a")), textDouble("nan")),
  ),
  "a score of letters": dumpOf(
    3,
    concat(lengthOf(1), stringOf(encoder.encode("a")), textDouble("abc")),
  ),
  "a sorted set with a member twice": dumpOf(
    3,
    concat(
      lengthOf(2),
      ...["1", "2"].map((score) => concat(stringOf(encoder.encode("a")), textDouble(score))),
    ),
  ),
  "a score that is NaN": dumpOf(
    5,
    concat(lengthOf(1), stringOf(encoder.encode("a")), [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]),
  ),
  "a hash of pairs": dumpOf(4, concat(lengthOf(20), strings(pairs(20)))),
  "a large hash of pairs": dumpOf(4, concat(lengthOf(700), strings(pairs(700)))),
  "a hash with a long value": dumpOf(4, concat(lengthOf(2), strings(["a", "b", "c", TEXTS[4]]))),
  "a hash with a field twice": dumpOf(4, concat(lengthOf(2), strings(["a", "b", "a", "c"]))),
  "a large hash with a field twice": dumpOf(
    4,
    concat(lengthOf(701), strings([...pairs(700), "f3", "x"])),
  ),
  "a zipmap": dumpOf(9, stringOf(zipmapOf(pairs(30)))),
  "a zipmap with room": dumpOf(9, stringOf(zipmapOf(pairs(3), 4))),
  "a zipmap of long values": dumpOf(9, stringOf(zipmapOf(["a", TEXTS[4], "b", "c"]))),
  "a zipmap with a field twice": dumpOf(9, stringOf(zipmapOf(["a", "b", "a", "c"]))),
  "an empty zipmap": dumpOf(9, stringOf(zipmapOf([]))),
  "a ziplist list": dumpOf(10, stringOf(ziplistOf(MIXED))),
  "an empty ziplist list": dumpOf(10, stringOf(ziplistOf([]))),
  "a long ziplist list": dumpOf(10, stringOf(ziplistOf(pairs(4000)))),
  "a compressed ziplist list": dumpOf(10, compressedOf(ziplistOf(pairs(400)))),
  "a ziplist sorted set": dumpOf(12, stringOf(ziplistOf(sortedPairs))),
  "a long ziplist sorted set": dumpOf(12, stringOf(ziplistOf(pairs(300)))),
  "a ziplist sorted set without a score": dumpOf(12, stringOf(ziplistOf(["a", "1", "b"]))),
  "a ziplist sorted set with a member twice": dumpOf(
    12,
    stringOf(ziplistOf(["a", "1", "a", "2"])),
  ),
  "a ziplist hash": dumpOf(13, stringOf(ziplistOf(pairs(40)))),
  "a long ziplist hash": dumpOf(13, stringOf(ziplistOf(pairs(700)))),
  "a ziplist hash with a field twice": dumpOf(13, stringOf(ziplistOf(["a", "1", "a", "2"]))),
  "an empty ziplist hash": dumpOf(13, stringOf(ziplistOf([]))),
  "a ziplist hash of long values": dumpOf(13, stringOf(ziplistOf(["a", TEXTS[4]]))),
  "ziplists": dumpOf(
    14,
    concat(
      lengthOf(4),
      stringOf(ziplistOf(MIXED)),
      compressedOf(ziplistOf(pairs(200))),
      stringOf(ziplistOf([])),
      stringOf(ziplistOf(["end"])),
    ),
  ),
  "one ziplist": dumpOf(14, concat(lengthOf(1), stringOf(ziplistOf(["a", "b"])))),
  "ziplists of nothing": dumpOf(14, concat(lengthOf(1), stringOf(ziplistOf([])))),
  "a plain node": dumpOf(18, concat(lengthOf(1), [1], stringOf(encoder.encode("alone")))),
  "a plain node of an integer": dumpOf(18, concat(lengthOf(1), [1], [0xc0, 7]), 10),
  "a node of no kind": dumpOf(18, concat(lengthOf(1), [3], stringOf(encoder.encode("alone")))),
  "an integer of 8 bits": dumpOf(0, Uint8Array.of(0xc0, 0xfe)),
  "an integer of 16 bits": dumpOf(0, Uint8Array.of(0xc1, 0xfe, 0xff)),
  "an integer of 32 bits": dumpOf(0, Uint8Array.of(0xc2, 0xfe, 0xff, 0xff, 0x7f)),
  "an integer's text": dumpOf(0, stringOf(encoder.encode("12345"))),
  "a compressed string": dumpOf(0, compressedOf(encoder.encode("ab".repeat(500)))),
  "a compressed integer": dumpOf(0, compressedOf(encoder.encode("1234567"))),
  "a length of 32 bits": dumpOf(0, concat([0x80, 0, 0, 0, 2], encoder.encode("ab"))),
  "a length of 64 bits": dumpOf(0, concat([0x81, 0, 0, 0, 0, 0, 0, 0, 2], encoder.encode("ab"))),
  "a length of no form": dumpOf(0, concat([0x82, 0, 0, 0, 0], encoder.encode("ab"))),
  "a string of no encoding": dumpOf(0, Uint8Array.of(0xc4, 1, 2, 3)),
  "a string of 4 GiB": dumpOf(0, Uint8Array.of(0x80, 0xff, 0xff, 0xff, 0xff, 1)),
  "bytes behind the value": dumpOf(0, concat(stringOf(encoder.encode("ab")), [1, 2, 3])),
  "a compressed string of 2 GiB": dumpOf(
    0,
    concat([0xc3, 3, 0x80, 0x7f, 0xff, 0, 0], [0, 0x61, 0]),
  ),
  "a module's value of old": dumpOf(6, Uint8Array.of(0)),
  "type 8": dumpOf(8, Uint8Array.of(0)),
  "type 22": dumpOf(22, Uint8Array.of(0)),
  "type 255": dumpOf(255, Uint8Array.of(0)),
};

Deno.test({
  name: "what old versions have dumped is restored as redis-server restores it",
  ignore: withoutRedis,
  async fn() {
    const directives = { "hash-max-listpack-entries": "128", "sanitize-dump-payload": "yes" };
    await using redis = await RedisReference.start(directives);
    await using server = await serveQuietly({ directives });
    using ours = await Peer.connect(server.address.port);
    using theirs = await Peer.connect(redis.port);
    const isOld = (await theirs.ask("RESTORE", "probe", "0", dumpOf(0, Uint8Array.of(0), 11)))
      .startsWith("-");
    const both = async (...request: (string | Uint8Array)[]) => {
      const [actual, expected] = [await ours.ask(...request), await theirs.ask(...request)];
      return [actual, expected];
    };
    for (const [name, dump] of Object.entries(DUMPS)) {
      await both("FLUSHALL");
      const [actual, expected] = await both("RESTORE", "k", "0", dump);
      assertEquals(actual, expected, name);
      const questions = [["TYPE", "k"], ["GET", "k"], ["LRANGE", "k", "0", "-1"], ["LLEN", "k"]];
      questions.push(["SCARD", "k"], ["HLEN", "k"], ["ZCARD", "k"], ["HGET", "k", "f17"]);
      questions.push(["ZRANGE", "k", "0", "-1"], ["SISMEMBER", "k", "7f3"]);
      // Sets had no listpacks then, nor short lists.
      if (!isOld) questions.push(["OBJECT", "ENCODING", "k"]);
      for (const question of questions) {
        const [answer, wanted] = await both(...question);
        assertEquals(answer, wanted, `${name}: ${question.join(" ")}`);
      }
    }
    server.keyspace.arena.verify();
  },
});
