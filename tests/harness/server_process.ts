// Ravel as a user starts it: a process of its own, `deno run --allow-net main.ts …` unless told
// otherwise.

import type { Outcome } from "./program.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const DEADLINE_MS = 30_000;

export interface RunOptions {
  /** In place of Deno and main.ts: the program, and what comes before the words. */
  readonly program?: readonly string[];
  /** In place of `--allow-net`. */
  readonly permissions?: readonly string[];
  readonly env?: Record<string, string>;
  /** Shell commands that come first in the process, such as `ulimit -n 100`. */
  readonly setup?: string;
  /** What the shell makes of standard output, such as `>/dev/full`. */
  readonly redirection?: string;
}

function command(words: readonly string[], options: RunOptions = {}): Deno.Command {
  const permissions = options.permissions ?? ["--allow-net"];
  const program = options.program ?? [Deno.execPath(), "run", "--quiet", ...permissions, MAIN];
  const args = [...program, ...words];
  const script = `${options.setup ?? ":"}; exec "$0" "$@" ${options.redirection ?? ""}`;
  const isShell = options.setup !== undefined || options.redirection !== undefined;
  return new Deno.Command(isShell ? "sh" : args[0], {
    args: isShell ? ["-c", script, ...args] : args.slice(1),
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs to the end, which comes by itself. */
export async function run(words: readonly string[], options?: RunOptions): Promise<Outcome> {
  const { code, stdout, stderr } = await command(words, options).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A server process whose standard output is read line by line. */
export class ServerProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #stderr: Promise<string>;
  #pending = "";

  constructor(words: readonly string[], options?: RunOptions) {
    this.#process = command(["serve", "--port", "0", ...words], options).spawn();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#stderr = new Response(this.#process.stderr).text();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Sends a signal, unless the process has ended. */
  signal(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** Lines up to the first that matches, that one included. */
  async linesUntil(pattern: RegExp): Promise<string[]> {
    const lines: string[] = [];
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), DEADLINE_MS);
    try {
      for (;;) {
        const end = this.#pending.indexOf("\n");
        if (end >= 0) {
          lines.push(this.#pending.slice(0, end));
          this.#pending = this.#pending.slice(end + 1);
          if (pattern.test(lines[lines.length - 1])) return lines;
          continue;
        }
        const { value, done } = await this.#reader.read();
        if (done) {
          throw new Error(`the server ended: ${lines.join("\n")} ${await this.#stderr}`);
        }
        this.#pending += value;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The port from the banner. */
  async port(): Promise<number> {
    const lines = await this.linesUntil(/connect with/);
    const listening = lines.find((line) => line.includes("listening on"));
    return Number(/:(\d+)$/.exec(listening ?? "")?.[1]);
  }

  /** Waits for the end; what was printed since the last line read, and the exit code. */
  async ended(): Promise<Outcome> {
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), DEADLINE_MS);
    let stdout = this.#pending;
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) break;
      stdout += value;
    }
    const { code } = await this.#process.status;
    clearTimeout(timer);
    return { code, stdout, stderr: await this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#reader.cancel();
    await this.#stderr;
    await this.#process.status;
  }
}
