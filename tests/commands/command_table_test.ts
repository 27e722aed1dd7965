// What COMMAND says of every command, against what redis-server says of it, field by field. Commands
// are taken from the registry, so one that comes is compared as it comes; where Redis lacks it, it has
// to be newer than that Redis.
//
// The redis-server that tests are run with is 7.0, and what 7.2 says otherwise is written here. With
// 7.2 in its place (first in PATH) nothing is excused for that, and names are compared, too, many of
// which 7.2 has changed.

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { ACL_CATEGORIES } from "../../server/acl/categories.ts";
import type { Command } from "../../commands/command.ts";
import type { AnyDeclaration, ArgumentDeclaration } from "../../commands/declaration.ts";
import { commandTable } from "../../commands/registry.ts";
import { Peer } from "../harness/peer.ts";
import { askPlainly } from "../harness/plain_reply.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

/** Both servers, asked in plain types. */
class Both implements AsyncDisposable {
  private constructor(
    readonly isOld: boolean,
    readonly version: string,
    readonly theirs: Peer,
    readonly ours: Peer,
    readonly stack: AsyncDisposableStack,
  ) {}

  static async start(): Promise<Both> {
    const stack = new AsyncDisposableStack();
    const redis = stack.use(await RedisReference.start());
    const ravel = stack.use(await serveQuietly());
    const theirs = stack.use(await Peer.connect(redis.port));
    const ours = stack.use(await Peer.connect(ravel.address.port));
    const info = await askPlainly(theirs, "INFO", "server") as string;
    const [, version] = /redis_version:(\S+)/.exec(info)!;
    return new Both(isNewer("7.2.0", version), version, theirs, ours, stack);
  }

  /** What Redis and Ravel answer. */
  async ask(...request: string[]): Promise<readonly [expected: unknown, actual: unknown]> {
    return [await askPlainly(this.theirs, ...request), await askPlainly(this.ours, ...request)];
  }

