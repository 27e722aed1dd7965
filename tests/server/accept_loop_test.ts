// Peers that are gone before they are accepted, and a process without descriptors: who else connects
// must not wait for the former, and must get in after the latter.

import { assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import net from "node:net";
import { AcceptLoop } from "../../server/clients/accept_loop.ts";
import type { Listener, Socket } from "../../server/platform/socket.ts";
import { ServerLog } from "../../server/report/log.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

/** A listener whose accepts fail with each of the errors, in turn, and then never settle. */
class FailingListener implements Listener {
  readonly addr = { hostname: "127.0.0.1", port: 1 };
  accepts = 0;
  closed = false;
  #failPending: (error: Error) => void = () => {};

  constructor(readonly failure: (accept: number) => Error | undefined) {}

  accept(): Promise<Socket> {
    const error = this.failure(this.accepts++);
    return error === undefined
      ? new Promise((_, reject) => this.#failPending = reject)
      : Promise.reject(error);
  }

  unref(): void {}

  close(): void {
    this.closed = true;
    this.#failPending(new Deno.errors.BadResource("closed"));
  }
}

interface Outcome {
  readonly listener: FailingListener;
  readonly pauses: number;
  readonly exhaustions: number;
  readonly lines: readonly string[];
}

async function outcomeOf(failure: (accept: number) => Error | undefined): Promise<Outcome> {
  const lines: string[] = [];
  const sink = (line: string) => lines.push(line);
  using log = new ServerLog({ level: "notice", format: "text", file: "", sink });
  let pauses = 0;
  let exhaustions = 0;
  const host = {
    log,
    holdsProcess: true,
    admit() {},
    ranOutOfDescriptors: () => void exhaustions++,
  };
  const listener = new FailingListener(failure);
  const loop = new AcceptLoop(listener, host, () => {
    pauses++;
    return Promise.resolve();
  });
  await until("the loop has met every failure", () => failure(listener.accepts - 1) === undefined);
  loop.stop();
  assertEquals(listener.closed, true);
  return { listener, pauses, exhaustions, lines };
}

function noDescriptors(): Error {
  return Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
}

Deno.test("peers that are gone again do not pause accepting, nor fill the log", async () => {
  const failures = 200;
  const { listener, pauses, lines } = await outcomeOf((accept) =>
    accept < failures ? new Deno.errors.NotConnected("gone") : undefined
  );
  assertEquals([listener.accepts, pauses], [failures + 1, 0]);
  assertMatch(lines[0], /# cannot accept a connection error=gone$/);
  // The others are told in one line when their second is over, or when the log closes.
  assertMatch(lines[1], /# cannot accept a connection: more like this omitted=\d+$/);
});

Deno.test("each lack of descriptors pauses accepting", async () => {
  const { pauses, exhaustions, lines } = await outcomeOf((accept) =>
    accept < 5 ? noDescriptors() : undefined
  );
  assertEquals([pauses, exhaustions], [5, 5]);
  assertMatch(lines[0], /no descriptor left$/);
});

Deno.test("a listener that is broken does not take the whole thread", async () => {
  const { pauses } = await outcomeOf((accept) => accept < 2000 ? new Error("broken") : undefined);
  assertEquals(pauses, 7);
});

Deno.test("clients that reset their connections in a loop do not hold up an honest one", async () => {
  const lines: string[] = [];
  await using server = await serveQuietly({ onLogLine: (line) => lines.push(line) });
  const { port } = server.address;
  let running = true;
  let resets = 0;
  const attack = async () => {
    while (running) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(port, "127.0.0.1");
        socket.on("error", () => {});
        socket.on("close", () => resolve());
        socket.on("connect", () => socket.resetAndDestroy());
      });
      resets++;
    }
  };
  const attackers = [attack(), attack(), attack(), attack()];
  await until("the attack is under way", () => resets > 50);
  for (let i = 0; i < 100; i++) {
    using peer = await Peer.connect(port);
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
  }
  running = false;
  await Promise.all(attackers);
  assertGreater(resets, 50);
  const failures = lines.filter((line) => line.includes("cannot accept a connection"));
  assertLess(failures.length, resets);
});
