// The short way to a yes: calls by users of random rules are answered as ACL DRYRUN says, whose check is
// the long one, and patterns match what globs match, compared by words or not.

import { assert, assertEquals, assertGreater } from "@std/assert";
import { NamePattern } from "../../server/acl/patterns.ts";
import type { User } from "../../server/acl/user.ts";
import { byteStringOfText } from "../../structures/bytes/byte_string.ts";
import { type Bytes, withView } from "../../structures/bytes/bytes.ts";
import { GlobPattern } from "../../structures/bytes/glob.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

const RULES = [
  "+@all",
  "-@all",
  "+@read",
  "-@write",
  "+get",
  "-get",
  "+set",
  "-set",
  "+select|0",
  "-client|id",
  "+client",
  "+publish",
  "&news:*",
  "allchannels",
  "resetchannels",
  "allkeys",
  "resetkeys",
  "~key:*",
  "~session:*",
  "~a*",
  "%R~k*",
  "%W~key:1*",
  "%R~cache:??:*",
  "(+get ~other:*)",
  "clearselectors",
];
const KEYS = [
  "key:1",
  "key:2",
  "kex:1",
  "session:1",
  "sessions",
  "a",
  "",
  "k",
  "cache:12:x",
  "other:1",
];

/** Calls of every kind: with one key, many, none, channels, subcommands, and keys that the call tells. */
function call(random: SeededRandom): string[] {
  const key = () => random.pick(KEYS);
  switch (random.below(10)) {
    case 0:
      return ["MGET", key(), key()];
    case 1:
      return ["PING"];
    case 2:
      return ["SELECT", String(random.below(2))];
    case 3:
      return ["PUBLISH", random.pick(["news:1", "x"]), "m"];
    case 4:
      return ["CLIENT", "ID"];
    case 5:
      return ["SET", key(), "v", "GET"];
    case 6:
      return ["EVAL", "return 1", "1", key()];
    case 7:
      return ["SET", key(), "v"];
    default:
      return ["GET", key()];
  }
}

Deno.test("what a user may do is what ACL DRYRUN says, however often rules change", async () => {
  await using server = await serveQuietly();
  const admin = new DetachedClient(server);
  const caller = new DetachedClient(server);
  const random = new SeededRandom(21);
  assertEquals(admin.ask("ACL", "SETUSER", "u", "on", "nopass", "+@all", "~key:*"), "+OK\r\n");
  caller.client.become(server.acl.users.get(byteStringOfText("u")) as User);
  let denied = 0;
  let allowed = 0;
  for (let round = 0; round < 400; round++) {
    const rules = Array.from({ length: 1 + random.below(5) }, () => random.pick(RULES));
    // A pattern behind one that opens all is refused, and nothing changes. Most is open in the beginning.
    if (round > 0) admin.ask("ACL", "SETUSER", "u", ...rules);
    for (let i = 0; i < 30; i++) {
      const words = call(random);
      const isAllowed = admin.ask("ACL", "DRYRUN", "u", ...words) === "+OK\r\n";
      const reply = caller.ask(...words);
      assertEquals(!reply.startsWith("-NOPERM"), isAllowed, `${words.join(" ")}: ${reply}`);
      if (isAllowed) allowed++;
      else denied++;
    }
  }
  assertGreater(allowed, 1_000);
  assertGreater(denied, 1_000);
});

Deno.test("patterns match what globs match, compared by words or by bytes", () => {
  const random = new SeededRandom(22);
  const patterns = ["*", "a*", "ab*", "abc*", "abcd*", "abcde*", "abcdefgh*", "abcdefghij*"];
  patterns.push("\xff\xfe\x80*", "\x00\x01*", "abcd", "", "a?c*", "*a", "a**", "[ab]*", "\\a*");
  let matches = 0;
  for (const text of patterns) {
    const pattern = new NamePattern(text);
    const source = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const glob = new GlobPattern(source);
    for (let i = 0; i < 500; i++) {
      // Some of the pattern, mostly, and something else behind it, up to the end of the memory.
      const name = [...source.subarray(0, random.below(source.length + 1))];
      for (let more = random.below(4); more > 0; more--) name.push(random.pick([97, 98, 0, 255]));
      const start = random.below(5);
      const memory = new Uint8Array(start + name.length + random.below(10));
      memory.set(name, start);
      const expected = glob.matches(memory, start, name.length);
      const plain: Bytes = memory;
      assertEquals(pattern.matches(plain, start, name.length), expected, `${text} ${name}`);
      const viewed = withView(memory);
      assertEquals(pattern.matches(viewed, start, name.length), expected, `${text} ${name}`);
      if (expected) matches++;
    }
  }
  assert(matches > 1_000);
});
