// Applications that work by scripts: each runs on either server, and what it asks of redis-server is
// then asked of both anew, where every reply and in the end every key has to be the same.

import { assert, assertEquals } from "@std/assert";
import { difference } from "../generator/key_contents.ts";
import { type ReplyNode, replyTree } from "../generator/reply_tree.ts";
import { onEitherServer } from "../harness/either_server.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import {
  type RecordedRequest,
  Recorder,
  replay,
  replayable,
} from "../harness/recorded_workload.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { type Workload, WORKLOADS } from "./script_workloads.ts";

const decoder = new TextDecoder();

for (const [name, workload] of Object.entries(WORKLOADS)) {
  onEitherServer(`${name} works`, workload);
}

/** What is told of the time left of a key differs by the time between the two replays. */
const NEAR_MS = 5000;

function isSame(ours: ReplyNode, theirs: ReplyNode): boolean {
  if (ours.items.length !== theirs.items.length || ours.type !== theirs.type) return false;
  if (ours.items.length > 0) {
    // Scripts hand on what HGETALL answers, in the order of a hash table.
    return ours.items.every((item, i) => isSame(item, theirs.items[i])) ||
      sortedBytes(ours) === sortedBytes(theirs);
  }
  if (normalized(ours.text) === normalized(theirs.text)) return true;
  const distance = Number(ours.text) - Number(theirs.text);
  return ours.type === ":" && Math.abs(distance) <= NEAR_MS;
}

function sortedBytes({ items }: ReplyNode): string {
  return items.map(({ text }) => normalized(text)).sort().join("\r\n");
}

/** A text of JSON with its members in one order: cjson takes a table's in whatever order it has. */
function normalized(text: string): string {
  if (!text.startsWith("{")) return text;
  return JSON.stringify(
    JSON.parse(text),
    (_, value) =>
      value === null || typeof value !== "object" || Array.isArray(value)
        ? value
        : Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)),
  );
}

const READ: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ["GET", key],
  list: (key) => ["LRANGE", key, "0", "-1"],
  set: (key) => ["SMEMBERS", key],
  hash: (key) => ["HGETALL", key],
  zset: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
};
/** Types whose elements come in no order. */
const UNORDERED: ReadonlySet<string> = new Set(["set", "hash"]);

/** Every key with its type, whether it expires, and what it holds. */
async function contentsOf(port: number): Promise<Record<string, unknown>> {
  using peer = await Peer.connect(port);
  const contents: Record<string, unknown> = {};
  const names = replyTree(await peer.ask("KEYS", "*")).items.map(({ text }) => text);
  for (const name of names.sort()) {
    const type = replyTree(await peer.ask("TYPE", name)).text;
    const { items, text } = replyTree(await peer.ask(...READ[type](name)));
    const elements = items.map((item) => normalized(item.text));
    if (UNORDERED.has(type)) elements.sort();
    const expires = !(await peer.ask("PTTL", name)).startsWith(":-");
    contents[name] = { type, expires, text: normalized(text), elements };
  }
  return contents;
}

for (const [name, workload] of Object.entries(WORKLOADS)) {
  Deno.test({
    name: `what ${name} asks has the same replies and leaves the same keys as on redis-server`,
    ignore: withoutRedis,
    async fn() {
      const requests = await record(workload);
      assert(requests.some(({ words }) => words.length > 3), "something was recorded");
      await using redis = await RedisReference.start();
      await using ravel = await serveQuietly();
      const theirs = await replay(requests, redis.port);
      const ours = await replay(requests, ravel.address.port);
      const different = requests.flatMap(({ words }, i) => {
        if (isSame(replyTree(ours[i]), replyTree(theirs[i]))) return [];
        const request = words.map((word) => decoder.decode(word).slice(0, 200)).join(" ");
        return [difference(request, ours[i], theirs[i])];
      });
      assertEquals(different.join("\n"), "");
      assertEquals(await contentsOf(ravel.address.port), await contentsOf(redis.port));
    },
  });
}

/** What an application asks of redis-server, in the order of arrival. */
async function record(workload: Workload): Promise<RecordedRequest[]> {
  await using redis = await RedisReference.start();
  await using recorder = new Recorder(redis.port);
  await workload(recorder.port);
  return replayable(recorder.requests);
}
