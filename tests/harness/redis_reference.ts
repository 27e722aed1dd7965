// A redis-server of its own for one test, to compare replies with. Where redis-server is not
// installed such tests are reported as ignored, except in CI, where they fail.

import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import type { ReplyValue } from "../../protocol/reply_value.ts";
import { writeRespRequest } from "../../protocol/request_writer.ts";

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

export class RedisReference implements AsyncDisposable {
  readonly #input = new ByteQueue({ initialBytes: 4096, maxBytes: 64 * 1024 * 1024 });
  readonly #output = new ByteQueue({ initialBytes: 4096, maxBytes: 64 * 1024 * 1024 });
  readonly #decoder = new ReplyDecoder("resp");

  private constructor(
    readonly port: number,
    readonly process: Deno.ChildProcess,
    readonly connection: Deno.Conn,
  ) {}

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

  async call(...request: readonly (string | Uint8Array)[]): Promise<ReplyValue> {
    writeRespRequest(this.#output, request);
    while (this.#output.length > 0) {
      const { bytes, head, tail } = this.#output;
      this.#output.consume(await this.connection.write(bytes.subarray(head, tail)));
    }
    for (;;) {
      const reply = this.#decoder.decode(this.#input);
      if (reply !== undefined) return reply;
      this.#input.reserve(4096);
      const { bytes, tail } = this.#input;
      const count = await this.connection.read(bytes.subarray(tail));
      if (count === null) throw new Error("redis-server closed the connection");
      this.#input.commit(count);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.close();
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

async function connectWhenUp(port: number): Promise<Deno.Conn> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      return await Deno.connect({ hostname: "127.0.0.1", port });
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
