// INFO: the fields that redis-server has, the sections that can be asked for, and whether the values
// are true.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

/** Fields of redis-server that Ravel leaves out, by why it does. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  "how redis-server was built": ["atomicvar_api", "gcc_version"],
};

/** Fields by section, from the text of INFO. */
function sectionsOf(reply: string): Map<string, Map<string, string>> {
  const text = reply.slice(reply.indexOf("\r\n") + 2, -2);
  return new Map(
    text.split("# ").slice(1).map((section) => {
      const [title, ...lines] = section.split("\r\n").filter((line) => line !== "");
      return [title, new Map(lines.map((line) => splitOnce(line, ":")))];
    }),
  );
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

async function infoOf(peer: Peer, ...sections: string[]): Promise<Map<string, string>> {
  const found = sectionsOf(await peer.ask("INFO", ...sections));
  return new Map([...found.values()].flatMap((fields) => [...fields]));
}

Deno.test({
  name: "INFO has redis-server's fields in the same sections, but for those left out on purpose",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const leftOut = new Set(Object.values(LEFT_OUT).flat());
    const actual = sectionsOf(await ours.ask("INFO", "everything"));
    const missing: string[] = [];
    for (const [title, fields] of sectionsOf(await theirs.ask("INFO", "everything"))) {
      if (/^(Commandstats|Latencystats|Errorstats)$/.test(title)) continue;
      for (const name of fields.keys()) {
        const has = actual.get(title)?.has(name) ?? false;
        assert(!(has && leftOut.has(name)), `${name} is there and need not be left out`);
        if (!has && !leftOut.has(name)) missing.push(`${title} ${name}`);
      }
    }
    assertEquals(missing, []);
  },
});

Deno.test({
  name: "INFO's fields are in redis-server's order",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const actual = sectionsOf(await ours.ask("INFO", "everything"));
    for (const [title, fields] of sectionsOf(await theirs.ask("INFO", "everything"))) {
      if (/stats$/.test(title) && title !== "Stats") continue;
      const shared = [...actual.get(title)!.keys()].filter((name) => fields.has(name));
      assertEquals(shared, [...fields.keys()].filter((name) => shared.includes(name)));
    }
  },
});

Deno.test("INFO has what 7.2 brought", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const info = await infoOf(peer, "everything");
  const names = "acl_access_denied_auth acl_access_denied_channel acl_access_denied_cmd " +
    "acl_access_denied_key eventloop_cycles eventloop_duration_cmd_sum eventloop_duration_sum " +
    "instantaneous_eventloop_cycles_per_sec instantaneous_eventloop_duration_usec listener0 " +
    "total_blocking_keys total_blocking_keys_on_nokey";
  assertEquals(names.split(" ").filter((name) => !info.has(name)), []);
});

Deno.test("INFO debug is told only by its name", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 5; i++) peer.queue("PING");
  await peer.flush();
  for (let i = 0; i < 5; i++) await peer.receive();
  server.upkeep.run();
  const info = await infoOf(peer, "debug");
  assertEquals(info.get("eventloop_duration_aof_sum"), "0");
  for (const name of ["eventloop_duration_cron_sum", "eventloop_duration_max"]) {
    assert(Number(info.get(name)) > 0, name);
  }
  assert(Number(info.get("eventloop_cmd_per_cycle_max")) >= 1);
  for (const words of [[], ["all"], ["everything"], ["default"]]) {
    assert(!(await infoOf(peer, ...words)).has("eventloop_duration_max"), words.join());
  }
  const stats = await infoOf(peer, "stats");
  const number = (name: string) => Number(stats.get(name));
  assert(number("eventloop_cycles") >= 3);
  assert(number("eventloop_duration_sum") >= number("eventloop_duration_cmd_sum"));
  await peer.ask("CONFIG", "RESETSTAT");
  // The reset itself ends behind its beginning.
  assertEquals((await infoOf(peer, "stats")).get("eventloop_cycles"), "1");
});

Deno.test("INFO's sections: default, all, everything, several, unknown, in any case", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const titles = async (...words: string[]) =>
    [...sectionsOf(await peer.ask("INFO", ...words)).keys()].join(" ");
  const defaults = "Server Clients Memory Persistence Stats Replication CPU Modules Errorstats " +
    "Cluster Keyspace Ravel";
  const all = "Server Clients Memory Persistence Stats Replication CPU Modules Commandstats " +
    "Errorstats Latencystats Cluster Keyspace Ravel";
  assertEquals(await titles(), defaults);
  assertEquals(await titles("default"), defaults);
  assertEquals(await titles("ALL"), all);
  assertEquals(await titles("everything"), all);
  assertEquals(await titles("stats", "SERVER", "nosuch", "stats"), "Server Stats");
  assertEquals(await titles("default", "commandstats", "latencystats"), all);
  for (const word of ["", "server\0", "\xff", "x".repeat(100), "# Server"]) {
    assertEquals(await peer.ask("INFO", word), "$0\r\n\r\n", word);
  }
  assertEquals(await peer.ask("INFO", "nosuch"), "$0\r\n\r\n");
  assertMatch(
    await peer.ask("INFO", "cpu", "cluster"),
    /\r\n\r\n# Cluster\r\ncluster_enabled:0\r\n/,
  );
  await peer.ask("HELLO", "3");
  assertMatch(await peer.ask("INFO", "cluster"), /^=\d+\r\ntxt:# Cluster\r\n/);
});

