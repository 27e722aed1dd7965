// A Unix socket beside TCP or in its place.

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { describeStartupError } from "../../server/startup/startup_error.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { until } from "../harness/until.ts";
import { freePort } from "../harness/certificates.ts";

async function connect(path: string): Promise<Peer> {
  return Peer.over(await Deno.connect({ transport: "unix", path }));
}

/** A directory for a test, and a path in it. */
class Place implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "ravel-unix-" });
  readonly path = `${this.directory}/s.sock`;

  get isThere(): boolean {
    return [...Deno.readDirSync(this.directory)].length > 0;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}

Deno.test("a Unix socket alone: port 0 is no port then", async () => {
  using place = new Place();
  const { path } = place;
  await using server = await serveQuietly({ directives: { unixsocket: path } });
  assertEquals([server.addresses, server.address], [[], { hostname: path, port: 0 }]);
  using peer = await connect(path);
  assertEquals(await peer.ask("SET", "k", "v"), "+OK\r\n");
  const list = await peer.ask("CLIENT", "LIST");
  assertStringIncludes(list, ` addr=${path}:0 laddr=${path}:0 `);
  assertMatch(list, / flags=U /);
  const info = await peer.ask("INFO", "server");
  assertStringIncludes(info, `\r\nlistener1:name=unix,bind=${path}\r\n`);
  assertStringIncludes(info, "\r\ntcp_port:0\r\n");
  assert(!info.includes("listener0"));
  using other = await connect(path);
  assertEquals(await peer.ask("CLIENT", "KILL", "ADDR", `${path}:0`, "SKIPME", "yes"), ":1\r\n");
  await assertRejects(() => other.receive());
});

Deno.test("a Unix socket beside TCP; its file is removed at the end", async () => {
  using place = new Place();
  {
    await using server = await serveQuietly({
      port: freePort(),
      directives: { unixsocket: place.path, unixsocketperm: "700" },
    });
    assertEquals((Deno.statSync(place.path).mode ?? 0) & 0o777, 0o700);
    using local = await connect(place.path);
    using plain = await Peer.connect(server.address.port);
    await local.ask("SET", "k", "v");
    assertEquals(await plain.ask("GET", "k"), "$1\r\nv\r\n");
    assertMatch(await plain.ask("INFO", "server"), /listener0:name=tcp,.*\r\nlistener1:name=unix/);
    assertEquals(
      await plain.ask("CONFIG", "SET", "unixsocket", "/tmp/x"),
      "-ERR CONFIG SET failed (possibly related to argument 'unixsocket') - " +
        "can't set immutable config\r\n",
    );
  }
  assertEquals(place.isThere, false);
});

Deno.test("a socket that an earlier server has left is replaced, a file is not", async () => {
  using place = new Place();
  const { path } = place;
  const left = new Deno.Command("python3", {
    args: ["-c", `import socket; socket.socket(socket.AF_UNIX).bind(${JSON.stringify(path)})`],
  });
  if (!(await left.output()).success) return;
  assertEquals(Deno.lstatSync(path).isSocket, true);
  {
    await using _server = await serveQuietly({ directives: { unixsocket: path } });
    using peer = await connect(path);
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
  }
  Deno.writeTextFileSync(path, "precious");
  await assertRejects(
    () => serveQuietly({ directives: { unixsocket: path } }),
    Error,
    "is there, and is no socket",
  );
  assertEquals(Deno.readTextFileSync(path), "precious");
});

Deno.test("a Unix socket that cannot be is refused", async () => {
  using place = new Place();
  for (const path of [`${place.directory}/none/s.sock`, `${place.directory}/${"x".repeat(200)}`]) {
    await assertRejects(() => serveQuietly({ directives: { unixsocket: path } }), Error, path);
  }
  const long = `${place.directory}/${"x".repeat(200)}`;
  const error = await serveQuietly({ directives: { unixsocket: long } }).catch((error) => error);
  assertStringIncludes(
    describeStartupError(error, { port: 0, bind: [] }),
    `its path has ${long.length} bytes, and systems take little more than 100; name a shorter one`,
  );
  // A port that is taken leaves no socket behind.
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assertRejects(() =>
    serveQuietly({
      port: taken.addr.port,
      bind: ["127.0.0.1"],
      directives: { unixsocket: place.path },
    })
  );
  assertEquals(place.isThere, false);
});

Deno.test("clients of the Unix socket count as this machine's", async () => {
  using place = new Place();
  await using _server = await serveQuietly({
    directives: { unixsocket: place.path, "enable-debug-command": "local" },
  });
  using peer = await connect(place.path);
  assertEquals(await peer.ask("DEBUG", "SLEEP", "0"), "+OK\r\n");
});

Deno.test("many clients of a Unix socket at once, all of which leave", async () => {
  using place = new Place();
  await using server = await serveQuietly({ directives: { unixsocket: place.path } });
  const peers = await Promise.all(Array.from({ length: 100 }, () => connect(place.path)));
  const replies = await Promise.all(peers.map((peer) => peer.ask("INCR", "n")));
  assertEquals(new Set(replies).size, 100);
  for (const peer of peers) peer[Symbol.dispose]();
  await until("all are gone", () => server.clients.size === 0);
});

Deno.test({
  name: "CLIENT INFO of a Unix socket is as redis-server's",
  ignore: withoutRedis,
  async fn() {
    using place = new Place();
    const theirPath = `${place.directory}/r.sock`;
    await using _redis = await RedisReference.start({ unixsocket: theirPath });
    await using _server = await serveQuietly({ directives: { unixsocket: place.path } });
    const said: string[][] = [];
    for (const path of [theirPath, place.path]) {
      using peer = await connect(path);
      const line = (await peer.ask("CLIENT", "INFO")).replaceAll(path, "PATH");
      said.push(line.split(" ").filter((field) => /^(addr|laddr|flags)=/.test(field)));
    }
    assertEquals(said[1], said[0]);
  },
});
