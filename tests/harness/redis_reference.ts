/**
 * A redis-server of its own for one test, to compare replies with. Where redis-server is not
 * installed such tests are reported as ignored, except in CI, where they fail.
 */

import { Wire } from "./wire.ts";
import { WireClient } from "./wire_client.ts";

/** For Deno.test: whether tests that need redis-server are to be skipped here. */
export const withoutRedis: boolean = isMissing() && Deno.env.get("CI") === undefined;

function isMissing(): boolean {
  try {
    return !new Deno.Command("redis-server", { args: ["--version"], stdout: "null" })
      .outputSync().success;
  } catch {
    return true;
  }
}

export class RedisReference extends WireClient implements AsyncDisposable {
  private constructor(
    readonly port: number,
    readonly process: Deno.ChildProcess,
    wire: Wire,
  ) {
    super(wire);
  }

  /** With settings, which win over those of a configuration file. */
  static async start(
    directives: Readonly<Record<string, string>> = {},
    file?: string,
  ): Promise<RedisReference> {
    const settings = Object.entries(directives).flatMap(([name, value]) => [`--${name}`, value]);
    for (let attempt = 0;; attempt++) {
      const port = freePort();
      const process = new Deno.Command("redis-server", {
        args: [
          ...(file === undefined ? [] : [file]),
          "--port",
          String(port),
          "--bind",
          "127.0.0.1",
          "--save",
          "",
          "--dir",
          "/tmp",
          ...settings,
        ],
        stdout: "null",
        stderr: "null",
      }).spawn();
      try {
        return new RedisReference(port, process, await connectWhenUp(port));
      } catch (error) {
        process.kill("SIGKILL");
        await process.status;
        if (attempt === 3) throw error;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    this.process.kill("SIGKILL");
    await this.process.status;
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

async function connectWhenUp(port: number): Promise<Wire> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      return await Wire.connect(port, "127.0.0.1");
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
