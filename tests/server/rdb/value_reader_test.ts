// Values that come in pieces: from a file or a link, a few bytes at a time, or a few elements.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { DetachedValue } from "../../../server/keyspace/detached_value.ts";
import { KeyEvent } from "../../../server/keyspace/key_event.ts";
import { RdbFormatError, RdbReader } from "../../../server/keyspace/rdb/rdb_reader.ts";
import { ValueReader } from "../../../server/keyspace/rdb/value_reader.ts";
import { attach } from "../../../server/keyspace/value_attachment.ts";
import { NO_EXPIRY } from "../../../server/keyspace/strings.ts";
import { NONE } from "../../../structures/arena/arena.ts";
import { serveQuietly } from "../../harness/quiet_server.ts";
import { WireClient } from "../../harness/wire_client.ts";
import { keyOf } from "../key_values.ts";
import { VALUE_CASES } from "./dump_values.ts";

const EVENT = new KeyEvent("test", 0);

Deno.test("a value is the same in however many pieces it comes", async () => {
  await using server = await serveQuietly({ directives: { "enable-debug-command": "yes" } });
  const { keyspace } = server;
  const { arena, databases: [db] } = keyspace;
  using client = await WireClient.connect(server.address.port);
  const reader = new RdbReader();
  const values = new ValueReader(keyspace);
  const value = new DetachedValue();
  for (const { name, requests } of VALUE_CASES) {
    await client.call("FLUSHALL");
    for (const request of requests) await client.call(...request);
    const dump = await client.call("DUMP", "k");
    assert(dump instanceof Uint8Array);
    const bytes = dump.subarray(0, dump.length - 10);
    const before = arena.usedBytes;
    for (const piece of [1, 7, 100, 5000]) {
      if (bytes.length / piece > 3000) continue;
      values.begin(bytes[0]);
      let shown = 1;
      reader.show(bytes, 1, 1);
      while (!values.advance(reader, value)) {
        assert(shown < bytes.length, `${name}: more than there is`);
        shown = Math.min(bytes.length, shown + piece);
        reader.show(bytes, reader.at, shown);
      }
      assert(reader.isAtEnd, name);
      attach(keyspace, db, NONE, keyOf(keyspace, "r"), value, NO_EXPIRY, EVENT);
      const digests = await client.call("DEBUG", "DIGEST-VALUE", "k", "r") as string[];
      assertEquals(digests[0], digests[1], `${name} by ${piece}`);
      await client.call("DEL", "r");
    }
    // A step at a time, and given up half way.
    reader.show(bytes, 1, bytes.length);
    values.begin(bytes[0]);
    for (let steps = 0; !values.advance(reader, value, 1); steps++) {
      if (steps < 20) continue;
      values.abandon();
      value.setEmpty(value.type);
      break;
    }
    if (!value.isEmpty) {
      attach(keyspace, db, NONE, keyOf(keyspace, "r"), value, NO_EXPIRY, EVENT);
      await client.call("DEL", "r");
    }
    assertEquals(arena.usedBytes, before, name);
  }
  arena.verify();
});

Deno.test("types that are not known are told of", async () => {
  await using server = await serveQuietly();
  const values = new ValueReader(server.keyspace);
  for (const type of [-1, 6, 7, 8, 15, 19, 21, 22, 255]) {
    assertThrows(() => values.begin(type), RdbFormatError, String(type));
  }
});
