/**
 * All that a server listens on: TCP, TLS, and a Unix socket, each if its settings ask for it. What is
 * accepted is served alike, wherever it has come in.
 *
 * ```
 * port          ─▶ Listeners ─┐
 * tls-port      ─▶ Listeners ─┼─▶ admit
 * unixsocket    ─▶ AcceptLoop ┘
 * ```
 *
 * TCP and TLS share the addresses of `bind`. Port 0 asks for any free port, unless there is another
 * way in: then it is as in Redis, and nothing listens for plain TCP.
 *
 * The runtime takes a certificate when it begins to listen, so one that was read again has the TLS
 * addresses opened anew: whoever connects in the millisecond between is refused, and has to try again.
 */

import { type ByteString, textOfByteString } from "../../structures/bytes/byte_string.ts";
import { ConfigError } from "../config/config_error.ts";
import { failures, files, network } from "../platform/platform.ts";
import type {
  Listener,
  ListenOptions,
  NetAddress,
  NetListener,
  TlsIdentity,
} from "../platform/socket.ts";
import { type AcceptHost, AcceptLoop } from "./accept_loop.ts";
import { EndpointError } from "./endpoint_error.ts";
import { Listeners } from "./listeners.ts";
import { readTlsIdentity, type TlsSettings, unusableIdentity } from "./tls_files.ts";

/** Settings, as far as endpoints follow them. */
export interface EndpointSettings extends TlsSettings {
  readonly port: number;
  readonly tlsPort: number;
  readonly bind: readonly string[];
  readonly tcpBacklog: number;
  /** Path of the Unix socket; empty for none. */
  readonly unixSocket: ByteString;
  /** Its permissions; 0 for those of a new file. */
  readonly unixSocketMode: number;
}

export class Endpoints {
  readonly #settings: EndpointSettings;
  readonly #host: AcceptHost;
  readonly #tcp: Listeners;
  readonly #tls: Listeners;
  #unixListener: Listener | undefined;
  #unix: AcceptLoop | undefined;
  #identity: TlsIdentity | undefined;
  /** Counts the identities. */
  #edition = 0;
  #closing: Promise<void> | undefined;
  /** What is under way: changes come one after the other. Never rejects. */
  #lastChange: Promise<unknown> = Promise.resolve();

  /** Nothing is open yet. */
  constructor(settings: EndpointSettings, host: AcceptHost) {
    this.#settings = settings;
    this.#host = host;
    this.#tcp = new Listeners(portOf(settings, () => tcpPort(settings)), network.listen, host);
    const tlsPort = portOf(settings, () => settings.tlsPort || undefined, () => this.#edition);
    this.#tls = new Listeners(tlsPort, (options) => this.#listenTls(options), host);
  }

  /**
   * Opens everything that the settings ask for; those who connect wait for
   * {@linkcode Endpoints.begin}. Rejects with what listening fails with, and nothing is open then.
   */
  async open(): Promise<void> {
    const { unixSocket, unixSocketMode, tlsPort } = this.#settings;
    if (tlsPort !== 0) this.#identity = readTlsIdentity(this.#settings);
    try {
      if (unixSocket !== "") {
        this.#unixListener = await openUnix(textOfByteString(unixSocket), unixSocketMode);
      }
      await this.#tcp.follow();
      await this.#openTls();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Serves those who connect. */
  begin(): void {
    this.#tcp.begin();
    this.#tls.begin();
    if (this.#unixListener !== undefined) {
      this.#unix = new AcceptLoop(this.#unixListener, this.#host);
    }
  }

  /** Addresses for plain TCP, in the order of `bind`. */
  get addresses(): NetAddress[] {
    return this.#tcp.addresses;
  }

  /** Addresses for TLS, in the order of `bind`. */
  get tlsAddresses(): NetAddress[] {
    return this.#tls.addresses;
  }

  /** Listens where the settings say by now; rejects with what listening fails with. */
  follow(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#settings.tlsPort !== 0) this.#identity ??= readTlsIdentity(this.#settings);
      await this.#tcp.follow();
      await this.#tls.follow();
      if (this.#settings.tlsPort === 0) this.#identity = undefined;
    });
  }

  /**
   * Reads certificate and key again, for connections that come from now on. Does nothing where there
   * is no TLS. Rejects where they cannot be used; the old ones stay in use then.
   */
  reloadIdentity(): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#identity;
      if (before === undefined) return;
      const identity = readTlsIdentity(this.#settings);
      const isSame = identity.certificates === before.certificates &&
        identity.privateKey === before.privateKey;
      if (isSame) return;
      this.#identity = identity;
      this.#edition++;
      try {
        await this.#tls.follow();
      } catch (error) {
        this.#identity = before;
        this.#edition--;
        throw error;
      }
    });
  }

  /** Settles once nobody can connect any more. The same promise however often it is called. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    await this.#lastChange;
    // The file of a socket that is being accepted on outlasts its closing for a moment.
    if (this.#unix === undefined) this.#unixListener?.close();
    else this.#unix.stop();
    await Promise.all([this.#tcp.close(), this.#tls.close(), this.#unix?.finished]);
  }

  /** Makes a change once those before it are done; none any more once it is to be closed. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#lastChange.then(() => this.#closing === undefined ? change() : undefined);
    this.#lastChange = done.catch(() => {});
    return done;
  }

  async #openTls(): Promise<void> {
    try {
      await this.#tls.follow();
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      throw new EndpointError("tls-port", this.#settings.tlsPort, error);
    }
  }

  async #listenTls(options: ListenOptions): Promise<NetListener> {
    try {
      return await network.listenTls({ ...options, ...this.#identity! });
    } catch (error) {
      throw failures.kindOf(error) === "tls" ? unusableIdentity(this.#settings, error) : error;
    }
  }
}

/** The port that plain TCP is listened for on; 0 for any free one, undefined for none. */
function tcpPort({ port, tlsPort, unixSocket }: EndpointSettings): number | undefined {
  return port === 0 && (tlsPort !== 0 || unixSocket !== "") ? undefined : port;
}

/** A port's part of the settings, as they are when they are looked at. */
function portOf(
  settings: EndpointSettings,
  port: () => number | undefined,
  edition: () => number = () => 0,
) {
  return {
    get port() {
      return port();
    },
    get bind() {
      return settings.bind;
    },
    get tcpBacklog() {
      return settings.tcpBacklog;
    },
    get edition() {
      return edition();
    },
  };
}

/** Listens on a Unix socket, in place of one that an earlier server has left. */
async function openUnix(path: string, mode: number): Promise<Listener> {
  try {
    if (!files.removeSocket(path)) {
      throw new ConfigError(
        `${path} is there, and is no socket: name another path with --unixsocket, or remove it`,
      );
    }
    return await network.listenUnix(path, mode === 0 ? undefined : mode);
  } catch (error) {
    throw error instanceof ConfigError ? error : new EndpointError("unixsocket", path, error);
  }
}
