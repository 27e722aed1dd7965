// Values of every type, encoding and size, as requests that make them; and what tests do to dumps.

import { Crc64 } from "../../../structures/crc64.ts";

/** A request that makes a value under the key `k`. */
export interface ValueCase {
  readonly name: string;
  readonly requests: readonly (readonly (string | Uint8Array)[])[];
  /** Whether its members are in no order that counts: two servers write them in different orders. */
  readonly isUnordered?: boolean;
}

const NOISE = Uint8Array.from({ length: 300 }, (_, i) => (i * i * 31 + i * 7) >> 3 & 0xff);

/** Texts of all sorts, a different one for each number. */
function textOf(i: number): string {
  switch (i % 6) {
    case 0:
      return String(i * 7919 - 4000);
    case 1:
      return `m${i}`;
    case 2:
      return `${i}:${"ab".repeat(i % 20)}`;
    case 3:
      return String(BigInt(i) * 1_000_000_007n * 1_000_003n);
    case 4:
      return `-${i}`;
    default:
      return `${i}é`;
  }
}

function texts(count: number, each = textOf): string[] {
  return Array.from({ length: count }, (_, i) => each(i));
}

function inParts(command: string, words: readonly string[], part = 1000): string[][] {
  const requests: string[][] = [];
  for (let i = 0; i < words.length; i += part) {
    requests.push([command, "k", ...words.slice(i, i + part)]);
  }
  return requests;
}

const SIZES = [1, 2, 5, 60, 128, 129, 512, 513, 3000];

export const VALUE_CASES: readonly ValueCase[] = [
  ...["", "a", "0", "-128", "-129", "32767", "32768", "2147483647", "2147483648"],
  ...["-2147483648", "-2147483649", "9223372036854775807", "-9223372036854775808"],
  ...["9223372036854775808", "007", "-0", "+1", " 1", "1.5", "x".repeat(20), "x".repeat(21)],
  ...["x".repeat(44), "x".repeat(45), "é".repeat(5000), "abc".repeat(100_000)],
].map((text): ValueCase => ({
  name: `string ${text.slice(0, 20)} of ${text.length}`,
  requests: [["SET", "k", text]],
})).concat(
  { name: "string of noise", requests: [["SET", "k", NOISE]] },
  { name: "appended", requests: [["SET", "k", "12"], ["APPEND", "k", "3"]] },
  { name: "a sum", requests: [["SET", "k", "1.5"], ["INCRBYFLOAT", "k", "1.5"]] },
  ...SIZES.flatMap((size): ValueCase[] => [
    { name: `list of ${size}`, requests: inParts("RPUSH", texts(size)) },
    { name: `integer list of ${size}`, requests: inParts("LPUSH", texts(size, (i) => `${i}`)) },
    {
      name: `set of ${size}`,
      requests: inParts("SADD", texts(size)),
      isUnordered: size > 128,
    },
    {
      name: `integer set of ${size}`,
      requests: inParts("SADD", texts(size, (i) => `${(i * 7919) % 65_536 - 30_000}`)),
      isUnordered: size > 512,
    },
    {
      name: `hash of ${size}`,
      requests: inParts("HSET", texts(size).flatMap((text, i) => [text, textOf(i + 3)])),
      isUnordered: size > 128,
    },
    {
      name: `sorted set of ${size}`,
      requests: inParts(
        "ZADD",
        texts(size).flatMap((text, i) => [`${i * 7919 % 401 / 8 - 20}`, text]),
      ),
    },
  ]),
  { name: "wide integers", requests: [["SADD", "k", "1", "70000", "-9007199254740993"]] },
  { name: "32-bit integers", requests: [["SADD", "k", "1", "70000", "-3"]] },
  {
    name: "long member of a set",
    requests: [["SADD", "k", "a", "b".repeat(65)]],
    isUnordered: true,
  },
  {
    name: "long value of a hash",
    requests: [["HSET", "k", "a", "b".repeat(65), "c", "d"]],
    isUnordered: true,
  },
  { name: "long member of a sorted set", requests: [["ZADD", "k", "1", "a", "2", "b".repeat(65)]] },
  {
    name: "scores of all sorts",
    requests: [[
      "ZADD",
      "k",
      ..."1e300 a -1e-300 b inf c -inf d 0.1 e 3 f 4611686018427387904 g 1e19 h".split(" "),
    ]],
  },
  {
    name: "large elements",
    requests: [["RPUSH", "k", "a", "y".repeat(9000), "b", "z".repeat(30_000), "c"]],
  },
  { name: "one large element", requests: [["RPUSH", "k", "y".repeat(100_000)]] },
);

/** A dump's version and checksum made right, after a change of the rest; with another version. */
export function signed(dump: Uint8Array, version = dump[dump.length - 10]): Uint8Array {
  const copy = dump.slice();
  const end = copy.length - 8;
  copy[end - 2] = version;
  copy[end - 1] = 0;
  const crc = new Crc64();
  crc.add(copy, 0, end);
  const view = new DataView(copy.buffer);
  view.setInt32(end, crc.low, true);
  view.setInt32(end + 4, crc.high, true);
  return copy;
}

/** A dump of a type and its value's bytes. */
export function dumpOf(type: number, value: Uint8Array, version = 9): Uint8Array {
  const dump = new Uint8Array(value.length + 11);
  dump[0] = type;
  dump.set(value, 1);
  return signed(dump, version);
}
