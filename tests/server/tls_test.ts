// TLS beside TCP or in its place: who connects, what the certificate is, and what cannot be.

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Certificates, freePort, withoutOpenssl } from "../harness/certificates.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";
import type { ServeOptions, Server } from "../../server/mod.ts";

async function connect(port: number, pem: string): Promise<Peer> {
  const connection = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [pem] });
  await connection.handshake();
  return Peer.over(connection);
}

interface Secure {
  readonly server: Server;
  readonly port: number;
  readonly certificates: Certificates;
  readonly lines: string[];
}

function tlsTest(
  name: string,
  fn: (secure: Secure) => Promise<void>,
  options: ServeOptions = {},
): void {
  Deno.test({
    name,
    ignore: withoutOpenssl,
    async fn() {
      using certificates = new Certificates();
      const port = freePort();
      const lines: string[] = [];
      await using server = await serveQuietly({
        ...options,
        bind: ["127.0.0.1"],
        onLogLine: (line) => lines.push(line),
        directives: {
          "tls-port": String(port),
          ...certificates.directives,
          ...options.directives,
        },
      });
      await fn({ server, port, certificates, lines });
    },
  });
}

tlsTest("TLS alone: port 0 is no port then", async ({ server, port, certificates }) => {
  assertEquals([server.addresses, server.address.port], [[], port]);
  using peer = await connect(port, certificates.pem);
  assertEquals(await peer.ask("SET", "k", "v"), "+OK\r\n");
  assertEquals(await peer.ask("GET", "k"), "$1\r\nv\r\n");
  const info = await peer.ask("INFO", "server");
  assertStringIncludes(info, `\r\ntcp_port:${port}\r\n`);
  assertStringIncludes(info, `\r\nlistener2:name=tls,bind=127.0.0.1,port=${port}\r\n`);
  assert(!info.includes("listener0"));
  assertMatch(await peer.ask("CLIENT", "LIST"), new RegExp(`laddr=127.0.0.1:${port} .* flags=N `));
});

tlsTest("TLS beside TCP serves the same data", async ({ server, port, certificates }) => {
  using secure = await connect(port, certificates.pem);
  using plain = await Peer.connect(server.addresses[0].port);
  await secure.ask("SET", "k", "v");
  assertEquals(await plain.ask("GET", "k"), "$1\r\nv\r\n");
  const info = await plain.ask("INFO", "server");
  assertStringIncludes(info, `tcp_port:${server.addresses[0].port}\r\n`);
  assertMatch(info, /listener0:name=tcp,.*\r\nlistener2:name=tls,/);
}, { port: freePort() });

tlsTest("large replies come whole over TLS, and the last one before the end", async (secure) => {
  const { port, certificates } = secure;
  using peer = await connect(port, certificates.pem);
  const value = new Uint8Array(8 * 1024 * 1024).fill(120);
  assertEquals(await peer.ask("SET", "big", value), "+OK\r\n");
  for (let i = 0; i < 4; i++) peer.queue("GET", "big");
  peer.queue("QUIT");
  await peer.flush();
  const reply = `$${value.length}\r\n${"x".repeat(value.length)}\r\n`;
  for (let i = 0; i < 4; i++) assertEquals(await peer.receive() === reply, true);
  assertEquals(await peer.receive(), "+OK\r\n");
  await assertRejects(() => peer.receive(), Error, "closed the connection");
});

tlsTest("messages reach subscribers over TLS", async ({ server, port, certificates }) => {
  using subscriber = await connect(port, certificates.pem);
  await subscriber.ask("SUBSCRIBE", "c");
  using publisher = await connect(port, certificates.pem);
  for (let i = 0; i < 50; i++) publisher.queue("PUBLISH", "c", String(i));
  await publisher.flush();
  for (let i = 0; i < 50; i++) {
    assertEquals(
      await subscriber.receive(),
      `*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$${String(i).length}\r\n${i}\r\n`,
    );
  }
  assertEquals(server.clients.size, 2);
});

