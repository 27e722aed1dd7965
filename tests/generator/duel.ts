// Both servers, side by side: sequences run on each, and what differs.

import { serve, type Server } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { commandTable } from "../../commands/registry.ts";
import { RedisReference } from "../harness/redis_reference.ts";
import { versionNumber } from "./call_writer.ts";
import {
  type Abilities,
  askAll,
  difference,
  differentContents,
  type Pair,
} from "./key_contents.ts";
import { type Circumstances, isSameReply, isSameTree } from "./reply_forms.ts";
import { replyTree } from "./reply_tree.ts";
import { lineOf, type Sequence, type Words } from "./sequence.ts";
import { expiresSoon, type Payloads, SOON_MS } from "./sequence_writer.ts";

/** Of both servers: strings stay small, every event is told, keys expire when they are looked at. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  "proto-max-bulk-len": "1mb",
  "notify-keyspace-events": "KEAmn",
  "enable-debug-command": "yes",
};
const THE_END = "\x01end";
/** Fields of INFO that are compared, each a count since the sequence began. */
const COUNTS = ["keyspace_hits", "keyspace_misses", "expired_keys", "rdb_changes_since_last_save"];

/** A sequence that the servers do not agree on. */
export interface Disagreement {
  /** What kind of thing differs: that of `reply zadd`, `events` or `contents zset`. */
  readonly kind: string;
  /** In words, with both answers. */
  readonly difference: string;
}

/** Calls that wait, beside those whose commands are declared as blocking. */
const WAITING = new Set(["wait", "waitaof"]);
/** Calls whose outcome is chosen at random; behind each, the key it took from goes. */
const CHOSEN_AT_RANDOM = new Set(["spop"]);

export class Duel implements AsyncDisposable {
  private constructor(
    readonly ravel: Server,
    readonly redis: RedisReference,
    readonly version: string,
    readonly pair: Pair,
    readonly listening: Pair,
    readonly abilities: Abilities,
  ) {}

  /** With the redis-server of that path, in place of the installed one. */
  static async start(program?: string): Promise<Duel> {
    const redis = await RedisReference.start(DIRECTIVES, undefined, program);
    const ravel = await serve({ port: 0, onLogLine() {}, directives: DIRECTIVES });
    const connect = async (): Promise<Pair> => ({
      ours: await Peer.connect(ravel.address.port),
      theirs: await Peer.connect(redis.port),
    });
    const pair = await connect();
    const listening = await connect();
    const info = await pair.theirs.ask("INFO", "server");
    const version = /redis_version:([\d.]+)/.exec(info)![1];
    const digest = await pair.ours.ask("DEBUG", "DIGEST-VALUE", "none");
    const abilities: Abilities = {
      dumps: commandTable.named("dump") !== undefined,
      // 7.0 has scores in its digests with seventeen digits.
      digests: digest.startsWith("*") && versionNumber(version) >= 70200,
    };
    const duel = new Duel(ravel, redis, version, pair, listening, abilities);
    await duel.#both([["DEBUG", "SET-ACTIVE-EXPIRE", "0"]]);
    for (const peer of [listening.ours, listening.theirs]) {
      await peer.ask("PSUBSCRIBE", "__key*");
      await peer.ask("SUBSCRIBE", THE_END);
    }
    return duel;
  }

  /** Names of the commands that redis-server has, subcommands with their container's. */
  async commandsOfRedis(): Promise<ReadonlySet<string>> {
    const { items } = replyTree(await this.pair.theirs.ask("COMMAND"));
    return new Set(items.flatMap(({ items: fields }) => {
      const subcommands = fields[9]?.items ?? [];
      return [fields[0].text, ...subcommands.map(({ items: [name] }) => name.text)];
    }));
  }