  /** The commands that both have. */
  async shared(): Promise<Command[]> {
    const names = new Set(await askPlainly(this.theirs, "COMMAND", "LIST") as string[]);
    return [...commandTable.all()].filter(({ fullName }) => names.has(fullName));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}

/** Whether a version, of which nothing is known where it is empty, comes after another. */
function isNewer(version: string, than: string): boolean {
  const [numbers, others] = [version, than].map((text) => text.split(".").map(Number));
  const place = numbers.findIndex((number, i) => number !== others[i]);
  return place !== -1 && numbers[place] > others[place];
}

/** A test of both servers that gathers what is different. */
function comparing(
  name: string,
  compare: (
    both: Both,
    differs: (what: string, expected: unknown, actual: unknown) => void,
  ) => Promise<
    void
  >,
): void {
  Deno.test({
    name,
    ignore: withoutRedis,
    async fn() {
      await using both = await Both.start();
      const different: string[] = [];
      await compare(both, (what, expected, actual) => {
        const [theirs, ours] = [JSON.stringify(expected), JSON.stringify(actual)];
        if (theirs !== ours) different.push(`${what}\n    redis ${theirs}\n    ravel ${ours}`);
      });
      assertEquals(different.join("\n"), "");
    },
  });
}

/** The values that COMMAND INFO answers, but the last, which are subcommands. */
const INFO_FIELDS = [
  "name",
  "arity",
  "flags",
  "first key",
  "last key",
  "step",
  "categories",
  "tips",
  "key specifications",
] as const;

const ALL_NODES = ["request_policy:all_nodes", "response_policy:all_succeeded"];
/** Of commands that wait: scripts may call them, and they do not wait then. */
const BLOCKING = { flags: ["write", "blocking"] };
const BLOCKING_FAST = { flags: ["write", "blocking", "fast"] };
const BLOCKING_MOVE = { flags: ["write", "denyoom", "blocking"] };

type InfoChange = Partial<Record<typeof INFO_FIELDS[number], unknown>>;

/** What 7.2 says otherwise than 7.0. */
const INFO_OF_7_2: Readonly<Record<string, InfoChange>> = {
  "blmove": BLOCKING_MOVE,
  "blpop": BLOCKING,
  "brpop": BLOCKING,
  "brpoplpush": BLOCKING_MOVE,
  "bzpopmax": BLOCKING_FAST,
  "bzpopmin": BLOCKING_FAST,
  "acl|deluser": { tips: ALL_NODES },
  "acl|save": { tips: ALL_NODES },
  "acl|setuser": { tips: ALL_NODES },
  "client|setname": { tips: ALL_NODES },
  "command|getkeys": { arity: -3 },
  "command|getkeysandflags": { arity: -3 },
  "config|resetstat": { tips: ALL_NODES },
  "config|rewrite": { tips: ALL_NODES },
  "latency|reset": { tips: ["request_policy:all_nodes", "response_policy:agg_sum"] },
  "randomkey": {
    tips: ["request_policy:all_shards", "response_policy:special", "nondeterministic_output"],
  },
  "scan": {
    tips: ["nondeterministic_output", "request_policy:special", "response_policy:special"],
  },
  "msetnx": { tips: [] },
  "wait": { flags: [] },
  "zrank": { arity: -3 },
  "zrevrank": { arity: -3 },
};
/** What Ravel says otherwise on purpose: KEYS without a pattern lists every key. */
const INFO_OF_RAVEL: typeof INFO_OF_7_2 = { "keys": { arity: -1 } };

/** Commands that no Redis has. */
const OF_RAVEL = ["zquery"];

comparing("COMMAND INFO says of every command what redis-server says", async (both, differs) => {
  for (const protocol of ["2", "3"]) {
    await both.ask("HELLO", protocol);
    for (const { fullName } of await both.shared()) {
      const [[expected], [actual]] = await both.ask("COMMAND", "INFO", fullName) as [
        unknown[][],
        unknown[][],
      ];
      const changes = { ...both.isOld ? INFO_OF_7_2[fullName] : {}, ...INFO_OF_RAVEL[fullName] };
      for (const [place, field] of INFO_FIELDS.entries()) {
        const what = `${fullName}: ${field}`;
        const wanted = withoutNotes(expected[place]);
        if (!(field in changes)) differs(what, wanted, withoutNotes(actual[place]));
        else {
          assertNotEquals(wanted, changes[field], `${what} needs no excuse`);
          differs(what, changes[field], actual[place]);
        }
      }
    }
  }
});

/** Key specifications without their words for people, which are our own. */
function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) {
    const notes = value.indexOf("notes");
    return (notes === -1 ? value : value.toSpliced(notes, 2)).map(withoutNotes);
  }
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([name]) => name !== "notes");
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNotes(field)]));
}

comparing("what redis-server does not have is newer than it, or Ravel's own", async (both) => {
  const shared = new Set(await both.shared());
  for (const command of commandTable.all()) {
    const { declaration: { since }, fullName } = command;
    const isOurs = OF_RAVEL.includes(fullName.split("|")[0]);
    assertEquals(
      shared.has(command),
      !isOurs && !isNewer(since, both.version),
      `${fullName} (${since})`,
    );
  }
  for (const name of OF_RAVEL) {
    assert(commandTable.named(name) !== undefined, `${name} is not there`);
  }
});

/** What COMMAND DOCS answers of a command. */
interface Docs {
  since: string;
  group: string;
  doc_flags?: string[];
  deprecated_since?: string;
  replaced_by?: string;
  history?: [version: string, change: string][];
  arguments?: ArgumentDocs[];
}

interface ArgumentDocs {
  name?: string;
  type: string;
  display_text?: string;
  key_spec_index?: number;
  token?: string;
  since?: string;
  deprecated_since?: string;
  flags?: string[];
  arguments?: ArgumentDocs[];
}

/** Deprecated by 7.2's word, though for as long as that. */
const OLD = { doc_flags: ["deprecated"], deprecated_since: "2.6.12", words: ["SET"] };

