// Where replies may differ although both servers are right: one table, each row with its reason.
// All replies that are not in it are compared byte for byte.

import { MAX_QUOTED_BYTES } from "../../protocol/arguments.ts";
import { type ReplyNode, replyTree } from "./reply_tree.ts";
import type { Words } from "./sequence.ts";

/** What decides whether a row counts. */
export interface Circumstances {
  /** Version of redis-server as one number: 70200 for 7.2.0. */
  readonly version: number;
  /** Whether collections may be hash tables. */
  readonly hasHashTables: boolean;
}

type Same = (ours: ReplyNode, theirs: ReplyNode, call: Words) => boolean;
type Applies = (circumstances: Circumstances) => boolean;

interface Form {
  readonly commands: readonly string[];
  readonly reason: string;
  readonly applies: Applies;
  readonly same: Same;
}

const always: Applies = () => true;
const hashTables: Applies = ({ hasHashTables }) => hasHashTables;
/** Before 7.2 a set of anything but integers is a hash table. */
const setsAreTables: Applies = ({ hasHashTables, version }) => hasHashTables || version < 70200;
const before72: Applies = ({ version }) => version < 70200;

const FORMS: readonly Form[] = [
  {
    commands: ["keys", "sunion", "sdiff", "sinter"],
    reason: "the order of a hash table",
    applies: always,
    same: sameInAnyOrder(1),
  },
  {
    commands: ["smembers"],
    reason: "the order of a hash table",
    applies: setsAreTables,
    same: sameInAnyOrder(1),
  },
  {
    commands: ["hkeys", "hvals"],
    reason: "the order of a hash table",
    applies: hashTables,
    same: sameInAnyOrder(1),
  },
  {
    commands: ["hgetall"],
    reason: "the order of a hash table",
    applies: hashTables,
    same: sameInAnyOrder(2),
  },
  {
    commands: ["sort", "sort_ro"],
    reason: "the order of a hash table, where nothing is sorted or elements are as large",
    applies: setsAreTables,
    same: sameShape,
  },
  {
    commands: ["sscan"],
    reason: "what comes first of a hash table, and the cursor behind it",
    applies: setsAreTables,
    same: sameShape,
  },
  {
    commands: ["hscan", "zscan"],
    reason: "what comes first of a hash table, and the cursor behind it",
    applies: hashTables,
    same: sameShape,
  },
  {
    commands: ["scan"],
    reason: "what comes first of the keys, and the cursor behind it",
    applies: always,
    same: sameShape,
  },
  {
    commands: ["spop", "srandmember", "hrandfield", "zrandmember", "randomkey"],
    reason: "chosen at random",
    applies: always,
    same: sameShape,
  },
  {
    commands: ["ttl", "pttl", "expiretime", "pexpiretime", "object|idletime"],
    reason: "the clock goes on between the two servers",
    applies: always,
    same: near(2000),
  },
  {
    commands: ["httl", "hpttl", "hexpiretime", "hpexpiretime"],
    reason: "the clock goes on between the two servers",
    applies: always,
    same: (ours, theirs, call) =>
      sameShape(ours, theirs) &&
      ours.items.every((item, i) => near(2000)(item, theirs.items[i], call)),
  },
  {
    commands: ["object|refcount"],
    reason: "no value is shared, where Redis shares small integers",
    applies: always,
    same: sameShape,
  },
  {
    commands: ["object|encoding"],
    reason: "small lists and sets are packed since 7.2",
    applies: before72,
    same: (ours, theirs) =>
      ours.text === "listpack" && (theirs.text === "quicklist" || theirs.text === "hashtable"),
  },
  {
    commands: [
      ...["blpop", "brpop", "blmove", "brpoplpush", "blmpop"],
      ...["bzpopmin", "bzpopmax", "bzmpop"],
    ],
    reason: "a time-out that is no number of seconds has another error since 7.2",
    applies: before72,
    same: (ours, theirs) => ours.type === "-" && theirs.type === "-",
  },
  {
    commands: ["dump"],
    reason: "one value has many serialized forms; what they restore to is compared at the end",
    applies: always,
    same: sameShape,
  },
  {
    commands: ["object|help"],
    reason: "our own words",
    applies: always,
    same: (ours, theirs) => ours.type === theirs.type,
  },
  {
    commands: ["waitaof"],
    reason: "there is no file to wait for",
    applies: always,
    same: () => true,
  },
];

