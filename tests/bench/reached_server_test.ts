// The load generator's way to servers with a password, over TLS, and at a Unix socket.

import { assertEquals, assertRejects } from "@std/assert";
import { ControlClient } from "../../bench/load/control_client.ts";
import { LoadGenerator } from "../../bench/load/load_generator.ts";
import type { ReachedServer } from "../../bench/load/reached_server.ts";
import { WIRE_PROTOCOLS } from "../../bench/load/wire.ts";
import { OperationCatalogue, stringData } from "../../bench/load/workloads.ts";
import { Certificates, freePort, withoutOpenssl } from "../harness/certificates.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const KEYS = 20;

Deno.test({
  name: "load goes over TLS and a Unix socket, with a password and a database",
  ignore: withoutOpenssl,
  async fn() {
    using certificates = new Certificates();
    const port = freePort();
    const path = `${certificates.directory}/s.sock`;
    const tls = { transport: "tls", hostname: "127.0.0.1", port } as const;
    await using server = await serveQuietly({
      bind: ["127.0.0.1"],
      directives: {
        "tls-port": String(port),
        unixsocket: path,
        requirepass: "pw",
        ...certificates.directives,
      },
    });
    const greeting = [["AUTH", "pw"], ["SELECT", "3"]];
    const reached: readonly ReachedServer[] = [
      { endpoint: { ...tls, caFile: certificates.certFile, insecure: false }, greeting },
      { endpoint: { ...tls, insecure: true }, greeting },
      { endpoint: { transport: "unix", path }, greeting },
    ];
    for (const way of reached) {
      using control = await ControlClient.reach(way);
      await control.load(stringData(KEYS));
      for (const protocol of WIRE_PROTOCOLS) {
        const rest = { workload: "get", keys: KEYS, connections: 2, pipeline: 4, seed: 1 } as const;
        const catalogue = new OperationCatalogue(protocol, KEYS);
        const generator = await LoadGenerator.open({ ...way, protocol, ...rest }, catalogue);
        const { operations } = await generator.run({ durationMs: 20 });
        generator.close();
        assertEquals(operations > 0, true, protocol);
      }
    }
    assertEquals(server.keyspace.databases.map(({ size }) => size).slice(0, 4), [0, 0, 0, KEYS]);
    await assertRejects(
      () => ControlClient.reach({ ...reached[0], greeting: [["AUTH", "wrong"]] }),
      Error,
      "AUTH: WRONGPASS",
    );
  },
});
