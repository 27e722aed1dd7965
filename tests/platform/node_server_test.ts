// The package's server on each Node and on Bun, as a process of its own: what its sockets do with peers
// of all kinds, what it says where it cannot start, and how it ends. What commands reply is the same
// code everywhere.

import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import net from "node:net";
import { Certificates, freePort, withoutOpenssl } from "../harness/certificates.ts";
import { type Runtime, RUNTIMES, withoutInstallation } from "../harness/npm_installation.ts";
import { PackageProject } from "../harness/npm_package.ts";
import { Peer } from "../harness/peer.ts";
import { run, ServerProcess } from "../harness/server_process.ts";
import { until } from "../harness/until.ts";

const MIB = 1024 * 1024;

let project: Promise<PackageProject> | undefined;

Deno.test.afterAll(async () => {
  await (await project)?.[Symbol.asyncDispose]();
});

/** Registers a test for every runtime, and hands it how the package's server is started there. */
function onEach(
  name: string,
  test: (program: readonly string[], runtime: Runtime) => Promise<void>,
  ignore = false,
): void {
  for (const runtime of RUNTIMES) {
    Deno.test({
      name: `${runtime.name}: ${name}`,
      ignore: withoutInstallation || Deno.build.os === "windows" || ignore,
      async fn() {
        const { folder } = await (project ??= PackageProject.create());
        const bin = `${folder}/node_modules/ravel-server/bin.cjs`;
        await test([runtime.program, bin], runtime);
      },
    });
  }
}

/** What the server prints, and is not to: that it was surprised. */
function assertCalm(output: string): void {
  assertEquals(/unexpected|TypeError|at .*\.c?js:\d+/.exec(output)?.[0], undefined);
}

async function stop(server: ServerProcess): Promise<void> {
  server.signal("SIGTERM");
  const { code, stdout, stderr } = await server.ended();
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /\* shutting down\n.*\* stopped\n$/s);
  assertCalm(stdout);
}

onEach("it says what it runs on, and ends at a signal", async (program, { name }) => {
  await using server = new ServerProcess([], { program });
  using peer = await Peer.connect(await server.port());
  const info = await peer.ask("INFO");
  assertMatch(info, name === "Bun" ? /\r\nbun_version:1\.\d/ : /\r\nnode_version:\d\d\.\d/);
  assertMatch(
    info,
    name === "Bun" ? /\r\nmultiplexing_api:usockets/ : /\r\nmultiplexing_api:libuv/,
  );
  assert(!info.includes("deno_version"));
  assertMatch(info, /\r\nused_cpu_user_main_thread:\d+\.\d{6}\r\n/);
  assertMatch(info, /\r\nos:Linux \d|\r\nos:Darwin \d/);
  assertEquals(await peer.ask("MEMORY", "PURGE"), "+OK\r\n");
  server.signal("SIGHUP");
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  await stop(server);
  assertEquals(await peer.receiveRest(), "");
  const help = await run(["--help"], { program });
  assertStringIncludes(help.stdout, "npx ravel-server serve");
  const settings = await run(["serve", "--help"], { program });
  assertEquals(/Deno|deno|--allow-/.exec(help.stdout + settings.stdout)?.[0], undefined);
});

onEach("a peer that sends no more is sent all its replies", async (program) => {
  await using server = new ServerProcess([], { program });
  using peer = await Peer.connect(await server.port());
  const count = 20_000;
  await peer.send("PING\r\n".repeat(count));
  await peer.connection.closeWrite();
  assertEquals(await peer.receiveRest(), "+PONG\r\n".repeat(count));
  await stop(server);
});

