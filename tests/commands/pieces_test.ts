// Long replies of SMEMBERS, HGETALL, LRANGE, SRANDMEMBER, SINTER and the like, which are written a piece
// at a time: whatever others do to the key meanwhile, the reply is that of the moment of the call;
// others are served in between; and nothing is left behind, whoever goes away.

import { assert, assertEquals } from "@std/assert";
import { ReplyError } from "../../protocol/reply_value.ts";
import { PinnedMembers } from "../../server/keyspace/pinned_members.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { Server } from "../../server/mod.ts";
import { FieldMap } from "../../structures/field_map/field_map.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const MEMBERS = 1500;
const PADDING = "x".repeat(90);

/** A reply that is not over with its first piece. */
interface Form {
  readonly name: string;
  readonly request: readonly string[];
  /** Strings in the reply. */
  readonly elements: number;
  /** Members that the key has. */
  readonly members: number;
  readonly isWhole?: boolean;
  readonly withValues?: boolean;
  /** Whether the values are scores. */
  readonly withScores?: boolean;
}

const WALKS: readonly Form[] = [
  {
    name: "a set's members",
    request: ["SMEMBERS", "s"],
    elements: MEMBERS,
    members: MEMBERS,
    isWhole: true,
  },
  {
    name: "a hash's fields",
    request: ["HKEYS", "h"],
    elements: MEMBERS,
    members: MEMBERS,
    isWhole: true,
  },
  {
    name: "a hash's fields and values",
    request: ["HGETALL", "h"],
    elements: 2 * MEMBERS,
    members: MEMBERS,
    isWhole: true,
    withValues: true,
  },
  {
    name: "all of a set",
    request: ["SRANDMEMBER", "s", "9223372036854775807"],
    elements: MEMBERS,
    members: MEMBERS,
    isWhole: true,
  },
  {
    name: "all of a hash, with values",
    request: ["HRANDFIELD", "h", String(MEMBERS), "WITHVALUES"],
    elements: 2 * MEMBERS,
    members: MEMBERS,
    isWhole: true,
    withValues: true,
  },
  {
    name: "what two sets have in common",
    request: ["SINTER", "s", "s"],
    elements: MEMBERS,
    members: MEMBERS,
    isWhole: true,
  },
  {
    name: "what a set has alone",
    request: ["SDIFF", "s", "none"],
    elements: MEMBERS,
    members: MEMBERS,
    isWhole: true,
  },
  {
    name: "all of a sorted set, with scores",
    request: ["ZRANDMEMBER", "z", String(MEMBERS), "WITHSCORES"],
    elements: 2 * MEMBERS,
    members: MEMBERS,
    isWhole: true,
    withValues: true,
    withScores: true,
  },
];
const RANGES: readonly Form[] = [
  {
    name: "a list's elements",
    request: ["LRANGE", "l", "0", "-1"],
    elements: MEMBERS,
    members: MEMBERS,
    isWhole: true,
  },
  {
    name: "a range within a list",
    request: ["LRANGE", "l", "100", "-101"],
    elements: MEMBERS - 200,
    members: MEMBERS,
  },
];
const DRAWS: readonly Form[] = [
  {
    name: "members of a set, many times",
    request: ["SRANDMEMBER", "s", "-4000"],
    elements: 4000,
    members: MEMBERS,
  },
  {
    name: "fields of a hash, many times",
    request: ["HRANDFIELD", "h", "-4000"],
    elements: 4000,
    members: MEMBERS,
  },
  {
    name: "fields of a hash with values, many times",
    request: ["HRANDFIELD", "h", "-4000", "WITHVALUES"],
    elements: 8000,
    members: MEMBERS,
    withValues: true,
  },
  {
    name: "members of a small set, many times",
    request: ["SRANDMEMBER", "s", "-4000"],
    elements: 4000,
    members: 9,
  },
  {
    name: "fields of a small hash with values, many times",
    request: ["HRANDFIELD", "h", "-4000", "WITHVALUES"],
    elements: 8000,
    members: 9,
    withValues: true,
  },
  {
    name: "members of a sorted set with scores, many times",
    request: ["ZRANDMEMBER", "z", "-4000", "WITHSCORES"],
    elements: 8000,
    members: MEMBERS,
    withValues: true,
    withScores: true,
  },
  {
    name: "members of a small sorted set, many times",
    request: ["ZRANDMEMBER", "z", "-4000"],
    elements: 4000,
    members: 9,
  },
  {
    name: "a few of many members with scores, drawn ahead",
    request: ["ZRANDMEMBER", "z", "-600", "WITHSCORES"],
    elements: 1200,
    members: MEMBERS,
    withValues: true,
    withScores: true,
  },
  {
    name: "a few of many members, drawn ahead",
    request: ["SRANDMEMBER", "s", "-700"],
    elements: 700,
    members: MEMBERS,
  },
  {
    name: "a few of many fields with values, drawn ahead",
    request: ["HRANDFIELD", "h", "-400", "WITHVALUES"],
    elements: 800,
    members: MEMBERS,
    withValues: true,
  },
];
const FORMS = [...WALKS, ...RANGES, ...DRAWS];

