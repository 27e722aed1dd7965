// Replies that are written a piece at a time: others are served in between, the client's own requests
// and its messages come behind, and nothing is left of one whose client is gone.

import { assert, assertEquals } from "@std/assert";
import { register } from "../../commands/registry.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { PiecewiseReply } from "../../server/execution/piecewise_reply.ts";
import { Push } from "../../server/execution/push.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const PIECE = 1000;
let written = 0;
let ended = 0;

class Count implements PiecewiseReply {
  #next = 0;
  constructor(readonly count: number) {}

  write(reply: Reply): boolean {
    const end = Math.min(this.#next + PIECE, this.count);
    for (; this.#next < end; this.#next++) reply.integer(this.#next);
    written++;
    return this.#next < this.count;
  }

  ended(): void {
    ended++;
  }
}

register({
  name: "countto",
  arity: 2,
  complexity: "O(N)",
  group: "module",
  since: "1.0.0",
  summary: "For this test: counts, a thousand numbers a piece.",
  flags: [],
  run(call) {
    const count = call.integer(1);
    call.reply.array(count);
    call.replyInPieces(new Count(count));
  },
});

/** Breaks in its second piece. */
class Broken extends Count {
  #pieces = 0;

  override write(reply: Reply): boolean {
    if (++this.#pieces === 2) throw new Error("no more of it");
    return super.write(reply);
  }
}

register({
  name: "countandbreak",
  arity: 1,
  complexity: "O(1)",
  group: "module",
  since: "1.0.0",
  summary: "For this test: counts, and fails.",
  flags: [],
  run(call) {
    call.reply.array(2 * PIECE);
    call.replyInPieces(new Broken(2 * PIECE));
  },
});

function counted(count: number): string {
  return `*${count}\r\n` + Array.from({ length: count }, (_, i) => `:${i}\r\n`).join("");
}

Deno.test("a reply in pieces: complete, then the requests behind it, then messages in their place", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const client = server.clients.get(Number((await peer.ask("CLIENT", "ID")).slice(1)))!;
  // So much that it does not fit what lies between the two ends.
  const many = 2_000_000;
  ended = 0;
  peer.queue("PING");
  peer.queue("COUNTTO", String(many));
  peer.queue("ECHO", "behind");
  peer.queue("COUNTTO", "5");
  await peer.flush();
  await until("the reply has begun", () => client.pieces !== undefined);
  client.push(new Push((writer) => writer.bulk("message")));
  assertEquals(await peer.receive(), "+PONG\r\n");
  assert(await peer.receive() === counted(many));
  assertEquals(await peer.receive(), "$7\r\nmessage\r\n");
  assertEquals(await peer.receive(), "$6\r\nbehind\r\n");
  assertEquals(await peer.receive(), counted(5));
  assertEquals(ended, 2);
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
});

Deno.test("a reply in pieces takes no memory while nobody reads it, and others are served", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  const client = server.clients.get(Number((await peer.ask("CLIENT", "ID")).slice(1)))!;
  written = ended = 0;
  peer.queue("COUNTTO", "100000000");
  await peer.flush();
  let before = -1;
  await until("the socket is full", () => {
    const stands = written === before && written > 0;
    before = written;
    return stands;
  });
  assert(client.transport.outputBytes < 1024 * 1024, `${client.transport.outputBytes}`);
  assertEquals(await other.ask("PING"), "+PONG\r\n");
  assertEquals(ended, 0);
  peer[Symbol.dispose]();
  await until("it is let go of", () => ended === 1);
});

Deno.test("a reply in pieces is whole at once where it has to be, and nothing with CLIENT REPLY OFF", async () => {
  await using server = await serveQuietly();
  using native = await NativePeer.connect(server.address.port);
  const numbers = await native.ask("COUNTTO", "3500") as unknown[];
  assertEquals(numbers.length, 3500);
  using peer = await Peer.connect(server.address.port);
  ended = 0;
  peer.queue("CLIENT", "REPLY", "SKIP");
  peer.queue("COUNTTO", "5000");
  peer.queue("PING");
  await peer.flush();
  assertEquals(await peer.receive(), "+PONG\r\n");
  assertEquals(ended, 1);
});

Deno.test("a reply in pieces that cannot be completed ends the connection, and nothing else", async () => {
  const lines: string[] = [];
  await using server = await serveQuietly({ onLogLine: (line) => lines.push(line) });
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  ended = 0;
  peer.queue("COUNTANDBREAK");
  peer.queue("PING");
  await peer.flush();
  assertEquals(await peer.receiveRest(), counted(2 * PIECE).slice(0, counted(PIECE).length));
  assertEquals(ended, 1);
  assert(lines.some((line) => line.includes("in the middle of a reply")), lines.join("\n"));
  assertEquals(await other.ask("PING"), "+PONG\r\n");
});

Deno.test("a limit on output holds for a reply in pieces as a whole, and nothing of it is sent", async () => {
  await using server = await serveQuietly({
    directives: { "client-output-buffer-limit": "normal 256kb 0 0" },
  });
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  written = ended = 0;
  assertEquals(await peer.ask("COUNTTO", "20000"), counted(20_000));
  assertEquals([written, ended], [20, 1]);
  peer.queue("COUNTTO", "100000000");
  await peer.flush();
  assertEquals(await peer.receiveRest().catch(() => ""), "");
  assertEquals(ended, 2);
  assert(written < 100, `${written}`);
  assertEquals(server.stats.outputLimitDisconnections, 1);
  assertEquals(await other.ask("PING"), "+PONG\r\n");
});
