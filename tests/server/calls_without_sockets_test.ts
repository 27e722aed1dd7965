// Commands run through clients that have no connection: frames, admission, and what a command that
// is no command leaves behind.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { register } from "../../commands/registry.ts";
import { Condition } from "../../server/execution/condition.ts";
import type { Call } from "../../server/execution/call.ts";
import type { Facet } from "../../server/execution/client.ts";
import { serve } from "../../server/mod.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const DECLARED = {
  complexity: "O(1)",
  group: "module",
  since: "1.0.0",
  summary: "For this test.",
} as const;

let lateReply: (() => void) | undefined;

register({
  ...DECLARED,
  name: "answerslater",
  arity: 1,
  flags: [],
  async run(this: void, call: Call) {
    const { reply } = call;
    reply.status("EARLY");
    await new Promise<void>((resolve) => lateReply = resolve);
    reply.bulk("late");
    call.reply.bulk("later");
  },
});

register({
  ...DECLARED,
  name: "callsping",
  arity: 1,
  flags: [],
  run(call) {
    // What a transaction or a script does: another frame, the same reply.
    const { executor } = call.server as unknown as Awaited<ReturnType<typeof serve>>;
    const inner = executor.frame(call.depth + 1);
    inner.setClient(call.client);
    const { args } = inner;
    args.bytes = new TextEncoder().encode("ECHOhello");
    args.offsets = new Int32Array([0, 4]);
    args.lengths = new Int32Array([4, 5]);
    args.base = 0;
    args.count = 2;
    inner.hashes.beginUnknown();
    const { table } = executor;
    call.reply.array(2);
    executor.invoke(inner, table.find(args.bytes, 0, 4)!);
    args.count = 1;
    executor.invoke(inner, table.find(args.bytes, 0, 4)!);
  },
});

Deno.test("a client without a connection is served like any other, in every dialect", async () => {
  await using server = await serveQuietly();
  const client = new DetachedClient(server);
  assertEquals(client.ask("SET", "k", "v"), "+OK\r\n");
  assertEquals(client.ask("GET", "k"), "$1\r\nv\r\n");
  assertEquals(client.ask("HSET", "h", "f", "v"), ":1\r\n");
  assertEquals(client.run([["HELLO", "3"], ["HGETALL", "h"], ["SELECT", "1"], ["DBSIZE"]]), 4);
  assertStringIncludes(client.replies(), "%1\r\n$1\r\nf\r\n$1\r\nv\r\n+OK\r\n:0\r\n");
  assertEquals(
    client.ask("nosuch", "a\r\nb"),
    "-ERR unknown command 'nosuch', with args beginning with: 'a  b' \r\n",
  );
  assertEquals(client.ask("QUIT"), "+OK\r\n");
  assert(client.client.closeAfterReply);
  const native = new DetachedClient(server, server.dialects.native);
  assertEquals(native.ask("PING"), "\x09\0\0\0\x02\x04\0\0\0PONG");
});

Deno.test("a command runs others in frames of their own, their errors being part of its reply", async () => {
  await using server = await serveQuietly();
  const client = new DetachedClient(server);
  assertEquals(
    client.ask("CALLSPING"),
    "*2\r\n$5\r\nhello\r\n-ERR wrong number of arguments for 'echo' command\r\n",
  );
  const native = new DetachedClient(server, server.dialects.native);
  const expected = "\0\0\0\x05\x02\0\0\0\x02\x05\0\0\0hello\x01";
  assertEquals(native.ask("CALLSPING").slice(1, 1 + expected.length), expected);
});

Deno.test("a command that answers a promise is refused, and nothing of it reaches anybody later", async () => {
  const lines: string[] = [];
  await using server = await serve({ port: 0, onLogLine: (line) => lines.push(line) });
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  const refusal = "-ERR command 'answerslater' answers a promise: a command has to be done when " +
    "it returns\r\n";
  assertEquals(await peer.ask("ANSWERSLATER"), refusal);
  lateReply!();
  await Promise.resolve();
  assertEquals(await other.ask("PING"), "+PONG\r\n");
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  // It is not run a second time.
  lateReply = undefined;
  assertEquals(await peer.ask("ANSWERSLATER"), refusal);
  assertEquals(lateReply, undefined);
  assertEquals(await other.ask("ECHO", "a"), "$1\r\na\r\n");
  assert(lines.some((line) => line.includes("answerslater failed late")), lines.join("\n"));
});

Deno.test("such a command in a script is an error of the script's, which goes on", async () => {
  await using server = await serve({ port: 0, onLogLine() {} });
  const client = new DetachedClient(server);
  const script = "local r = redis.pcall('answerslater') return {r.err, redis.call('ping')}";
  const replies = client.ask("EVAL", script, "0");
  assertStringIncludes(replies, "ERR command 'answerslater' answers a promise");
  assertStringIncludes(replies, "+PONG\r\n");
  lateReply!();
  await Promise.resolve();
  assertEquals(client.ask("EVAL", "return redis.call('echo', 'a')", "0"), "$1\r\na\r\n");
});

Deno.test("checks are made in Redis's order, and only those whose condition holds", async () => {
  await using server = await serveQuietly({ directives: { requirepass: "secret" } });
  const client = new DetachedClient(server);
  const asked: string[] = [];
  const check = (name: string) => () => {
    asked.push(name);
    return name === "loading" ? "LOADING the test says so" : undefined;
  };
  server.admission.check(Condition.Cluster, check("cluster"));
  server.admission.check(Condition.Loading, check("loading"));
  server.admission.check(Condition.ReadOnly, check("readonly"));
  assertEquals(client.ask("GET", "k"), "$-1\r\n");
  assertEquals(asked, []);
  server.admission.set(Condition.Loading, true);
  server.admission.set(Condition.Cluster, true);
  client.client.conditions |= Condition.ReadOnly;
  assertEquals(client.ask("GET", "k"), "-LOADING the test says so\r\n");
  assertEquals(asked, ["cluster", "readonly", "loading"]);
  // The number of arguments comes first, and the password before all that is asked of the server.
  assertEquals(client.ask("GET"), "-ERR wrong number of arguments for 'get' command\r\n");
  client.client.conditions |= Condition.Authentication;
  assertEquals(client.ask("GET", "k"), "-NOAUTH Authentication required.\r\n");
  assertEquals(asked.length, 3);
  assertEquals(server.stats.errorKinds.get("LOADING"), 1);
});

Deno.test("facets are made when they are asked for, and hear of RESET and of the end", async () => {
  await using server = await serveQuietly();
  const { client, ...detached } = new DetachedClient(server);
  assert(detached.transport !== undefined);
  const heard: string[] = [];
  class Noted implements Facet {
    reset(): void {
      heard.push("reset");
    }
    ended(): void {
      heard.push("ended");
    }
  }
  const kind = { make: () => new Noted() };
  assertEquals(client.facetIfAny(kind), undefined);
  const facet = client.facet(kind);
  assert(client.facet(kind) === facet && client.facetIfAny(kind) === facet);
  client.reset(server.keyspace.databases[0], server.dialects.resp2, client.user, false);
  client.ended();
  assertEquals(heard, ["reset", "ended"]);
});