onEach("peers that break off harm nobody", async (program) => {
  await using server = new ServerProcess([], { program });
  const port = await server.port();
  using witness = await Peer.connect(port);
  await witness.ask("SET", "large", "x".repeat(MIB));
  for (let i = 0; i < 20; i++) {
    const socket = net.connect(port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.on("error", () => {});
    socket.write(i % 2 === 0 ? "GET large\r\n".repeat(50) : "*2\r\n$3\r\nGET\r\n$100\r\nx");
    // In the middle of what is sent to it, or before anything is.
    if (i % 4 === 0) await new Promise((resolve) => socket.once("data", resolve));
    socket.resetAndDestroy();
  }
  await until("they are gone", async () => !/id=.*id=/s.test(await witness.ask("CLIENT", "LIST")));
  assertEquals(await witness.ask("STRLEN", "large"), `:${MIB}\r\n`);
  await stop(server);
});

onEach("a peer that does not read is read no further, and gets everything when it does", async (
  program,
) => {
  await using server = new ServerProcess([], { program });
  const port = await server.port();
  using witness = await Peer.connect(port);
  await witness.ask("SET", "k", "v".repeat(1000));
  using peer = await Peer.connect(port);
  const requests = 100_000;
  const sending = peer.send("GET k\r\n".repeat(requests));
  // Its turn comes again and again while it is still being sent to.
  for (let i = 0; i < 200; i++) assertEquals(await witness.ask("PING"), "+PONG\r\n");
  const [, list] = /id=.*?\n(id=.*?)\n/s.exec(await witness.ask("CLIENT", "LIST")) ?? [];
  const figure = (name: string) => Number(new RegExp(` ${name}=(\\d+)`).exec(list)![1]);
  assertLess(figure("qbuf") + figure("omem"), 4 * MIB);
  const rest = (async () => {
    let bytes = 0;
    const buffer = new Uint8Array(MIB);
    const expected = requests * "$1000\r\n\r\n".length + requests * 1000;
    while (bytes < expected) bytes += await peer.connection.read(buffer) ?? Infinity;
    return bytes - expected;
  })();
  await sending;
  assertEquals(await rest, 0);
  await stop(server);
});

onEach("bytes come through in whatever pieces they are sent", async (program) => {
  await using server = new ServerProcess([], { program });
  using peer = await Peer.connect(await server.port());
  const all = new Uint8Array(3 * MIB);
  for (let i = 0; i < all.length; i++) all[i] = (i * 2654435761) >>> 13;
  const value = (i: number) => all.subarray(i * 1009, i * 1009 + (i * i * 37) % 150_000);
  const chunks: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (let i = 0; i < 60; i++) {
    const bytes = value(i);
    chunks.push(
      encoder.encode(`*3\r\n$3\r\nSET\r\n$${`${i}`.length}\r\n${i}\r\n$${bytes.length}\r\n`),
    );
    chunks.push(bytes, encoder.encode("\r\n"));
  }
  const stream = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  const reading = (async () => {
    for (let i = 0; i < 60; i++) assertEquals(await peer.receive(), "+OK\r\n");
  })();
  for (let at = 0, i = 1; at < stream.length; i++) {
    const end = at + 1 + (i * 7919) % (i % 5 === 0 ? 200_000 : 3_000);
    await peer.send(stream.subarray(at, end));
    at = end;
  }
  await reading;
  for (let i = 0; i < 60; i++) {
    const text = Array.from(value(i), (byte) => String.fromCharCode(byte)).join("");
    assert(await peer.ask("GET", `${i}`) === `$${text.length}\r\n${text}\r\n`, `value ${i}`);
  }
  await stop(server);
});

onEach("1,000 connections are served at once", async (program) => {
  await using server = new ServerProcess([], { program });
  const port = await server.port();
  using stack = new DisposableStack();
  const peers: Peer[] = [];
  while (peers.length < 1000) {
    const batch = Array.from({ length: 100 }, () => Peer.connect(port));
    for (const peer of await Promise.all(batch)) peers.push(stack.use(peer));
  }
  const replies = await Promise.all(peers.map((peer) => peer.ask("INCR", "n")));
  const expected = Array.from({ length: 1000 }, (_, i) => `:${i + 1}\r\n`);
  assertEquals(replies.toSorted(), expected.toSorted());
  assertMatch(await peers[0].ask("INFO", "clients"), /connected_clients:1000\r\n/);
  await stop(server);
});

onEach("what it cannot start with is told in one line", async (program) => {
  await using server = new ServerProcess([], { program });
  const port = String(await server.port());
  const directory = await Deno.makeTempDir();
  try {
    const cases: [words: string[], line: string][] = [
      [["--port", port], `port ${port} is in use by another program; stop that one, or choose`],
      [["--port", "0", "--metrics-port", port], "another port with --metrics-port"],
      [
        ["--port", "0", "--bind", "192.0.2.200"],
        "no address of this machine is among '192.0.2.200'",
      ],
      [["--port", "0", "--bind", "no such host"], "is not an address that can be listened on"],
      [
        ["--unixsocket", `${directory}/none/s`],
        `cannot listen on the Unix socket ${directory}/none/s: No such file or directory`,
      ],
      [
        ["--unixsocket", `${directory}/${"long".repeat(40)}`],
        "name a shorter one with --unixsocket",
      ],
      [["--unixsocket", directory], `${directory} is there, and is no socket`],
      [["--logfile", `${directory}/none/log`], "No such file or directory; check --logfile"],
      [[`${directory}/none.conf`], `the configuration file ${directory}/none.conf does not exist`],
      [[directory], `cannot read the configuration file ${directory}: Is a directory`],
      [["--plugin", `${directory}/none.mjs`], "cannot be loaded"],
    ];
    for (const [words, line] of cases) {
      const { code, stdout, stderr } = await run(["serve", ...words], { program });
      assertEquals([code, stdout, stderr.split("\n").length], [1, "", 2], stderr);
      assertStringIncludes(stderr, line);
      assertStringIncludes(stderr, "ravel: ");
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  await stop(server);
});

onEach("it moves while it runs, in a transaction too", async (program) => {
  await using server = new ServerProcess([], { program });
  const port = await server.port();
  using peer = await Peer.connect(port);
  const next = String(freePort());
  const refusal = "-ERR CONFIG SET failed (possibly related to argument 'bind') - " +
    "Failed to bind to specified addresses.\r\n";
  for (
    const words of [
      ["MULTI"],
      ["SET", "k", "1"],
      ["CONFIG", "SET", "port", next, "bind", "127.0.0.1"],
      ["CONFIG", "SET", "bind", "192.0.2.200"],
      ["INCR", "k"],
      ["EXEC"],
      ["CONFIG", "SET", "bind", "* -::*"],
    ]
  ) peer.queue(...words);
  await peer.flush();
  for (let i = 0; i < 5; i++) await peer.receive();
  assertEquals(await peer.receive(), `*4\r\n+OK\r\n+OK\r\n${refusal}:2\r\n`);
  assertEquals(await peer.receive(), "+OK\r\n");
  for (const hostname of ["127.0.0.1", "127.0.0.2"]) {
    using other = await Peer.connect(Number(next), hostname);
    assertEquals(await other.ask("GET", "k"), "$1\r\n2\r\n");
  }
  await stop(server);
});

onEach("a Unix socket has its mode, and is gone at the end", async (program) => {
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/s.sock`;
    await using server = new ServerProcess(["--unixsocket", path, "--unixsocketperm", "700"], {
      program,
    });
    await server.linesUntil(/ready to accept connections/);
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o700);
    using peer = Peer.over(await Deno.connect({ transport: "unix", path }));
    assertStringIncludes(await peer.ask("CLIENT", "INFO"), ` addr=${path}:0 laddr=${path}:0 `);
    await stop(server);
    assertEquals([...Deno.readDirSync(directory)], []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

onEach("metrics are read over HTTP", async (program) => {
  const port = freePort();
  await using server = new ServerProcess(["--metrics-port", String(port)], { program });
  await server.linesUntil(/ready to accept connections/);
  const ask = async (path: string, init?: RequestInit): Promise<[number, string]> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return [response.status, await response.text()];
  };
  const [status, text] = await ask("/metrics?x=1");
  assertEquals(status, 200);
  assertMatch(text, /^# HELP /);
  assertEquals(await ask("/health", { method: "HEAD" }), [200, ""]);
  assertEquals((await ask("/else"))[0], 404);
  assertEquals((await ask("/metrics", { method: "POST", body: "x".repeat(100_000) }))[0], 405);
  await stop(server);
});

onEach("TLS, whoever comes", async (program) => {
  using certificates = new Certificates();
  const port = freePort();
  const settings = Object.entries(certificates.directives).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);
  const words = ["--tls-port", String(port), ...settings];
  await using server = new ServerProcess(words, { program });
  await server.linesUntil(/ready to accept connections/);
  const connect = async (): Promise<Peer> => {
    const caCerts = [certificates.pem];
    const connection = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts });
    await connection.handshake();
    return Peer.over(connection);
  };
  using peer = await connect();
  const large = "x".repeat(3 * MIB);
  assertEquals(await peer.ask("SET", "k", large), "+OK\r\n");
  assert(await peer.ask("GET", "k") === `$${large.length}\r\n${large}\r\n`);
  using plain = await Peer.connect(port);
  await plain.send("PING\r\n");
  await plain.receiveRest().catch(() => {});
  await server.linesUntil(/it does not speak TLS as it should/);
  {
    using silent = await Peer.connect(port);
    await silent.connection.closeWrite();
    await silent.receiveRest().catch(() => {});
  }
  certificates.renew();
  server.signal("SIGHUP");
  await server.linesUntil(/the certificate of TLS was read again/);
  using renewed = await connect();
  assertEquals(await renewed.ask("STRLEN", "k"), `:${large.length}\r\n`);
  assertEquals(await renewed.ask("QUIT"), "+OK\r\n");
  // It ends in TLS's own way, or this would throw.
  assertEquals(await renewed.receiveRest(), "");
  Deno.writeTextFileSync(certificates.keyFile, "no key");
  server.signal("SIGHUP");
  await server.linesUntil(/cannot use the certificate, so the old one stays/);
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  await stop(server);
  const { code, stderr } = await run(["serve", "--port", "0", ...words], { program });
  assertEquals(code, 1);
  assertMatch(stderr, /^ravel: cannot start: the certificate in .* cannot be used: .*\n$/);
}, withoutOpenssl);

onEach("a script that does not end can be killed", async (program) => {
  await using server = new ServerProcess(["--busy-reply-threshold", "20"], { program });
  const port = await server.port();
  using peer = await Peer.connect(port);
  using other = await Peer.connect(port);
  const ended = peer.ask("EVAL", "while true do end", "0");
  await until("it is busy", async () => (await other.ask("PING")).startsWith("-BUSY"));
  assertEquals(await other.ask("SCRIPT", "KILL"), "+OK\r\n");
  assertMatch(await ended, /^-ERR Script killed by user/);
  await stop(server);
});

onEach("connections that there are no descriptors for are refused, not the others", async (
  program,
) => {
  await using server = new ServerProcess([], { program, setup: "ulimit -n 120" });
  const port = await server.port();
  using stack = new DisposableStack();
  const first = stack.use(await Peer.connect(port));
  const peers = Array.from({ length: 200 }, () => Peer.connect(port));
  for (const peer of await Promise.all(peers)) stack.use(peer);
  assertEquals(await first.ask("PING"), "+PONG\r\n");
  stack.dispose();
  using late = await Peer.connect(port);
  await until("there is room", async () => {
    using peer = await Peer.connect(port);
    return await peer.ask("PING").catch(() => "") === "+PONG\r\n";
  });
  late[Symbol.dispose]();
  await stop(server);
});
