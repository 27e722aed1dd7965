// Many clients read, write, let keys expire and flush, tracked in all modes, come and go: after each
// step every byte that any of them is sent is what a simple model says, no more and no less.

import { assertEquals } from "@std/assert";
import { DetachedClient } from "../harness/detached_client.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const STEPS = 4000;
const KEYS = ["a", "ab", "abc", "b", "ba", "c"];
const PREFIXES = ["", "a", "ab", "b", "c"];

class Modelled {
  mode: "off" | "reads" | "prefix" = "off";
  noLoop = false;
  prefix = "";
  /** Keys that it may have copies of. */
  copies = new Set<string>();
  told: string[] = [];

  constructor(readonly real: DetachedClient) {}
}

/** The messages in what a client was sent, sorted; what else there is is replies. */
function messagesIn(sent: string): string[] {
  const found = sent.matchAll(/>2\r\n\$10\r\ninvalidate\r\n(_|\*\d+\r\n(?:\$\d+\r\n\w+\r\n)+)/g);
  return Array.from(
    found,
    ([, what]) => what === "_" ? "all" : what.match(/\b[a-c]+\b/g)!.join(" "),
  )
    .sort();
}

for (const seed of [1, 2, 3]) {
  Deno.test(`tracking is as a model of it, seed ${seed}`, async () => {
    const clock = new ManualClock();
    await using server = await serveQuietly({ environment: { now: clock.now } });
    const source = new SeededRandom(seed);
    const random = (bound: number) => source.below(bound);
    const pick = <T>(items: readonly T[]): T => source.pick(items);
    const join = () => new Modelled(new DetachedClient(server, server.dialects.resp3));
    const clients = Array.from({ length: 6 }, join);
    const expiry = new Map<string, number>();

    const change = (keys: readonly string[], author: Modelled, byTime = false) => {
      for (const client of clients) {
        if (client.mode === "prefix") {
          const isOwn = client.noLoop && author === client && !byTime;
          const heard = keys.filter((key) => key.startsWith(client.prefix)).sort();
          if (!isOwn && heard.length > 0) client.told.push(heard.join(" "));
          // Who changed it last is who counts.
          if (isOwn) client.told = client.told.filter((told) => !keys.includes(told));
        }
        for (const key of keys) {
          const had = client.copies.delete(key);
          if (!had || client.mode !== "reads") continue;
          if (!client.noLoop || author !== client) client.told.push(key);
        }
      }
    };

    for (let step = 0; step < STEPS; step++) {
      const client = pick(clients);
      const { real } = client;
      const key = pick(KEYS);
      let words: string[] = [];
      // What has expired is found by whoever touches it, and that is told first.
      const touch = (touched: string) => {
        const atMs = expiry.get(touched);
        if (atMs === undefined || atMs >= clock.nowMs) return;
        expiry.delete(touched);
        change([touched], client, true);
      };
      switch (random(12)) {
        case 0:
        case 1:
        case 2:
        case 3: {
          const other = pick(KEYS);
          words = ["MGET", key, other];
          touch(key);
          touch(other);
          if (client.mode === "reads") client.copies.add(key).add(other);
          break;
        }
        case 4:
        case 5:
          words = ["SET", key, "v"];
          touch(key);
          expiry.set(key, Infinity);
          change([key], client);
          break;
        case 6:
          words = ["SET", key, "v", "PX", "10"];
          touch(key);
          expiry.set(key, clock.nowMs + 10);
          change([key], client);
          break;
        case 7:
          words = ["DEL", key];
          touch(key);
          if (expiry.delete(key)) change([key], client);
          break;
        case 8:
          clock.nowMs += random(20);
          continue;
        case 9:
          if (random(5) > 0) continue;
          words = [pick(["FLUSHALL", "FLUSHDB"])];
          expiry.clear();
          for (const each of clients) {
            each.copies.clear();
            if (each.mode !== "off") each.told.push("all");
          }
          break;
        case 10:
          if (client.mode !== "off") {
            words = ["CLIENT", "TRACKING", "OFF"];
            client.mode = "off";
          } else {
            client.noLoop = random(2) === 0;
            client.mode = pick(["reads", "reads", "prefix"] as const);
            client.prefix = pick(PREFIXES);
            words = ["CLIENT", "TRACKING", "ON"];
            if (client.noLoop) words.push("NOLOOP");
            if (client.mode === "prefix") words.push("BCAST", "PREFIX", client.prefix);
          }
          break;
        default:
          if (random(10) > 0) continue;
          server.clients.remove(real.client);
          real.client.ended();
          clients[clients.indexOf(client)] = join();
          continue;
      }
      real.run([words]);
      // Its turn is over.
      server.tracking.broadcast();
      for (const [n, each] of clients.entries()) {
        const heard = messagesIn(each.real.replies());
        const expected = each.mode === "prefix" ? byTurn(each.told) : each.told.sort();
        assertEquals(heard, expected, `step ${step}, client ${n}, ${words.join(" ")}`);
        each.told = [];
      }
      const { items, keys } = server.tracking.totals;
      const copies = clients.filter(({ mode }) => mode !== "prefix").map((each) => each.copies);
      assertEquals(keys === 0, items === 0);
      for (const each of copies) assertEquals(items >= each.size, true);
    }
    for (const { real } of clients) {
      server.clients.remove(real.client);
      real.client.ended();
    }
    assertEquals(server.tracking.totals, { clients: 0, keys: 0, items: 0, prefixes: 0 });
  });
}

/** What is told of a prefix in one turn is one message, each key once. */
function byTurn(told: readonly string[]): string[] {
  const keys = new Set(
    told.filter((message) => message !== "all").flatMap((keys) => keys.split(" ")),
  );
  const all = told.filter((message) => message === "all");
  return [...(keys.size > 0 ? [[...keys].sort().join(" ")] : []), ...all].sort();
}
