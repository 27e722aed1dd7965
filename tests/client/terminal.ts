// A person at a terminal: the client runs in a pseudo-terminal made by util-linux's `script`, keys
// are typed, and what the screen shows is waited for.

import type { ClientProgram } from "./client_program.ts";
import { Screen } from "./screen.ts";

const DEADLINE_MS = 30_000;
const ANSWER_AGAIN_MS = 500;

export interface TerminalOptions {
  /** In place of `--allow-net`. */
  readonly permissions?: readonly string[];
  readonly columns?: number;
  readonly env?: Record<string, string>;
}

export const ENTER = "\r";
export const TAB = "\t";
export const UP = "\x1b[A";
export const LEFT = "\x1b[D";
export const CTRL_C = "\x03";
export const CTRL_D = "\x04";
export const CTRL_U = "\x15";

export class Terminal implements AsyncDisposable {
  readonly screen: Screen;
  readonly #process: Deno.ChildProcess;
  readonly #keyboard: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #changed = Promise.withResolvers<void>();
  #ended = false;

  /** Runs the client with these words. */
  constructor(program: ClientProgram, words: readonly string[], options: TerminalOptions = {}) {
    const columns = options.columns ?? 100;
    this.screen = new Screen(columns);
    const command = [...program.command(options.permissions), ...words]
      .map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    this.#process = new Deno.Command("script", {
      args: ["-qfec", `stty cols ${columns} rows 50; exec ${command}`, "/dev/null"],
      env: { TERM: "xterm", SHELL: "/bin/sh", ...options.env },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#keyboard = this.#process.stdin.getWriter();
    this.#reading = this.#read();
  }

  async type(...keys: string[]): Promise<void> {
    await this.#keyboard.write(new TextEncoder().encode(keys.join("")));
  }

  /**
   * Types a key behind the line and its hint and waits until something is drawn. The next key is then
   * read by itself: keys that are read together count as pasted.
   */
  async press(key: string, line: string, hint: string): Promise<void> {
    await this.until(
      `${line} with ${hint}`,
      (screen) =>
        screen.line === line && screen.hint === hint && screen.cursorColumn === line.length,
    );
    const drawn = this.#changed.promise;
    await this.type(key);
    await drawn;
  }

  /**
   * Answers a question of Deno, again and again until it is accepted: Deno drops what is typed until
   * the keyboard has been still for a moment, lest somebody answers without having read.
   */
  async answer(text: string, accepted: string): Promise<void> {
    for (let tries = 0; tries < DEADLINE_MS / ANSWER_AGAIN_MS; tries++) {
      await this.type(text, ENTER);
      await new Promise((resolve) => setTimeout(resolve, ANSWER_AGAIN_MS));
      if (this.#ended || this.screen.text.includes(accepted)) return;
    }
    throw new Error(`never accepted: ${text}\n${this.screen.text}`);
  }

  /** Waits until the screen is as wanted. */
  async until(what: string, condition: (screen: Screen) => boolean): Promise<void> {
    const deadline = Promise.withResolvers<"late">();
    const timer = setTimeout(() => deadline.resolve("late"), DEADLINE_MS);
    try {
      while (!condition(this.screen)) {
        const late = await Promise.race([this.#changed.promise, deadline.promise]) === "late";
        if (late || (this.#ended && !condition(this.screen))) {
          throw new Error(`never came: ${what}\n${this.screen.text}\n(hint: ${this.screen.hint})`);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until the line with the cursor reads so, hints left aside. */
  async line(text: string): Promise<void> {
    await this.until(`line ${text}`, (screen) => screen.line === text);
  }

  /** Waits until this is the hint. */
  async hint(text: string): Promise<void> {
    await this.until(`hint ${text}`, (screen) => screen.hint === text);
  }

  /** Waits until this is somewhere on the screen. */
  async shows(text: string): Promise<void> {
    await this.until(text, (screen) => screen.text.includes(text));
  }

  /** Waits for the client's end; its exit code. */
  async exitCode(): Promise<number> {
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), DEADLINE_MS);
    const { code } = await this.#process.status;
    clearTimeout(timer);
    await this.#reading;
    return code;
  }

  async #read(): Promise<void> {
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      this.screen.write(text);
      this.#notify();
    }
    this.#ended = true;
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#keyboard.abort().catch(() => {});
    await this.#process.status;
    await this.#reading;
  }
}
