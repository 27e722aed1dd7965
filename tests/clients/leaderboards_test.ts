// Leaderboards as games keep them: a sorted set of players, through ioredis and node-redis.

import { assert, assertEquals } from "@std/assert";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { onEitherServer } from "../harness/either_server.ts";

const PLAYERS = 1000;
const nameOf = (i: number): string => `player:${String(i).padStart(4, "0")}`;
/** Ten of them have the same points. */
const pointsOf = (i: number): number => Math.floor(i / 10) * 10;

/** Players from the best to the worst, those with the same points by their names backwards. */
const RANKING = Array.from({ length: PLAYERS }, (_, i) => nameOf(i)).reverse();

onEitherServer("leaderboard on ioredis: top, own place, neighbours, pages", async (port) => {
  const redis = new Redis({ port, host: "127.0.0.1" });
  const players = Array.from({ length: PLAYERS }, (_, i) => [pointsOf(i), nameOf(i)]).flat();
  assertEquals(await redis.zadd("board", ...players), PLAYERS);
  assertEquals(await redis.zrevrange("board", 0, 2, "WITHSCORES"), [
    ...["player:0999", "990", "player:0998", "990", "player:0997", "990"],
  ]);
  const rank = await redis.zrevrank("board", nameOf(500));
  assertEquals(rank, RANKING.indexOf(nameOf(500)));
  assertEquals(
    await redis.zrevrange("board", rank! - 2, rank! + 2),
    RANKING.slice(rank! - 2, rank! + 3),
  );
  const pages: string[] = [];
  for (let start = 0; start < PLAYERS; start += 64) {
    pages.push(...await redis.zrevrange("board", start, start + 63));
  }
  assertEquals(pages, RANKING);
  // Who has as many points has the same place: how many have more, and one.
  assertEquals(await redis.zcount("board", "(500", "+inf"), PLAYERS - 510);
  assertEquals(await redis.zrevrangebyscore("board", 505, 500, "LIMIT", 3, 4), [
    ...["player:0506", "player:0505", "player:0504", "player:0503"],
  ]);
  assertEquals(await redis.zmscore("board", nameOf(7), "nobody", nameOf(999)), ["0", null, "990"]);
  redis.disconnect();
});

onEitherServer(
  "leaderboard on ioredis: points are won, records kept, seasons end",
  async (port) => {
    const redis = new Redis({ port, host: "127.0.0.1" });
    assertEquals(await redis.zincrby("week", 10, "ann"), "10");
    assertEquals(await redis.zincrby("week", 0.5, "ann"), "10.5");
    assertEquals(await redis.zadd("record", "GT", "CH", 100, "ann", 50, "bob"), 2);
    assertEquals(await redis.zadd("record", "GT", "CH", 90, "ann", 60, "bob"), 1);
    assertEquals(await redis.zadd("record", "XX", "INCR", -10, "ann"), "90");
    assertEquals(await redis.zadd("record", "NX", 1, "ann"), 0);
    assertEquals(await redis.zrange("record", 0, "-1", "WITHSCORES"), ["bob", "60", "ann", "90"]);
    const results = await redis.multi()
      .zincrby("week", 5, "bob")
      .zrevrank("week", "bob")
      .zpopmax("week")
      .rename("week", "week:41")
      .expire("week:41", 1000)
      .exec();
    assertEquals(results?.map(([, value]) => value), ["5", 1, ["ann", "10.5"], "OK", 1]);
    assertEquals(await redis.zremrangebyrank("record", 0, -2), 1);
    assertEquals(await redis.zrange("record", 0, "-1"), ["ann"]);
    assertEquals(await redis.zrem("record", "ann", "nobody"), 1);
    assertEquals(await redis.exists("record", "week", "week:41"), 1);
    redis.disconnect();
  },
);

for (const RESP of [2, 3] as const) {
  onEitherServer(`leaderboard on node-redis, RESP${RESP}`, async (port) => {
    const client = await createClient({ url: `redis://127.0.0.1:${port}`, RESP })
      .on("error", () => {}).connect();
    const players = Array.from(
      { length: PLAYERS },
      (_, i) => ({ score: pointsOf(i) + 0.5, value: nameOf(i) }),
    );
    assertEquals(await client.zAdd("board", players), PLAYERS);
    assertEquals(await client.zRangeWithScores("board", 0, 1, { REV: true }), [
      { value: "player:0999", score: 990.5 },
      { value: "player:0998", score: 990.5 },
    ]);
    assertEquals(await client.zRevRank("board", nameOf(0)), PLAYERS - 1);
    assertEquals(await client.zIncrBy("board", 1e6, nameOf(0)), 1_000_000.5);
    assertEquals(await client.zRevRank("board", nameOf(0)), 0);
    assertEquals(
      await client.zRange("board", "(990.5", "+inf", { BY: "SCORE" }),
      [nameOf(0)],
    );
    assertEquals(await client.zCount("board", 500, 520), 20);
    assertEquals(await client.zRemRangeByScore("board", "-inf", "(500"), 499);
    assertEquals(await client.zmScore("board", [nameOf(0), nameOf(1)]), [1_000_000.5, null]);
    assertEquals(await client.zPopMax("board"), { value: nameOf(0), score: 1_000_000.5 });
    assertEquals(await client.zPopMinCount("board", 2), [
      { value: nameOf(500), score: 500.5 },
      { value: nameOf(501), score: 500.5 },
    ]);
    assertEquals(await client.zCard("board"), 498);
    assert((await client.objectEncoding("board")) === "skiplist");
    await client.close();
  });
}
