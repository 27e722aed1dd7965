// Dumps of every type, encoding and size go from Ravel to redis-server and back, and are the same.

import { assert, assertEquals } from "@std/assert";
import type { ReplyValue } from "../../../protocol/reply_value.ts";
import { serveQuietly } from "../../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../../harness/redis_reference.ts";
import { WireClient } from "../../harness/wire_client.ts";
import { signed, VALUE_CASES, type ValueCase } from "./dump_values.ts";

/** As many hash entries in a listpack on both: Redis's default is another in each version. */
const DIRECTIVES = { "hash-max-listpack-entries": "128" };
/** Types of dumps that came with a version. */
const SET_LISTPACK = 20;

function bytesOf(reply: ReplyValue): Uint8Array {
  assert(reply instanceof Uint8Array, String(reply));
  return reply;
}

/** Either server, asked for values. */
interface Asked {
  call(...request: readonly (string | Uint8Array)[]): Promise<ReplyValue>;
}

async function make(server: Asked, { requests }: ValueCase): Promise<void> {
  await server.call("DEL", "k");
  for (const request of requests) await server.call(...request);
}

function scoreOf(reply: ReplyValue): number {
  const text = new TextDecoder().decode(bytesOf(reply));
  return Number(text.replace("inf", "Infinity"));
}

/** A value as it can be compared: every element, those in no order sorted. */
async function contentOf(server: Asked, key: string): Promise<unknown> {
  const type = String(await server.call("TYPE", key));
  const read: Record<string, string[]> = {
    string: ["GET", key],
    list: ["LRANGE", key, "0", "-1"],
    set: ["SMEMBERS", key],
    zset: ["ZRANGE", key, "0", "-1", "WITHSCORES"],
    hash: ["HGETALL", key],
  };
  const reply = await server.call(...read[type]);
  const text = (value: ReplyValue) => value instanceof Uint8Array ? value.join() : String(value);
  if (!Array.isArray(reply)) return text(reply);
  const elements = reply.map(text);
  if (type === "set") elements.sort();
  // Servers print the digits of a score differently.
  if (type === "zset") return reply.map((value, i) => i % 2 === 0 ? text(value) : scoreOf(value));
  if (type !== "hash") return elements;
  return elements.flatMap((field, i) => i % 2 === 0 ? [`${field}=${elements[i + 1]}`] : []).sort();
}

Deno.test({
  name: "dumps go both ways between Ravel and redis-server",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start(DIRECTIVES);
    await using server = await serveQuietly({ directives: DIRECTIVES });
    using ravel = await WireClient.connect(server.address.port);
    await redis.call("SET", "probe", "x");
    const version = bytesOf(await redis.call("DUMP", "probe")).at(-10)!;
    for (const value of VALUE_CASES) {
      await make(redis, value);
      await make(ravel, value);
      const theirs = bytesOf(await redis.call("DUMP", "k"));
      const ours = bytesOf(await ravel.call("DUMP", "k"));
      const isNewer = ours[0] === SET_LISTPACK && version < 11;
      // redis-server takes what is no newer than itself.
      const forRedis = signed(ours, Math.min(version, ours.at(-10)!));
      if (!isNewer && !value.isUnordered && version === 11) assertEquals(ours, theirs, value.name);
      const expected = await contentOf(redis, "k");
      assertEquals(await contentOf(ravel, "k"), expected, value.name);

      assertEquals(await ravel.call("RESTORE", "r", "0", theirs, "REPLACE"), "OK", value.name);
      assertEquals(await contentOf(ravel, "r"), expected, value.name);
      assertEquals(await ravel.call("RESTORE", "s", "0", ours, "REPLACE"), "OK", value.name);
      assertEquals(await contentOf(ravel, "s"), expected, value.name);
      if (isNewer) continue;
      assertEquals(await redis.call("RESTORE", "r", "0", forRedis, "REPLACE"), "OK", value.name);
      assertEquals(await contentOf(redis, "r"), expected, value.name);
      assertEquals(await redis.call("RESTORE", "s", "0", theirs, "REPLACE"), "OK", value.name);
      for (const key of version === 11 ? ["k", "r", "s"] : []) {
        const encoding = await redis.call("OBJECT", "ENCODING", key);
        assertEquals(
          String(await ravel.call("OBJECT", "ENCODING", key)),
          String(encoding),
          `${value.name} ${key}`,
        );
      }
    }
    server.keyspace.arena.verify();
  },
});