function memberOf(i: number): string {
  return `m${i}${PADDING}`;
}

function valueOf(member: string): string {
  return `v${member.slice(1)}`;
}

function scoreOf(member: string): string {
  return `${parseInt(member.slice(1), 10) / 8}`;
}

function fill(other: DetachedClient, count: number): void {
  const members = Array.from({ length: count }, (_, i) => memberOf(i));
  assertEquals(other.ask("SADD", "s", ...members), `:${count}\r\n`);
  const pairs = members.flatMap((member) => [member, valueOf(member)]);
  assertEquals(other.ask("HSET", "h", ...pairs), `:${count}\r\n`);
  const scored = members.flatMap((member) => [scoreOf(member), member]);
  assertEquals(other.ask("ZADD", "z", ...scored), `:${count}\r\n`);
  assertEquals(other.ask("RPUSH", "l", ...members), `:${count}\r\n`);
}

/** The strings of a RESP2 array, or of whatever part of one is there. */
function stringsOf(reply: string): string[] {
  return reply.split("\r\n").slice(1, -1).filter((_, i) => i % 2 === 1);
}

function checkReply(reply: string, form: Form): void {
  assert(reply.startsWith(`*${form.elements}\r\n`), reply.slice(0, 100));
  const strings = stringsOf(reply);
  assertEquals(strings.length, form.elements);
  const seen = new Set<string>();
  const step = form.withValues ? 2 : 1;
  for (let i = 0; i < strings.length; i += step) {
    const number = /^m(\d+)x/.exec(strings[i])?.[1];
    assert(Number(number) < form.members && strings[i] === memberOf(Number(number)), strings[i]);
    if (form.withValues) {
      const value = form.withScores ? scoreOf(strings[i]) : valueOf(strings[i]);
      assert(strings[i + 1] === value, strings[i + 1]);
    }
    seen.add(strings[i]);
  }
  if (form.isWhole) assertEquals(seen.size, form.members);
  if (form.request[0] === "LRANGE") {
    const first = Number(form.request[2]);
    assertEquals(strings, members(form.members).slice(first, first + form.elements));
  }
  // Nine members in thousands of draws: all of them come.
  if (form.members === 9) assertEquals(seen.size, 9);
}

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

