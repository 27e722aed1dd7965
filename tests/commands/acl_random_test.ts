// Random rules, good and bad, on redis-server and Ravel: what they make of the rules, and whom they
// then allow what. From redis-server 7.2 on the users are described in the same words, too.

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const ROUNDS = 20;
const RULES_PER_ROUND = 12;

const NAMES = [
  "get",
  "set",
  "mset",
  "del",
  "config",
  "config|get",
  "client|kill",
  "select",
  "eval",
];
const CATEGORIES = ["read", "write", "string", "hash", "keyspace", "dangerous", "pubsub", "fast"];
const PATTERNS = ["*", "a*", "*b", "a?c", "[ab]x", "\\*", "", "abc", "a[^b]*", "**"];
const KEYS = ["a", "b", "abc", "axc", "ax", "bx", "*", "", "ab"];

/** A rule for commands, keys or channels; some are nonsense. */
function permissionRule(random: SeededRandom): string {
  const pick = (of: readonly string[]) => of[random.below(of.length)];
  const sign = pick(["+", "-"]);
  switch (random.below(9)) {
    case 0:
    case 1:
      return sign + pick(NAMES);
    case 2:
      return `${sign}@${pick(CATEGORIES)}`;
    case 3:
      return pick(["allkeys", "resetkeys", "allchannels", "resetchannels", "+@all", "-@all"]);
    case 4:
      return `&${pick(PATTERNS)}`;
    case 5:
      return pick([
        "+select|0",
        "+select|1",
        "+get|a",
        "-select|0",
        "+config|set",
        "+@nosuch",
        "%",
      ]) +
        pick(["", "", "x"]);
    default:
      return pick(["~", "~", "%R~", "%W~", "%RW~", "%r~", "%RR~"]) + pick(PATTERNS);
  }
}

/** A rule; where it is `%` alone, redis-server takes it and ends when it is asked for it. */
function rule(random: SeededRandom): string {
  const one = permissionRule(random);
  if (one === "%") return rule(random);
  switch (random.below(12)) {
    case 0:
      return `(${one} ${permissionRule(random)})`.replace("% ", "").replace(" %)", ")");
    case 1:
      return ["clearselectors", "nopass", "on", "off", ">x", "<x", "reset"][random.below(7)];
    default:
      return one;
  }
}

/** Calls that the user is asked about. */
function calls(random: SeededRandom): string[][] {
  const key = () => KEYS[random.below(KEYS.length)];
  return [
    ["GET", key()],
    ["SET", key(), "1"],
    ["SET", key(), "1", "GET"],
    ["MSET", key(), "1", key(), "2"],
    ["DEL", key(), key()],
    ["COPY", key(), key()],
    ["EXISTS", key()],
    ["ZUNIONSTORE", key(), "2", key(), key()],
    ["EVAL", "return 1", "1", key()],
    ["SELECT", "0"],
    ["SELECT", "1"],
    ["CONFIG", "GET", key()],
    ["CONFIG", "SET", "maxmemory", "0"],
    ["CLIENT", "KILL", "ID", "1"],
    ["PUBLISH", key(), "x"],
    ["SUBSCRIBE", key(), key()],
    ["PSUBSCRIBE", key()],
    ["AUTH", "x"],
    ["PING"],
    ["HSET", key(), "f", "v"],
  ];
}

/** A verdict without what versions say otherwise: the user's name. */
function verdict(reply: string): string {
  return reply.replace(/^\$\d+\r\n(User \S+|This user) /, "");
}

Deno.test({
  name: "random rules allow and deny what they do on redis-server",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using server = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(server.address.port);
    const isNew = !/redis_version:7\.0/.test(await theirs.ask("INFO", "server"));
    const random = new SeededRandom(13);
    const both = async (...words: string[]) => {
      const replies = [await theirs.ask(...words), await ours.ask(...words)];
      return replies.map((reply) => words[1] === "DRYRUN" ? verdict(reply) : reply);
    };
    for (let round = 0; round < ROUNDS; round++) {
      const told: string[] = [];
      const agree = ([expected, actual]: string[], words: readonly string[]) =>
        assertEquals(actual, expected, `${JSON.stringify(words)} after ${JSON.stringify(told)}`);
      await both("ACL", "DELUSER", "u");
      for (let i = 0; i < RULES_PER_ROUND; i++) {
        const words = ["ACL", "SETUSER", "u", ...Array.from({ length: 2 }, () => rule(random))];
        told.push(words.slice(3).join(" "));
        agree(await both(...words), words);
        for (const call of calls(random)) {
          agree(await both("ACL", "DRYRUN", "u", ...call), call);
        }
        if (isNew) agree(await both("ACL", "LIST"), ["ACL", "LIST"]);
      }
    }
  },
});