tlsTest("who does not speak TLS is sent away, others are served", async (secure) => {
  const { server, port, certificates, lines } = secure;
  for (
    const bytes of ["PING\r\n", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\xff\xff", "\0".repeat(5000)]
  ) {
    using peer = await Peer.connect(port);
    await peer.send(bytes);
    // The system may tell of the end as a reset, behind an alert that no RESP is.
    if (!bytes.startsWith("\x16")) await assertRejects(() => peer.receive());
  }
  using silent = await Peer.connect(port);
  using peer = await connect(port, certificates.pem);
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  await until("they are gone", () => server.clients.size === 2);
  assert(lines.some((line) => line.includes("does not speak TLS as it should")), lines.join("\n"));
  assert(!lines.some((line) => line.includes("unexpected error")), lines.join("\n"));
  silent[Symbol.dispose]();
  await until("the silent one is gone", () => server.clients.size === 1);
});

tlsTest("one client too many is dropped over TLS", async ({ port, certificates, server }) => {
  using _first = await connect(port, certificates.pem);
  using second = await Deno.connectTls({
    hostname: "127.0.0.1",
    port,
    caCerts: [certificates.pem],
  });
  await second.handshake().catch(() => {});
  await assertRejects(() => Peer.over(second).ask("PING"));
  assertEquals([server.clients.size, server.stats.connectionsRejected], [1, 1]);
}, { directives: { maxclients: "1" } });

tlsTest("CONFIG SET of the same names reads the certificate again", async (secure) => {
  const { port, certificates, lines } = secure;
  const { certFile, keyFile, pem: oldPem } = certificates;
  using before = await connect(port, oldPem);
  certificates.renew();
  assertEquals(await before.ask("CONFIG", "SET", "tls-cert-file", certFile), "+OK\r\n");
  await until("the new certificate is shown", async () => {
    try {
      using peer = await connect(port, certificates.pem);
      return await peer.ask("PING") === "+PONG\r\n";
    } catch {
      return false;
    }
  });
  await assertRejects(() => connect(port, oldPem));
  assertEquals(await before.ask("PING"), "+PONG\r\n");

  // One that cannot be used changes nothing.
  const { pem } = certificates;
  for (const bad of ["no certificate", pem.slice(0, 200), ""]) {
    Deno.writeTextFileSync(certFile, bad);
    assertEquals(
      await before.ask("CONFIG", "SET", "tls-cert-file", certFile, "tls-key-file", keyFile),
      "-ERR CONFIG SET failed (possibly related to argument 'tls-cert-file') - " +
        "Unable to update TLS configuration. Check server logs.\r\n",
    );
    using peer = await connect(port, pem);
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
  }
  Deno.writeTextFileSync(certFile, oldPem);
  assertMatch(await before.ask("CONFIG", "SET", "tls-cert-file", certFile), /^-ERR CONFIG SET/);
  assert(lines.some((line) => line.includes("cannot be used:")), lines.join("\n"));
  assertMatch(await before.ask("CONFIG", "SET", "tls-cert-file", "/nowhere"), /^-ERR CONFIG SET/);
  assertEquals(
    await before.ask("CONFIG", "GET", "tls-cert-file"),
    `*2\r\n$13\r\ntls-cert-file\r\n$${certFile.length}\r\n${certFile}\r\n`,
  );
});

tlsTest("CONFIG SET tls-port moves TLS, ends it and begins it", async (secure) => {
  const { server, port, certificates } = secure;
  using plain = await Peer.connect(server.addresses[0].port);
  using old = await connect(port, certificates.pem);
  const other = freePort();
  assertEquals(await plain.ask("CONFIG", "SET", "tls-port", String(other)), "+OK\r\n");
  using moved = await connect(other, certificates.pem);
  assertEquals(await moved.ask("PING"), "+PONG\r\n");
  assertEquals(await plain.ask("CONFIG", "SET", "tls-port", "0"), "+OK\r\n");
  await assertRejects(() => connect(other, certificates.pem));
  assertEquals(server.tlsAddresses, []);
  certificates.renew();
  assertEquals(await plain.ask("CONFIG", "SET", "tls-port", String(other)), "+OK\r\n");
  using again = await connect(other, certificates.pem);
  assertEquals(await again.ask("PING"), "+PONG\r\n");
  assertEquals(await old.ask("PING"), "+PONG\r\n");
  // Taken by somebody else.
  assertEquals(
    await plain.ask("CONFIG", "SET", "tls-port", String(server.addresses[0].port)),
    "-ERR CONFIG SET failed (possibly related to argument 'tls-port') - " +
      "Unable to listen on this port. Check server logs.\r\n",
  );
  assertMatch(
    await plain.ask("CONFIG", "SET", "tls-auth-clients", "yes"),
    /^-ERR .*Ravel cannot ask clients for certificates/,
  );
}, { port: freePort() });

Deno.test({
  name: "TLS that cannot be is refused in one line",
  ignore: withoutOpenssl,
  async fn() {
    using certificates = new Certificates();
    using others = new Certificates();
    const { directives } = certificates;
    const port = String(freePort());
    const wrong: readonly (readonly [Record<string, string>, string])[] = [
      [{ ...directives, "tls-auth-clients": "yes" }, "Ravel cannot ask clients for certificates"],
      [{ ...directives, "tls-cert-file": "" }, "set tls-cert-file and tls-key-file"],
      [{ ...directives, "tls-cert-file": "/nowhere" }, "/nowhere: it does not exist"],
      [{ ...directives, "tls-key-file": others.keyFile }, "KeyMismatch"],
      [{ ...directives, "tls-key-file": certificates.certFile }, "cannot be used: No keys found"],
      [{ ...directives, "tls-key-file": certificates.protectedKey() }, "has a passphrase"],
      [{ ...directives, "tls-key-file-pass": "secret" }, "only keys without a passphrase"],
    ];
    for (const [settings, message] of wrong) {
      const error = await assertRejects(
        () => serveQuietly({ directives: { "tls-port": port, ...settings } }),
        Error,
        message,
      );
      assert(!error.message.includes("\n"));
    }
    // Nothing has been left open.
    using _ = Deno.listen({ port: Number(port) });
  },
});
