// Random sequences of commands on redis-server and Ravel, as many as take seconds; `deno task
// generate` runs them for as long as it is told. And that the generator finds what there is to find.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { withoutRedis } from "../harness/redis_reference.ts";
import { campaign } from "./campaign.ts";
import { Duel } from "./duel.ts";
import { isSameReply } from "./reply_forms.ts";
import { scriptOf, type Sequence } from "./sequence.ts";
import { SequenceWriter } from "./sequence_writer.ts";
import { shrunk } from "./shrink.ts";

/** So many sequences are run; what a seed makes changes with the commands that there are. */
const SEQUENCES = 200;
const SEED = 72;

Deno.test({
  name: `generator: ${SEQUENCES} random sequences from seed ${SEED}, as redis-server`,
  ignore: withoutRedis,
  async fn() {
    const { failures, sequences } = await campaign({ seed: SEED, sequences: SEQUENCES });
    assertEquals(failures.join("\n"), "");
    assertEquals(sequences, SEQUENCES);
  },
});

const KNOWN = ["set", "get", "mset", "zadd", "lmpop", "setrange", "object|encoding", "zrank"];

function writerOf(version: string, only?: readonly string[]): SequenceWriter {
  return new SequenceWriter({
    version,
    known: new Set(KNOWN),
    payloads: { packed: [], all: [] },
    only,
  });
}

Deno.test("generator: a seed stands for one sequence", () => {
  const [one, again, next] = [1, 1, 2].map((seed) => scriptOf(writerOf("7.2.4").write(seed)));
  assertEquals(one, again);
  assert(one !== next);
});

Deno.test("generator: writes each command that both servers have, and none that is too new", () => {
  const { names } = writerOf("6.2.0");
  assertEquals(names.toSorted(), KNOWN.filter((name) => name !== "lmpop").sort());
  assertEquals(writerOf("7.0.0").names.length, KNOWN.length);
  assertEquals(writerOf("7.0.0", ["object", "get"]).names.toSorted(), ["get", "object|encoding"]);
  const written = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    for (const [name, sub] of writerOf("7.0.0").write(seed).calls) {
      const lower = name.toLowerCase();
      written.add(lower === "object" ? `object|${sub?.toLowerCase()}` : lower);
    }
  }
  for (const name of KNOWN) assert(written.has(name), name);
});

Deno.test("generator: leaves out what came later than the other server", () => {
  for (const [version, isThere] of [["7.0.0", false], ["7.2.0", true]] as const) {
    const calls = Array.from(
      { length: 100 },
      (_, seed) => writerOf(version, ["zrank"]).write(seed).calls,
    ).flat();
    const ranks = calls.filter(([name]) => /^zrank$/i.test(name));
    assert(ranks.length > 100);
    assertEquals(ranks.some((call) => call.some((word) => /^withscore$/i.test(word))), isThere);
  }
});

Deno.test("generator: what may differ, and what may not", () => {
  const packed = { version: 70200, hasHashTables: false };
  const tables = { version: 70200, hasHashTables: true };
  const ab = "*2\r\n$1\r\na\r\n$1\r\nb\r\n";
  const ba = "*2\r\n$1\r\nb\r\n$1\r\na\r\n";
  assert(!isSameReply(["SMEMBERS", "t"], ab, ba, packed));
  assert(isSameReply(["smembers", "t"], ab, ba, tables));
  assert(!isSameReply(["LRANGE", "l", "0", "-1"], ab, ba, tables));
  assert(!isSameReply(["SMEMBERS", "t"], ab, "*1\r\n$1\r\nb\r\n", tables));
  assert(
    isSameReply(
      ["HGETALL", "h"],
      `*4\r\n${ab.slice(4)}${ba.slice(4)}`,
      `*4\r\n${ba.slice(4)}${ab.slice(4)}`,
      tables,
    ),
  );
  assert(isSameReply(["SRANDMEMBER", "t"], "$1\r\na\r\n", "$2\r\n-1\r\n", packed));
  assert(!isSameReply(["SRANDMEMBER", "t"], "$1\r\na\r\n", "$-1\r\n", packed));
  assert(isSameReply(["PTTL", "k"], ":9000\r\n", ":9001\r\n", packed));
  assert(!isSameReply(["PTTL", "k"], ":-1\r\n", ":9001\r\n", packed));
  assert(
    !isSameReply(["ZSCORE", "z", "a"], "$3\r\n0.1\r\n", "$19\r\n0.10000000000000001\r\n", packed),
  );
  assert(isSameReply(["ZSCORE", "z", "a"], "$3\r\n0.1\r\n", "$19\r\n0.10000000000000001\r\n", {
    ...packed,
    version: 70015,
  }));
});

/** A sequence with much in it that does not matter. */
function sequenceWith(...calls: string[]): Sequence {
  const needless = Array.from({ length: 10 }, (_, i) => ["RPUSH", `l${i % 2}`, "a", "b"]);
  return {
    seed: 0,
    protocol: 3,
    settings: {},
    hasHashTables: false,
    calls: [...needless, ...calls.map((line) => line.split(" ")), ...needless],
  };
}

Deno.test({
  name: "generator: a difference is found, and shrunk to the calls that show it",
  ignore: withoutRedis,
  async fn() {
    await using duel = await Duel.start();
    const sequence = sequenceWith("ZADD z 1 a 2 b 3 c", "ZADD z 4 d 5 e 6 f");
    assertEquals(await duel.run(sequence), undefined);
    // What one of them does otherwise from here on.
    await duel.pair.ours.ask("CONFIG", "SET", "zset-max-listpack-entries", "4");
    const found = await duel.run(sequence);
    assertEquals(found?.kind, "contents OBJECT");
    assertStringIncludes(found!.difference, "OBJECT ENCODING z");
    const short = await shrunk(
      sequence,
      async (candidate) => (await duel.run(candidate))?.kind === found!.kind,
    );
    assertEquals(short.calls.length, 2);
    assertEquals(short.calls.flat().filter((word) => /^\d$/.test(word)).length, 5);
    assertEquals(scriptOf(short).split("\n").length, 3);
  },
});

Deno.test({
  name: "generator: events, counts and replies within a transaction are compared",
  ignore: withoutRedis,
  async fn() {
    await using duel = await Duel.start();
    const kinds: (string | undefined)[] = [];
    const { ours } = duel.pair;
    const transaction = sequenceWith("MULTI", "ZADD z 1 a 2 b", "OBJECT ENCODING z", "EXEC");
    kinds.push((await duel.run(transaction))?.kind);
    await ours.ask("CONFIG", "SET", "notify-keyspace-events", "KEA");
    kinds.push((await duel.run(sequenceWith("SADD t 1 2 x")))?.kind);
    await ours.ask("CONFIG", "SET", "notify-keyspace-events", "KEAmn");
    await ours.ask("CONFIG", "SET", "zset-max-listpack-entries", "1");
    kinds.push((await duel.run(transaction))?.kind);
    assertEquals(kinds, [undefined, "events", "reply exec"]);
  },
});