Deno.test({
  name: "INFO has the headings of redis-server, whatever is asked for",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const words = ["all", "DEFAULT", "everything", "modules", "module_list", "nosuch", "keyspace"]
      .concat(["commandstats", "latencystats", "Server", "errorstats", ""]);
    const requests = words.flatMap((word) => words.map((other) => [word, other])).concat([[]]);
    for (const request of requests) {
      const [expected, actual] = await Promise.all(
        [theirs, ours].map(async (
          peer,
        ) => [...sectionsOf(await peer.ask("INFO", ...request)).keys()]),
      );
      assertEquals(actual.filter((title) => title !== "Ravel"), expected, request.join(" "));
    }
  },
});

Deno.test("the peak of memory that INFO told once is never told to be less", async () => {
  await using server = await serveQuietly({ directives: { hz: "1" } });
  using peer = await Peer.connect(server.address.port);
  const peak = async () => Number((await infoOf(peer, "memory")).get("used_memory_peak"));
  const before = await peak();
  await peer.ask("SET", "k", "v".repeat(4_000_000));
  const highest = await peak();
  assert(highest > before + 4_000_000);
  await peer.ask("FLUSHALL", "SYNC");
  assertEquals(await peak(), highest);
  assertMatch(await peer.ask("MEMORY", "STATS"), new RegExp(`peak.allocated\r\n:${highest}\r\n`));
});

Deno.test("INFO's values are true", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: clock,
    directives: { maxmemory: "1gb", maxclients: "100" },
  });
  const { port } = server.address;
  using peer = await Peer.connect(port);
  using other = await Peer.connect(port);
  await other.ask("PING");
  await peer.ask("MSET", "a", "1", "b", "2");
  await peer.ask("SET", "c", "3", "PX", "9000");
  await peer.ask("SET", "d", "4", "PX", "5000");
  await peer.ask("SET", "e", "5", "PX", "1000");
  await peer.ask("GET", "a");
  await peer.ask("GET", "missing");
  await peer.ask("GET");
  await peer.ask("GET", "a", "b");
  await peer.ask("NOSUCH");
  await peer.ask("AUTH", "nobody", "x");
  clock.nowMs += 2000;
  assertEquals(await peer.ask("GET", "e"), "$-1\r\n");
  const info = await infoOf(peer, "everything");
  const expected: Record<string, string> = {
    redis_version: "7.2.4",
    redis_mode: "standalone",
    process_id: String(Deno.pid),
    run_id: server.runId,
    tcp_port: String(port),
    uptime_in_seconds: "2",
    uptime_in_days: "0",
    server_time_usec: String(clock.nowMs * 1000),
    connected_clients: "2",
    maxclients: "100",
    maxmemory: String(1024 ** 3),
    maxmemory_human: "1.00G",
    used_memory: String(
      server.keyspace.arena.usedBytes + Number(info.get("mem_clients_normal")),
    ),
    used_memory_startup: String(server.keyspace.startupBytes),
    total_connections_received: "2",
    total_commands_processed: "9",
    rdb_changes_since_last_save: "5",
    keyspace_hits: "1",
    keyspace_misses: "2",
    expired_keys: "1",
    total_error_replies: "4",
    acl_access_denied_auth: "1",
    errorstat_ERR: "count=3",
    errorstat_WRONGPASS: "count=1",
    role: "master",
    db0: "keys=4,expires=2,avg_ttl=5000",
  };
  for (const [name, value] of Object.entries(expected)) assertEquals(info.get(name), value, name);
  assertMatch(
    info.get("cmdstat_get") ?? "",
    /^calls=3,usec=\d+,usec_per_call=\d+\.\d\d,rejected_calls=2,failed_calls=0$/,
  );
  assertMatch(info.get("cmdstat_auth") ?? "", /^calls=1,.*,rejected_calls=0,failed_calls=1$/);
  assertEquals(info.has("db1"), false);
  const number = (name: string) => {
    const value = Number(info.get(name));
    assert(Number.isFinite(value), `${name}:${info.get(name)}`);
    return value;
  };
  assertEquals(
    number("used_memory_overhead") + number("used_memory_dataset"),
    number("used_memory"),
  );
  assert(number("used_memory_peak") >= number("used_memory"));
  assert(number("used_memory_rss") > 1024 ** 2);
  assert(number("total_net_input_bytes") > 0 && number("total_reads_processed") >= 13);
  assert(number("total_net_output_bytes") > 0 && number("total_writes_processed") >= 12);
  assert(number("used_cpu_user") > 0);
  assert(number("mem_clients_normal") > 0);
});

Deno.test("INFO keyspace: the average time to live is that of a sample where keys are many", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: clock });
  using peer = await Peer.connect(server.address.port);
  const count = 2000;
  for (let i = 0; i < count; i++) peer.queue("SET", `key ${i}`, "v", "PX", String(1000 + i));
  await peer.flush();
  for (let i = 0; i < count; i++) await peer.receive();
  const db0 = (await infoOf(peer, "keyspace")).get("db0") ?? "";
  const [, average] = /^keys=2000,expires=2000,avg_ttl=(\d+)$/.exec(db0) ?? [];
  assert(Math.abs(Number(average) - 2000) < 100, db0);
});

Deno.test("the time of a subcommand is its own, not its container's", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("COMMAND", "DOCS");
  const info = await infoOf(peer, "commandstats");
  assertMatch(info.get("cmdstat_command|docs") ?? "", /^calls=1,usec=[1-9]/);
  assertEquals(info.has("cmdstat_command"), false);
});
