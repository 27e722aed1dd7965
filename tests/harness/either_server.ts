/**
 * A test of somebody's client or application, registered twice: against Ravel and against
 * redis-server. What it expects is thereby shown to be Redis's behaviour and not only ours.
 *
 * Whoever is connected at its end has been forgotten by the test: that fails it.
 */

import { serveQuietly } from "./quiet_server.ts";
import { RedisReference, withoutRedis } from "./redis_reference.ts";
import { until } from "./until.ts";

/** The body is handed the port of a server of its own, which is empty. */
export function onEitherServer(name: string, body: (port: number) => Promise<void>): void {
  Deno.test(`${name} (Ravel)`, async () => {
    await using server = await serveQuietly();
    await body(server.address.port);
    await until("every client has left", () => server.clients.size === 0);
  });
  Deno.test({
    name: `${name} (redis-server)`,
    ignore: withoutRedis,
    async fn() {
      await using reference = await RedisReference.start();
      await body(reference.port);
      await until("every client has left", async () => {
        const info = new TextDecoder().decode(
          await reference.call("INFO", "clients") as Uint8Array,
        );
        return info.includes("connected_clients:1\r\n");
      });
    },
  });
}