/** What happens to the key in the middle of a reply. `KEY` is its name. */
const DISTURBANCES: Record<string, readonly (readonly string[])[]> = {
  "nothing": [],
  "added to": [["SADD", "s", "new", "newer"], ["HSET", "h", "new", "newer"], [
    "ZADD",
    "z",
    "7",
    "new",
  ]],
  "changed, again and again": [
    ["SREM", "s", memberOf(1), memberOf(8)],
    ["HSET", "h", memberOf(1), "another value that is longer than it was before".repeat(5)],
    ["HDEL", "h", memberOf(2)],
    ["SADD", "s", "other"],
    ["SREM", "s", memberOf(3)],
    ["HINCRBY", "h", "counter", "1"],
    ["ZADD", "z", "-1", memberOf(4)],
    ["ZREM", "z", memberOf(5)],
    ["ZPOPMAX", "z", "7"],
    ["LSET", "l", "-1", "another"],
    ["LPOP", "l", "40"],
    ["LREM", "l", "0", memberOf(900)],
    ["LINSERT", "l", "BEFORE", memberOf(700), "between"],
  ],
  "emptied": [["SPOP", "s", "1000000"], ["HDEL", "h", ...members(MEMBERS)], [
    "ZPOPMIN",
    "z",
    "1000000",
  ]],
  "cut and turned": [["LTRIM", "l", "5", "9"], ["LMOVE", "l", "l", "LEFT", "RIGHT"]],
  "deleted": [["DEL", "KEY"]],
  "unlinked, and made anew": [["UNLINK", "KEY"], ["SADD", "s", "1"], ["HSET", "h", "1", "2"], [
    "ZADD",
    "z",
    "1",
    "2",
  ]],
  "moved": [["MOVE", "KEY", "1"], ["SELECT", "1"], ["DEL", "KEY"], ["SELECT", "0"]],
  "swapped away": [["SWAPDB", "0", "1"], ["SELECT", "1"], ["FLUSHDB"], ["SELECT", "0"]],
  "overwritten by a copy": [["SADD", "a", "1"], ["COPY", "a", "KEY", "REPLACE"]],
  "overwritten by a string": [["SET", "KEY", "text"]],
  "renamed": [["RENAME", "KEY", "elsewhere"], ["DEL", "elsewhere"]],
  "overwritten by another": [["RPUSH", "list", "1"], ["RENAME", "list", "KEY"]],
  "flushed": [["FLUSHALL", "SYNC"], ["SADD", "s", "1"]],
  "flushed in the background": [["FLUSHDB", "ASYNC"], ["HSET", "h", "1", "2"]],
  "given an expiry, which moves it": [["PEXPIRE", "KEY", "100000"], ["SADD", "s", "1"]],
  "expired": [["PEXPIRE", "KEY", "1"], ["-TIME"], ["EXISTS", "KEY"], ["SADD", "s", "1"]],
};

function members(count: number): string[] {
  return Array.from({ length: count }, (_, i) => memberOf(i));
}

/** Runs the requests as another client's, as far as they suit the type of the key. */
function disturb(
  other: DetachedClient,
  clock: ManualClock,
  key: string,
  requests: readonly (readonly string[])[],
): void {
  for (const words of requests) {
    if (words[0] === "-TIME") {
      clock.nowMs += 1000;
      continue;
    }
    const reply = other.ask(...words.map((word) => word === "KEY" ? key : word));
    assert(!reply.startsWith("-") || reply.startsWith("-WRONGTYPE"), reply);
  }
}

for (const [what, requests] of Object.entries(DISTURBANCES)) {
  Deno.test(`pieces: the reply is that of the call, the key being ${what}`, async () => {
    const clock = new ManualClock();
    await using server = await serveQuietly({ environment: { now: clock.now } });
    const { changes } = server.keyspace;
    const reader = new DetachedClient(server);
    const other = new DetachedClient(server);
    for (const form of FORMS) {
      for (const piecesBefore of [0, 1]) {
        fill(other, form.members);
        let reply = reader.ask(...form.request);
        assert(reader.client.pieces !== undefined, form.name);
        assert(changes.isHeard);
        let more = true;
        for (let i = 0; i < piecesBefore && more; i++) more = proceed(reader);
        disturb(other, clock, form.request[1], requests);
        while (more) more = proceed(reader);
        reply += reader.replies();
        checkReply(reply, form);
        assert(!changes.isHeard, form.name);
        await flushAndDrain(server);
      }
    }
  });
}

