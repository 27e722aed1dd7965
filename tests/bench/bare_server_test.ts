// The bare loop beside which Ravel is measured: as many replies as requests, however they arrive.

import { assertEquals } from "@std/assert";
import { ServerProcess } from "../../bench/server_processes.ts";
import { Peer } from "../harness/peer.ts";

const PING = "*1\r\n$4\r\nPING\r\n";

Deno.test("the bare server answers each PING once, in one piece or in many", async () => {
  await using server = await ServerProcess.start("bare");
  using peer = await Peer.connect(server.port);
  const requests = PING.repeat(3);
  for (let split = 1; split < requests.length; split++) {
    await peer.send(requests.slice(0, split));
    const whole = Math.trunc(split / PING.length);
    for (let i = 0; i < whole; i++) assertEquals(await peer.receive(), "+PONG\r\n");
    await peer.send(requests.slice(split));
    for (let i = whole; i < 3; i++) assertEquals(await peer.receive(), "+PONG\r\n");
  }
  await peer.send(PING.repeat(10_000));
  for (let i = 0; i < 10_000; i++) assertEquals(await peer.receive(), "+PONG\r\n");
  // Connections of one run must not weigh on the next.
  await peer.connection.closeWrite();
  assertEquals(await peer.receiveRest(), "");
});
