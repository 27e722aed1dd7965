/**
 * The sockets that a server listens on, from Redis's `bind` words and `port`, and their change while
 * the server runs.
 *
 * The default asks for every address of both families. One dual-stack IPv6 socket serves them all,
 * and where the system has no IPv6, one IPv4 socket takes its place.
 *
 * A change opens what is new before it closes what is old, so that a port in use changes nothing:
 *
 * ```
 *  before   127.0.0.1:7000    ::1:7000
 *  after    127.0.0.1:7000                     10.0.0.1:7000
 *           kept              closed last      opened first
 * ```
 *
 * Only where the new overlaps the old (`*` and 127.0.0.1, of one port) the old one goes first; it is
 * opened again if the new one fails. Clients that are connected stay in any case.
 */

import { ConfigError } from "../config/config_error.ts";
import { failures, network } from "../platform/platform.ts";
import type { Listener, NetAddress } from "../platform/socket.ts";
import { type AcceptHost, AcceptLoop } from "./accept_loop.ts";

/** Settings, as far as listeners follow them. */
export interface ListenSettings {
  /** 0 for any free one. */
  readonly port: number;
  readonly bind: readonly string[];
  readonly tcpBacklog: number;
}

/** An address of the settings. */
interface Target {
  readonly hostname: string;
  /** As the settings have it, 0 too. */
  readonly port: number;
  /** The machine may be without it. */
  readonly isOptional: boolean;
  /** What takes its place where it cannot be opened. */
  readonly substitute: string | undefined;
}

interface Listening {
  readonly target: Target;
  readonly listener: Listener;
  /** Set once all targets are open. */
  loop: AcceptLoop | undefined;
}

export class Listeners {
  readonly #settings: ListenSettings;
  readonly #host: AcceptHost;
  #open: readonly Listening[] = [];

  /** Opens every address of the settings. @throws what listening throws; nothing is open then */
  constructor(settings: ListenSettings, host: AcceptHost) {
    this.#settings = settings;
    this.#host = host;
    this.follow();
  }

  /** Where it listens, in the order of the settings; at least one. */
  get addresses(): NetAddress[] {
    return this.#open.map(({ listener }) => listener.addr);
  }

  /**
   * Listens where the settings say by now.
   *
   * @throws what listening throws; it listens where it did then
   */
  follow(): void {
    const before = this.#open;
    try {
      this.#open = this.#openAll(before);
      closeAll(before.filter((listening) => !this.#open.includes(listening)));
    } catch (error) {
      if (before.length === 0 || failures.kindOf(error) !== "addressInUse") throw error;
      this.#replace(before);
    }
    for (const listening of this.#open) {
      listening.loop ??= new AcceptLoop(listening.listener, this.#host);
    }
  }

  close(): void {
    closeAll(this.#open);
  }

  /** Closes what is not asked for any more, then opens the rest. @throws as follow() */
  #replace(before: readonly Listening[]): void {
    const targets = targetsOf(this.#settings);
    const kept = before.filter(({ target }) => targets.some((wanted) => isSame(wanted, target)));
    const dropped = before.filter((listening) => !kept.includes(listening));
    const port = portFor(this.#settings.port, before);
    closeAll(dropped);
    try {
      this.#open = this.#openAll(kept, port);
    } catch (error) {
      this.#open = before.map((listening) =>
        kept.includes(listening) ? listening : this.#reopened(listening)
      );
      throw error;
    }
  }

  /** An address that was open a moment ago. */
  #reopened({ target, listener }: Listening): Listening {
    const again = this.#listen(listener.addr.hostname, listener.addr.port);
    return { target, listener: again, loop: new AcceptLoop(again, this.#host) };
  }

  /** Takes what is open already, and opens the rest. @throws what listening throws; nothing changed */
  #openAll(
    present: readonly Listening[],
    firstPort: number = portFor(this.#settings.port, present),
  ): readonly Listening[] {
    const all: Listening[] = [];
    const opened: Listening[] = [];
    let port = firstPort;
    let missing: unknown = new ConfigError("bind names no address to listen on");
    try {
      for (const target of targetsOf(this.#settings)) {
        let listening = present.find((listening) => isSame(listening.target, target));
        if (listening === undefined) {
          try {
            listening = { target, listener: this.#listenAt(target, port), loop: undefined };
          } catch (error) {
            const isMissing = failures.kindOf(error) === "addressNotAvailable";
            if (!target.isOptional || !isMissing) throw error;
            missing = error;
            continue;
          }
          opened.push(listening);
        }
        // Port 0 asks for any free port, but for the same one on every address.
        port = listening.listener.addr.port;
        all.push(listening);
      }
      if (all.length === 0) throw missing;
      return all;
    } catch (error) {
      closeAll(opened);
      throw error;
    }
  }

  #listenAt({ hostname, substitute }: Target, port: number): Listener {
    if (substitute === undefined) return this.#listen(hostname, port);
    try {
      return this.#listen(hostname, port);
    } catch (error) {
      const kind = failures.kindOf(error);
      if (kind === "addressInUse" || kind === "notPermitted") throw error;
      return this.#listen(substitute, port);
    }
  }

  #listen(hostname: string, port: number): Listener {
    return network.listen({ hostname, port, backlog: this.#settings.tcpBacklog });
  }
}

function targetsOf({ bind, port }: ListenSettings): Target[] {
  const targets = bind.map((word) => ({
    hostname: hostnameOf(word.replace(/^-/, "")),
    port,
    isOptional: word.startsWith("-"),
    substitute: undefined,
  }));
  const hostnames = new Set(targets.map(({ hostname }) => hostname));
  if (!hostnames.has("::") || !hostnames.has("0.0.0.0")) return targets;
  return [{ hostname: "::", port, isOptional: false, substitute: "0.0.0.0" }];
}

function isSame(a: Target, b: Target): boolean {
  return a.hostname === b.hostname && a.port === b.port && a.substitute === b.substitute;
}

/** The port to open: for 0 the free one that was found before. */
function portFor(wanted: number, present: readonly Listening[]): number {
  if (wanted !== 0) return wanted;
  return present.find(({ target }) => target.port === 0)?.listener.addr.port ?? 0;
}

function closeAll(listenings: readonly Listening[]): void {
  for (const { listener, loop } of listenings) {
    if (loop === undefined) listener.close();
    else loop.stop();
  }
}

/** Redis writes all addresses of a family as `*` and `::*`. */
function hostnameOf(word: string): string {
  if (word === "*") return "0.0.0.0";
  if (word === "::*") return "::";
  return word;
}
