// Hints and completion for lines as they are typed, from what servers tell about their commands.

import { assert, assertEquals } from "@std/assert";
import { type CommandTable, NO_COMMANDS, readCommandDocs } from "../../client/command_docs.ts";
import { helpText } from "../../client/help.ts";
import { completionsFor, hintFor } from "../../client/hints.ts";
import { ReplyError, ReplyMap, ReplySet, type ReplyValue } from "../../protocol/reply_value.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

const LINES: readonly (readonly [line: string, hint: string])[] = [
  ["", ""],
  ["nonsense ", ""],
  ["ge", ""],
  ["GET", " key"],
  ["get ", "key"],
  ["get k", ""],
  ["get k ", ""],
  ["get k more", ""],
  ["get 'a k", ""],
  ["ping", " [message]"],
  ["ping hello", ""],
  ["del", " key [key ...]"],
  ["del a", " [key ...]"],
  ["del a b ", "[key ...]"],
  ["mset k", " value [key value ...]"],
  ["mset k v", " [key value ...]"],
  ["mset k v k2 ", "value [key value ...]"],
  [
    "set k v nx",
    " [GET] [EX seconds|PX milliseconds|EXAT unix-time-seconds|" +
    "PXAT unix-time-milliseconds|KEEPTTL]",
  ],
  ["set k v keepttl ", "[NX|XX] [GET]"],
  ["set k v get px ", "milliseconds [NX|XX]"],
  ["set k v px 1 px 2", ""],
  ["set k v bogus", ""],
  ["zadd z ", "[NX|XX] [GT|LT] [CH] [INCR] score member [score member ...]"],
  ["zadd z ch nx ", "[GT|LT] [INCR] score member [score member ...]"],
  ["zadd z incr 5", " member [score member ...]"],
  ["zadd z 5 m ", "[score member ...]"],
  ["zadd z 5 m 6 ", "member [score member ...]"],
  ["zunion 2 ", "key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]"],
  ["zunion 2 a ", "[key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]"],
  ["zunion 2 a b ", "[WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]"],
  ["zunion 2 a b weights 1 ", "[weight ...] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]"],
  ["zunion 2 a b weights 1 2 aggregate ", "SUM|MIN|MAX [WITHSCORES]"],
  ["zunion 2 a b aggregate max ", "[WEIGHTS weight [weight ...]] [WITHSCORES]"],
  ["lpop k 5", ""],
  ["lpop k ", "[count]"],
  ["bitpos k 1 ", "[start [end [BYTE|BIT]]]"],
  ["bitpos k 1 0 ", "[end [BYTE|BIT]]"],
  ["bitpos k 1 0 5 ", "[BYTE|BIT]"],
  ["config ", "GET|HELP|RESETSTAT|REWRITE|SET"],
  ["config bogus", ""],
  ["config get", " parameter [parameter ...]"],
  ["config set maxmemory ", "value [parameter value ...]"],
  [
    "xadd s maxlen ",
    "[=|~] threshold [LIMIT count] [NOMKSTREAM] *|id field value [field value ...]",
  ],
  [
    "sort k get a ",
    "[GET pattern ...] [BY pattern] [LIMIT offset count] [ASC|DESC] [ALPHA] [STORE destination]",
  ],
  [
    "sort k limit 0 ",
    "count [BY pattern] [GET pattern [GET pattern ...]] [ASC|DESC] [ALPHA] [STORE destination]",
  ],
  ["scan 0 match * ", "[COUNT count] [TYPE type]"],
];

