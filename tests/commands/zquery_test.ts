// ZQUERY against its specification, in every protocol; and what the native protocol makes of the
// replies of the other commands on sorted sets.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ReplyDouble, ReplyError, type ReplyValue } from "../../protocol/reply_value.ts";
import { formatDouble } from "../../structures/numbers/double_text.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

type Element = readonly [name: string, score: number];

/** Elements in order, with ties, infinities, and names that a prefix or a byte tells apart. */
const ALL: readonly Element[] = [
  ["low", -Infinity],
  ["", -1.5],
  ["\0", -1.5],
  ["a", -1.5],
  ["10", 0],
  ["9", 0],
  ["a6", 2],
  ["aa", 2],
  ["b", 2],
  ["\xff", 2],
  ["c", 0.5],
  ["d", 7],
  ["e", 7],
  ["high", Infinity],
];
const ELEMENTS = ALL.toSorted(compareElements);

function compareElements([a, x]: Element, [b, y]: Element): number {
  return x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0;
}

/** What ZQUERY is to answer of a set of these elements. */
function specified(score: number, name: string, offset: number, limit: number): Element[] {
  const first = ELEMENTS.findIndex((element) => compareElements(element, [name, score]) >= 0);
  const from = first + offset;
  if (first < 0 || from < 0 || limit <= 0) return [];
  return ELEMENTS.slice(from, from + limit);
}

const queries = fc.record({
  score: fc.constantFrom(-Infinity, -2, -1.5, -1, 0, 0.5, 1, 2, 3, 7, 8, Infinity),
  name: fc.constantFrom("", "\0", "1", "10", "9", "a", "a6", "aa", "b", "c", "e", "zz", "\xff\xff"),
  offset: fc.integer({ min: -20, max: 20 }),
  limit: fc.integer({ min: -1, max: 20 }),
});

/** ZQUERY's replies, in the terms of one protocol. */
interface Spelling {
  element(element: Element): unknown[];
  list(items: unknown[]): unknown;
  nil: unknown;
  error(text: string): unknown;
}

const NATIVE: Spelling = {
  element: ([name, score]) => [name, score],
  list: (items) => items,
  nil: null,
  error: (text) => ({ error: text }),
};

