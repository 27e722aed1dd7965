/**
 * Where a server's metrics are read over HTTP, and who may read them: those whom the server itself
 * would serve.
 *
 * ```
 * GET /metrics   Prometheus's text; with a password, by HTTP's basic authentication
 * GET /health    200 while the server answers at all
 * GET /ready     200 while it serves whoever comes, else 503 with the reason
 * ```
 *
 * In protected mode without a password it answers this machine alone, and only who calls it by one of
 * this machine's own names: a web page could have a name of its own point here, and read what comes.
 * Health and readiness tell nothing else than a connection would, and ask for no password.
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { isLoopback } from "../clients/addresses.ts";
import { bindAddresses } from "../clients/bind_addresses.ts";
import { EndpointError } from "../clients/endpoint_error.ts";
import type { HttpListener, HttpReply, HttpRequest } from "../platform/http.ts";
import { failures, http } from "../platform/platform.ts";
import { CONTENT_TYPE } from "./exposition.ts";
import { type MetricSources, metricsText } from "./metrics.ts";

/** What the listener asks of its server. */
export interface MetricsHost extends MetricSources {
  readonly config: MetricSources["config"] & {
    readonly metricsPort: number;
    readonly bind: readonly string[];
  };
  /** Whether the process goes on for as long as metrics may be read. */
  readonly holdsProcess: boolean;
  /** Whether only this machine's own clients are served. */
  readonly isProtected: boolean;
  /** Why a client that comes now would not be served as ever; undefined where it would. */
  readonly unreadiness: string | undefined;
  /** Whether somebody with these credentials may read; undefined for none at all. */
  mayReadMetrics(credentials: Credentials | undefined): boolean;
}

export interface Credentials {
  readonly user: ByteString;
  readonly password: ByteString;
}

const TEXT = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

export class MetricsListener {
  readonly port: number;
  readonly #host: MetricsHost;
  readonly #listeners: HttpListener[] = [];

  private constructor(host: MetricsHost) {
    this.#host = host;
    this.port = host.config.metricsPort;
  }

  /** Listens on the addresses of `bind`. Rejects with an EndpointError, and nothing is open then. */
  static async open(host: MetricsHost): Promise<MetricsListener> {
    const listener = new MetricsListener(host);
    try {
      await listener.#listenOnAll();
      if (!host.holdsProcess) { for (const each of listener.#listeners) each.unref(); }
      return listener;
    } catch (error) {
      await listener.close();
      throw new EndpointError("metrics-port", listener.port, error);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  async #listenOnAll(): Promise<void> {
    let missing: unknown;
    for (const { hostname, isOptional, substitute } of bindAddresses(this.#host.config.bind)) {
      try {
        this.#listeners.push(await this.#listen(hostname, substitute));
      } catch (error) {
        missing = error;
        if (!isOptional || failures.kindOf(error) !== "addressNotAvailable") throw error;
      }
    }
    if (this.#listeners.length === 0) throw missing;
  }

  async #listen(hostname: string, substitute: string | undefined): Promise<HttpListener> {
    const { port } = this;
    const answer = (request: HttpRequest) => this.#answer(request);
    try {
      return await http.serve({ hostname, port, answer });
    } catch (error) {
      const kind = failures.kindOf(error);
      const isFinal = kind === "addressInUse" || kind === "notPermitted";
      if (substitute === undefined || isFinal) throw error;
      return await http.serve({ hostname: substitute, port, answer });
    }
  }

  #answer(request: HttpRequest): HttpReply {
    const host = this.#host;
    if (host.isProtected && !isFromHere(request)) {
      return reply(
        403,
        "Protected mode: without a password, metrics are for this machine alone.\n",
      );
    }
    const { method, path } = request;
    if (path !== "/metrics" && path !== "/health" && path !== "/ready") {
      return reply(404, "There are /metrics, /health and /ready.\n");
    }
    if (method !== "GET" && method !== "HEAD") {
      return reply(405, "Only GET and HEAD.\n", { allow: "GET, HEAD" });
    }
    if (path === "/health") return reply(200, "ok\n");
    if (path === "/ready") return readiness(host.unreadiness);
    if (!host.mayReadMetrics(credentialsOf(request.header("authorization")))) {
      return reply(401, "Metrics take the server's password.\n", {
        "www-authenticate": 'Basic realm="ravel", charset="UTF-8"',
      });
    }
    return reply(200, metricsText(host), { "content-type": CONTENT_TYPE });
  }
}

function reply(status: number, body: string, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { ...TEXT, ...headers }, body };
}

function readiness(unreadiness: string | undefined): HttpReply {
  return unreadiness === undefined
    ? reply(200, "ready\n")
    : reply(503, `not ready: ${unreadiness}\n`);
}

function isFromHere(request: HttpRequest): boolean {
  if (!isLoopback(request.remoteAddress.hostname)) return false;
  const name = (request.header("host") ?? "").replace(/:\d*$/, "").toLowerCase();
  return name === "localhost" || isLoopback(name.replace(/^\[(.*)\]$/, "$1"));
}

/** The user and the password of HTTP's basic authentication (RFC 7617), as bytes. */
function credentialsOf(header: string | undefined): Credentials | undefined {
  const encoded = /^basic +([a-z0-9+/]+=*) *$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  let decoded: ByteString;
  try {
    decoded = atob(encoded);
  } catch {
    return undefined;
  }
  const colon = decoded.indexOf(":");
  if (colon === -1) return undefined;
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
