/**
 * How a server was when it started, and its way back there.
 *
 * ```
 * start ─▶ settings, users are noted ─▶ tests change what they like ─▶ restore: as it was, and empty
 *                                                                       but for clients and counters
 * ```
 */

import { userLine } from "../server/acl/description.ts";
import type { Server } from "../server/mod.ts";
import { PauseScope } from "../server/execution/pause.ts";
import type { ByteString } from "../structures/bytes/byte_string.ts";

/** Settings that stay: where a server listens is known to others by now. */
const WHERE_IT_LISTENS = /^(bind|port|metrics-port|unixsocket(perm)?|tls-.*)$/;

export class InitialState {
  readonly #server: Server;
  readonly #settings: ReadonlyMap<ByteString, ByteString>;
  readonly #users: string;

  /** Notes how a server is, which has just been started. */
  constructor(server: Server) {
    this.#server = server;
    this.#settings = server.config.get("*");
    this.#users = usersOf(server);
  }

  /** Forgets all that has come since, but for clients, what they are subscribed to, and counters. */
  async restore(): Promise<void> {
    const server = this.#server;
    await this.#restoreSettings();
    if (usersOf(server) !== this.#users) server.acl.reset();
    if (server.pause.scope !== PauseScope.None) server.pause.end();
    server.upkeep.activeExpire = true;
    server.upkeep.isPaused = false;
    server.functions.flush();
    server.scripting.flush();
    server.keyspace.flushAll(true);
    server.slowLog.reset();
    server.latency.resetAll();
    server.acl.log.reset();
  }

  async #restoreSettings(): Promise<void> {
    const { config } = this.#server;
    const changed: ByteString[] = [];
    for (const [name, text] of config.get("*")) {
      const initial = this.#settings.get(name);
      if (initial !== undefined && initial !== text && !WHERE_IT_LISTENS.test(name)) {
        changed.push(name, initial);
      }
    }
    if (changed.length === 0) return;
    const refusal = await config.setAll(changed, true);
    if (refusal !== undefined) throw new Error(`settings cannot be put back: ${refusal}`);
  }
}

function usersOf({ acl }: Server): string {
  return acl.users.inOrder().map(userLine).join("\n");
}
