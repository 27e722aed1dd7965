/**
 * Without a terminal: one command from the command line, or commands line by line from standard
 * input. Replies go to standard output, complaints that are no replies to standard error.
 *
 * The exit code is 0 when every command got a reply that is no error. A script goes on after an
 * error reply, as redis-cli does, and ends with 1 in the end; without a connection it stops.
 */

import { ReplyError } from "../protocol/reply_value.ts";
import { ByteQueue, ByteQueueFullError } from "../structures/bytes/byte_queue.ts";
import { ConnectionLostError } from "./connection.ts";
import type { ReplyStyle } from "./format.ts";
import type { ClientOptions } from "./options.ts";
import { complain, writeReply, writeText } from "./output.ts";
import { kindOf } from "./platform/failures.ts";
import { terminal } from "./platform/platform.ts";
import type { ByteSource } from "./platform/terminal.ts";
import { ConnectError, Session, SetupError } from "./session.ts";
import { repliesWithText } from "./text_replies.ts";
import { splitLine, textOf } from "./words.ts";

const MAX_LINE_BYTES = 2 ** 30;
const READ_BYTES = 64 * 1024;
const LF = 0x0a;
const CR = 0x0d;

const encoder = new TextEncoder();

/** Sends the command of the command line; resolves to the exit code. */
export async function runCommand(options: ClientOptions): Promise<number> {
  const words = options.command.map((word) => encoder.encode(word));
  return await withSession(options, (batch) => batch.run(words));
}

/** Sends what comes on standard input, a command a line; resolves to the exit code. */
export async function runLines(options: ClientOptions): Promise<number> {
  return await withSession(options, async (batch) => {
    let succeeded = true;
    for await (const line of linesOf(terminal.input)) {
      const words = splitLine(line);
      if (words === undefined) {
        writeText("Invalid argument(s)\n");
        succeeded = false;
      } else if (words.length > 0) {
        if (words.length === 1 && /^(quit|exit)$/i.test(textOf(words[0]))) break;
        if (!await batch.run(words)) succeeded = false;
      }
    }
    return succeeded;
  });
}

/** Commands one after the other over one connection. */
class Batch {
  constructor(readonly session: Session, readonly style: ReplyStyle) {}

  /** Prints the reply; false for an error. Messages that may follow are printed until the end. */
  async run(words: readonly Uint8Array[]): Promise<boolean> {
    const reply = await this.session.ask(words);
    writeReply(reply, this.style, repliesWithText(words));
    if (this.session.subscribed(words, reply)) await this.session.ended();
    return !(reply instanceof ReplyError);
  }
}

async function withSession(
  options: ClientOptions,
  body: (batch: Batch) => Promise<boolean>,
): Promise<number> {
  const style = options.style ?? (terminal.isTerminal("output") ? "pretty" : "raw");
  let broken = false;
  const session = new Session(options, {
    onMessage(message) {
      try {
        writeReply(message, style);
      } catch (error) {
        if (kindOf(error) !== "outputClosed") throw error;
        broken = true;
        session.disconnect();
      }
    },
  });
  try {
    await session.connect();
    const succeeded = await body(new Batch(session, style));
    return succeeded && !broken ? 0 : 1;
  } catch (error) {
    // Whoever read the output has seen enough.
    if (kindOf(error) === "outputClosed") return 1;
    if (!isForUser(error)) throw error;
    complain(error.message);
    return 1;
  } finally {
    session.disconnect();
  }
}

function isForUser(error: unknown): error is Error {
  return error instanceof ConnectError || error instanceof SetupError ||
    error instanceof ConnectionLostError || error instanceof ByteQueueFullError;
}

/** Lines without their ends; the bytes are valid until the next one. */
export async function* linesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  const input = new ByteQueue({ initialBytes: READ_BYTES, maxBytes: MAX_LINE_BYTES });
  let searched = 0;
  for (;;) {
    input.reserve(READ_BYTES);
    const count = await source.read(input.bytes.subarray(input.tail));
    if (count === null) break;
    input.commit(count);
    for (;;) {
      const end = input.bytes.subarray(0, input.tail).indexOf(LF, input.head + searched);
      if (end < 0) break;
      const { head, bytes } = input;
      yield bytes.subarray(head, end > head && bytes[end - 1] === CR ? end - 1 : end);
      input.consume(end + 1 - head);
      searched = 0;
    }
    searched = input.length;
  }
  if (input.length > 0) yield input.bytes.subarray(input.head, input.tail);
}
