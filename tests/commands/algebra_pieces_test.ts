// Long answers of SUNION, SDIFF, ZUNION and their like that are made for the reply: they are sent a
// piece at a time, are those of the moment of the call, and go with the last piece or the client.

import { assert, assertEquals } from "@std/assert";
import type { Server } from "../../server/mod.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const MEMBERS = 1500;
const PADDING = "x".repeat(90);

function members(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `m${from + i}${PADDING}`);
}

function fill(client: DetachedClient): void {
  client.ask("SADD", "a", ...members(0, MEMBERS));
  client.ask("SADD", "b", ...members(500, 2000));
  client.ask("ZADD", "z", ...members(0, MEMBERS).flatMap((member, i) => [String(i % 7), member]));
}

/** Requests, and how many strings each answers. */
const REQUESTS: Readonly<Record<string, number>> = {
  "SUNION a b": 2000,
  "ZUNION 2 z b": 2000,
  "ZUNION 2 z b WITHSCORES": 4000,
  "ZINTER 2 z a WITHSCORES": 3000,
  "ZDIFF 2 z none": 1500,
};

/** Has the next piece written; whether there are more. */
function proceed({ client, transport }: DetachedClient): boolean {
  const { pieces } = client;
  assert(pieces !== undefined);
  client.reply.out = transport.queue;
  if (pieces.write(client.reply)) return true;
  pieces.ended();
  client.pieces = undefined;
  return false;
}

function usedBytes({ keyspace }: Server): number {
  keyspace.flushAll(false);
  keyspace.arena.verify();
  return keyspace.arena.usedBytes;
}

for (const [request, strings] of Object.entries(REQUESTS)) {
  Deno.test(`algebra in pieces: ${request}`, async () => {
    await using server = await serveQuietly();
    const other = new DetachedClient(server);
    const reader = new DetachedClient(server);
    const before = usedBytes(server);
    fill(other);
    let whole = reader.ask(...request.split(" "));
    while (proceed(reader));
    whole += reader.replies();
    let reply = reader.ask(...request.split(" "));
    assert(reader.client.pieces !== undefined, "it is longer than a piece");
    other.ask("DEL", "a", "b");
    other.ask("SUNION", "z", "none");
    other.ask("ZUNION", "1", "z");
    other.ask("SADD", "a", "1", "2");
    while (proceed(reader));
    reply += reader.replies();
    assert(reply.startsWith(`*${strings}\r\n`), reply.slice(0, 20));
    // Sets come in an order of their own, which may be another when they are filled anew.
    assertEquals(reply.split("\r\n").sort(), whole.split("\r\n").sort());
    for (const { client } of [other, reader]) {
      client.pieces?.ended();
      client.pieces = undefined;
    }
    assertEquals(usedBytes(server), before, "it has gone with the last piece");
  });

  Deno.test(`algebra in pieces: ${request}, whose client leaves`, async () => {
    await using server = await serveQuietly();
    const before = usedBytes(server);
    const reader = new DetachedClient(server);
    fill(reader);
    reader.ask(...request.split(" "));
    proceed(reader);
    reader.client.pieces?.ended();
    reader.client.pieces = undefined;
    assertEquals(usedBytes(server), before, "it has gone with the client");
  });

  Deno.test(`algebra at one go, within a transaction: ${request}`, async () => {
    await using server = await serveQuietly();
    const client = new DetachedClient(server);
    fill(client);
    client.ask("MULTI");
    client.ask(...request.split(" "));
    const reply = client.ask("EXEC");
    assert(reply.startsWith(`*1\r\n*${strings}\r\n`), reply.slice(0, 40));
    assertEquals(client.client.pieces, undefined);
  });
}