/** Native replies with bytes as text and doubles as numbers. */
function plain(value: ReplyValue): unknown {
  if (value instanceof Uint8Array) return String.fromCharCode(...value);
  if (value instanceof ReplyDouble) return value.value;
  if (value instanceof ReplyError) return { error: value.message };
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

function resp(scoreText: (text: string) => string, nil: string): Spelling {
  return {
    element: ([name, score]) => [bulk(name), scoreText(formatDouble(score))],
    list: (items) => `*${items.length}\r\n${items.join("")}`,
    nil,
    error: (text) => `-${text}\r\n`,
  };
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

type Ask = (...request: string[]) => Promise<unknown>;

async function withProtocol(
  protocol: "RESP2" | "RESP3" | "native",
  port: number,
  run: (ask: Ask, spelling: Spelling) => Promise<void>,
): Promise<void> {
  if (protocol === "native") {
    using peer = await NativePeer.connect(port);
    await run(async (...request) => plain(await peer.ask(...request.map(latin1))), NATIVE);
    return;
  }
  using peer = await Peer.connect(port);
  if (protocol === "RESP3") await peer.ask("HELLO", "3");
  await run(
    (...request) => peer.ask(...request.map(latin1)),
    protocol === "RESP3" ? resp((text) => `,${text}\r\n`, "_\r\n") : resp(bulk, "$-1\r\n"),
  );
}

for (const protocol of ["RESP2", "RESP3", "native"] as const) {
  for (const [encoding, limit] of [["listpack", "128"], ["tree", "0"]]) {
    Deno.test(`ZQUERY: as specified, in a ${encoding}, over ${protocol}`, async () => {
      await using server = await serveQuietly({
        directives: { "zset-max-listpack-entries": limit },
      });
      await withProtocol(protocol, server.address.port, async (ask, spelling) => {
        for (const [name, score] of ELEMENTS) await ask("ZADD", "z", formatDouble(score), name);
        const check = async (score: number, name: string, offset: number, limit: number) => {
          const expected = specified(score, name, offset, limit);
          assertEquals(
            await ask("ZQUERY", "z", formatDouble(score), name, `${offset}`, `${limit}`),
            spelling.list(expected.flatMap((element) => spelling.element(element))),
            `${score} ${JSON.stringify(name)} ${offset} ${limit}`,
          );
        };
        for (const [name, score] of ELEMENTS) {
          for (const offset of [-1, 0, 1]) await check(score, name, offset, 3);
        }
        await fc.assert(
          fc.asyncProperty(
            queries,
            ({ score, name, offset, limit }) => check(score, name, offset, limit),
          ),
          { numRuns: 150 },
        );
        const far = Number.MAX_SAFE_INTEGER;
        await check(0, "", far, far);
        await check(0, "", -far, far);
        await check(0, "", 0, far);
        await check(0, "", 0, -far);
      });
    });
  }

  Deno.test(`ZQUERY: missing keys and errors, over ${protocol}`, async () => {
    await using server = await serveQuietly();
    await withProtocol(protocol, server.address.port, async (ask, spelling) => {
      await ask("ZADD", "z", "1", "a", "2", "b");
      await ask("SET", "s", "text");
      const empty = spelling.list([]);
      const notFloat = spelling.error("ERR value is not a valid float");
      const notInteger = spelling.error("ERR value is not an integer or out of range");
      const arity = spelling.error("ERR wrong number of arguments for 'zquery' command");
      const table: [request: string, reply: unknown][] = [
        ["missing 1 a 0 10", spelling.nil],
        ["missing 1 a 0 0", spelling.nil],
        ["missing x a 0 10", notFloat],
        ["missing 1 a x 10", notInteger],
        ["z 1 a 0 0", empty],
        ["z 1 a 0 -1", empty],
        ["z 3 a 0 10", empty],
        ["z 3 a -1 10", empty],
        ["z 1 a 2 10", empty],
        ["z 1 a -1 10", empty],
        ["z 1 a 9223372036854775807 10", empty],
        ["z 1 a -9223372036854775808 10", empty],
        ["z 1 b 0 9223372036854775807", spelling.list(spelling.element(["b", 2]))],
        ["z 1 b -1 1", spelling.list(spelling.element(["a", 1]))],
        ["z x a 0 10", notFloat],
        ["z nan a 0 10", notFloat],
        ["z (1 a 0 10", notFloat],
        ["z 1 a 0 9223372036854775808", notInteger],
        ["z 1 a 1.5 10", notInteger],
        ["z 1 a 0 ten", notInteger],
        [
          "s 1 a 0 10",
          spelling.error("WRONGTYPE Operation against a key holding the wrong kind of value"),
        ],
        ["s 1 a 0 x", notInteger],
        ["z 1 a 0", arity],
        ["z 1 a 0 10 11", arity],
      ];
      for (const [request, reply] of table) {
        assertEquals(await ask("ZQUERY", ...request.split(" ")), reply, request);
      }
    });
  });
}

Deno.test("ZQUERY: pages of a large set, forwards and backwards", async () => {
  await using server = await serveQuietly();
  using peer = await NativePeer.connect(server.address.port);
  const count = 5000;
  const name = (i: number) => `m${String(i).padStart(5, "0")}`;
  for (let i = 0; i < count; i += 500) {
    const pairs = Array.from({ length: 500 }, (_, j) => [String((i + j) >> 3), name(i + j)]);
    assertEquals(await peer.ask("ZADD", "z", ...pairs.flat()), 500);
  }
  const names = async (...query: (string | number)[]) => {
    const reply = plain(await peer.ask("ZQUERY", "z", ...query.map(String)));
    assert(Array.isArray(reply));
    return reply.filter((_, i) => i % 2 === 0);
  };
  const middle = [2500 >> 3, name(2500)] as const;
  for (const offset of [-2501, -2500, -2499, -7, 0, 7, 2490, 2499, 2500, 2501]) {
    const from = 2500 + offset;
    const expected = from < 0 ? [] : Array.from(
      { length: Math.max(0, Math.min(20, count - from)) },
      (_, i) => name(from + i),
    );
    assertEquals(await names(...middle, offset, 20), expected, String(offset));
  }
});

Deno.test("native protocol: replies of the commands on sorted sets", async () => {
  await using server = await serveQuietly();
  using peer = await NativePeer.connect(server.address.port);
  const table: [line: string, reply: unknown][] = [
    ["ZADD z 1 a 2.5 b", 2],
    ["zadd z INCR -inf c", -Infinity],
    ["ZADD z NX INCR 1 c", null],
    ['ZADD z 3 "two words"', 1],
    ["ZSCORE z b", 2.5],
    ["ZSCORE z nosuch", null],
    ["ZRANK z b", 2],
    ["ZRANK z nosuch", null],
    ["ZRANK z b WITHSCORE", [2, 2.5]],
    ["ZRANK z nosuch WITHSCORE", null],
    ["ZCARD z", 4],
    ["ZRANGE z 0 -1", ["c", "a", "b", "two words"]],
    ["ZRANGE z 1 3 BYSCORE WITHSCORES", ["a", 1, "b", 2.5, "two words", 3]],
    ["ZQUERY z 1 b 0 2", ["b", 2.5, "two words", 3]],
    ["ZQUERY z 1 a -1 1", ["c", -Infinity]],
    ["ZRANGE z 0 1 FOO", { error: "ERR syntax error" }],
    ["ZPOPMIN z", ["c", -Infinity]],
    ["ZPOPMIN z 2", ["a", 1, "b", 2.5]],
    ["ZREM z a", 0],
    ["ZREM z 'two words'", 1],
    ["ZQUERY z 1 a 0 1", null],
  ];
  for (const [line, reply] of table) assertEquals(plain(await peer.askLine(line)), reply, line);
});
