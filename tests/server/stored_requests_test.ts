// Requests that outlive their input: many of them come back byte for byte.

import { assertEquals } from "@std/assert";
import { Arguments } from "../../protocol/arguments.ts";
import { byteStringOf } from "../../structures/bytes/byte_string.ts";
import { StoredRequest } from "../../server/execution/stored_request.ts";
import { StoredRequests } from "../../server/execution/stored_requests.ts";
import { SeededRandom } from "../structures/seeded_random.ts";

/** Arguments that lie somewhere in an input, with gaps between them. */
function argumentsOf(words: readonly string[]): Arguments {
  const args = new Arguments();
  const bytes: number[] = [0, 1, 2];
  args.offsets = new Int32Array(words.length + 1);
  args.lengths = new Int32Array(words.length + 1);
  args.base = 1;
  args.count = words.length;
  words.forEach((word, i) => {
    bytes.push(0x24, 0x0d);
    args.offsets[i + 1] = bytes.length;
    args.lengths[i + 1] = word.length;
    for (const character of word) bytes.push(character.charCodeAt(0));
  });
  args.bytes = new Uint8Array(bytes);
  return args;
}

function wordsOf(args: Arguments): string[] {
  return Array.from(
    { length: args.count },
    (_, i) => byteStringOf(args.bytes, args.start(i), args.length(i)),
  );
}

Deno.test("stored requests: come back as they were, however many there are", () => {
  const random = new SeededRandom(3);
  const stored = new StoredRequests(16, 2);
  const shown = new Arguments();
  for (let round = 0; round < 3; round++) {
    const requests = Array.from({ length: 200 }, () =>
      Array.from(
        { length: 1 + random.below(5) },
        () => String.fromCharCode(random.below(256)).repeat(random.below(3) * random.below(40)),
      ));
    for (const request of requests) {
      const args = argumentsOf(request);
      stored.append(args);
      args.bytes.fill(0xff);
    }
    assertEquals(stored.count, requests.length);
    requests.forEach((request, r) => {
      stored.show(r, shown);
      assertEquals(wordsOf(shown), request);
    });
    stored.clear();
    assertEquals([stored.count, stored.byteLength], [0, 0]);
  }
});

Deno.test("stored request: comes back as it was, and gives its place to one that fits", () => {
  const random = new SeededRandom(4);
  const shown = new Arguments();
  for (let round = 0; round < 200; round++) {
    const request = Array.from(
      { length: 1 + random.below(100) },
      () => String.fromCharCode(random.below(256)).repeat(random.below(300)),
    );
    const args = argumentsOf(request);
    const stored = new StoredRequest(args);
    args.bytes.fill(0xff);
    stored.show(shown);
    assertEquals(wordsOf(shown), request);
    assertEquals(stored.replace(argumentsOf([...request, "one more"])), false);
    stored.show(shown);
    assertEquals(wordsOf(shown), request);
    assertEquals(stored.replace(argumentsOf(request.slice(0, 1))), true);
  }
});

Deno.test("stored request: a small one takes little", () => {
  const stored = new StoredRequest(argumentsOf(["BLPOP", "key", "0"]));
  assertEquals(stored.memoryBytes < 300, true);
});