  /** Serialized values of all types, packed ones and hash tables, as redis-server writes them. */
  async payloads(): Promise<Payloads> {
    const many = Array.from({ length: 200 }, (_, i) => `m${i}`);
    await askAll(this.pair.theirs, [
      ["FLUSHALL"],
      ["SET", "a", "text"],
      ["SET", "b", "12345"],
      ["SET", "c", "compressible ".repeat(20)],
      ["RPUSH", "d", "1", "two", "3.0"],
      ["RPUSH", "e", ...many],
      ["SADD", "f", "1", "2", "300"],
      ["SADD", "g", "a", "b", "1"],
      ["HSET", "i", "a", "1", "b", "2"],
      ["ZADD", "h", "1", "a", "-inf", "b", "2.5", "c"],
      ["PFADD", "j", ...many],
      ["SADD", "k", ...many],
      ["HSET", "l", ...many, "long", "v".repeat(100)],
      ["ZADD", "m", ...many.flatMap((member, i) => [String(i / 7), member])],
    ]);
    const dumps = await askAll(this.pair.theirs, [..."abcdefghijklm"].map((key) => ["DUMP", key]));
    const all = dumps.map((reply) => replyTree(reply).text);
    return { packed: all.slice(0, 10), all };
  }

  /** Runs a sequence on both; what differs first, undefined where nothing does. */
  async run(sequence: Sequence): Promise<Disagreement | undefined> {
    const circumstances: Circumstances = {
      version: versionNumber(this.version),
      hasHashTables: sequence.hasHashTables,
    };
    const before = await this.#begin(sequence);
    const replies = await this.#replies(sequence, circumstances);
    const counted = await this.#counts();
    const events = await this.#differentEvents(hasNoOrder(sequence));
    const contents = replies === undefined
      ? await differentContents(this.pair, circumstances, this.abilities)
      : [];
    this.ravel.keyspace.arena.verify();
    if (replies !== undefined) return replies;
    if (contents.length > 0) {
      return { kind: `contents ${contents[0].split(" ")[0]}`, difference: contents.join("\n  ") };
    }
    if (events !== undefined) return { kind: "events", difference: events };
    for (let i = 0; i < counted.ours.length; i++) {
      const [ours, theirs] = [
        counted.ours[i] - before.ours[i],
        counted.theirs[i] - before.theirs[i],
      ];
      if (ours !== theirs) {
        return {
          kind: `INFO ${COUNTS[i]}`,
          difference: difference(COUNTS[i], `${ours}`, `${theirs}`),
        };
      }
    }
    return undefined;
  }

  async #begin({ protocol, settings }: Sequence): Promise<Counts> {
    await this.#both([
      ["RESET"],
      ["HELLO", String(protocol)],
      ["FLUSHALL"],
      ["CONFIG", "RESETSTAT"],
      ...this.#defaults,
      ...Object.entries(settings).map(([name, value]) => ["CONFIG", "SET", name, value]),
    ]);
    for (const name of Object.keys(settings)) this.#changed.add(name);
    await this.#differentEvents(false);
    return await this.#counts();
  }

  /** Settings that a sequence has changed, with which the next one begins anew. */
  readonly #changed = new Set<string>();
  get #defaults(): Words[] {
    return Array.from(
      this.#changed,
      (name) => ["CONFIG", "SET", name, DEFAULTS[name] ?? "128"],
    );
  }

  async #replies(
    { calls }: Sequence,
    circumstances: Circumstances,
  ): Promise<Disagreement | undefined> {
    let first: Disagreement | undefined;
    let queued: Words[] | undefined;
    const compare = (call: Words, ours: string, theirs: string) => {
      const isSame = call[0].toUpperCase() === "EXEC" && queued !== undefined
        ? sameOfExec(queued, ours, theirs, circumstances)
        : isSameReply(call, ours, theirs, circumstances);
      if (!isSame) {
        const name = call[0].toLowerCase();
        first ??= { kind: `reply ${name}`, difference: difference(lineOf(call), ours, theirs) };
      }
      if (theirs === "+QUEUED\r\n") queued?.push(call);
      else if (/^multi$/i.test(call[0]) && theirs === "+OK\r\n") queued = [];
      else if (/^(exec|discard)$/i.test(call[0])) queued = undefined;
    };
    for (const batch of batchesOf(calls)) {
      const { ours, theirs } = await this.#both(batch);
      batch.forEach((call, i) => compare(call, ours[i], theirs[i]));
      if (first !== undefined) return first;
      if (batch.some(expiresSoon)) await passed(SOON_MS + 5);
    }
    // What was begun and not ended would take the questions to come for its own.
    await this.#both([["DISCARD"], ["UNWATCH"]]);
    return undefined;
  }

  async #both(calls: readonly Words[]): Promise<{ ours: string[]; theirs: string[] }> {
    const [ours, theirs] = await Promise.all([
      askAll(this.pair.ours, calls),
      askAll(this.pair.theirs, calls),
    ]);
    return { ours, theirs };
  }

  async #counts(): Promise<Counts> {
    const { ours, theirs } = await this.#both([["INFO", "stats"], ["INFO", "persistence"]]);
    const read = (texts: readonly string[]) =>
      COUNTS.map((name) => Number(new RegExp(`${name}:(\\d+)`).exec(texts.join(""))?.[1]));
    return { ours: read(ours), theirs: read(theirs) };
  }

  async #differentEvents(inAnyOrder: boolean): Promise<string | undefined> {
    await this.#both([["DISCARD"], ["PUBLISH", THE_END, "x"]]);
    const [ours, theirs] = await Promise.all([
      eventsOf(this.listening.ours),
      eventsOf(this.listening.theirs),
    ]);
    if (inAnyOrder) {
      ours.sort();
      theirs.sort();
    }
    for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
      if (ours[i] !== theirs[i]) {
        return difference(
          `events from the ${i + 1}th on`,
          ours.slice(i, i + 4).join(", "),
          theirs.slice(i, i + 4).join(", "),
        );
      }
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { ours, theirs } of [this.pair, this.listening]) {
      ours[Symbol.dispose]();
      theirs[Symbol.dispose]();
    }
    await this.ravel.shutdown();
    await this.redis[Symbol.asyncDispose]();
  }
}