const BY_COMMAND = new Map(
  FORMS.flatMap((form) => form.commands.map((name) => [name, form] as const)),
);

/** Whether two replies to a call are as they should be. */
export function isSameReply(
  call: Words,
  ours: string,
  theirs: string,
  circumstances: Circumstances,
): boolean {
  if (ours === theirs) return true;
  return isSameTree(call, replyTree(ours), replyTree(theirs), circumstances);
}

/** As {@linkcode isSameReply}, of replies within one of EXEC. */
export function isSameTree(
  call: Words,
  ours: ReplyNode,
  theirs: ReplyNode,
  circumstances: Circumstances,
): boolean {
  if (ours.raw === theirs.raw) return true;
  if (isSameButShorter(ours, theirs)) return true;
  if (before72(circumstances) && isSameInNumbers(ours, theirs)) return true;
  const name = call[0].toLowerCase();
  const form = BY_COMMAND.get(name) ?? BY_COMMAND.get(`${name}|${call[1]?.toLowerCase()}`);
  return form !== undefined && form.applies(circumstances) && form.same(ours, theirs, call);
}

/** Whether both are one error, here with no more of a long argument than errors repeat. */
function isSameButShorter(ours: ReplyNode, theirs: ReplyNode): boolean {
  if (ours.type !== "-" || theirs.type !== "-" || theirs.text.length <= MAX_QUOTED_BYTES) {
    return false;
  }
  let same = 0;
  while (same < ours.text.length && ours.text[same] === theirs.text[same]) same++;
  return same >= MAX_QUOTED_BYTES && ours.text.length < theirs.text.length;
}

/** Whether they differ in the digits alone with which doubles are told: before 7.2 in 17 of them. */
function isSameInNumbers(ours: ReplyNode, theirs: ReplyNode): boolean {
  if (ours.type !== theirs.type || ours.items.length !== theirs.items.length) return false;
  if (ours.items.length > 0) {
    return ours.items.every((item, i) => isSameInNumbers(item, theirs.items[i]));
  }
  return ours.raw === theirs.raw ||
    ours.text !== "" && theirs.text !== "" && Number(ours.text) === Number(theirs.text);
}

/** The same elements, in groups of so many. */
function sameInAnyOrder(size: number): Same {
  const sorted = ({ items }: ReplyNode) => {
    const groups: string[] = [];
    for (let i = 0; i < items.length; i += size) {
      groups.push(items.slice(i, i + size).map(({ raw }) => raw).join(""));
    }
    return groups.sort().join("");
  };
  return (ours, theirs) =>
    ours.type === theirs.type && ours.text === theirs.text && sorted(ours) === sorted(theirs);
}

/** The same types, and as many elements where they were not chosen by a cursor. */
function sameShape(ours: ReplyNode, theirs: ReplyNode): boolean {
  if (ours.type !== theirs.type) return false;
  if (ours.type === "-" || ours.type === "_") return ours.text === theirs.text;
  return isNil(ours) === isNil(theirs) && ours.items.length === theirs.items.length;
}

function isNil({ raw }: ReplyNode): boolean {
  return /^[$*]-1\r\n$/.test(raw);
}

/** Integers that are so near to each other; what is not positive has a meaning of its own. */
function near(distance: number): Same {
  return (ours, theirs) => {
    if (ours.type !== ":" || theirs.type !== ":") return false;
    const [a, b] = [Number(ours.text), Number(theirs.text)];
    return a > 0 && b > 0 && Math.abs(a - b) <= distance || a >= 0 && b >= 0 && a + b <= distance;
  };
}
