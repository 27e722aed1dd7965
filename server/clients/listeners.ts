/**
 * The sockets that a server listens on, from Redis's `bind` words and `port`, and their change while
 * the server runs.
 *
 * A change opens what is new before it closes what is old, so that a port in use changes nothing:
 *
 * ```
 *  before   127.0.0.1:7000    ::1:7000
 *  after    127.0.0.1:7000                     10.0.0.1:7000
 *           kept              closed last      opened first
 * ```
 *
 * Only where the new overlaps the old (`*` and 127.0.0.1, of one port) the old one goes first, and the
 * new one is opened once the runtime has given up that one's socket; whether the machine has the
 * address is found out before, with another port. If the new one fails all the same, the old one is
 * opened again.
 *
 * What they open with may change too, a certificate of TLS: then every address is replaced, once it
 * is known that the new one can be used. Clients that are connected stay in any case.
 */

import { ConfigError } from "../config/config_error.ts";
import { failures } from "../platform/platform.ts";
import type { ListenOptions, NetAddress, NetListener } from "../platform/socket.ts";
import { type AcceptHost, AcceptLoop } from "./accept_loop.ts";
import { type BindAddress, bindAddresses } from "./bind_addresses.ts";

/** Settings, as far as listeners follow them. */
export interface ListenSettings {
  /** 0 for any free one; undefined where nothing is to be listened on. */
  readonly port: number | undefined;
  readonly bind: readonly string[];
  readonly tcpBacklog: number;
  /** Another number where all addresses are to be opened anew. */
  readonly edition: number;
}

/** Opens one address. Rejects with what listening fails with. */
export type OpenListener = (options: ListenOptions) => Promise<NetListener>;

/** An address of the settings. */
interface Target extends BindAddress {
  /** As the settings have it, 0 too. */
  readonly port: number;
  readonly edition: number;
}

interface Listening {
  readonly target: Target;
  readonly listener: NetListener;
  /** Set once all targets are open, and those who connect are to be served. */
  loop: AcceptLoop | undefined;
}

/** One change at a time: whoever calls waits for the promise of the call before. */
export class Listeners {
  readonly #settings: ListenSettings;
  readonly #openOne: OpenListener;
  readonly #host: AcceptHost;
  #open: readonly Listening[] = [];
  #hasBegun = false;

  /** Nothing is open yet: {@linkcode Listeners.follow} opens every address of the settings. */
  constructor(settings: ListenSettings, open: OpenListener, host: AcceptHost) {
    this.#settings = settings;
    this.#openOne = open;
    this.#host = host;
  }

  /** Where it listens, in the order of the settings; none only where there is no port. */
  get addresses(): NetAddress[] {
    return this.#open.map(({ listener }) => listener.addr);
  }

  /** Serves those who connect; before, they wait. */
  begin(): void {
    this.#hasBegun = true;
    this.#become(this.#open);
  }

  /** Listens where the settings say by now. Where that fails it rejects, and listens where it did. */
  async follow(): Promise<void> {
    const before = this.#open;
    const freePort = freePortOf(before);
    let after: readonly Listening[];
    try {
      after = await this.#openAll(before, freePort);
    } catch (error) {
      if (failures.kindOf(error) !== "addressInUse" || !this.#overlaps(before, freePort)) {
        throw error;
      }
      await this.#tryAddresses(before);
      await this.#replace(before, freePort);
      return;
    }
    this.#become(after);
  }

