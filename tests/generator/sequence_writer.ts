// Sequences of calls of all data commands that are registered and that the other server knows.

import { type Command, type CommandGroup, commandTable } from "../../commands/registry.ts";
import "../../commands/mod.ts";
import { SeededRandom } from "../structures/seeded_random.ts";
import { EQUAL_SCORES, keyName, type Purpose } from "./argument_values.ts";
import { type Skill, versionNumber, writeCall } from "./call_writer.ts";
import type { Sequence, Words } from "./sequence.ts";

/** Groups whose commands are about data. */
const GROUPS: ReadonlySet<CommandGroup> = new Set<CommandGroup>([
  "generic",
  "string",
  "list",
  "set",
  "sorted-set",
  "hash",
  "hyperloglog",
  "geo",
  "bitmap",
]);
/** Commands of other groups that are about data too. */
const MORE: ReadonlySet<string> = new Set(["dbsize", "flushdb", "select", "swapdb"]);
/** Commands that are not generated, each with the reason. */
const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ["pfselftest", "takes seconds, and has no arguments"],
  ["migrate", "needs a third server"],
  ["object|freq", "an LFU policy is a setting, and nothing is evicted here"],
]);

/** Those with which sequences begin, so that there is something to work on. */
const FILLING = [
  "set",
  "mset",
  "rpush",
  "lpush",
  "sadd",
  "hset",
  "zadd",
  "geoadd",
  "pfadd",
  "setbit",
];
/** What looks at whatever keys there are, and removes those that have expired, in no order. */
const UNORDERED_EXPIRY = new Set(["keys", "scan", "randomkey"]);
/** How often, in percent, commands are left out again that empty a database or change to another. */
const RARE = new Set(["flushdb", "select", "swapdb", "move", "object|help"]);

/** Thresholds that make collections large early. */
const LOW_THRESHOLDS: Readonly<Record<string, string>> = {
  "hash-max-listpack-entries": "4",
  "hash-max-listpack-value": "20",
  "set-max-intset-entries": "4",
  "zset-max-listpack-entries": "4",
  "zset-max-listpack-value": "20",
  "list-max-listpack-size": "3",
};
const SET_LISTPACK_THRESHOLDS: Readonly<Record<string, string>> = {
  "set-max-listpack-entries": "4",
  "set-max-listpack-value": "20",
};

/** Serialized values of every type. */
export interface Payloads {
  /** Those that are no hash tables. */
  readonly packed: readonly string[];
  readonly all: readonly string[];
}

export interface WriterOptions {
  /** Version of the other server. */
  readonly version: string;
  /** Names of the commands that it knows, in lower case, a subcommand's as `object|encoding`. */
  readonly known: ReadonlySet<string>;
  readonly payloads: Payloads;
  /** In place of all commands; those that fill keys are used beside them. */
  readonly only?: readonly string[];
  readonly hostilePercent?: number;
}

export class SequenceWriter {
  readonly #skill: Skill;
  readonly #payloads: Payloads;
  readonly #commands: readonly Command[];
  readonly #filling: readonly Command[];

