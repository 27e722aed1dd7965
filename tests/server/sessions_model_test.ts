// Clients at random, on real connections: they push, pop, wait, watch, publish, subscribe, keep
// copies and die. After each request every byte that any of them got is compared with a model's.
// The model follows Redis 7.2; where such a redis-server is installed, it is held against that too.

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference } from "../harness/redis_reference.ts";
import { until } from "../harness/until.ts";
import { SeededRandom } from "../structures/seeded_random.ts";
import { Model, ModelClient } from "./sessions_model.ts";

const CLIENTS = 10;
const STEPS = 4000;
const KEYS = ["k0", "k1", "k2", "k3"];
const CHANNELS = ["a1", "a2", "b1"];
const PATTERNS = ["a*", "b*"];
const SIDES = ["LEFT", "RIGHT"];

interface Participant {
  readonly model: ModelClient;
  readonly peer: Peer;
  readonly id: number;
}

class Sessions {
  readonly #model = new Model();
  readonly #random: SeededRandom;
  #participants: Participant[] = [];
  /** What happened last, for whoever reads a failure. */
  readonly #story: string[] = [];
  #values = 0;

  constructor(readonly port: number, readonly admin: Peer, seed: number) {
    this.#random = new SeededRandom(seed);
  }

  async run(): Promise<void> {
    while (this.#participants.length < CLIENTS) await this.#join();
    for (let step = 0; step < STEPS; step++) {
      const chance = this.#random.below(100);
      if (chance === 0) await this.#die();
      else if (chance < 4) await this.#unblock();
      else await this.#request();
      await this.#check();
    }
    for (const { peer } of this.#participants) peer[Symbol.dispose]();
  }

  async #join(): Promise<void> {
    const peer = await Peer.connect(this.port);
    const resp = this.#random.below(3) === 0 ? 2 : 3;
    const tracks = resp === 3 && this.#random.below(2) === 0;
    const id = Number((await peer.ask("CLIENT", "ID")).slice(1));
    if (resp === 3) await peer.ask("HELLO", "3");
    if (tracks) assertEquals(await peer.ask("CLIENT", "TRACKING", "ON"), "+OK\r\n");
    const model = new ModelClient(resp, tracks);
    this.#model.clients.add(model);
    this.#participants.push({ model, peer, id });
  }

  /** One leaves by itself or is killed, whatever it was at, and another comes. */
  async #die(): Promise<void> {
    const one = this.#random.pick(this.#participants);
    this.#story.push(`${one.id} dies`);
    if (this.#random.below(2) === 0) one.peer[Symbol.dispose]();
    else {
      assertEquals(await this.admin.ask("CLIENT", "KILL", "ID", `${one.id}`), ":1\r\n");
      assertEquals(await one.peer.receiveRest(), "");
      one.peer[Symbol.dispose]();
    }
    await until(
      "the server knows",
      async () => !(await this.admin.ask("CLIENT", "LIST")).includes(`id=${one.id} `),
    );
    this.#model.gone(one.model);
    this.#participants = this.#participants.filter((each) => each !== one);
    await this.#join();
  }

  async #unblock(): Promise<void> {
    const one = this.#random.pick(this.#participants);
    const isBlocked = one.model.blocked !== undefined;
    const word = this.#random.pick(["TIMEOUT", "ERROR"]);
    this.#story.push(`${one.id} is unblocked with ${word}`);
    if (isBlocked) this.#model.unblock(one.model, word === "ERROR");
    const reply = await this.admin.ask("CLIENT", "UNBLOCK", `${one.id}`, word);
    assertEquals(reply, isBlocked ? ":1\r\n" : ":0\r\n");
  }