/** What 7.2 says otherwise than 7.0, beside names. */
const DOCS_OF_7_2: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "client|pause": { since: "3.0.0" },
  "psetex": { ...OLD, words: ["SET", "PX"] },
  "quit": { doc_flags: ["deprecated"], deprecated_since: "7.2.0" },
  "setex": { ...OLD, words: ["SET", "EX"] },
  "setnx": { ...OLD, words: ["SET", "NX"] },
};
/** Commands whose arguments 7.2 describes otherwise than 7.0: their structure, not names alone. */
const ARGUMENTS_OF_7_2 = [
  "bitop",
  "client|kill",
  "client|list",
  "command|getkeys",
  "command|getkeysandflags",
  "config|get",
  "geohash",
  "geopos",
  "georadius",
  "georadiusbymember",
  "module|loadex",
  "pfmerge",
  "psubscribe",
  "zrank",
  "zrevrank",
];
/** What Redis's table has forgotten to tell of. */
const MORE_VERSIONS: Readonly<Record<string, string>> = { "client|list": "7.2.0" };

comparing("COMMAND DOCS says of every command what redis-server says", async (both, differs) => {
  await both.ask("HELLO", "3");
  for (const { declaration, fullName } of await both.shared()) {
    const [expected, actual] = (await both.ask("COMMAND", "DOCS", fullName) as [
      Record<string, Docs>,
      Record<string, Docs>,
    ]).map((docs) => docs[fullName]);
    const changes = both.isOld ? DOCS_OF_7_2[fullName] ?? {} : {};
    const [theirs, ours] = [expected, actual].map((docs) => factsOf(fullName, docs));
    for (const [field, value] of Object.entries(theirs)) {
      differs(`${fullName}: ${field}`, field in changes ? changes[field] : value, ours[field]);
    }
    if (both.isOld && ARGUMENTS_OF_7_2.includes(fullName)) continue;
    // KEYS without a pattern lists every key.
    const more = fullName === "keys" ? ["optional"] : [];
    const known = withoutNewer(actual.arguments, declaration.arguments, both.version);
    differs(
      `${fullName}: arguments`,
      expected.arguments?.map((argument) => shapeOf(argument, both.isOld, more)),
      known?.map((argument) => shapeOf(argument, both.isOld)),
    );
  }

  /** What is compared of a command beside its arguments; texts for people are our own. */
  function factsOf(name: string, docs: Docs): Record<string, unknown> {
    return {
      since: docs.since,
      group: docs.group,
      doc_flags: docs.doc_flags,
      deprecated_since: docs.deprecated_since,
      versions: versionsOf(docs, both.version, MORE_VERSIONS[name]),
      // The commands and options that replace it.
      words: docs.replaced_by?.match(/[A-Z]{2,}/g) ?? undefined,
    };
  }
});

/** The versions of a command's history, each once, but newer ones and one more. */
function versionsOf({ history }: Docs, newest: string, but?: string): string[] | undefined {
  const versions = new Set(history?.map(([version]) => version));
  const known = [...versions].filter((version) => !isNewer(version, newest) && version !== but);
  return known.length === 0 ? undefined : known;
}

/** An argument with more flags; without what 7.0 names otherwise, where that is asked. */
function shapeOf(
  argument: ArgumentDocs,
  withoutNames: boolean,
  more: readonly string[] = [],
): ArgumentDocs {
  const { display_text, deprecated_since, flags = [], key_spec_index, name, since, token, type } =
    argument;
  return {
    type,
    token,
    key_spec_index,
    flags: [...more, ...flags],
    ...withoutNames ? {} : { name, display_text, since, deprecated_since },
    arguments: argument.arguments?.map((inner) => shapeOf(inner, withoutNames)),
  };
}

/** Arguments but those that have come after a version. */
function withoutNewer(
  docs: ArgumentDocs[] | undefined,
  declared: readonly ArgumentDeclaration[] = [],
  version: string,
): ArgumentDocs[] | undefined {
  return docs?.flatMap((argument, i) => {
    const { arguments: inner, since = "" } = declared[i];
    if (isNewer(since, version)) return [];
    return [{ ...argument, arguments: withoutNewer(argument.arguments, inner, version) }];
  });
}

comparing("COMMAND LIST filters by each category as redis-server does", async (both, differs) => {
  const shared = new Set((await both.shared()).map(({ fullName }) => fullName));
  for (const category of ACL_CATEGORIES) {
    const lists = await both.ask("COMMAND", "LIST", "FILTERBY", "ACLCAT", category);
    const [expected, actual] = lists.map((list) =>
      (list as string[]).filter((name) => shared.has(name)).sort()
    );
    differs(category, expected, actual);
  }
});