  constructor({ version, known, payloads, only, hostilePercent = 25 }: WriterOptions) {
    this.#skill = { version: versionNumber(version), hostilePercent };
    this.#payloads = payloads;
    const all = dataCommands().filter((command) => this.#isComparable(command, known));
    this.#filling = all.filter(({ fullName }) => FILLING.includes(fullName));
    this.#commands = only === undefined
      ? all
      : all.filter(({ fullName }) => only.includes(fullName.split("|")[0]));
    if (this.#commands.length === 0) throw new Error(`none of these commands can be compared`);
  }

  /** Full names of what is generated. */
  get names(): readonly string[] {
    return this.#commands.map(({ fullName }) => fullName);
  }

  /** The sequence of a seed; the same at every call. */
  write(seed: number): Sequence {
    const random = new SeededRandom(Math.imul(seed + 1, 0x9e3779b1));
    for (let i = 0; i < 8; i++) random.bits();
    const hasHashTables = random.below(2) === 0;
    const isBrief = random.below(8) === 0;
    const calls: Words[] = [];
    const filled = 4 + random.below(12);
    const length = filled + 5 + random.below(50);
    while (calls.length < length) {
      const command = random.pick(calls.length < filled ? this.#filling : this.#commands);
      if (RARE.has(command.fullName) && random.below(8) > 0) continue;
      if (isBrief && UNORDERED_EXPIRY.has(command.fullName)) continue;
      const { group } = command.declaration;
      const purpose: Purpose = {
        random,
        command: command.fullName,
        group,
        hasHashTables,
        isBrief,
        payloads: hasHashTables ? this.#payloads.all : this.#payloads.packed,
      };
      const call = byMember(this.#call(command, purpose, calls.length < filled), random);
      if (isLex(call)) {
        calls.push(["ZADD", keyOfLex(call), "0", random.pick([..."abcdefgh12"]), "0", "b"]);
      }
      if (isComparable(call, this.#skill.version)) calls.push(call);
      if (random.below(8) === 0 && call.length > 1) calls.push(inspection(call, random));
      if (random.below(40) === 0) addTransaction(calls, purpose);
    }
    const settings: Record<string, string> = {};
    if (hasHashTables && random.below(2) === 0) {
      Object.assign(settings, LOW_THRESHOLDS);
      if (this.#skill.version >= 70200) Object.assign(settings, SET_LISTPACK_THRESHOLDS);
    }
    return { seed, protocol: random.below(2) === 0 ? 2 : 3, settings, hasHashTables, calls };
  }

  #call(command: Command, purpose: Purpose, isFilling: boolean): Words {
    return writeCall(
      command,
      purpose,
      isFilling ? { ...this.#skill, hostilePercent: 0 } : this.#skill,
    );
  }

  #isComparable({ declaration, fullName }: Command, known: ReadonlySet<string>): boolean {
    return known.has(fullName) && !LEFT_OUT.has(fullName) &&
      versionNumber(declaration.since) <= this.#skill.version;
  }
}

/** Commands about data, in place of containers their subcommands. */
function dataCommands(): Command[] {
  return [...commandTable.all()].filter(({ declaration, parent, subcommands }) => {
    const name = parent?.declaration.name ?? declaration.name;
    return (GROUPS.has(declaration.group) || MORE.has(name)) && subcommands.length === 0;
  });
}

/** A look at what a call may have changed, at once and not only in the end. */
function inspection([, key]: Words, random: SeededRandom): Words {
  return random.below(2) === 0 ? ["OBJECT", "ENCODING", key] : ["PTTL", key];
}

/** A transaction around the last calls, watched now and then. */
function addTransaction(calls: Words[], purpose: Purpose): void {
  const { random } = purpose;
  const at = Math.max(0, calls.length - 1 - random.below(4));
  calls.splice(at, 0, ["MULTI"]);
  if (random.below(3) === 0) calls.splice(at, 0, ["WATCH", keyName(purpose)]);
  calls.push(random.below(6) === 0 ? ["DISCARD"] : ["EXEC"]);
}

/**
 * Whether a key may expire while the calls behind this one run: within milliseconds (but not at
 * once, which is waited for) or few seconds.
 */
function isRacy(call: Words): boolean {
  const name = call[0].toLowerCase();
  const isSoon = (word: string | undefined, unitMs: number) => {
    if (word === undefined || !/^\d+$/.test(word)) return false;
    const ms = Number(word) * unitMs;
    return ms > SOON_MS && ms < 60_000;
  };
  if (/^(psetex|restore|h?pexpire)$/.test(name)) return isSoon(call[2], 1);
  if (/^(setex|h?expire)$/.test(name)) return isSoon(call[2], 1000);
  return call.some((word, i) =>
    /^px$/i.test(word) && isSoon(call[i + 1], 1) || /^ex$/i.test(word) && isSoon(call[i + 1], 1000)
  );
}

/** What expires within so many milliseconds is waited for. */
export const SOON_MS = 15;

/** Whether a call may make a key expire within {@linkcode SOON_MS}. */
export function expiresSoon(call: Words): boolean {
  const name = call[0].toLowerCase();
  const isSoon = (word: string | undefined) =>
    word !== undefined && /^\d+$/.test(word) && Number(word) > 0 && Number(word) <= SOON_MS;
  if (/^(psetex|restore|h?pexpire)$/.test(name)) return isSoon(call[2]);
  return call.some((word, i) => /^px$/i.test(word) && isSoon(call[i + 1]));
}

/** Whether it asks for a range by member. */
function isLex(call: Words): boolean {
  return call.some((word, i) => (i === 0 ? /^z.*bylex|zlexcount/i : /^bylex$/i).test(word)) &&
    call.length > 1;
}

/** A call for a range by member is one of a set whose scores are all the same. */
function byMember(call: Words, random: SeededRandom): Words {
  if (!isLex(call)) return call;
  const key = random.pick(EQUAL_SCORES);
  return /^zrangestore$/i.test(call[0]) && call.length > 2 ? call.with(2, key) : call.with(1, key);
}

function keyOfLex(call: Words): string {
  return call.find((word) => EQUAL_SCORES.includes(word)) ?? EQUAL_SCORES[0];
}

/** Keys that hold sorted sets. */
const SORTED_SET_KEY = /^[zgy]\d$/;

/** Whether both servers have to answer the same, as far as it can be told before. */
export function isComparable(call: Words, version: number): boolean {
  const name = call[0].toLowerCase();
  // KEYS alone lists all keys; Redis takes one pattern.
  if (name === "keys" && call.length !== 2) return false;
  // WITHSCORE has come with 7.2, and with it another number of arguments.
  if (version < 70200 && /^z(rev)?rank$/.test(name) && call.length > 3) return false;
  // Redis makes a sorted set a skiplist when it sorts it, for no other reason than that.
  if (/^sort(_ro)?$/.test(name) && SORTED_SET_KEY.test(call[1])) return false;
  // Redis cuts an index for LSET to 32 bits; here it is out of range.
  if (name === "lset" && /^-?\d{10,}$/.test(call[2])) return false;
  // With TYPE each key that SCAN passes is a hit, and which those are depends on the table.
  const seesAll = call[1] === "0" && call.some((word) => Number(word) >= 100);
  if (name === "scan" && call.some((word) => /^type$/i.test(word)) && !seesAll) return false;
  return !isRacy(call) && !isEndless(call);
}

/** Whether a reply would have more elements than anybody wants. */
function isEndless(call: Words): boolean {
  return /randmember|hrandfield/i.test(call[0]) &&
    call.some((word) => /^-\d{4,}$/.test(word) && word !== "-9223372036854775808");
}
