// What is left behind a sequence: for every key of every database its type, expiry, encoding and
// content on both servers, and that what DUMP answers of either is restored on the other as the same.

import type { Peer } from "../harness/peer.ts";
import { type Circumstances, isSameReply } from "./reply_forms.ts";
import { replyTree } from "./reply_tree.ts";
import { bytesOf, lineOf, type Words } from "./sequence.ts";

/** The two servers' connections. */
export interface Pair {
  readonly ours: Peer;
  readonly theirs: Peer;
}

const DATABASES = 16;
/** Where values are restored to: no key of a sequence. */
const COPY = "\x01copy";

const CONTENT: Readonly<Record<string, (key: string) => Words>> = {
  string: (key) => ["GET", key],
  list: (key) => ["LRANGE", key, "0", "-1"],
  set: (key) => ["SMEMBERS", key],
  hash: (key) => ["HGETALL", key],
  zset: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
};

/** Sends calls to one server in one go, and answers all replies. */
export async function askAll(peer: Peer, calls: readonly Words[]): Promise<string[]> {
  for (const call of calls) peer.queue(...call.map(bytesOf));
  await peer.flush();
  const replies: string[] = [];
  for (let i = 0; i < calls.length; i++) replies.push(await peer.receive());
  return replies;
}

/** What of this server there is beside the commands that read values. */
export interface Abilities {
  /** DUMP and RESTORE. */
  readonly dumps: boolean;
  /** DEBUG DIGEST-VALUE. */
  readonly digests: boolean;
}

/** Differences of what the databases hold, each in words. */
export async function differentContents(
  pair: Pair,
  circumstances: Circumstances,
  { digests, dumps }: Abilities,
): Promise<string[]> {
  const found: string[] = [];
  const ask = async (calls: readonly Words[]) => {
    const [ours, theirs] = await Promise.all([
      askAll(pair.ours, calls),
      askAll(pair.theirs, calls),
    ]);
    calls.forEach((call, i) => {
      if (isSameReply(call, ours[i], theirs[i], circumstances)) return;
      found.push(difference(lineOf(call), ours[i], theirs[i]));
    });
    return { ours, theirs };
  };
  for (let database = 0; database < DATABASES; database++) {
    const { theirs: [, names] } = await ask([["SELECT", String(database)], ["KEYS", "*"]]);
    const keys = replyTree(names).items.map(({ text }) => text);
    if (keys.length === 0) continue;
    const { theirs: types } = await ask(keys.map((key) => ["TYPE", key]));
    await ask(keys.flatMap((key, i) => [
      ["PEXPIRETIME", key],
      ["OBJECT", "ENCODING", key],
      CONTENT[types[i].slice(1, -2)]?.(key) ?? ["EXISTS", key],
      digests ? ["DEBUG", "DIGEST-VALUE", key] : ["EXISTS", key],
    ]));
    if (dumps) found.push(...await differentDumps(pair, keys, circumstances));
  }
  return found;
}

/** Both servers' values, each restored beside its original on the other one. */
async function differentDumps(
  { ours, theirs }: Pair,
  keys: readonly string[],
  circumstances: Circumstances,
): Promise<string[]> {
  const found: string[] = [];
  for (const key of keys) {
    const [[mine], [yours]] = await Promise.all([
      askAll(ours, [["DUMP", key]]),
      askAll(theirs, [["DUMP", key]]),
    ]);
    const read = (await askAll(ours, [["TYPE", key]]))[0].slice(1, -2);
    // A score of -0 is 0 once it was in a listpack, and a value that is restored may come by one.
    const [content] = await askAll(ours, [CONTENT[read]?.(key) ?? ["EXISTS", key]]);
    if (/[\n,]-0\r\n/.test(content)) continue;
    const checks: Words[] = [
      ["RESTORE", COPY, "0", replyTree(yours).text],
      ["TYPE", COPY],
      ["OBJECT", "ENCODING", COPY],
      CONTENT[read]?.(COPY) ?? ["EXISTS", COPY],
      ["DEL", COPY],
    ];
    const [here, there] = await Promise.all([askAll(ours, checks), askAll(theirs, checks)]);
    for (let i = 0; i < checks.length; i++) {
      if (isSameReply(checks[i], here[i], there[i], circumstances)) continue;
      const [name, sub] = checks[i];
      found.push(difference(`${name} ${sub} of redis-server's DUMP of ${key}`, here[i], there[i]));
    }
    // A server takes what older ones wrote, and not what newer ones did.
    if (circumstances.version < 70200) continue;
    const [, answer, digests] = await askAll(theirs, [
      ["PERSIST", key],
      ["RESTORE", COPY, "0", replyTree(mine).text],
      ["DEBUG", "DIGEST-VALUE", key, COPY],
      ["DEL", COPY],
    ]);
    const [first, second] = replyTree(digests).items;
    if (answer !== "+OK\r\n" || first.text !== second.text) {
      found.push(difference(`our DUMP of ${lineOf([key])} there`, answer, digests));
    }
  }
  return found;
}

/** One difference, as it is reported. */
export function difference(what: string, ours: string, theirs: string): string {
  return `${what}\n    redis ${shown(theirs)}\n    ravel ${shown(ours)}`;
}

function shown(reply: string): string {
  const text = JSON.stringify(reply);
  return text.length <= 600 ? text : `${text.slice(0, 400)} … ${text.slice(-200)}`;
}