  /** Settles once nobody can connect any more. */
  async close(): Promise<void> {
    closeAll(this.#open);
    await Promise.all(this.#open.map(({ loop }) => loop?.finished));
  }

  /** Closes what is open and not among these, and accepts on all of these once it is time. */
  #become(after: readonly Listening[]): void {
    closeAll(this.#open.filter((listening) => !after.includes(listening)));
    this.#open = after;
    if (!this.#hasBegun) return;
    for (const listening of after) {
      listening.loop ??= new AcceptLoop(listening.listener, this.#host);
    }
  }

  /** Whether an address that is to be closed is what keeps one from being opened. */
  #overlaps(before: readonly Listening[], freePort: number): boolean {
    const targets = targetsOf(this.#settings);
    const port = this.#settings.port || freePort;
    return droppedOf(before, targets).some(({ target, listener: { addr } }) =>
      addr.port === port &&
      targets.some(({ hostname }) =>
        ANY.has(hostname) || ANY.has(addr.hostname) || hostname === target.hostname
      )
    );
  }

  /** Makes sure that the machine has the addresses which are to be opened; else it rejects. */
  async #tryAddresses(before: readonly Listening[]): Promise<void> {
    const present = before.map(({ target }) => ({ ...target, port: 0 }));
    const wanted = { ...this.#settings, port: 0 };
    const isPresent = (target: Target) => present.some((other) => isSame(other, target));
    for (const target of targetsOf(wanted)) {
      if (isPresent(target) || target.isOptional) continue;
      (await this.#listenAt(target, 0)).close();
    }
  }

  /** Closes what is not asked for any more, then opens the rest; where that fails, the old again. */
  async #replace(before: readonly Listening[], freePort: number): Promise<void> {
    const dropped = droppedOf(before, targetsOf(this.#settings));
    this.#open = before.filter((listening) => !dropped.includes(listening));
    closeAll(dropped);
    await Promise.all(dropped.map(({ loop }) => loop?.finished));
    try {
      this.#become(await this.#openAll(this.#open, freePort));
    } catch (error) {
      const present = [...this.#open];
      for (const listening of dropped) present.push(...await this.#reopened(listening));
      this.#become(present);
      throw error;
    }
  }

  /** An address that was open a moment ago; nothing where somebody else has taken it. */
  async #reopened({ target, listener: { addr } }: Listening): Promise<Listening[]> {
    try {
      const listener = await this.#listen(addr.hostname, addr.port);
      return [{ target, listener, loop: undefined }];
    } catch (error) {
      const fields = { host: addr.hostname, port: addr.port, error: failures.messageOf(error) };
      this.#host.log.warning("cannot listen any more", fields);
      return [];
    }
  }

  /**
   * Takes what is open already, and opens the rest. Where that fails it rejects, and nothing changed.
   *
   * @param freePort what port 0 stands for, where it has been settled
   */
  async #openAll(
    present: readonly Listening[],
    freePort: number,
  ): Promise<readonly Listening[]> {
    const all: Listening[] = [];
    const opened: Listening[] = [];
    let port = this.#settings.port || freePort;
    let missing: unknown;
    try {
      for (const target of targetsOf(this.#settings)) {
        let listening = present.find((listening) => isSame(listening.target, target));
        if (listening === undefined) {
          try {
            const listener = await this.#listenAt(target, port);
            listening = { target, listener, loop: undefined };
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
      if (all.length === 0 && this.#settings.port !== undefined) {
        throw missing ?? new ConfigError("bind names no address to listen on");
      }
      return all;
    } catch (error) {
      closeAll(opened);
      throw error;
    }
  }

  async #listenAt({ hostname, substitute }: Target, port: number): Promise<NetListener> {
    if (substitute === undefined) return await this.#listen(hostname, port);
    try {
      return await this.#listen(hostname, port);
    } catch (error) {
      const kind = failures.kindOf(error);
      if (kind === "addressInUse" || kind === "notPermitted") throw error;
      return await this.#listen(substitute, port);
    }
  }

  #listen(hostname: string, port: number): Promise<NetListener> {
    return this.#openOne({ hostname, port, backlog: this.#settings.tcpBacklog });
  }
}

function targetsOf({ bind, edition, port }: ListenSettings): Target[] {
  if (port === undefined) return [];
  return bindAddresses(bind).map((address) => ({ ...address, port, edition }));
}

function isSame(a: Target, b: Target): boolean {
  return a.hostname === b.hostname && a.port === b.port && a.substitute === b.substitute &&
    a.edition === b.edition;
}

/** Hosts that stand for every address. */
const ANY: ReadonlySet<string> = new Set(["::", "0.0.0.0"]);

/** The port that was found for port 0; 0 where none was. */
function freePortOf(present: readonly Listening[]): number {
  return present.find(({ target }) => target.port === 0)?.listener.addr.port ?? 0;
}

function droppedOf(before: readonly Listening[], targets: readonly Target[]): Listening[] {
  return before.filter(({ target }) => !targets.some((wanted) => isSame(wanted, target)));
}

function closeAll(listenings: readonly Listening[]): void {
  for (const { listener, loop } of listenings) {
    if (loop === undefined) listener.close();
    else loop.stop();
  }
}