interface Counts {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** What settings are that sequences change; 128 where nothing is said. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "hash-max-listpack-value": "64",
  "set-max-intset-entries": "512",
  "set-max-listpack-value": "64",
  "zset-max-listpack-value": "64",
  "list-max-listpack-size": "-2",
};

/**
 * The calls in batches that are sent at once: a batch ends where time has to pass. What would wait
 * is put into a transaction, and what was chosen at random is removed.
 */
function batchesOf(calls: readonly Words[]): Words[][] {
  const batches: Words[][] = [[]];
  let isQueueing = false;
  for (const call of calls) {
    const batch = batches[batches.length - 1];
    const name = call[0].toLowerCase();
    if (name === "multi") isQueueing = true;
    if (name === "exec" || name === "discard") isQueueing = false;
    const mayWait = commandTable.named(name)?.isBlocking || WAITING.has(name);
    if (mayWait && !isQueueing) batch.push(["MULTI"], call, ["EXEC"]);
    else batch.push(call);
    if (CHOSEN_AT_RANDOM.has(name) && call.length > 1) batch.push(["DEL", call[1]]);
    if (expiresSoon(call)) batches.push([]);
  }
  return batches.filter((batch) => batch.length > 0);
}

/** Whether events may come in another order: SORT looks up keys in the order of a hash table. */
function hasNoOrder({ calls, hasHashTables }: Sequence): boolean {
  return hasHashTables && calls.some(([name]) => /^sort(_ro)?$/i.test(name));
}

function sameOfExec(
  queued: readonly Words[],
  ours: string,
  theirs: string,
  circumstances: Circumstances,
): boolean {
  if (ours === theirs) return true;
  const [mine, yours] = [replyTree(ours), replyTree(theirs)];
  return mine.type === "*" && yours.type === "*" && mine.text === yours.text &&
    mine.items.length === queued.length &&
    mine.items.every((item, i) => isSameTree(queued[i], item, yours.items[i], circumstances));
}

/** Keyspace events that have come, `set s1` each, as the channel by event told them. */
async function eventsOf(listener: Peer): Promise<string[]> {
  const events: string[] = [];
  for (;;) {
    const { items } = replyTree(await listener.receive());
    if (items[1].text === THE_END) return events;
    if (items[0].text !== "pmessage") continue;
    const [, , channel, message] = items;
    const [, database, name] = /^__keyevent@(\d+)__:(.*)$/.exec(channel.text) ?? [];
    if (name !== undefined) events.push(`${name} ${lineOf([message.text])} in ${database}`);
  }
}

/** Waits until a time of the clock is behind both servers. */
async function passed(ms: number): Promise<void> {
  const until = Date.now() + ms;
  while (Date.now() <= until) await new Promise((resolve) => setTimeout(resolve, 2));
}
