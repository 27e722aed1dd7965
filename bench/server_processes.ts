/**
 * Starts the servers that are measured, each as a process of its own on a free loopback port with
 * persistence off, and stops them.
 */

import { cpuSeconds, residentBytes } from "./process_usage.ts";
import { ControlClient } from "./load/control_client.ts";

/** What can be measured; `bare` is bare_server.ts. In the order of tables. */
export const SERVER_KINDS = ["ravel", "bare", "redis", "valkey"] as const;
export type ServerKind = typeof SERVER_KINDS[number];

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const BARE = new URL("./bare_server.ts", import.meta.url).pathname;
const START_DEADLINE_MS = 20_000;
const START_ATTEMPTS = 5;
const POLL_MS = 20;

/** The program of each kind that is not ours. */
const PROGRAMS = { redis: "redis-server", valkey: "valkey-server" } as const;

/** The version that a kind of server reports, or undefined where it is not installed. */
export function installedVersion(kind: "redis" | "valkey"): string | undefined {
  try {
    const { stdout } = new Deno.Command(PROGRAMS[kind], { args: ["--version"], stderr: "null" })
      .outputSync();
    return /v=([0-9.]+)/.exec(new TextDecoder().decode(stdout))?.[1];
  } catch {
    return undefined;
  }
}

export class ServerProcess implements AsyncDisposable {
  private constructor(
    readonly kind: ServerKind,
    readonly port: number,
    readonly process: Deno.ChildProcess,
  ) {}

  readonly hostname = "127.0.0.1";

  /**
   * Starts a server and waits until it answers.
   *
   * @param directives settings under Redis's names, as `["--maxclients", "12000"]`
   */
  static async start(
    kind: ServerKind,
    directives: readonly string[] = [],
  ): Promise<ServerProcess> {
    for (let attempt = 1;; attempt++) {
      const port = freePort();
      const process = command(kind, port, directives).spawn();
      const server = new ServerProcess(kind, port, process);
      try {
        await server.#answering();
        return server;
      } catch (error) {
        await server[Symbol.asyncDispose]();
        // Another program may have taken the port in between.
        if (attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  get pid(): number {
    return this.process.pid;
  }

  get cpuSeconds(): number {
    return cpuSeconds(this.pid);
  }

  get residentBytes(): number {
    return residentBytes(this.pid);
  }

  connect(): Promise<ControlClient> {
    return ControlClient.connect(this.hostname, this.port);
  }

  async #answering(): Promise<void> {
    let ended = false;
    this.process.status.then(() => ended = true);
    for (const deadline = Date.now() + START_DEADLINE_MS;;) {
      try {
        using client = await this.connect();
        await client.ask("PING");
        return;
      } catch (error) {
        if (ended) throw new Error(`${this.kind} ended while it started`, { cause: error });
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.process.status;
  }
}

function command(kind: ServerKind, port: number, directives: readonly string[]): Deno.Command {
  const listen = ["--port", String(port), "--bind", "127.0.0.1"];
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  if (kind === "bare") {
    const args = ["run", "--quiet", "--allow-net", BARE, String(port)];
    return new Deno.Command(Deno.execPath(), { args, ...quiet });
  }
  if (kind === "ravel") {
    // Certificates and sockets are files.
    const needsFiles = directives.some((word) => /^--(tls-cert-file|unixsocket)$/.test(word));
    const permissions = ["--allow-net", ...(needsFiles ? ["--allow-read", "--allow-write"] : [])];
    const args = ["run", "--quiet", ...permissions, MAIN, "serve", ...listen, ...directives];
    return new Deno.Command(Deno.execPath(), { args, ...quiet });
  }
  const args = [...listen, "--save", "", "--appendonly", "no", ...directives];
  return new Deno.Command(PROGRAMS[kind], { args, ...quiet });
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