const COMPLETIONS: readonly (readonly [line: string, replaced: string, candidates: string[]])[] = [
  ["incrb", "incrb", ["incrby", "incrbyfloat"]],
  ["INCRB", "INCRB", ["INCRBY", "INCRBYFLOAT"]],
  ["nonsense", "nonsense", []],
  ["hel", "hel", ["hello", "help"]],
  ["config re", "re", ["resetstat", "rewrite"]],
  ["CONFIG ", "", ["GET", "HELP", "RESETSTAT", "REWRITE", "SET"]],
  ["config ", "", ["get", "help", "resetstat", "rewrite", "set"]],
  ["help config re", "re", ["resetstat", "rewrite"]],
  ["help zunions", "zunions", ["zunionstore"]],
  ["help @str", "@str", ["@stream", "@string"]],
  ["SET k v e", "e", ["ex", "exat"]],
  ["SET k v ", "", ["NX", "XX", "GET", "EX", "PX", "EXAT", "PXAT", "KEEPTTL"]],
  ["SET k v NX ", "", ["GET", "EX", "PX", "EXAT", "PXAT", "KEEPTTL"]],
  ["SET k v EX ", "", []],
  ["SET k v EX 5 ", "", ["NX", "XX", "GET"]],
  ["get k", "k", []],
  ["zunion 1 z aggregate ", "", ["sum", "min", "max"]],
  ["zadd z ", "", ["nx", "xx", "gt", "lt", "ch", "incr"]],
  ['set k "v', "v", []],
  ['set k "v ', "v ", []],
  ['set k "\\x41', "", []],
];

Deno.test({
  name: "hints, completion and help from redis-server's COMMAND DOCS",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    const flat = readCommandDocs(await redis.call("COMMAND", "DOCS"));
    await redis.call("HELLO", "3");
    const maps = readCommandDocs(await redis.call("COMMAND", "DOCS"));
    assert(maps.size > 200);
    for (const table of [flat, maps]) {
      assertEquals(
        LINES.map(([line]) => [line, hintFor(line, table)]),
        LINES.map((pair) => [...pair]),
      );
      for (const [line, replaced, expected] of COMPLETIONS) {
        const { candidates, ...completion } = completionsFor(line, table);
        assertEquals(
          [completion.replaced, [...candidates].sort()],
          [replaced, expected.toSorted()],
          line,
        );
      }
    }
    // Whatever a command's syntax is, its hint begins as its help does.
    for (const doc of maps.values()) {
      const hint = hintFor(doc.name, maps);
      if (doc.subcommands.size === 0) {
        assert(helpText([doc.name], maps).includes(`\n  ${doc.name}${hint}\n`), doc.name);
      }
    }
  },
});

function table(docs: ReplyValue): CommandTable {
  return readCommandDocs(docs);
}

Deno.test("a server's odd descriptions do no harm", () => {
  assertEquals(table(new ReplyError("ERR unknown command")).size, 0);
  assertEquals(table(null).size, 0);
  assertEquals(table(["get"]).size, 0);
  assertEquals(table([":", 1, "set", null, "del", ["arguments", "none"]]).size, 3);
  // Cursor movements do not get through.
  const evil = table(["get", ["arguments", [["name", "\x1b[2J\nkey", "type", "key"]]]]);
  assertEquals(hintFor("get", evil), " ?[2J?key");
  let nested: ReplyValue = [];
  for (let i = 0; i < 100; i++) nested = [["name", "x", "type", "block", "arguments", nested]];
  assert(hintFor("get", table(["get", ["arguments", nested]])).length < 100);
});

Deno.test("flags may be a set, and the text to display may differ from the name", () => {
  const argument = new ReplyMap([
    ["name", "key"],
    ["display_text", "the-key"],
    ["type", "key"],
    ["flags", new ReplySet(["optional", "multiple"])],
  ]);
  const docs = table(new ReplyMap([["get", new ReplyMap([["arguments", [argument]]])]]));
  assertEquals(hintFor("get ", docs), "[the-key [the-key ...]]");
});

Deno.test("help without a table", () => {
  assertEquals(
    helpText(["get"], NO_COMMANDS),
    "\n  The server has told nothing about its commands.\n",
  );
  assert(helpText([], NO_COMMANDS).includes("quit, exit"));
  assertEquals(hintFor("get", NO_COMMANDS), "");
  assertEquals(completionsFor("qui", NO_COMMANDS).candidates, ["quit"]);
});
