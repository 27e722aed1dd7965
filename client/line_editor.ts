/**
 * The line that is being typed: Node's readline does the editing, the history and the Tab key, and
 * this file adds what it has not:
 *
 *   hints       The text in grey behind the cursor is drawn after every key that readline has
 * ```
 *           handled and wiped before the next one, always from the cursor, which then goes back.
 *           readline never knows of it.
 * ```
 *   silence     While a command runs, readline keeps on reading keys, because Ctrl-C is one of them
 * ```
 *           in raw mode, but what it would draw is dropped. The next ask() draws it all.
 * ```
 *   pasted text Lines that come while a command runs wait for their turn.
 *   messages    printAbove() wipes the line, prints, and draws the line again.
 */

import type { Interface } from "node:readline";
import { write, writeText } from "./output.ts";
import { terminal } from "./platform/platform.ts";

export interface LineEditorOptions {
  /** Earlier lines, the newest first. */
  readonly history: readonly string[];
  /** Lines that the history keeps. */
  readonly historyLines: number;
  /** Whether a line may be kept. */
  readonly keep: (line: string) => boolean;
  /** What the end of a line may become, and that end. */
  readonly complete: (line: string) => { candidates: readonly string[]; replaced: string };
  /** What to show behind a line; printable ASCII. */
  readonly hint: (line: string) => string;
  /** Ctrl-C while nobody waits in ask(). */
  readonly onInterrupt: () => void;
}

/** Pasted lines that may wait; what is pasted beyond that is dropped. */
const MAX_WAITING_LINES = 10_000;

const WIPE_TO_END = "\x1b[0J";
const GREY = terminal.noColor ? "\x1b[2m" : "\x1b[90m";
const PLAIN = "\x1b[0m";
const FALLBACK_COLUMNS = 80;

/** What of Node's is needed, which every runtime has. */
export type Readline = Awaited<ReturnType<typeof loadReadline>>;

/** Loads it, when a session begins: it takes a while, and programs that serve have the client too. */
export async function loadReadline() {
  const [{ stdin }, { createInterface }, { Writable }] = await Promise.all([
    import("node:process"),
    import("node:readline"),
    import("node:stream"),
  ]);
  return { stdin, createInterface, Writable };
}

/** readline remembers there how many rows of the line are above the cursor. */
interface DrawnInterface extends Interface {
  prevRows?: number;
}

export class LineEditor implements Disposable {
  readonly #options: LineEditorOptions;
  readonly #stdin: Readline["stdin"];
  readonly #screen: Screen;
  readonly #readline: DrawnInterface;
  readonly #lines: string[] = [];
  readonly #stopWatching: () => void;
  #asking: ((line: string | undefined) => void) | undefined;
  #hintShown = false;
  #closed = false;

