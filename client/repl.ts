/**
 * A session in the terminal: reads a line, sends it, prints the reply, and tells what happens to the
 * connection meanwhile.
 *
 * ```
 * ask ──▶ words ──▶ local command, or ──▶ (connect) ──▶ send ──▶ reply ──▶ ask …
 *                                                         └─ messages, until Ctrl-C
 * ```
 *
 * A lost connection is announced when it is lost and opened again with the next command. A command
 * is never sent twice: whether the server has carried it out cannot be known.
 */

import { ReplyPush, type ReplyValue } from "../protocol/reply_value.ts";
import { type CommandTable, NO_COMMANDS, readCommandDocs } from "./command_docs.ts";
import { ConnectionLostError } from "./connection.ts";
import type { ReplyStyle } from "./format.ts";
import { helpText } from "./help.ts";
import { completionsFor, hintFor } from "./hints.ts";
import { History, HISTORY_LINES, mayKeep } from "./history.ts";
import { LineEditor, loadReadline, type Readline } from "./line_editor.ts";
import type { ClientOptions } from "./options.ts";
import { writeReply, writeText } from "./output.ts";
import { ConnectError, Session, SetupError } from "./session.ts";
import { repliesWithText } from "./text_replies.ts";
import { splitLine, textOf } from "./words.ts";

/** Replies that take longer than this are followed by how long they took. */
const SLOW_REPLY_MS = 500;

const COMMAND_DOCS = ["COMMAND", "DOCS"].map((word) => new TextEncoder().encode(word));

/** Runs a session until the person at the terminal ends it; resolves to the exit code. */
export async function runSession(options: ClientOptions): Promise<number> {
  const repl = new Repl(options, History.load(), await loadReadline());
  return await repl.run();
}

class Repl {
  readonly #session: Session;
  readonly #history: History;
  readonly #style: ReplyStyle;
  readonly #editor: LineEditor;
  #commands: CommandTable = NO_COMMANDS;
  #loadingCommands = false;
  #connectedBefore = false;
  /** A command runs; what becomes of the connection is told there. */
  #busy = true;
  #interrupted = false;

  constructor(options: ClientOptions, history: History, readline: Readline) {
    this.#style = options.style ?? "pretty";
    this.#history = history;
    this.#session = new Session(options, {
      onMessage: (message) => this.#editor.printAbove(() => writeReply(message, this.#style)),
      onLost: () => this.#lost(),
    });
    this.#editor = new LineEditor({
      history: history.lines,
      historyLines: HISTORY_LINES,
      keep: mayKeep,
      complete: (line) => completionsFor(line, this.#commands),
      hint: (line) => hintFor(line, this.#commands),
      onInterrupt: () => this.#interrupt(),
    }, readline);
  }

  async run(): Promise<number> {
    using editor = this.#editor;
    await this.#connect();
    for (;;) {
      this.#busy = false;
      this.#interrupted = false;
      const line = await editor.ask(this.#session.prompt);
      this.#busy = true;
      if (line === undefined) break;
      const words = splitLine(line);
      if (words === undefined) {
        writeText("Invalid argument(s)\n");
        continue;
      }
      if (words.length === 0) continue;
      this.#history.add(line);
      if (!await this.#run(words)) break;
    }
    this.#session.disconnect();
    return 0;
  }

  /** Runs one command; false for the one that ends the session. */
  async #run(words: Uint8Array[]): Promise<boolean> {
    switch (textOf(words[0]).toLowerCase()) {
      case "quit":
      case "exit":
        return false;
      case "clear":
        this.#editor.clear();
        return true;
      case "help":
      case "?":
        writeText(`${helpText(words.slice(1).map(textOf), this.#commands)}\n`);
        return true;
    }
    const { connected } = this.#session;
    if (connected || this.#interrupted || await this.#connect()) await this.#send(words);
    return true;
  }

  async #send(words: Uint8Array[]): Promise<void> {
    const startedMs = performance.now();
    try {
      // Ctrl-C may come before the line has got here.
      if (this.#interrupted) throw new ConnectionLostError("interrupted");
      const reply = await this.#session.ask(words);
      writeReply(reply, this.#style, repliesWithText(words));
      const tookMs = performance.now() - startedMs;
      if (tookMs >= SLOW_REPLY_MS) writeText(`(${(tookMs / 1000).toFixed(2)}s)\n`);
      // Under RESP3 messages come beside the replies, so there is no need to wait for them.
      const only = this.#session.subscribed(words, reply) && !(reply instanceof ReplyPush);
      if (only) await this.#readMessages();
      // The server may tell about its commands now that it knows who asks.
      if (/^(auth|hello)$/i.test(textOf(words[0]))) this.#loadCommands();
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      await this.#lostWhileWaiting(error);
    }
  }

  /** Messages are printed as they come, until Ctrl-C or the end of the connection. */
  async #readMessages(): Promise<void> {
    writeText("Reading messages... (press Ctrl-C to stop)\n");
    await this.#session.ended();
    if (this.#interrupted) {
      writeText("\n");
      await this.#connect();
    } else {
      writeText(`${this.#lostText}\n`);
    }
  }

  async #lostWhileWaiting(error: ConnectionLostError): Promise<void> {
    if (this.#interrupted) {
      writeText("\nStopped waiting: the server may still carry the command out.\n");
      await this.#connect();
    } else {
      writeText(
        `Connection to ${this.#session.address} lost before the reply came (${error.message}): ` +
          "the command may or may not have been carried out.\n",
      );
    }
  }

  /** Connects, or says why not. */
  async #connect(): Promise<boolean> {
    try {
      await this.#session.connect();
      if (this.#connectedBefore) writeText(`Connected to ${this.#session.address} again.\n`);
    } catch (error) {
      if (!(error instanceof SetupError || error instanceof ConnectError)) throw error;
      writeText(`${error.message[0].toUpperCase()}${error.message.slice(1)}\n`);
    }
    if (this.#session.connected) this.#connectedBefore = true;
    this.#loadCommands();
    return this.#session.connected;
  }

  /** Asks for the table of commands in the background, until the server has once given it. */
  #loadCommands(): void {
    const idle = this.#session.connected && !this.#session.inTransaction;
    if (this.#commands.size > 0 || this.#loadingCommands || !idle) return;
    this.#loadingCommands = true;
    this.#session.ask(COMMAND_DOCS).then((reply: ReplyValue) => {
      this.#commands = readCommandDocs(reply);
      this.#editor.refreshHint();
    }).catch(() => {}).finally(() => this.#loadingCommands = false);
  }

  #interrupt(): void {
    this.#interrupted = true;
    this.#session.disconnect();
  }

  #lost(): void {
    if (this.#busy) return;
    this.#editor.printAbove(() => writeText(`${this.#lostText}\n`), this.#session.prompt);
  }

  get #lostText(): string {
    return `Connection to ${this.#session.address} lost.`;
  }
}
