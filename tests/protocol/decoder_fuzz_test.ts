/**
 * Random and hostile bytes in all three protocols, cut at random places: the decoder against a model
 * of it, and a server against redis-server. A failing run can be repeated by its seed.
 */

import { assert, assertEquals } from "@std/assert";
import { RequestBatch } from "../../protocol/arguments.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { SeededRandom } from "../structures/seeded_random.ts";
import { modelDecode } from "./decoder_model.ts";
import {
  bytesOf,
  decodeChunks,
  limits,
  nativeFrame,
  nativeVector,
  resp,
  textOf,
  uint32,
} from "./decoding.ts";

const SEED = 20261127;

const WORDS = ["PING", "ping", "ECHO", "SET", "GET", "DEL", "k", "key", "", "v".repeat(40)];
const ODD_WORDS = ["a b", "\r\n", "*1\r\n", "$3\r\n", '"', "'", "\\", "it's", '\\x41"'];
const BYTES = [..."*$\r\n \t\"'\\x0123459-+aAG"];
const LENGTHS = "-1 -0 0 1 2 3 9 10 11 12 99 16384 16385 1048577 536870913 +1 01 x".split(" ");
const LARGE_LENGTHS = [
  "2147483647",
  "2147483648",
  "4294967295",
  "4294967296",
  "9007199254740991",
  "9007199254740992",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775809",
];

/** Makes inputs; `isText` leaves out all bytes that are not printable, but for line breaks. */
class Inputs {
  constructor(readonly random: SeededRandom, readonly isText: boolean) {}

  /** What one connection sends. */
  resp(): string {
    let text = "";
    for (let requests = this.random.below(6); requests >= 0; requests--) {
      const kind = this.random.below(12);
      if (kind < 5) text += resp(...this.#words());
      else if (kind < 8) text += this.#line() + this.random.pick(["\r\n", "\n"]);
      else if (kind === 8) text += this.random.pick(["\r\n", "*0\r\n", "*-1\r\n", " \n"]);
      else if (kind === 9) text += this.#hostileLengths();
      else text += this.#mutated(resp(...this.#words()));
    }
    return text;
  }

  native(): string {
    let text = "";
    for (let requests = this.random.below(6); requests >= 0; requests--) {
      const kind = this.random.below(10);
      if (kind < 4) text += nativeVector(...this.#words());
      else if (kind < 8) text += nativeFrame(this.#line());
      else if (kind === 8) text += this.#mutated(nativeVector(...this.#words()));
      else text += uint32(8) + uint32(this.random.below(4)) + uint32(this.random.below(6));
    }
    return text;
  }

  #words(): string[] {
    const count = this.random.below(20) === 0 ? this.random.below(40) : 1 + this.random.below(3);
    return Array.from(
      { length: count },
      (_, i) =>
        i > 0 && this.random.below(4) === 0 ? this.random.pick(ODD_WORDS) : this.random.pick(WORDS),
    );
  }

  /** A line of words, some in quotes, and some of these without an end. */
  #line(): string {
    const words = this.#words().map((word) => {
      const kind = this.random.below(8);
      if (kind === 0) return `'${word.replace(/['\n]/g, "")}'`;
      if (kind === 1) {
        return `"${word.replace(/["\\\n]/g, (byte) => byte === "\n" ? "\\n" : `\\${byte}`)}"`;
      }
      if (kind === 2) return this.random.pick(['"\\x2aab"', "'*a'", '"a\\x4"', '"\\q"', 'a"b"']);
      return word;
    });
    if (this.random.below(8) === 0) words.push(this.random.pick(['"', "'", '"a"b', "'a'b", '"*a']));
    return words.join(this.random.pick([" ", "  ", "\t"])).replaceAll("\n", " ");
  }

  #hostileLengths(): string {
    const length = () => this.random.pick(this.random.below(3) === 0 ? LARGE_LENGTHS : LENGTHS);
    return this.random.pick([
      `*${length()}\r\n`,
      `*2\r\n$${length()}\r\n`,
      `*1\r\n$${length()}\r\nPING\r\n`,
      `*1\r\n${length()}\r\n`,
      `*${length()}\r\n$4\r\nPING\r\n`,
    ]);
  }

  /** With some of its bytes changed, dropped or added. */
  #mutated(text: string): string {
    const at = this.random.below(text.length);
    const added = Array.from({ length: this.random.below(3) }, () => this.#byte()).join("");
    return text.slice(0, at) + added + text.slice(at + this.random.below(3));
  }

  #byte(): string {
    if (this.isText || this.random.below(2) === 0) return this.random.pick(BYTES);
    return String.fromCharCode(this.random.below(256));
  }

  /** The bytes, cut at random places, the first `together` of them in one piece. */
  *cut(bytes: Uint8Array, together: number): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length;) {
      const most = this.random.pick([1, 3, 20, bytes.length]);
      const end = Math.min(bytes.length, Math.max(together, at + 1 + this.random.below(most)));
      yield bytes.subarray(at, end);
      at = end;
    }
  }
}

Deno.test(`decoder: does what its model does, wherever the input is cut (seed ${SEED})`, () => {
  const random = new SeededRandom(SEED);
  const inputs = new Inputs(random, false);
  const batch = new RequestBatch();
  const sets = [limits(), limits({ authenticated: false }), limits({ maxMultibulk: 2 ** 31 - 1 })];
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 20_000; round++) {
    const text = random.below(3) === 0 ? inputs.native() : inputs.resp();
    const under = random.pick(sets);
    // The first bytes tell the protocols apart, and a line that is shorter does so early.
    const decoded = decodeChunks(inputs.cut(bytesOf(text), 4), under, batch);
    const expected = modelDecode(text, under);
    // A decoder that failed was not fed what came behind.
    if (expected.error !== "") decoded.left = expected.left;
    assertEquals(decoded, expected, JSON.stringify(text));
    outcomes.set(decoded.error, (outcomes.get(decoded.error) ?? 0) + 1);
  }
  assert(outcomes.size > 15, [...outcomes.keys()].join("\n"));
});

/** Sends the pieces and answers all that comes back until the server closes the connection. */
async function exchange(port: number, pieces: readonly Uint8Array[]): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  const reading = (async () => {
    const buffer = new Uint8Array(65_536);
    let text = "";
    for (;;) {
      const count = await connection.read(buffer).catch(() => null);
      if (count === null) return text;
      text += textOf(buffer.subarray(0, count));
    }
  })();
  try {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length;) at += await connection.write(piece.subarray(at));
    }
    await connection.closeWrite();
  } catch {
    // It has seen enough.
  }
  return await reading;
}

Deno.test({
  name: `decoder: hostile requests get the replies of redis-server (seed ${SEED})`,
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    const inputs = new Inputs(new SeededRandom(SEED + 1), true);
    for (let round = 0; round < 1500; round++) {
      const text = inputs.resp();
      const pieces = [...inputs.cut(bytesOf(text), 4)];
      const ours = await exchange(ravel.address.port, pieces);
      assertEquals(ours, await exchange(redis.port, pieces), JSON.stringify(text));
    }
  },
});