Deno.test("pieces: a change between any two pieces, and readers of several states at once", async () => {
  await using server = await serveQuietly();
  const { changes } = server.keyspace;
  const other = new DetachedClient(server);
  fill(other, MEMBERS);
  const readers: { client: DetachedClient; form: Form; reply: string; ends: boolean }[] = [];
  const whole = WALKS[0];
  // Each begins in a state of its own: after `i` removals and additions.
  for (let i = 0; i < 40; i++) {
    const client = new DetachedClient(server);
    const reply = client.ask(...whole.request);
    readers.push({ client, form: whole, reply, ends: false });
    const twin = new DetachedClient(server);
    readers.push({ client: twin, form: whole, reply: twin.ask(...whole.request), ends: false });
    assertEquals(other.ask("SREM", "s", memberOf(i)), ":1\r\n");
    assertEquals(other.ask("SADD", "s", `added${i}`), ":1\r\n");
    for (const reader of readers) {
      if (!reader.ends && (readers.length + i) % 3 === 0) reader.ends = !proceed(reader.client);
    }
  }
  assert(!changes.isHeard, "all read copies");
  for (const reader of readers) while (!reader.ends) reader.ends = !proceed(reader.client);
  for (const [n, { client, reply }] of readers.entries()) {
    const state = n >> 1;
    const strings = stringsOf(reply + client.replies());
    const expected = new Set(
      Array.from({ length: MEMBERS - state }, (_, i) => memberOf(state + i)),
    );
    for (let i = 0; i < state; i++) expected.add(`added${i}`);
    assertEquals(strings.length, MEMBERS);
    assertEquals(new Set(strings), expected);
  }
});

Deno.test("pieces: a value that was read once is read as it is now", async () => {
  await using server = await serveQuietly();
  const { keyspace } = server;
  const { pinnedSets: pins } = keyspace;
  const other = new DetachedClient(server);
  fill(other, MEMBERS);
  const reader = { needsValues: false, lastLook: () => false };
  /** Opens the set anew, goes to a position, and lists what comes behind it. */
  const behind = (position: number, steps: number): number[] => {
    const pin = pins.pin(0, keyspace.sets.open(setEntry()), reader);
    const view = pins.open(pin);
    view.seek(position);
    const positions: number[] = [];
    while (positions.length < steps && view.next()) positions.push(view.position);
    pins.release(pin, reader);
    return positions;
  };
  const setEntry = () => {
    let found = 0;
    keyspace.databases[0].forEach((entry) => {
      if (keyspace.entries.type(entry) === Type.Set) found = entry;
    });
    return found;
  };
  for (let i = 0; i < 50; i++) {
    const set = keyspace.sets.open(setEntry());
    set.seekFirst();
    const first = set.position;
    const at = behind(first, 10 + i).at(-1)!;
    // The next one goes, another comes: as many as before.
    set.seek(at);
    set.next();
    const { bytes, start, length } = set.member;
    const next = new TextDecoder().decode(bytes.slice(start, start + length));
    assertEquals(other.ask("SREM", "s", next), ":1\r\n");
    assertEquals(other.ask("SADD", "s", `new${i}`), ":1\r\n");
    const now: number[] = [];
    const view = keyspace.sets.open(setEntry());
    for (let more = view.seekFirst(); more; more = view.next()) now.push(view.position);
    assertEquals(behind(at, MEMBERS), now.slice(now.indexOf(at) + 1));
  }
});

Deno.test("pieces: a change goes through where there is no memory for a copy", async () => {
  await using server = await serveQuietly();
  const { keyspace } = server;
  const other = new DetachedClient(server);
  fill(other, MEMBERS);
  const view = new FieldMap(keyspace.arena, keyspace.hasher, keyspace.limits.hashes);
  const pins = new PinnedMembers(keyspace, Type.Hash, view, () => {
    throw new RangeError("Array buffer allocation failed");
  });
  let hash = 0;
  keyspace.databases[0].forEach((entry) => {
    if (keyspace.entries.type(entry) === Type.Hash) hash = entry;
  });
  const reader = { needsValues: true, lastLook: () => true };
  const pin = pins.pin(0, keyspace.hashes.open(hash), reader);
  assertEquals(other.ask("HSET", "h", "another", "1"), ":1\r\n");
  assert(pin.isLost && pin.copy === undefined);
  assert(!keyspace.changes.isHeard);
  pins.release(pin, reader);
});

