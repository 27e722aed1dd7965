// 100,000 hostile frames over many connections. Whatever arrives, the server answers or closes, its
// memory stays consistent, and afterwards it serves as if nothing had been.
//
// The frames come from a seed, so a failing run can be repeated: the seed is in the test's name.

import { assert, assertEquals, assertGreater } from "@std/assert";
import { commandTable } from "../../commands/registry.ts";
import {
  type RequestArguments,
  writeNativeCommandLine,
  writeNativeRequest,
  writeRespRequest,
} from "../../protocol/request_writer.ts";
import type { Server } from "../../server/mod.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const FRAMES = 100_000;
const CONNECTIONS_AT_ONCE = 16;
const SEED = 20261122;
const MiB = 1024 * 1024;

/** What would end the server. The rest does no lasting harm for lack of WORDS: no SLEEP, no SET. */
const SPARED: ReadonlySet<string> = new Set(["shutdown"]);

const KEYS = ["a", "b", "c", "key:1", "key:2", "z1", "z2", "", "\x00\xff"];
const WORDS = [
  ..."0 1 -1 2 3 10 100 3.5 -inf +inf nan 1e400 (1 [a - + 0x10 1048577".split(" "),
  ..."9223372036854775807 -9223372036854775808 9223372036854775808".split(" "),
  ..."NX XX GT LT CH INCR EX PX EXAT PXAT KEEPTTL GET MATCH COUNT TYPE LIMIT".split(" "),
  ..."WITHSCORES WITHSCORE REV BYSCORE BYLEX ASYNC SYNC * a* [a-c] \\ [ string zset".split(" "),
  ..."ON OFF SKIP SETNAME LIST ID KILL INFO DOCS GETKEYS USAGE STATS ENCODING OBJECT".split(" "),
  ..."HELP AUTH SETINFO COUNT LIB-NAME NO-TOUCH SKIPME FREQ IDLETIME".split(" "),
];
const LENGTHS = "-1 -2 0 1 5 99999999999999999999 1048577 536870913 +1 x".split(" ");
const QUOTES = ["", "", "", '"', "'", '"\\x', "\\"];

/** Makes frames; what it makes depends on the seed alone. */
class HostileFrames {
  readonly #random: SeededRandom;
  readonly #names = [...commandTable.commands()].map(({ declaration }) => declaration.name)
    .filter((name) => !SPARED.has(name)).sort();

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  below(bound: number): number {
    return this.#random.below(bound);
  }

  /**
   * Appends what one connection sends: requests with arguments that make little sense, and last a
   * frame that most likely ends the connection. What came after it would not be looked at.
   *
   * @returns the number of frames
   */
  connection(out: ByteQueue): number {
    const speaksNative = this.below(4) === 0;
    const requests = this.below(12);
    for (let i = 0; i < requests; i++) {
      if (speaksNative) this.#nativeRequest(out);
      else this.#respRequest(out);
    }
    if (speaksNative) this.#nativeMalformed(out);
    else this.#respMalformed(out);
    return requests + 1;
  }

