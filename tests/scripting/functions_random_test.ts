// Random sequences of FUNCTION and FCALL, on redis-server and on Ravel: every reply is the same, and so
// are the libraries in the end. What one has dumped both restore.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOfByteString } from "../../structures/bytes/byte_string.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

type Request = readonly (string | Uint8Array)[];

/** A step is a request, or asks for one with the last dump. */
type Step = Request | { readonly restore: readonly string[] };

const library = fc.constantFrom("a", "b", "A", "lib_1");
// Two names in a library that differ in case alone are let in by redis-server, which then ends when the
// library does.
const name = fc.constantFrom("f", "g", "get", "Count");
const spelled = fc.constantFrom("f", "F", "g", "GET", "count");
const key = fc.constantFrom("k", "n", "text");
const options = fc.constantFrom([], [], ["REPLACE"], ["replace"], ["REPLACE", "REPLACE"], ["NX"]);
const policy = fc.constantFrom([], ["APPEND"], ["REPLACE"], ["REPLACE"], ["FLUSH"], ["NX"]);
const numkeys = fc.constantFrom("0", "1", "1", "2", "-1", "9", "x");

/** Parts of libraries: each registers a function, or fails. */
const part = fc.oneof(
  { weight: 6, arbitrary: name.map((n) => `redis.register_function('${n}', BODY)`) },
  {
    weight: 3,
    arbitrary: fc.tuple(name, fc.constantFrom("", "'no-writes'", "'allow-oom','no-writes'")).map(
      ([n, flags]) =>
        `redis.register_function{function_name='${n}', callback=BODY, flags={${flags}}, description='of ${n}'}`,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "nosuch()",
      "local = 1",
      "redis.call('PING')",
      "redis.register_function('f')",
      "redis.register_function('a-b', BODY)",
      "local t = nil t.x = 1",
    ),
  },
);

const body = fc.constantFrom(
  "function(keys, args) return {#keys, args} end",
  "function(keys, args) return redis.call('GET', keys[1]) end",
  "function(keys, args) return redis.call('SET', keys[1], args[1] or 'v') end",
  "function(keys, args) return redis.pcall('INCR', keys[1]) end",
  "function(keys, args) n = (n or 0) + 1 return n end",
  "function(keys, args) kept = kept + 1 return kept end",
  "function(keys, args) error('no ' .. (args[1] or 'argument')) end",
  "function(keys, args) return redis.call(args[1], keys[1]) end",
  "function(keys, args) return string.upper(args[1]) end",
);

const load = fc.tuple(library, options, fc.array(part, { maxLength: 3 }), body).map((
  [name, options, parts, body],
) => [
  "FUNCTION",
  "LOAD",
  ...options,
  `#!lua name=${name}\nlocal kept = 0\n${parts.join("\n").replaceAll("BODY", body)}`,
]);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: load },
  {
    weight: 8,
    arbitrary: fc.tuple(
      fc.constantFrom("FCALL", "FCALL", "FCALL_RO"),
      spelled,
      numkeys,
      fc.array(fc.oneof(key, fc.constantFrom("GET", "incr", "\xff")), { maxLength: 3 }),
    ).map(([command, name, count, words]) => [
      command,
      name,
      count,
      ...words.map(bytesOfByteString),
    ]),
  },
  { weight: 2, arbitrary: library.map((name) => ["FUNCTION", "DELETE", name]) },
  { weight: 1, arbitrary: fc.constantFrom<Request>(["FUNCTION", "FLUSH"], ["FLUSHALL"]) },
  { weight: 2, arbitrary: fc.constant(["FUNCTION", "STATS"]) },
  {
    weight: 2,
    arbitrary: library.map((name) => ["FUNCTION", "LIST", "LIBRARYNAME", name]),
  },
  { weight: 2, arbitrary: policy.map((words) => ({ restore: words })) },
);

/** The bytes of a reply that is one string. */
function bulkOf(reply: string): Uint8Array {
  const at = reply.indexOf("\r\n") + 2;
  return bytesOfByteString(reply.slice(at, at + Number(reply.slice(1, at - 2))));
}

/** What does not depend on whose tables have which order. */
function comparable(reply: string): string {
  // Which of two names that are taken is met first; in a list, which of several functions.
  if (reply.startsWith("-")) return reply.replace(/\w+ already exists/, "… already exists");
  return reply.includes("library_name") ? reply.split("\r\n").sort().join("\r\n") : reply;
}

Deno.test({
  name: "random libraries and calls: every reply is redis-server's",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using server = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(server.address.port);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        for (const peer of [theirs, ours]) {
          await peer.ask("FUNCTION", "FLUSH");
          await peer.ask("FLUSHALL");
        }
        for (const step of steps) {
          const request: Request = "restore" in step
            ? ["FUNCTION", "RESTORE", bulkOf(await theirs.ask("FUNCTION", "DUMP")), ...step.restore]
            : step;
          assertEquals(
            comparable(await ours.ask(...request)),
            comparable(await theirs.ask(...request)),
            `${request.map(String).join(" ")}`,
          );
        }
      }),
      { numRuns: 60 },
    );
  },
});
