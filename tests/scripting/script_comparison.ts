// Runs scripts on redis-server and Ravel, and compares the replies byte for byte.

import { serve } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

/** A script; with a reply where the installed redis-server is too old; with keys and arguments. */
export type ScriptCase = string | {
  readonly script: string;
  /** Of Redis 7.2.4. */
  readonly reply?: string;
  readonly keys?: readonly string[];
  readonly args?: readonly string[];
  /** In place of EVAL. */
  readonly command?: string;
};

/** A request in front of or between the scripts. */
export type Request = readonly string[];

export interface ScriptComparisonOptions {
  readonly resp3?: boolean;
  /** The replies are no values that a client would take: each is all that comes before the end. */
  readonly isRaw?: boolean;
  readonly directives?: Readonly<Record<string, string>>;
}

/** Registers a test that has both servers carry out the same. */
export function scriptComparison(
  name: string,
  cases: readonly (ScriptCase | Request)[],
  { resp3 = false, isRaw = false, directives }: ScriptComparisonOptions = {},
): void {
  Deno.test({
    name: `scripts as on redis-server: ${name}`,
    ignore: withoutRedis,
    async fn() {
      const program = Deno.env.get("REDIS_SERVER");
      await using redis = await RedisReference.start(directives, undefined, program);
      await using ravel = await serve({ port: 0, onLogLine() {}, directives });
      using ours = await Peer.connect(ravel.address.port);
      using theirs = await Peer.connect(redis.port);
      if (resp3) { for (const peer of [ours, theirs]) await peer.ask("HELLO", "3"); }
      const different: string[] = [];
      for (const item of cases) {
        const request = requestOf(item);
        const literal = typeof item === "object" && "reply" in item ? item.reply : undefined;
        const ask = (peer: Peer, port: number) =>
          isRaw ? askOnce(port, request, resp3) : peer.ask(...request);
        const theirReply = await ask(theirs, redis.port);
        const expected = program === undefined ? literal ?? theirReply : theirReply;
        const actual = await ask(ours, ravel.address.port);
        if (actual === expected) continue;
        different.push(
          `${JSON.stringify(request)}\n    redis ${JSON.stringify(expected)}\n    ravel ${
            JSON.stringify(actual)
          }`,
        );
      }
      ravel.keyspace.arena.verify();
      if (different.length > 0) throw new Error(`different:\n${different.join("\n")}`);
    },
  });
}

async function askOnce(port: number, request: readonly string[], resp3: boolean): Promise<string> {
  using peer = await Peer.connect(port);
  if (resp3) await peer.ask("HELLO", "3");
  peer.queue(...request);
  peer.queue("QUIT");
  await peer.flush();
  return await peer.receiveRest();
}

function requestOf(item: ScriptCase | Request): readonly string[] {
  if (typeof item === "string") return ["EVAL", item, "0"];
  if (!("script" in item)) return item as Request;
  const { args = [], command = "EVAL", keys = [], script } = item;
  return [command, script, String(keys.length), ...keys, ...args];
}
