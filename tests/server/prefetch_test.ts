// Commands that load ahead see their calls before those run, the bad ones included, and calls on
// other keys among them. Replies and data must be as if nobody had looked.

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

/** More than a set has to have for ZADD to load ahead. */
const MEMBERS = 5000;

Deno.test("a pipeline of ZADDs on large, small, absent and wrong keys", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (const key of ["large", "other"]) {
    const request = ["ZADD", key];
    for (let i = 0; i < MEMBERS; i++) request.push(String(i), `m${i}`);
    assertEquals(await peer.ask(...request), `:${MEMBERS}\r\n`);
  }
  await peer.ask("ZADD", "small", "1", "a");
  await peer.ask("SET", "text", "x");
  const batch: [request: string[], reply: string][] = [
    [["ZADD", "large", "4000.5", "m1"], ":0\r\n"],
    [["ZADD", "large", "-7", "new"], ":1\r\n"],
    [["ZADD", "large", "3", "new"], ":0\r\n"],
    [["ZADD", "other", "inf", "m1"], ":0\r\n"],
    [["ZADD", "small", "2", "a"], ":0\r\n"],
    [["ZADD", "large", "none", "m2"], "-ERR value is not a valid float\r\n"],
    [["ZADD"], "-ERR wrong number of arguments for 'zadd' command\r\n"],
    [["ZADD", "large", "1"], "-ERR wrong number of arguments for 'zadd' command\r\n"],
    [
      ["ZADD", "text", "1", "a"],
      "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
    ],
    [["ZADD", "absent", "1", "a"], ":1\r\n"],
    [["ZADD", "absent", "XX", "1", "b"], ":0\r\n"],
    [["ZADD", "large", "INCR", "0.5", "m1"], "$4\r\n4001\r\n"],
    [["DEL", "large"], ":1\r\n"],
    [["ZADD", "large", "1", "m1"], ":1\r\n"],
    [["ZADD", "large", "CH", "2", "m1"], ":1\r\n"],
    [["ZSCORE", "other", "m1"], "$3\r\ninf\r\n"],
    [["ZRANK", "other", "m2"], ":1\r\n"],
    [["ZCARD", "other"], `:${MEMBERS}\r\n`],
    [["ZSCORE", "small", "a"], "$1\r\n2\r\n"],
  ];
  for (const [request] of batch) peer.queue(...request);
  await peer.flush();
  for (const [request, reply] of batch) {
    assertEquals([request, await peer.receive()], [request, reply]);
  }
  server.keyspace.arena.verify();
});