Deno.test("pieces: a key of another database, or another key, does not disturb", async () => {
  await using server = await serveQuietly();
  const { changes } = server.keyspace;
  const reader = new DetachedClient(server);
  const other = new DetachedClient(server);
  fill(other, MEMBERS);
  let reply = reader.ask(...WALKS[0].request);
  for (
    const request of [
      ["SELECT", "3"],
      ["SADD", "s", "1"],
      ["FLUSHDB"],
      ["SELECT", "0"],
      ["SET", "a", "b"],
      ["HSET", "h", "a", "b"],
      ["DEL", "h"],
      ["SADD", "t", "1"],
    ]
  ) other.ask(...request);
  assert(changes.isHeard, "the value is still read where it is");
  while (proceed(reader));
  reply += reader.replies();
  checkReply(reply, WALKS[0]);
});

Deno.test("pieces: a reader that goes leaves nothing, whatever state it was in", async () => {
  await using server = await serveQuietly();
  const { changes } = server.keyspace;
  const other = new DetachedClient(server);
  fill(other, MEMBERS);
  for (const form of FORMS.filter(({ members }) => members === MEMBERS)) {
    for (const isDisturbed of [false, true]) {
      const readers = [0, 1, 2].map(() => new DetachedClient(server));
      for (const reader of readers) reader.ask(...form.request);
      if (isDisturbed) other.ask("SADD", "s", `of ${form.name}`);
      if (isDisturbed) other.ask("SREM", "s", `of ${form.name}`);
      for (const reader of readers) {
        assert(reader.client.pieces !== undefined);
        reader.client.ended();
      }
      assert(!changes.isHeard, form.name);
    }
  }
});

Deno.test("pieces: a short reply is complete at once, and so is one that nobody gets", async () => {
  await using server = await serveQuietly();
  const { changes } = server.keyspace;
  const client = new DetachedClient(server);
  fill(client, MEMBERS);
  assertEquals(stringsOf(client.ask("SRANDMEMBER", "s", "-50")).length, 50);
  assert(client.client.pieces === undefined && !changes.isHeard);
  client.ask("CLIENT", "REPLY", "OFF");
  for (const { request } of FORMS) assertEquals(client.ask(...request), "");
  assert(client.client.pieces === undefined && !changes.isHeard);
  assertEquals(client.ask("SRANDMEMBER", "s", "-9223372036854775807"), "");
});

const TOO_MANY = "-ERR value is out of range, a reply has at most 2147483647 elements\r\n";

Deno.test("pieces: what the count alone forbids is refused at once", async () => {
  await using server = await serveQuietly();
  const client = new DetachedClient(server);
  fill(client, 3);
  client.ask("SET", "string", "text");
  const wrongType = client.ask("SCARD", "string");
  for (
    const [reply, ...request] of [
      [TOO_MANY, "SRANDMEMBER", "s", "-9223372036854775807"],
      [TOO_MANY, "SRANDMEMBER", "s", "-2147483648"],
      [TOO_MANY, "HRANDFIELD", "h", "-9223372036854775807"],
      [TOO_MANY, "HRANDFIELD", "h", "-1073741824", "WITHVALUES"],
      ["*0\r\n", "SRANDMEMBER", "none", "-9223372036854775807"],
      ["*0\r\n", "HRANDFIELD", "none", "-1073741824", "WITHVALUES"],
      [wrongType, "SRANDMEMBER", "string", "-9223372036854775807"],
      [wrongType, "HRANDFIELD", "string", "-9223372036854775807"],
      ["-ERR value is out of range\r\n", "HRANDFIELD", "h", "-9223372036854775807", "WITHVALUES"],
      ["-ERR syntax error\r\n", "HRANDFIELD", "h", "-9223372036854775807", "VALUES"],
    ]
  ) {
    assertEquals(client.ask(...request), reply, request.join(" "));
    assert(client.client.pieces === undefined);
  }
  // One less is a reply: begun, and never to be ended here.
  assert(client.ask("SRANDMEMBER", "s", "-2147483647").startsWith("*2147483647\r\n$"));
  assert(proceed(client));
  client.client.ended();
  client.client.pieces = undefined;
  client.replies();
  assert(client.ask("HRANDFIELD", "h", "-1073741823", "WITHVALUES").startsWith("*2147483646\r\n$"));
  client.client.ended();
  assert(!server.keyspace.changes.isHeard);
});