  #respRequest(out: ByteQueue): void {
    if (this.below(5) > 0) writeRespRequest(out, this.#request());
    else append(out, this.#inline([""]) + this.#random.pick(["\r\n", "\n", "\r\n\r\n"]));
  }

  #nativeRequest(out: ByteQueue): void {
    if (this.below(3) > 0) writeNativeRequest(out, this.#request());
    else writeNativeCommandLine(out, this.#inline([""]));
  }

  #respMalformed(out: ByteQueue): void {
    const kind = this.below(4);
    if (kind === 0) this.#broken(out, (frame) => writeRespRequest(frame, this.#request()));
    else if (kind === 1) append(out, this.#hostileLengths());
    else if (kind === 2) append(out, this.#inline(QUOTES) + "\r\n");
    else this.#garbage(out);
  }

  #nativeMalformed(out: ByteQueue): void {
    const kind = this.below(3);
    if (kind === 0) this.#broken(out, (frame) => writeNativeRequest(frame, this.#request()));
    else if (kind === 1) writeNativeCommandLine(out, this.#inline(QUOTES));
    else this.#nativeNoise(out);
  }

  #request(): RequestArguments {
    const request: (string | Uint8Array)[] = [this.#random.pick(this.#names)];
    // Few arguments often, so that many requests are well-formed; sometimes far too many.
    const count = this.below(50) === 0 ? this.below(200) : this.below(7);
    for (let i = 0; i < count; i++) {
      const kind = i === 0 ? 0 : this.below(10);
      if (kind < 4) request.push(this.#random.pick(KEYS));
      else if (kind < 9) request.push(this.#random.pick(WORDS));
      else request.push(this.#bytes(this.below(this.below(20) === 0 ? 5000 : 40)));
    }
    return request;
  }

  /** Words in a line, each behind one of the quotes. */
  #inline(quotes: readonly string[]): string {
    const words = this.#request().map((word) => typeof word === "string" ? word : "bytes");
    return words.map((word) => this.#random.pick(quotes) + word)
      .join(this.#random.pick([" ", "  ", "\t"]));
  }

  /** A frame that was well-formed before some of its bytes were changed, dropped or cut off. */
  #broken(out: ByteQueue, write: (frame: ByteQueue) => void): void {
    const frame = new ByteQueue({ initialBytes: 256, maxBytes: MiB });
    write(frame);
    const bytes = frame.bytes.slice(frame.head, frame.tail);
    for (let flips = this.below(3); flips > 0; flips--) {
      bytes[this.below(bytes.length)] = this.below(256);
    }
    const end = this.below(2) === 0 ? bytes.length : this.below(bytes.length + 1);
    out.append(bytes, 0, end);
  }

  #hostileLengths(): string {
    const length = () => this.#random.pick(LENGTHS);
    return this.#random.pick([
      `*${length()}\r\n`,
      `*2\r\n$${length()}\r\n`,
      `*1\r\n$${length()}\r\nPING\r\n`,
      `*1\r\n${length()}\r\n`,
      `*${length()}\r\n$4\r\nPING\r\n`,
      `*3\r\n$3\r\nSET\r\n$1\r\na\r\n$${length()}\r\n`,
    ]);
  }

  #garbage(out: ByteQueue): void {
    const noise = this.#bytes(1 + this.below(this.below(20) === 0 ? 70_000 : 100));
    out.append(noise, 0, noise.length);
  }

  #nativeNoise(out: ByteQueue): void {
    const lengths = [0, 1, 3, 4, 5, 8, 100, 64 * MiB, 64 * MiB + 1, 2 ** 31, 2 ** 32 - 1];
    const frame = new DataView(new ArrayBuffer(12));
    frame.setUint32(0, this.#random.pick(lengths), true);
    frame.setUint32(4, this.#random.pick([...lengths, 1024 * 1024, 1024 * 1024 + 1]), true);
    frame.setUint32(8, this.#random.pick(lengths), true);
    out.append(new Uint8Array(frame.buffer), 0, this.#random.pick([4, 8, 12]));
    if (this.below(2) === 0) this.#garbage(out);
  }

  #bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.below(256);
    return bytes;
  }
}

function append(out: ByteQueue, text: string): void {
  const bytes = new TextEncoder().encode(text);
  out.append(bytes, 0, bytes.length);
}

/** Sends the frames on a connection of their own and reads whatever comes back, until it ends. */
async function attack(server: Server, bytes: Uint8Array): Promise<number> {
  const { hostname, port } = { hostname: "127.0.0.1", port: server.address.port };
  using connection = await Deno.connect({ hostname, port });
  const reading = (async () => {
    const scratch = new Uint8Array(64 * 1024);
    let total = 0;
    for (;;) {
      const count = await connection.read(scratch).catch(() => null);
      if (count === null) return total;
      total += count;
    }
  })();
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    await connection.closeWrite();
  } catch {
    // The server has had enough of this connection. That is its right.
  }
  return await reading;
}

Deno.test(`${FRAMES} hostile frames do no harm (seed ${SEED})`, async () => {
  const faults: string[] = [];
  await using server = await serveQuietly({
    onLogLine(line) {
      if (/failed|unexpected error/.test(line)) faults.push(line);
    },
  });
  const bytesAtStart = server.keyspace.arena.usedBytes;
  const frames = new HostileFrames(SEED);
  let sent = 0;
  let answered = 0;
  const out = new ByteQueue({ initialBytes: 65536, maxBytes: 64 * MiB });
  while (sent < FRAMES) {
    const attacks: Promise<number>[] = [];
    while (attacks.length < CONNECTIONS_AT_ONCE) {
      sent += frames.connection(out);
      attacks.push(attack(server, out.bytes.slice(out.head, out.tail)));
      out.consume(out.length);
    }
    for (const received of await Promise.all(attacks)) answered += received;
  }
  assertEquals(faults.join("\n"), "");
  const { commandsProcessed, errorReplies } = server.stats;
  assertGreater(commandsProcessed + errorReplies, FRAMES / 2, "hardly a frame got through");
  assertGreater(answered, FRAMES);
  await until("the attackers are gone", () => server.clients.size === 0);

  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  assertEquals(await peer.ask("SET", "after", "all"), "+OK\r\n");
  assertEquals(await peer.ask("GET", "after"), "$3\r\nall\r\n");
  server.keyspace.arena.verify();
  assert(server.keyspace.size > 0);
  await flushAndDrain(server);
  assertEquals(server.keyspace.arena.usedBytes, bytesAtStart);
});
