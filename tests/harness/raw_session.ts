// Sessions of applications written as raw connections: replies in full, transactions, who waits.

import { assertEquals } from "@std/assert";
import { onEitherServer } from "./either_server.ts";
import { Peer } from "./peer.ts";
import { until } from "./until.ts";

export const OK = "+OK\r\n";
export const QUEUED = "+QUEUED\r\n";

export const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
export const array = (...items: readonly string[]): string =>
  `*${items.length}\r\n${items.join("")}`;
export const number = (n: number): string => `:${n}\r\n`;

/**
 * A test with a way to connect, on Ravel and on redis-server; all connections leave at the end.
 *
 * @param greet what each connection does first
 */
export function rawSession(
  name: string,
  greet: (peer: Peer) => Promise<void>,
  body: (connect: () => Promise<Peer>) => Promise<void>,
): void {
  onEitherServer(name, async (port) => {
    const all: Peer[] = [];
    try {
      await body(async () => {
        const peer = await Peer.connect(port);
        all.push(peer);
        await greet(peer);
        return peer;
      });
    } finally {
      for (const peer of all) peer[Symbol.dispose]();
    }
  });
}

/** One transaction: its requests, and what EXEC answers to them. */
export async function transaction(
  peer: Peer,
  requests: readonly (readonly string[])[],
  ...expected: readonly string[]
): Promise<void> {
  peer.queue("MULTI");
  for (const request of requests) peer.queue(...request);
  peer.queue("EXEC");
  await peer.flush();
  assertEquals(await peer.receive(), OK);
  for (const request of requests) {
    assertEquals([request[0], await peer.receive()], [request[0], QUEUED]);
  }
  assertEquals(await peer.receive(), array(...expected));
}

/** Waits until so many clients of the server wait for keys. */
export const blocked = (observer: Peer, count: number): Promise<void> =>
  until(
    `${count} are blocked`,
    async () => (await observer.ask("INFO", "clients")).includes(`blocked_clients:${count}\r\n`),
  );
