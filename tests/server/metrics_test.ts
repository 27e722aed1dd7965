// The server's own metrics over HTTP: what they say, in which form, and who may read them.

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { freePort } from "../harness/certificates.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";
import { METRIC_NAMES } from "../../server/metrics/metric_names.ts";
import type { Server } from "../../server/mod.ts";
import { USUAL_METRICS } from "./usual_metrics.ts";

interface Metrics {
  readonly server: Server;
  readonly port: number;
  readonly peer: Peer;
  readonly get: (path: string, init?: RequestInit, host?: string) => Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

function metricsTest(
  name: string,
  fn: (metrics: Metrics) => Promise<void>,
  directives: Record<string, string> = {},
  bind: readonly string[] = ["127.0.0.1"],
): void {
  Deno.test(name, async () => {
    const port = freePort();
    await using server = await serveQuietly({
      bind,
      directives: { "metrics-port": String(port), ...directives },
    });
    using peer = await Peer.connect(server.address.port);
    await using client = closing(Deno.createHttpClient({ poolMaxIdlePerHost: 0 }));
    const get = async (path: string, init: RequestInit = {}, host = "127.0.0.1") => {
      const response = await fetch(`http://${host}:${port}${path}`, { ...init, client: client.of });
      return { status: response.status, headers: response.headers, body: await response.text() };
    };
    await fn({ server, port, peer, get });
  });
}

function closing(of: Deno.HttpClient): AsyncDisposable & { readonly of: Deno.HttpClient } {
  return {
    of,
    [Symbol.asyncDispose]() {
      of.close();
      return Promise.resolve();
    },
  };
}

/** Samples by name with labels; fails for whatever Prometheus would not read. */
function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const families = new Set<string>();
  let family = "";
  for (const line of text.split("\n").slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line);
    if (comment !== null) {
      if (comment[1] === "HELP") {
        family = comment[2];
        assert(!families.has(family), `${family} comes twice`);
        families.add(family);
      } else assertMatch(line, new RegExp(`^# TYPE ${family} (gauge|counter|summary|histogram)$`));
      continue;
    }
    const sample =
      /^([a-z_]+)(\{[a-z_]+="([^"\\\n]|\\[\\"n])*"(,[a-z_]+="([^"\\\n]|\\[\\"n])*")*\})? (-?[\d.e+-]+)$/
        .exec(line);
    assert(sample !== null, line);
    assertMatch(sample[1], new RegExp(`^${family}(_bucket|_sum|_count)?$`));
    const key = `${sample[1]}${sample[2] ?? ""}`;
    assert(!samples.has(key), `${key} comes twice`);
    samples.set(key, Number(sample[6]));
  }
  assert(text.endsWith("\n"));
  return samples;
}

