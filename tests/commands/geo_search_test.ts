// Random points and searches, asked of redis-server and of Ravel: the same points are found, in the
// same order, at the same distances, wherever on the map and however many are equally far.

import { assertEquals } from "@std/assert";
import { DetachedClient } from "../harness/detached_client.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const MAX_LATITUDE = 85.05112878;
const ROUNDS = 24;
const SEARCHES = 40;
const UNITS = ["m", "km", "ft", "mi"];

class Requests {
  readonly #random: SeededRandom;
  readonly #count: number;
  readonly #center: [number, number];
  readonly #kind: string;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#count = this.#pick([5, 50, 129, 1000]);
    this.#kind = this.#pick(["anywhere", "near", "edges", "grid", "poles"]);
    this.#center = [this.#between(-180, 180), this.#between(-MAX_LATITUDE, MAX_LATITUDE)];
  }

  #pick<T>(choices: readonly T[]): T {
    return this.#random.pick(choices);
  }

  #between(low: number, high: number): number {
    return low + this.#random.below(2 ** 32) / 2 ** 32 * (high - low);
  }

  #point(): [string, string] {
    const [x, y] = this.#coordinates();
    const inside = (value: number, max: number) => String(Math.max(-max, Math.min(max, value)));
    return [inside(x, 180), inside(y, MAX_LATITUDE)];
  }

  #coordinates(): [number, number] {
    const [x, y] = this.#center;
    switch (this.#kind) {
      case "near":
        return [x + this.#between(-0.1, 0.1), y + this.#between(-0.1, 0.1)];
      case "edges":
        return [this.#pick([-180, 180, 0]) + this.#between(-1, 1), this.#pick([-90, 90, 0])];
      case "grid": // many are equally far
        return [Math.round(this.#between(-9, 9)), Math.round(this.#between(-9, 9))];
      case "poles":
        return [this.#between(-180, 180), this.#pick([-1, 1]) * this.#between(60, 86)];
      default:
        return [this.#between(-180, 180), this.#between(-MAX_LATITUDE, MAX_LATITUDE)];
    }
  }

  #member(): string {
    return `m${this.#random.below(this.#count)}`;
  }

  #length(): string {
    return String(
      this.#pick([0, 1, 100, 1000, 20_000, 1e5]) * this.#pick([1, this.#between(0, 9)]),
    );
  }

  fill(): string[] {
    const points = Array.from({ length: this.#count }, (_, i) => [...this.#point(), `m${i}`]);
    return ["GEOADD", "g", ...points.flat()];
  }

  next(): string[] {
    const unit = this.#pick(UNITS);
    const many = Array.from({ length: 9 }, () => this.#member());
    const options = [
      ...this.#pick([[], ["ASC"], ["DESC"]]),
      ...this.#pick([[], ["COUNT", this.#pick(["1", "7", "50"])], ["COUNT", "9", "ANY"]]),
    ];
    const details = ["WITHDIST", "WITHCOORD", "WITHHASH"].filter(() => this.#pick([true, false]));
    const from = this.#pick([["FROMMEMBER", this.#member()], ["FROMLONLAT", ...this.#point()]]);
    const by = this.#pick([
      ["BYRADIUS", this.#length(), unit],
      ["BYBOX", this.#length(), this.#length(), unit],
    ]);
    return this.#pick([
      ["GEOSEARCH", "g", ...from, ...by, ...options, ...details],
      ["GEOSEARCH", "g", ...from, ...by, ...options],
      ["GEORADIUS", "g", ...this.#point(), this.#length(), unit, ...options, ...details],
      ["GEORADIUSBYMEMBER", "g", this.#member(), this.#length(), unit, ...options, ...details],
      ["GEOSEARCHSTORE", "d", "g", ...from, ...by, ...options],
      ["ZRANGE", "d", "0", "-1", "WITHSCORES"],
      ["GEODIST", "g", this.#member(), this.#member(), unit],
      ["GEOPOS", "g", ...many],
      ["GEOHASH", "g", ...many],
    ]);
  }
}

for (const resp of ["2", "3"]) {
  Deno.test({
    name: `random points and searches are answered as redis-server does, RESP${resp}`,
    ignore: withoutRedis,
    async fn() {
      await using redis = await RedisReference.start();
      await using ravel = await serveQuietly();
      using theirs = await Peer.connect(redis.port);
      using ours = await Peer.connect(ravel.address.port);
      for (let seed = 1; seed <= ROUNDS; seed++) {
        const requests = new Requests(seed);
        const all = [["FLUSHALL"], requests.fill()];
        for (let i = 0; i < SEARCHES; i++) all.push(requests.next());
        for (const request of [["HELLO", resp], ...all]) {
          const [expected, actual] = [await theirs.ask(...request), await ours.ask(...request)];
          if (request[0] === "HELLO") continue;
          assertEquals([seed, request.slice(0, 16).join(" "), actual], [
            seed,
            request.slice(0, 16).join(" "),
            expected,
          ]);
        }
      }
      ravel.keyspace.arena.verify();
    },
  });
}

// STOREDIST keeps all bits of a distance, which hang on the C library's sines: so near is enough.
Deno.test({
  name: "stored distances are redis-server's up to their last bits",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    const ours = new DetachedClient(ravel);
    using theirs = await Peer.connect(redis.port);
    for (let seed = 100; seed < 110; seed++) {
      const scores: number[][] = [];
      for (const ask of [(...w: string[]) => ours.ask(...w), theirs.ask.bind(theirs)]) {
        await ask("FLUSHALL");
        await ask(...new Requests(seed).fill());
        await ask(
          "GEOSEARCHSTORE",
          "d",
          "g",
          "FROMLONLAT",
          "1",
          "2",
          ..."BYRADIUS 9000 km STOREDIST".split(" "),
        );
        const reply = await ask("ZRANGE", "d", "0", "-1", "WITHSCORES");
        scores.push(reply.split("\r\n").filter((_, i) => i > 0 && i % 4 === 0).map(Number));
      }
      const [own, expected] = scores;
      assertEquals(own.length, expected.length);
      own.forEach((score, i) => {
        const isNear = Math.abs(score - expected[i]) <= expected[i] * 1e-14;
        assertEquals(isNear, true, `${score}, ${expected[i]}`);
      });
    }
  },
});
