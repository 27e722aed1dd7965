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
import type { Config } from "../server/config/config.ts";
import { PauseScope } from "../server/execution/pause.ts";
import type { ByteString } from "../structures/bytes/byte_string.ts";

/** Settings that stay: where a server listens is known to others by now. */
const WHERE_IT_LISTENS = /^(bind|port|metrics-port|unixsocket(perm)?|tls-.*)$/;

export class InitialState {
  readonly #server: Server;
  readonly #configure: () => Config;
  readonly #maxClients: string;
  readonly #users: string;
  #settings: ReadonlyMap<ByteString, ByteString> | undefined;
  /** That of the settings when they were as in the beginning. */
  #edition: number;

  /**
   * Notes how a server is, which has just been started.
   *
   * @param configure makes its settings once more: looking at all of them takes longer than a start
   */
  constructor(server: Server, configure: () => Config) {
    this.#server = server;
    this.#configure = configure;
    // It may have been lowered at the start.
    this.#maxClients = String(server.config.maxClients);
    this.#users = usersOf(server);
    this.#edition = server.config.edition;
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
    if (config.edition === this.#edition) return;
    const initial = this.#settings ??= this.#configure().get("*");
    const changed: ByteString[] = [];
    for (const [name, text] of config.get("*")) {
      const before = name === "maxclients" ? this.#maxClients : initial.get(name);
      const isOther = before !== undefined && before !== text;
      if (isOther && !WHERE_IT_LISTENS.test(name)) changed.push(name, before);
    }
    const refusal = changed.length === 0 ? undefined : await config.setAll(changed, true);
    if (refusal !== undefined) throw new Error(`settings cannot be put back: ${refusal}`);
    this.#edition = config.edition;
  }
}

function usersOf({ acl }: Server): string {
  return acl.users.inOrder().map(userLine).join("\n");
}