metricsTest(
  "metrics say what INFO says, under the exporter's names",
  async ({ peer, get, server }) => {
    await peer.ask("SET", "k", "v", "EX", "1000");
    await peer.ask("SELECT", "3");
    await peer.ask("SET", "other", "v");
    await peer.ask("GET", "missing");
    await peer.ask("LPUSH", "other", "x");
    await peer.ask("CONFIG", "SET", "slowlog-log-slower-than", "0");
    await peer.ask("PING");
    const { status, headers, body } = await get("/metrics");
    assertEquals(status, 200);
    assertEquals(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const samples = samplesOf(body);
    const expected: Record<string, number> = {
      redis_up: 1,
      redis_connected_clients: 1,
      'redis_db_keys{db="db0"}': 1,
      'redis_db_keys{db="db3"}': 1,
      'redis_db_keys_expiring{db="db0"}': 1,
      'redis_db_keys_expiring{db="db3"}': 0,
      'redis_commands_total{cmd="set"}': 2,
      'redis_commands_total{cmd="get"}': 1,
      'redis_commands_failed_calls_total{cmd="lpush"}': 1,
      'redis_errors_total{err="WRONGTYPE"}': 1,
      redis_keyspace_misses_total: 1,
      redis_commands_processed_total: 7,
      redis_config_maxclients: 10_000,
      redis_connections_received_total: 1,
      redis_process_id: Deno.pid,
    };
    for (const [name, value] of Object.entries(expected)) {
      assertEquals(
        samples.get(name),
        value,
        name,
      );
    }
    assert(samples.get("redis_memory_used_bytes")! > 0);
    assert(samples.get("redis_slowlog_length")! >= 1);
    assert(samples.get('redis_db_avg_ttl_seconds{db="db0"}')! > 900);
    assert(samples.get('redis_commands_duration_seconds_total{cmd="set"}')! >= 0);
    assertMatch(body, /^redis_instance_info\{.*run_id="[0-9a-f]{40}".*\} 1$/m);
    assertMatch(body, /^# TYPE redis_commands_processed_total counter$/m);
    // Whatever INFO has under a known name is there.
    for (const { fields } of server.info) {
      for (const [field, value] of fields()) {
        const metric = METRIC_NAMES.get(field);
        if (metric === undefined || value === "") continue;
        assert(samples.has(`redis_${metric.name}`), `${field} is missing`);
      }
    }
  },
);

/** Kind and labels of each family, as "kind label,label". */
function familiesOf(text: string): Map<string, string> {
  const kinds = new Map<string, string>();
  const labels = new Map<string, Set<string>>();
  let family = "";
  for (const line of text.split("\n")) {
    const [, name, kind] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined) {
      family = name;
      kinds.set(name, kind);
      labels.set(name, new Set());
    } else if (!line.startsWith("#")) {
      for (const [, label] of line.matchAll(/([a-z_]+)="/g)) labels.get(family)?.add(label);
    }
  }
  return new Map(
    Array.from(kinds, ([name, kind]) => [name, `${kind} ${[...labels.get(name)!].sort()}`.trim()]),
  );
}

metricsTest("whatever the usual exporter tells of redis-server is told alike", async (metrics) => {
  const { peer, get } = metrics;
  await peer.ask("CONFIG", "SET", "latency-monitor-threshold", "1");
  await peer.ask("DEBUG", "SLEEP", "0.003");
  await peer.ask("SET", "k", "v", "EX", "100");
  await peer.ask("LPUSH", "k", "v");
  const { body } = await get("/metrics");
  samplesOf(body);
  const families = familiesOf(body);
  const missing = USUAL_METRICS.trim().split("\n").flatMap((line) => {
    const [, name, rest] = /^ *(\S+) (.*)$/.exec(line)!;
    const told = families.get(`redis_${name}`);
    return told === rest ? [] : [`${name}: ${told} in place of ${rest}`];
  });
  assertEquals(missing, []);
}, { "enable-debug-command": "yes" });

metricsTest("distributions of times are a summary and a histogram", async ({ get, peer }) => {
  for (let i = 0; i < 5; i++) await peer.ask("GET", "k");
  await peer.ask("CONFIG", "GET", "port");
  const samples = samplesOf((await get("/metrics")).body);
  const of = (name: string, labels: string) => samples.get(`redis_${name}{cmd="get"${labels}}`);
  assertEquals(of("commands_latencies_usec_count", ""), 5);
  assertEquals(of("commands_latencies_usec_bucket", ',le="+Inf"'), 5);
  assertEquals(of("latency_percentiles_usec_count", ""), 5);
  const sum = of("latency_percentiles_usec_sum", "")!;
  assert(sum >= 0);
  assertEquals(of("commands_latencies_usec_sum", ""), sum);
  const [p50, p99, p999] = ["50", "99", "99.9"].map((percent) =>
    of("latency_percentiles_usec", `,quantile="${percent}"`)!
  );
  assert(0 < p50 && p50 <= p99 && p99 <= p999);
  const counts = [...samples].filter(([name]) =>
    name.startsWith('redis_commands_latencies_usec_bucket{cmd="get"')
  ).map(([, count]) => count);
  assertEquals(counts, counts.toSorted((a, b) => a - b));
  assert(samples.has('redis_commands_latencies_usec_count{cmd="config|get"}'));
});

metricsTest("health, readiness, and what is not there", async ({ get, port }) => {
  assertEquals([(await get("/health")).body, (await get("/ready")).body], ["ok\n", "ready\n"]);
  assertEquals((await get("/")).status, 404);
  assertEquals((await get("/metrics/../../etc/passwd")).status, 404);
  assertEquals((await get("/metrics?x=1")).status, 200);
  const { status, headers } = await get("/metrics", { method: "POST", body: "x".repeat(100_000) });
  assertEquals([status, headers.get("allow")], [405, "GET, HEAD"]);
  const head = await get("/metrics", { method: "HEAD" });
  assertEquals([head.status, head.body], [200, ""]);
  for (
    const bytes of ["\0\xff\r\n\r\n", `GET /${"a".repeat(1_000_000)} HTTP/1.1\r\n\r\n`, "*1\r\n"]
  ) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    try {
      await connection.write(new TextEncoder().encode(bytes));
      await connection.closeWrite();
      await new Response(connection.readable).text();
    } catch {
      // It was cut off, which is as well.
    }
  }
  assertEquals((await get("/health")).status, 200);
});

metricsTest(
  "a server is not ready while a script is busy, or no further client is taken",
  async (metrics) => {
    const { get, peer, server } = metrics;
    using other = await Peer.connect(server.address.port);
    const ready = async () => {
      const { status, body } = await get("/ready");
      return `${status} ${body}`;
    };
    const loop = peer.ask("EVAL", "while true do end", "0");
    await until("it is busy", () => server.scripting.isBusy);
    assertMatch(await ready(), /^503 not ready: a script is busy/);
    assertEquals((await get("/health")).status, 200);
    assertEquals(await other.ask("SCRIPT", "KILL"), "+OK\r\n");
    assertMatch(await loop, /^-ERR.*killed/);
    assertEquals(await ready(), "200 ready\n");
    server.config.set("maxclients", "2");
    assertEquals(await ready(), "503 not ready: maxclients are connected\n");
    server.config.set("maxclients", "3");
    assertEquals(await ready(), "200 ready\n");
    // Whoever reads is served, whatever memory there is.
    server.config.set("maxmemory", "1");
    assertMatch(await other.ask("SET", "k", "v"), /^-OOM/);
    assertEquals(await ready(), "200 ready\n");
  },
  { "busy-reply-threshold": "20" },
);

metricsTest("with a password, metrics ask for it", async ({ get, server }) => {
  const basic = (text: string) => ({ headers: { authorization: `Basic ${btoa(text)}` } });
  const refused = await get("/metrics");
  assertEquals(refused.status, 401);
  assertStringIncludes(refused.headers.get("www-authenticate") ?? "", "Basic");
  assert(!refused.body.includes("redis_up"));
  for (
    const wrong of ["default:", "default:secre", "default:secret\xff", "bob:s:cr\xe9t", "x", ""]
  ) {
    assertEquals((await get("/metrics", basic(wrong))).status, 401, wrong);
  }
  for (const header of ["Bearer x", "Basic", "Basic ==", "Basic !!", `Basic ${"A".repeat(4000)}`]) {
    assertEquals((await get("/metrics", { headers: { authorization: header } })).status, 401);
  }
  assertEquals(server.stats.wrongPasswords, 4);
  assertEquals((await get("/metrics", basic("default:s:cr\xc3\xa9t"))).status, 200);
  assertEquals((await get("/metrics", basic(":s:cr\xc3\xa9t"))).status, 200);
  assertEquals([(await get("/health")).status, (await get("/ready")).status], [200, 200]);
}, { requirepass: "s:cr\xe9t" });

metricsTest("metrics are for users who may run INFO", async ({ get, peer }) => {
  const as = (text: string) =>
    get("/metrics", { headers: { authorization: `Basic ${btoa(text)}` } });
  for (
    const rules of [
      ["watcher", "on", ">one", "+info"],
      ["reader", "on", ">two", "+get", "~*"],
      ["away", "off", ">three", "+info"],
      ["default", "resetpass", ">four"],
    ]
  ) {
    assertEquals(await peer.ask("ACL", "SETUSER", ...rules), "+OK\r\n");
  }
  assertEquals((await get("/metrics")).status, 401);
  assertEquals((await as("watcher:one")).status, 200);
  for (const refused of ["watcher:two", "reader:two", "away:three", "nobody:one"]) {
    assertEquals((await as(refused)).status, 401, refused);
  }
});

metricsTest(
  "in protected mode only this machine's names are answered",
  async ({ get, port }) => {
    assertEquals((await get("/metrics", {}, "localhost")).status, 200);
    for (
      const host of ["evil.example", `evil.example:${port}`, "127.0.0.1.evil.example", "10.0.0.1"]
    ) {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port });
      const request = `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      await connection.write(new TextEncoder().encode(request));
      assertMatch(await new Response(connection.readable).text(), /^HTTP\/1.1 403 /);
    }
  },
  {},
  ["*", "-::*"],
);

metricsTest("a Host that nobody can have is answered like any other", async ({ port }) => {
  for (const host of ["%%", "a b", "[::x", "localhost:99999999"]) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const request = `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    assertMatch(await new Response(connection.readable).text(), /^HTTP\/1.1 404 /, host);
  }
}, { "protected-mode": "no" });

