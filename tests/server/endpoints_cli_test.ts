// TLS, the Unix socket and metrics as a user meets them: permissions, the banner, SIGHUP.

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Certificates, freePort, withoutOpenssl } from "../harness/certificates.ts";
import { Peer } from "../harness/peer.ts";
import { run, ServerProcess } from "../harness/server_process.ts";
import { until } from "../harness/until.ts";

/** The one line that a failed start leaves. */
async function failure(words: readonly string[], permissions?: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(["serve", ...words], { permissions });
  assertEquals([code, stdout], [1, ""], stderr);
  assertMatch(stderr, /^ravel: [^\n]+\n$/);
  return stderr;
}

Deno.test({
  name: "what TLS, a Unix socket and metrics lack is told in one line",
  ignore: withoutOpenssl,
  async fn() {
    using certificates = new Certificates();
    const { certFile, directory, keyFile } = certificates;
    const port = String(freePort());
    const files = ["--tls-cert-file", certFile, "--tls-key-file", keyFile];
    const tls = ["--port", "0", "--tls-port", port, ...files];
    assertStringIncludes(await failure(tls), "tls-auth-clients is yes, which is also its default");
    assertStringIncludes(
      await failure([...tls, "--tls-auth-clients", "no"]),
      `--allow-read=${certFile},${keyFile} main.ts serve`,
    );
    const path = `${directory}/s.sock`;
    const both = `"deno run --allow-net --allow-read=${path} --allow-write=${path} main.ts serve"`;
    for (const more of [[], [`--allow-read=${path}`]]) {
      const words = ["--port", "0", "--unixsocket", path];
      assertStringIncludes(await failure(words, ["--allow-net", ...more]), both);
    }
    using taken = Deno.listen({ port: 0 });
    const used = String(taken.addr.port);
    const plain = ["--port", String(freePort())];
    assertStringIncludes(
      await failure([...plain, "--metrics-port", used]),
      `port ${used} is in use by another program; stop that one, or choose another port with ` +
        "--metrics-port",
    );
    assertStringIncludes(
      await failure(
        [...plain, "--tls-port", used, ...files, "--tls-auth-clients", "no"],
        ["--allow-net", "--allow-read"],
      ),
      "another port with --tls-port",
    );
  },
});

Deno.test({
  name: "SIGHUP has certificates read again; the banner tells every way in",
  ignore: withoutOpenssl || Deno.build.os === "windows",
  async fn() {
    using certificates = new Certificates();
    const { certFile, directory, keyFile } = certificates;
    const port = freePort();
    const path = `${directory}/s.sock`;
    await using server = new ServerProcess([
      ...["--tls-port", String(port), "--tls-cert-file", certFile, "--tls-key-file", keyFile],
      ...["--tls-auth-clients", "no", "--unixsocket", path, "--bind", "127.0.0.1"],
    ], { permissions: ["--allow-net", `--allow-read=${directory}`, `--allow-write=${directory}`] });
    const lines = await server.linesUntil(/ready to accept connections/);
    assert(lines.includes(`  listening on  127.0.0.1:${port} (TLS)`), lines.join("\n"));
    assert(lines.includes(`  listening on  ${path}`));
    assert(lines.includes(`  connect with  redis-cli -p ${port} --tls --cacert FILE`));
    const connect = async (pem: string): Promise<Peer> => {
      const connection = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [pem] });
      await connection.handshake();
      return Peer.over(connection);
    };
    const old = certificates.pem;
    using peer = await connect(old);
    certificates.renew();
    server.signal("SIGHUP");
    await server.linesUntil(/the certificate of TLS was read again/);
    await until("the new certificate is shown", async () => {
      try {
        using renewed = await connect(certificates.pem);
        return await renewed.ask("PING") === "+PONG\r\n";
      } catch {
        return false;
      }
    });
    await assertRejects(() => connect(old));
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
    // What cannot be used changes nothing.
    Deno.writeTextFileSync(keyFile, "no key");
    server.signal("SIGHUP");
    await server.linesUntil(/cannot use the certificate, so the old one stays/);
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
  },
});
