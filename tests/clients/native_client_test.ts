// The native protocol over a socket, with both forms of request.

import { assertEquals } from "@std/assert";
import { ReplyDouble, ReplyError, type ReplyValue } from "../../protocol/reply_value.ts";
import type { RequestArguments } from "../../protocol/request_writer.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

/** Asks in either form; the reply as plain values. */
async function ask(client: NativePeer, request: string | RequestArguments): Promise<unknown> {
  client.queue(request);
  await client.flush();
  return plain(await client.receive());
}

/** Bytes as text, errors as `!message`, doubles as `{ score }`. */
function plain(value: ReplyValue): unknown {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof ReplyDouble) return { score: value.value };
  if (value instanceof ReplyError) return `!${value.message}`;
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

/** Each request in both forms, and the reply that both get. */
const SESSION: readonly (readonly [line: string, args: RequestArguments, reply: unknown])[] = [
  ["PING", ["PING"], "PONG"],
  ['SET k "hello world"', ["SET", "k", "hello world"], null],
  ["get k", ["get", "k"], "hello world"],
  ["GET none", ["GET", "none"], null],
  ["SET n 41", ["SET", "n", "41"], null],
  ["TYPE k", ["TYPE", "k"], "string"],
  ["EXISTS k n none", ["EXISTS", "k", "n", "none"], 2],
  ["TTL k", ["TTL", "k"], -1],
  ["MGET k none n", ["MGET", "k", "none", "n"], ["hello world", null, "41"]],
  ["ZADD z 1.5 a 2 b", ["ZADD", "z", "1.5", "a", "2", "b"], 2],
  ["ZSCORE z a", ["ZSCORE", "z", "a"], { score: 1.5 }],
  ["ZSCORE z none", ["ZSCORE", "z", "none"], null],
  ['ZQUERY z 1 "" 0 10', ["ZQUERY", "z", "1", "", "0", "10"], [
    "a",
    { score: 1.5 },
    "b",
    { score: 2 },
  ]],
  ["ZQUERY z 2 b -1 1", ["ZQUERY", "z", "2", "b", "-1", "1"], ["a", { score: 1.5 }]],
  ['ZQUERY z 1 "" 0 0', ["ZQUERY", "z", "1", "", "0", "0"], []],
  ['ZQUERY z 1 "" -1 5', ["ZQUERY", "z", "1", "", "-1", "5"], []],
  ['ZQUERY none 1 "" 0 10', ["ZQUERY", "none", "1", "", "0", "10"], null],
  ["INCR k", ["INCR", "k"], "!ERR value is not an integer or out of range"],
  ["GET", ["GET"], "!ERR wrong number of arguments for 'get' command"],
  ["DEL k n z none", ["DEL", "k", "n", "z", "none"], 3],
];

for (const form of ["command lines", "argument vectors"]) {
  Deno.test(`native client: ${form}, one by one and in a pipeline`, async () => {
    await using server = await serveQuietly();
    const requests = SESSION.map(([line, args]) => form === "command lines" ? line : args);
    using client = await NativePeer.connect(server.address.port);
    for (const [i, [line, , reply]] of SESSION.entries()) {
      assertEquals(await ask(client, requests[i]), reply, line);
    }
    for (const request of requests) client.queue(request);
    await client.flush();
    for (const [line, , reply] of SESSION) assertEquals(plain(await client.receive()), reply, line);
  });
}

Deno.test("native client: both forms alternate on one connection", async () => {
  await using server = await serveQuietly();
  using client = await NativePeer.connect(server.address.port);
  for (let i = 0; i < 100; i++) {
    client.queue(["SET", `k${i}`, "x".repeat(i * 37)]);
    client.queue(`GET k${i}`);
  }
  await client.flush();
  for (let i = 0; i < 100; i++) {
    assertEquals(plain(await client.receive()), null);
    assertEquals(plain(await client.receive()), "x".repeat(i * 37));
  }
});

Deno.test("native client: arbitrary bytes in a vector, and values of megabytes", async () => {
  await using server = await serveQuietly();
  using client = await NativePeer.connect(server.address.port);
  using peer = await Peer.connect(server.address.port);
  const key = Uint8Array.of(0, 255, 10, 13, 34, 32);
  assertEquals(await ask(client, ["SET", key, "\r\n\0"]), null);
  assertEquals(await peer.ask("GET", key), "$3\r\n\r\n\0\r\n");
  const large = "y".repeat(5 * 1024 * 1024);
  assertEquals(await ask(client, ["SET", "large", large]), null);
  assertEquals(await ask(client, "GET large"), large);
});

Deno.test("native client: 64-bit integers and scores keep every digit", async () => {
  await using server = await serveQuietly();
  using client = await NativePeer.connect(server.address.port);
  assertEquals(await ask(client, "INCRBY n 9223372036854775807"), 2n ** 63n - 1n);
  assertEquals(await ask(client, "INCRBY m -9223372036854775808"), -(2n ** 63n));
  await ask(client, "ZADD z 0.1 a 1e300 b -inf c");
  assertEquals(await ask(client, "ZSCORE z a"), { score: 0.1 });
  assertEquals(await ask(client, "ZSCORE z b"), { score: 1e300 });
  assertEquals(await ask(client, "ZSCORE z c"), { score: -Infinity });
});

Deno.test("native client: shares data with clients of the other protocols", async () => {
  await using server = await serveQuietly();
  using native = await NativePeer.connect(server.address.port);
  using resp = await Peer.connect(server.address.port);
  await ask(native, "SET shared native");
  assertEquals(await resp.ask("GET", "shared"), "$6\r\nnative\r\n");
  await resp.send("SET shared inline\r\n");
  assertEquals(await resp.receive(), "+OK\r\n");
  assertEquals(await ask(native, ["GET", "shared"]), "inline");
});