async function filled(server: Server): Promise<Peer> {
  const peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("SADD", "s", ...members(MEMBERS)), `:${MEMBERS}\r\n`);
  const pairs = members(MEMBERS).flatMap((member) => [member, valueOf(member)]);
  assertEquals(await peer.ask("HSET", "h", ...pairs), `:${MEMBERS}\r\n`);
  return peer;
}

/** More than lies between the two ends of a connection. */
const FAR_TOO_MANY = 80_000;

Deno.test("pieces: others are served, and change the key, while the reader does not read", async () => {
  await using server = await serveQuietly();
  using other = await filled(server);
  using reader = await Peer.connect(server.address.port);
  const client = server.clients.get(Number((await reader.ask("CLIENT", "ID")).slice(1)))!;
  reader.queue("SRANDMEMBER", "s", String(-FAR_TOO_MANY));
  reader.queue("HRANDFIELD", "h", String(-FAR_TOO_MANY), "WITHVALUES");
  reader.queue("PING");
  await reader.flush();
  await until("the reply has begun", () => client.pieces !== undefined);
  let sent = -1;
  await until("the socket is full", () => {
    const stands = sent === server.stats.bytesWritten;
    sent = server.stats.bytesWritten;
    return stands;
  });
  assert(client.transport.outputBytes < 200_000, `${client.transport.outputBytes}`);
  assertEquals(await other.ask("PING"), "+PONG\r\n");
  assertEquals(await other.ask("DEL", "s"), ":1\r\n");
  assertEquals(await other.ask("SADD", "s", "another"), ":1\r\n");
  checkReply(await reader.receive(), { ...DRAWS[0], elements: FAR_TOO_MANY });
  checkReply(await reader.receive(), { ...DRAWS[2], elements: 2 * FAR_TOO_MANY });
  assertEquals(await reader.receive(), "+PONG\r\n");
  assertEquals(await reader.ask("SRANDMEMBER", "s", "-1"), "*1\r\n$7\r\nanother\r\n");
  assert(!server.keyspace.changes.isHeard);
});

Deno.test("pieces: a connection that ends in the middle leaves no listener", async () => {
  await using server = await serveQuietly();
  using other = await filled(server);
  const { changes } = server.keyspace;
  for (const isDisturbed of [false, true]) {
    for (const isKilled of [false, true]) {
      using reader = await Peer.connect(server.address.port);
      const id = (await reader.ask("CLIENT", "ID")).slice(1, -2);
      const client = server.clients.get(Number(id))!;
      reader.queue("SRANDMEMBER", "s", "-80000000");
      await reader.flush();
      await until("the reply has begun", () => client.pieces !== undefined);
      assert(changes.isHeard);
      if (isDisturbed) await other.ask("SADD", "s", "x");
      if (isDisturbed) await other.ask("SREM", "s", "x");
      if (isKilled) assertEquals(await other.ask("CLIENT", "KILL", "ID", id), ":1\r\n");
      else reader[Symbol.dispose]();
      await until("it is let go of", () => client.pieces === undefined);
      assert(!changes.isHeard);
    }
  }
});