comparing(
  "keys of calls of every command are where redis-server finds them",
  async (both, differs) => {
    for (const { declaration, fullName, subcommands } of await both.shared()) {
      if (subcommands.length > 0 || both.isOld && fullName in INFO_OF_7_2) continue;
      for (const call of callsOf(fullName.split("|"), declaration, both.version)) {
        // 7.0 does not look at a name alone.
        if (both.isOld && call.length === 1) continue;
        for (const question of ["GETKEYS", "GETKEYSANDFLAGS"]) {
          const [expected, actual] = await both.ask("COMMAND", question, ...call);
          differs(`${question} ${call.join(" ")}`, expected, actual);
        }
      }
    }
  },
);

/** How often an argument is given that may be given several times. */
const REPETITIONS = [1, 2, 5];
/** What stands in the place of the number of keys, beside that. */
const WRONG_COUNTS = ["0", "-1", "4", "99", "x", ""];

/**
 * Calls as a command's declaration describes them: with what is required alone, with each option, with
 * all of them; the last argument missing, too many, and other numbers of keys than there are.
 */
function callsOf(
  words: readonly string[],
  { arguments: declared = [] }: AnyDeclaration,
  version: string,
): string[][] {
  const options = optionsOf(declared, version);
  const choices = [[], options, ...options.map((option) => [option])];
  const calls = new Map<string, string[]>();
  const add = (call: string[]) => calls.set(call.join(" "), call);
  for (const chosen of choices) {
    for (const count of REPETITIONS) {
      for (const keyCount of [String(count), ...WRONG_COUNTS]) {
        const call = [...words, ...wordsOf(declared, new Set(chosen), count, keyCount)];
        add(call);
        if (call.length > words.length) add(call.slice(0, -1));
        add([...call, "more"]);
      }
    }
  }
  return [...calls.values()];
}

/** Every argument that may be left out, or stands for one of several. */
function optionsOf(
  declared: readonly ArgumentDeclaration[],
  version: string,
): ArgumentDeclaration[] {
  return declared.flatMap((argument) => {
    const { arguments: inner = [], optional, since = "", type } = argument;
    if (isNewer(since, version)) return [];
    const within = optionsOf(inner, version);
    const alternatives = type === "oneof"
      ? inner.filter(({ since = "" }) => !isNewer(since, version))
      : [];
    return [...optional ? [argument] : [], ...alternatives, ...within];
  });
}

/** The words of a call: options only where they, or something within them, are chosen. */
function wordsOf(
  declared: readonly ArgumentDeclaration[],
  chosen: ReadonlySet<ArgumentDeclaration>,
  count: number,
  keyCount: string,
): string[] {
  return declared.flatMap((argument) => {
    const { multiple, multipleToken, optional, token, type } = argument;
    if (optional && !isChosen(argument, chosen)) return [];
    const words: string[] = [];
    for (let i = 0; i < (multiple ? count : 1); i++) {
      if (token !== undefined && type !== "pure-token" && (i === 0 || multipleToken)) {
        words.push(token);
      }
      words.push(...valueOf(argument, i));
    }
    return words;
  });

  function valueOf({ arguments: inner = [], name, token, type }: ArgumentDeclaration, i: number) {
    if (type === "pure-token") return [token!];
    if (type === "block") return wordsOf(inner, chosen, count, keyCount);
    if (type === "oneof") {
      const alternative = inner.find((each) => isChosen(each, chosen)) ?? inner[0];
      return wordsOf([{ ...alternative, optional: false }], chosen, count, keyCount);
    }
    if (name === "numkeys") return [keyCount];
    return [type === "integer" || type === "double" ? "1" : `${name}${i}`];
  }
}

function isChosen(
  argument: ArgumentDeclaration,
  chosen: ReadonlySet<ArgumentDeclaration>,
): boolean {
  return chosen.has(argument) ||
    (argument.arguments ?? []).some((inner) => isChosen(inner, chosen));
}
