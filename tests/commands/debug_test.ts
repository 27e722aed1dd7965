// DEBUG: what fills and examines a server, beside what server_commands_test.ts asks.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { askPlainly } from "../harness/plain_reply.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const ALLOWED = { directives: { "enable-debug-command": "yes" } };

const SCRIPT = `
  DEBUG POPULATE
  DEBUG POPULATE a
  DEBUG POPULATE -1
  DEBUG POPULATE 1 p 1 x
  DEBUG POPULATE 1 p a
  DEBUG POPULATE 1 p -1
  DEBUG POPULATE 9223372036854775807 => -ERR OOM in dictTryExpand
  DEBUG POPULATE 1 p 9000000000 => -ERR string exceeds maximum allowed size (proto-max-bulk-len)
  DEBUG POPULATE 0
  SET key:3 mine
  EXPIRE key:3 1000
  DEBUG POPULATE 50
  DBSIZE
  GET key:3
  GET key:49
  DEBUG DIGEST
  DEBUG POPULATE 5 "a b" 4
  GET "a b:4"
  DEBUG POPULATE 5 "n\\x00x" 30
  STRLEN n:4
  GET n:4
  DEBUG POPULATE 5 "" 7
  GET :0
  OBJECT ENCODING :0
  DEBUG DIGEST
  DEBUG ERROR
  DEBUG ERROR "ERR of the test"
  DEBUG ERROR "two\\r\\nlines \\xff"
  DEBUG ERROR ""
  DEBUG LOG
  DEBUG LOG "of the test\\xff"
  DEBUG HTSTATS
  DEBUG HTSTATS a
  DEBUG HTSTATS -1
  DEBUG HTSTATS 16
  DEBUG HTSTATS 5
  DEBUG HTSTATS-KEY
  DEBUG HTSTATS-KEY missing
  DEBUG HTSTATS-KEY key:1
  SADD numbers 1 2 3
  DEBUG HTSTATS-KEY numbers
  DEBUG CLIENT-EVICTION
  DEBUG CLIENT-EVICTION x
  DEBUG CHANGE-REPL-ID x
  DEBUG CHANGE-REPL-ID
  DEBUG STRINGMATCH-TEST => +Apparently Redis did not crash: test passed
  DEBUG DICT-RESIZING
  DEBUG DICT-RESIZING 0 => +OK
`;
comparison("DEBUG that fills and examines", SCRIPT, ALLOWED);
comparison("DEBUG that fills and examines, in RESP3", SCRIPT, { ...ALLOWED, resp3: true });

Deno.test("DEBUG HTSTATS counts every key, also while the table grows", async () => {
  await using server = await serveQuietly(ALLOWED);
  const [db0] = server.keyspace.databases;
  using peer = await Peer.connect(server.address.port);
  let keys = 0;
  let isResized = false;
  // Until a resize is under way.
  while (!server.keyspace.table.isRehashing(db0.table) || keys < 5000) {
    await peer.ask("DEBUG", "POPULATE", String(keys += 500));
    const text = await askPlainly(peer, "DEBUG", "HTSTATS", "0", "full") as string;
    const [dictionary, expires] = text.split("[Expires HT]\n");
    assertEquals(expires.includes("No stats available"), true);
    const tables = dictionary.split(/Hash table \d stats/).slice(1);
    let counted = 0;
    for (const table of tables) {
      if (table.includes("No stats")) continue;
      const size = Number(/table size: (\d+)/.exec(table)![1]);
      let buckets = 0;
      let nodes = 0;
      for (const [, length, count] of table.matchAll(/^ {3}(\d+): (\d+) \(/gm)) {
        buckets += Number(count);
        nodes += Number(length) * Number(count);
      }
      assertEquals(buckets, size);
      assertStringIncludes(table, `number of elements: ${nodes}\n`);
      counted += nodes;
    }
    assertEquals(counted, db0.size);
    isResized ||= tables.length === 2;
  }
  assert(isResized);
  await peer.ask("EXPIRE", "key:1", "1000");
  assertMatch(
    await peer.ask("DEBUG", "HTSTATS", "0"),
    /\[Expires HT\]\nHash table 0 stats \(main hash table\):\n table size: 1\n number of elements: 1\n/,
  );
});

Deno.test("DEBUG HTSTATS-KEY of each type that has a table", async () => {
  await using server = await serveQuietly(ALLOWED);
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 600; i++) {
    peer.queue("SADD", "s", `m${i}`);
    peer.queue("HSET", "h", `m${i}`, "v");
    peer.queue("HSET", "e", `m${i}`, "v");
    peer.queue("ZADD", "z", String(i), `m${i}`);
  }
  peer.queue("HEXPIRE", "e", "1000", "FIELDS", "1", "m1");
  await peer.flush();
  for (let i = 0; i < 2401; i++) await peer.receive();
  for (const key of ["s", "h", "e", "z"]) {
    const text = await askPlainly(peer, "DEBUG", "HTSTATS-KEY", key) as string;
    const counted = [...text.matchAll(/elements: (\d+)/g)].map(([, count]) => Number(count));
    assertEquals(counted.reduce((a, b) => a + b, 0), 600, key);
  }
});

Deno.test("DEBUG CLIENT-EVICTION has every client once", async () => {
  await using server = await serveQuietly(ALLOWED);
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await other.ask("PING");
  await peer.ask("CONFIG", "SET", "maxmemory-clients", "100mb");
  const sizes = await askPlainly(peer, "DEBUG", "CLIENT-EVICTION") as string;
  const lines = sizes.trimEnd().split("\n");
  assertEquals(lines.length, 19);
  assertMatch(lines[0], /^bucket {10}0 - {6}32767: tot-mem: +\d+, clients: \d+$/);
  assertMatch(lines[18], /^bucket 4294967296\+ {12}: tot-mem: +0, clients: 0$/);
  const clients = lines.map((line) => Number(/clients: (\d+)/.exec(line)![1]));
  assertEquals(clients.reduce((a, b) => a + b, 0), 2);
});

Deno.test("DEBUG CHANGE-REPL-ID changes the data set's name, and the run's stays", async () => {
  await using server = await serveQuietly(ALLOWED);
  using peer = await Peer.connect(server.address.port);
  const name = async () =>
    /master_replid:([0-9a-f]{40})\r/.exec(await peer.ask("INFO", "replication"))?.[1];
  const before = await name();
  assertEquals(before, server.runId);
  await peer.ask("DEBUG", "CHANGE-REPL-ID");
  const after = await name();
  assert(after !== undefined && after !== before);
  assertStringIncludes(await peer.ask("INFO", "server"), `run_id:${before}`);
});

Deno.test("DEBUG POPULATE tells of its keys, and they are no changes to be saved", async () => {
  await using server = await serveQuietly(ALLOWED);
  using peer = await Peer.connect(server.address.port);
  using watcher = await Peer.connect(server.address.port);
  await watcher.ask("WATCH", "key:1");
  const { dirty } = server.keyspace.changes;
  await peer.ask("DEBUG", "POPULATE", "2");
  assertEquals(server.keyspace.changes.dirty, dirty);
  await watcher.ask("MULTI");
  assertEquals(await watcher.ask("EXEC"), "*-1\r\n");
});