  async #request(): Promise<void> {
    const free = this.#participants.filter(({ model }) => model.blocked === undefined);
    if (free.length < 2) return;
    const one = this.#random.pick(free);
    const words = this.#words(one.model);
    this.#story.push(`${one.id} (RESP${one.model.resp}): ${words.join(" ")}`);
    this.#model.request(one.model, words);
    one.peer.queue(...words);
    await one.peer.flush();
    if (one.model.blocked === undefined) return;
    await until("it waits", async () =>
      (await this.admin.ask("INFO", "clients"))
        .includes(`\nblocked_clients:${this.#model.waiting.length}\r\n`));
  }

  async #check(): Promise<void> {
    for (const { id, model, peer } of this.#participants) {
      const { input } = peer.wire;
      while (input.length < model.expected.length && await peer.wire.read().catch(() => false));
      const bytes = input.bytes.subarray(input.head, input.tail);
      const received = new TextDecoder("latin1").decode(bytes);
      const story = () => `client ${id} after:\n${this.#story.slice(-60).join("\n")}`;
      if (received !== model.expected) assertEquals(received, model.expected, story());
      input.consume(bytes.length);
      model.expected = "";
    }
  }

  #words(client: ModelClient): string[] {
    const random = this.#random;
    const key = (): string => random.pick(KEYS);
    const value = (): string => `v${this.#values++}`;
    const kind = random.below(client.queue === undefined ? 100 : 80);
    if (client.queue !== undefined && random.below(4) === 0) {
      return [random.pick(["EXEC", "EXEC", "EXEC", "DISCARD"])];
    }
    if (kind < 14) return [random.pick(["LPUSH", "RPUSH"]), key(), value()];
    if (kind < 18) return [random.pick(["LPUSH", "RPUSH"]), key(), value(), value(), value()];
    if (kind < 30) return [random.pick(["LPOP", "RPOP"]), key()];
    if (kind < 34) return ["SET", "k0", value()];
    if (kind < 40) return ["DEL", key()];
    if (kind < 44) return ["RENAME", key(), key()];
    if (kind < 48) return ["LMOVE", key(), key(), random.pick(SIDES), random.pick(SIDES)];
    if (kind < 56) return [random.pick(["GET", "LLEN"]), key()];
    if (kind < 59) return ["LRANGE", key(), "0", "-1"];
    if (kind < 63) return [random.pick(["BLPOP", "BRPOP"]), key(), "0"];
    if (kind < 67) return [random.pick(["BLPOP", "BRPOP"]), key(), key(), key(), "0"];
    if (kind < 71) return ["BLMOVE", key(), key(), random.pick(SIDES), random.pick(SIDES), "0"];
    if (kind < 80) return ["PUBLISH", random.pick(CHANNELS), value()];
    if (kind < 84) return ["MULTI"];
    if (kind < 88) return ["WATCH", key(), key()];
    if (kind < 89) return ["UNWATCH"];
    if (kind < 90) return ["EXEC"];
    if (kind < 92) return ["PING"];
    if (kind < 94) return ["SUBSCRIBE", random.pick(CHANNELS), random.pick(CHANNELS)];
    if (kind < 95) return ["PSUBSCRIBE", random.pick(PATTERNS)];
    if (kind < 98) return ["UNSUBSCRIBE", ...CHANNELS];
    return ["PUNSUBSCRIBE", ...PATTERNS];
  }
}

async function sessions(port: number, seed: number): Promise<void> {
  using admin = await Peer.connect(port);
  await new Sessions(port, admin, seed).run();
}

for (const seed of [1, 2, 3]) {
  Deno.test(`clients at random behave as the model of Redis, seed ${seed}`, async () => {
    await using server = await serveQuietly();
    await sessions(server.address.port, seed);
    server.keyspace.arena.verify();
  });

  if (modelled()) {
    Deno.test(`redis-server behaves as the model of it, seed ${seed}`, async () => {
      await using reference = await RedisReference.start();
      await sessions(reference.port, seed);
    });
  }
}

/** Whether there is a redis-server that serves the blocked as 7.2 does. */
function modelled(): boolean {
  try {
    const { stdout } = new Deno.Command("redis-server", { args: ["--version"] }).outputSync();
    const version = /v=(\d+)\.(\d+)/.exec(new TextDecoder().decode(stdout));
    return version !== null && Number(version[1]) * 100 + Number(version[2]) >= 702;
  } catch {
    return false;
  }
}