Deno.test("pieces: pairs in RESP3", async () => {
  await using server = await serveQuietly();
  using peer = await filled(server);
  await peer.ask("HELLO", "3");
  const lines = (await peer.ask("HRANDFIELD", "h", "-5000", "WITHVALUES")).split("\r\n");
  assertEquals(lines[0], "*5000");
  assertEquals(lines.length, 1 + 5 * 5000 + 1);
  for (let i = 1; i < lines.length - 1; i += 5) {
    assertEquals(lines[i], "*2");
    assert(lines[i + 4] === valueOf(lines[i + 2]));
  }
});

Deno.test("pieces: a native reply is whole, so what would hold up everybody is refused", async () => {
  await using server = await serveQuietly();
  using _peer = await filled(server);
  using native = await NativePeer.connect(server.address.port);
  const drawn = await native.ask("HRANDFIELD", "h", "-5000", "WITHVALUES") as Uint8Array[];
  assertEquals(drawn.length, 10000);
  const decoder = new TextDecoder();
  for (let i = 0; i < drawn.length; i += 2) {
    assert(decoder.decode(drawn[i + 1]) === valueOf(decoder.decode(drawn[i])));
  }
  const all = await native.ask("SRANDMEMBER", "s", String(MEMBERS)) as Uint8Array[];
  assertEquals(new Set(all.map((bytes) => decoder.decode(bytes))).size, MEMBERS);
  const refused = await native.ask("SRANDMEMBER", "s", "-1048577");
  assert(refused instanceof ReplyError && /at most 1048576 members/.test(refused.message));
  assert(!server.keyspace.changes.isHeard);
});

/** What happens to a database in the middle of KEYS. */
const KEY_DISTURBANCES: Record<string, readonly (readonly string[])[]> = {
  "nothing": [],
  "new keys": [["MSET", "a", "1", "b", "2"]],
  "keys that are deleted": [["DEL", ...members(1200)]],
  "keys that are deleted and others in their place": [
    ["DEL", ...members(1200)],
    ["MSET", ...members(1200).flatMap((name) => [name.replace("m", "n"), "1"])],
  ],
  "keys that grow": [["APPEND", memberOf(7), PADDING.repeat(9)], ["PEXPIRE", memberOf(8), "9999"]],
  "a key that is renamed": [["RENAME", memberOf(1400), "a"]],
  "a key that moves": [["MOVE", memberOf(1400), "1"]],
  "a key that expires": [["PEXPIRE", memberOf(1400), "1"], ["-TIME"], ["EXISTS", memberOf(1400)]],
  "a change elsewhere": [["SELECT", "1"], ["SET", "a", "1"], ["DEL", "a"], ["SELECT", "0"]],
  "a flush": [["FLUSHALL", "SYNC"], ["SET", "a", "1"]],
  "a flush in the background": [["FLUSHDB", "ASYNC"], ["SET", "a", "1"]],
  "databases that change places": [
    ["SWAPDB", "0", "1"],
    ["SET", "a", "1"],
    ["SELECT", "1"],
    ["FLUSHDB"],
    ["SELECT", "0"],
  ],
};

for (const [what, requests] of Object.entries(KEY_DISTURBANCES)) {
  Deno.test(`pieces: KEYS tells of the keys of its moment, with ${what}`, async () => {
    const clock = new ManualClock();
    await using server = await serveQuietly({ environment: { now: clock.now } });
    const { changes } = server.keyspace;
    const reader = new DetachedClient(server);
    const other = new DetachedClient(server);
    for (const piecesBefore of [0, 1]) {
      other.ask("FLUSHALL", "SYNC");
      other.ask("MSET", ...members(MEMBERS).flatMap((name) => [name, "1"]));
      let reply = reader.ask("KEYS", "m*");
      assert(reader.client.pieces !== undefined && changes.isHeard);
      let more = true;
      for (let i = 0; i < piecesBefore && more; i++) more = proceed(reader);
      disturb(other, clock, "", requests);
      while (more) more = proceed(reader);
      reply += reader.replies();
      assertEquals(stringsOf(reply).sort(), members(MEMBERS).sort());
      assert(!changes.isHeard, "nobody listens any more");
    }
    await flushAndDrain(server);
  });
}