metricsTest("without protected mode anybody is answered", async ({ port }) => {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = "GET /metrics HTTP/1.1\r\nHost: ravel.example\r\nConnection: close\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  assertMatch(await new Response(connection.readable).text(), /^HTTP\/1.1 200 /);
}, { "protected-mode": "no" });

metricsTest("CONFIG SET metrics-port moves metrics, ends them and begins them", async (metrics) => {
  const { get, peer, port } = metrics;
  const ask = async (at: number) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: at });
    const request = "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    return await new Response(connection.readable).text();
  };
  const other = freePort();
  assertEquals(await peer.ask("CONFIG", "SET", "metrics-port", String(other)), "+OK\r\n");
  assertMatch(await ask(other), /^HTTP\/1.1 200 /);
  await assertRejects(() => get("/ready"));
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  assertEquals(
    await peer.ask("CONFIG", "SET", "metrics-port", String(taken.addr.port)),
    "-ERR CONFIG SET failed (possibly related to argument 'metrics-port') - " +
      "Unable to listen on this port. Check server logs.\r\n",
  );
  assertMatch(await ask(other), /^HTTP\/1.1 200 /);
  assertEquals(await peer.ask("CONFIG", "SET", "metrics-port", "0"), "+OK\r\n");
  await assertRejects(() => ask(other));
  assertEquals(await peer.ask("CONFIG", "SET", "metrics-port", String(port)), "+OK\r\n");
  assertEquals((await get("/ready")).status, 200);
});

Deno.test("a metrics port that is taken keeps the server from starting", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = freePort();
  await assertRejects(
    () =>
      serveQuietly({
        port,
        bind: ["127.0.0.1"],
        directives: { "metrics-port": String(taken.addr.port) },
      }),
    Error,
    `cannot listen for metrics-port ${taken.addr.port}`,
  );
});