  constructor(options: LineEditorOptions, readline: Readline) {
    const { stdin } = readline;
    this.#options = options;
    this.#stdin = stdin;
    this.#screen = makeScreen(readline);
    stdin.prependListener("keypress", this.#beforeKey);
    this.#readline = readline.createInterface({
      input: stdin,
      output: this.#screen,
      terminal: true,
      history: [...options.history],
      historySize: options.historyLines,
      removeHistoryDuplicates: true,
      completer: (line: string) => this.#complete(line),
    });
    stdin.on("keypress", this.#afterKey);
    this.#readline.on("line", (line) => this.#entered(line));
    this.#readline.on("close", () => this.#end());
    this.#readline.on("SIGINT", () => this.#interrupted());
    // Left to readline, Ctrl-Z would send a signal, for which a program may need a permission.
    this.#readline.on("SIGTSTP", () => {});
    this.#readline.on("history", (history: string[]) => {
      if (history.length > 0 && !options.keep(history[0])) history.shift();
    });
    this.#stopWatching = terminal.onResize(() => this.#screen.emit("resize"));
  }

  /** The next line, or undefined when there will be none. One caller at a time. */
  async ask(prompt: string): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined) {
      writeText(`${prompt}${line}\n`);
      return line;
    }
    if (this.#closed) return undefined;
    const next = new Promise<string | undefined>((resolve) => this.#asking = resolve);
    this.#screen.silent = false;
    this.#draw(prompt);
    return await next;
  }

  /**
   * Prints whole lines where the line being typed is, which moves below them and may get another
   * prompt there.
   */
  printAbove(print: () => void, prompt?: string): void {
    if (this.#asking === undefined) return print();
    const { rows } = this.#readline.getCursorPos();
    writeText(`${rows > 0 ? `\x1b[${rows}A` : ""}\r${WIPE_TO_END}`);
    this.#hintShown = false;
    print();
    this.#draw(prompt);
  }

  /** Draws the hint anew, for when there is more to tell than before. */
  refreshHint(): void {
    if (this.#asking === undefined) return;
    this.#wipeHint();
    this.#drawHint();
  }

  /** An empty screen. */
  clear(): void {
    writeText("\x1b[H\x1b[2J");
  }

  /** Gives the terminal back as it was. */
  [Symbol.dispose](): void {
    this.#readline.close();
    this.#stdin.off("keypress", this.#beforeKey);
    this.#stdin.off("keypress", this.#afterKey);
    this.#stopWatching();
  }

  readonly #beforeKey = () => this.#wipeHint();
  readonly #afterKey = () => this.#drawHint();

  /** Draws prompt, line and hint where the cursor is, which is the beginning of a row. */
  #draw(prompt?: string): void {
    // As far as readline recalls, it has put the cursor some rows below the prompt, and goes up by them.
    this.#readline.prevRows = 0;
    if (prompt !== undefined) this.#readline.setPrompt(prompt);
    this.#readline.prompt(true);
    this.#drawHint();
  }

  #drawHint(): void {
    const { line, cursor } = this.#readline;
    if (this.#asking === undefined || cursor !== line.length || line === "") return;
    const { cols } = this.#readline.getCursorPos();
    const hint = this.#options.hint(line).slice(0, Math.max(0, this.#screen.columns - cols - 1));
    if (hint === "") return;
    writeText(`${GREY}${hint}${PLAIN}\x1b[${hint.length}D`);
    this.#hintShown = true;
  }

  #wipeHint(): void {
    if (!this.#hintShown) return;
    writeText(WIPE_TO_END);
    this.#hintShown = false;
  }

  #complete(line: string): [string[], string] {
    const { candidates, replaced } = this.#options.complete(line);
    return [candidates.length === 1 ? [`${candidates[0]} `] : [...candidates], replaced];
  }

  #entered(line: string): void {
    const asking = this.#asking;
    if (asking === undefined) {
      if (this.#lines.length < MAX_WAITING_LINES) this.#lines.push(line);
      return;
    }
    this.#asking = undefined;
    this.#screen.silent = true;
    asking(line);
  }

  /** Ctrl-C: drops what has been typed; on an empty line it is the end. */
  #interrupted(): void {
    this.#lines.length = 0;
    if (this.#asking === undefined) return this.#options.onInterrupt();
    if (this.#readline.line === "") return this.#readline.close();
    this.#readline.write(null, { ctrl: true, name: "e" });
    writeText("^C\n");
    this.#screen.silent = true;
    this.#readline.write(null, { ctrl: true, name: "u" });
    this.#screen.silent = false;
    this.#draw();
  }

  #end(): void {
    this.#closed = true;
    if (this.#asking === undefined) return this.#options.onInterrupt();
    // The shell's prompt goes on a line of its own.
    writeText("\n");
    const asking = this.#asking;
    this.#asking = undefined;
    asking(undefined);
  }
}

type Screen = ReturnType<typeof makeScreen>;

/** Standard output as readline sees it: it can be silenced, and it is as wide as the terminal. */
function makeScreen({ Writable }: Pick<Readline, "Writable">) {
  return new class extends Writable {
    silent = true;

    get columns(): number {
      return terminal.columns() ?? FALLBACK_COLUMNS;
    }

    override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
      if (!this.silent) write(chunk);
      done();
    }
  }();
}
