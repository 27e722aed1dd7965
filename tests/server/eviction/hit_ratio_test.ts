// How many requests of a Zipf load find their key, against a model of what redis-server does with as
// many keys: five keys drawn at random, and a pool of the sixteen best.

import { assertGreater } from "@std/assert";
import { DetachedClient } from "../../harness/detached_client.ts";
import { ManualClock, serveQuietly } from "../../harness/quiet_server.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";

const NAMES = 20_000;
const WARM_UP = 20_000;
const REQUESTS = 40_000;

/** Draws ranks: the first most often, the n-th an n-th as often. */
function zipf(random: SeededRandom): () => number {
  const sums = new Float64Array(NAMES);
  let sum = 0;
  for (let i = 0; i < NAMES; i++) sums[i] = sum += 1 / (i + 1);
  return () => {
    const wanted = (random.below(2 ** 30) / 2 ** 30) * sum;
    let low = 0;
    let high = NAMES - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

interface Held {
  name: number;
  usedAtSecond: number;
  uses: number;
}

/** redis-server as far as its policy is concerned, with at most so many keys. */
class Model {
  readonly #held = new Map<number, Held>();
  readonly #list: Held[] = [];
  readonly #random = new SeededRandom(99);
  #pool: { held: Held; score: number }[] = [];

  constructor(readonly maxKeys: number, readonly countsUses: boolean) {}

  /** Reads a key, which is written where it is missing. @returns whether it was there */
  request(name: number, second: number): boolean {
    const held = this.#held.get(name);
    if (held !== undefined) {
      held.usedAtSecond = second;
      const above = Math.max(0, held.uses - 5);
      if (held.uses < 255 && this.#random.below(2 ** 30) * (above * 10 + 1) < 2 ** 30) held.uses++;
      return true;
    }
    if (this.#list.length >= this.maxKeys) this.#evict(second);
    const fresh = { name, usedAtSecond: second, uses: 5 };
    this.#held.set(name, fresh);
    this.#list.push(fresh);
    return false;
  }

  #evict(second: number): void {
    for (let i = 0; i < 5; i++) {
      const held = this.#random.pick(this.#list);
      const score = this.countsUses ? 255 - held.uses : second - held.usedAtSecond;
      this.#pool.push({ held, score });
    }
    this.#pool = this.#pool.sort((a, b) => b.score - a.score).slice(0, 16);
    const best = this.#pool.find(({ held }) => this.#held.get(held.name) === held)!.held;
    this.#pool = this.#pool.filter(({ held }) => held !== best);
    this.#held.delete(best.name);
    const last = this.#list.pop()!;
    if (last !== best) this.#list[this.#list.indexOf(best)] = last;
  }
}

for (const policy of ["allkeys-lru", "allkeys-lfu"]) {
  Deno.test(`${policy}: hits of a Zipf load are within 2 points of redis-server's`, async () => {
    const clock = new ManualClock();
    await using server = await serveQuietly({
      environment: { now: clock.now },
      directives: { "maxmemory-policy": policy, maxmemory: "200kb", "lfu-decay-time": "0" },
    });
    const client = new DetachedClient(server);
    server.clientMemory.recount();
    const draw = zipf(new SeededRandom(3));
    const names: number[] = [];
    let hits = 0;
    let keys = 0;
    for (let i = 0; i < WARM_UP + REQUESTS; i++) {
      clock.nowMs++;
      const name = draw();
      names.push(name);
      const isHit = client.ask("GET", `key:${name}`) !== "$-1\r\n";
      if (!isHit) client.ask("SET", `key:${name}`, "value-of-16-byte");
      if (i < WARM_UP) continue;
      if (isHit) hits++;
      keys += server.keyspace.databases[0].size;
    }
    server.keyspace.arena.verify();
    const model = new Model(Math.round(keys / REQUESTS), policy === "allkeys-lfu");
    let modelHits = 0;
    names.forEach((name, i) => {
      if (model.request(name, Math.floor(i / 1000)) && i >= WARM_UP) modelHits++;
    });
    const points = 100 * (hits - modelHits) / REQUESTS;
    const told = `${100 * hits / REQUESTS} % and ${
      100 * modelHits / REQUESTS
    } % of ${model.maxKeys}`;
    assertGreater(points, -2, told);
    assertGreater(100 * hits / REQUESTS, 40, told);
  });
}
