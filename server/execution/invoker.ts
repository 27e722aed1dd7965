/**
 * The only way a command runs, whoever calls it: a client's batch, a transaction, a script.
 *
 * ```
 * admission ─▶ run ─▶ what it threw becomes the reply ─▶ settle: the reply's end, messages that
 *    │                                                          waited for it, counters, hooks
 *    ├─ refused: the reply, counted as rejected
 *    └─ queued, or to wait
 * ```
 *
 * Whatever happens, one reply comes of a call, or as many bytes as none (CLIENT REPLY OFF).
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply, OUT_OF_MEMORY } from "../../protocol/error_reply.ts";
import { ArenaFullError } from "../../structures/arena/arena.ts";
import { ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { ServerLog } from "../report/log.ts";
import type { Stats } from "../report/stats.ts";
import type { Admission, Instead } from "./admission.ts";
import type { Frame } from "./frame.ts";
import { Condition } from "./condition.ts";
import { type Client, ReplyMode } from "./client.ts";
import type { ExecutableCommand } from "./command_table.ts";
import { After, type Settlement } from "./settlement.ts";
import type { Suspension } from "./suspension.ts";

/** What a command may leave behind that a later one must not meet. */
export interface LateCallGuard {
  /** A call goes on after its command has returned: nothing that it writes may reach a client. */
  isolate(call: Frame): void;
}

/** What every call passes before it runs, and after. */
export interface Gates {
  readonly admission: Admission;
  readonly settlement: Settlement;
}

export class Invoker {
  readonly #admission: Admission;
  readonly #settlement: Settlement;
  readonly #stats: Stats;
  readonly #log: ServerLog;
  readonly #guard: LateCallGuard;
  /** Commands that have returned a promise once; see #isolate. */
  readonly #broken = new Set<ExecutableCommand>();
  /** A bound on the arena bytes that any call of the batch takes. */
  #batchBytes = 0;

  constructor(
    { admission, settlement }: Gates,
    stats: Stats,
    log: ServerLog,
    guard: LateCallGuard,
  ) {
    this.#admission = admission;
    this.#settlement = settlement;
    this.#stats = stats;
    this.#log = log;
    this.#guard = guard;
    admission.check(Condition.Fault, (_, command) => this.#whyBroken(command));
  }

  /**
   * Runs a command, or refuses to, and writes its one reply.
   *
   * @param call with client and arguments, and the hashes begun
   */
  invoke(call: Frame, command: ExecutableCommand): void {
    const verdict = this.#admission.verdict(call, command);
    if (verdict !== undefined) return this.#obey(verdict, call, command);
    this.perform(call, command);
  }

  /** As {@linkcode Invoker.invoke}, where the command has been admitted. */
  perform(call: Frame, command: ExecutableCommand): void {
    const { client, depth, reply } = call;
    call.command = command;
    client.lastCommand = command.fullName;
    const mark = depth === 0 ? reply.begin() : reply.mark();
    try {
      // What it may need is there before it begins, so that nothing is left half done.
      if (command.deniesOom) {
        call.keyspace.arena.reserve(call.isOfBatch ? this.#batchBytes : arenaBytesFor(call.args));
      }
      const late: unknown = command.run!(call);
      if (late !== undefined && isPromise(late)) {
        this.#isolate(call, command, late);
        this.#fail(client, command, mark, asynchronous(command));
      }
    } catch (error) {
      this.#fail(client, command, mark, error);
    }
    if (client.isBlocked) return this.#leave(call, command, mark);
    this.#complete(client, call, command, mark);
  }

  /** Goes on with a call that had stopped in the middle, and is in that frame now. */
  resume(call: Frame, command: ExecutableCommand, suspension: Suspension): void {
    const { client, depth, reply } = call;
    call.command = command;
    const mark = depth === 0 ? reply.begin() : reply.mark();
    try {
      suspension.resume(call);
    } catch (error) {
      this.#fail(client, command, mark, error);
    }
    if (!client.isBlocked) this.#complete(client, call, command, mark);
    else if (depth === 0) reply.end(mark);
  }

  /**
   * A call ends without its reply: it gets that, is counted and looked at when the command is tried
   * again or goes on; who watches sees it now.
   */
  #leave(call: Frame, command: ExecutableCommand, mark: number): void {
    const { client, depth, reply } = call;
    if (depth > 0) return;
    reply.end(mark);
    if ((this.#settlement.active & After.Monitor) !== 0) {
      this.#settlement.run(call, command, After.Monitor);
    }
    // What has stopped in the middle has its reply still to come.
    if (client.hasWaitingPushes && client.suspended === undefined) client.appendWaitingPushes();
  }

  /** Whose call it was is told: the frame may have been taken away; see #isolate. */
  #complete(client: Client, call: Frame, command: ExecutableCommand, mark: number): void {
    const { depth } = call;
    const stats = this.#stats;
    stats.commandsProcessed++;
    stats.command(command.id).calls++;
    if (depth === 0) this.#endReply(client, mark);
    const after = this.#settlement.active | client.after;
    if (after !== 0) this.#settle(client, call, command, after);
  }

  /** Passes a call on to the hooks, unless its command has it still; see #isolate. */
  #settle(client: Client, call: Frame, command: ExecutableCommand, after: number): void {
    if (call.client !== client) return;
    this.#settlement.run(call, command, after);
    // What was pushed to the client meanwhile came behind its reply.
    if (call.depth > 0 || client.pieces !== undefined) return;
    if (client.hasWaitingPushes) client.appendWaitingPushes();
  }

  /** Does what admission says in place of running the command. */
  #obey(verdict: string | Instead, call: Frame, command: ExecutableCommand): void {
    call.client.lastCommand = command.fullName;
    if (typeof verdict === "string") return this.refuse(call, command, verdict);
    const mark = call.reply.begin();
    if (verdict(call, command)) this.#endReply(call.client, mark);
    else call.reply.end(mark);
  }

  /** Takes note of a batch of a client's, of which no call is larger than all of it. */
  beginBatch(bytes: number, args: number): void {
    this.#batchBytes = boundOf(bytes, args);
  }

  /** Writes a reply in place of running: of a command that waited in vain. */
  answer(client: Client, write: (reply: Reply) => void): void {
    const mark = client.reply.begin();
    write(client.reply);
    this.#endReply(client, mark);
  }

  /** Counts a command as called that did not run to its end. */
  count(command: ExecutableCommand): void {
    this.#stats.commandsProcessed++;
    this.#stats.command(command.id).calls++;
  }

  /** Counts the error that a command ends with. */
  countFailure(command: ExecutableCommand, message: string): void {
    this.#stats.command(command.id).failed++;
    this.#stats.countError(message);
  }

  /** Replies with an error in place of running; `command` is undefined where there is none. */
  refuse(call: Frame, command: ExecutableCommand | undefined, problem: string): void {
    const { client, reply } = call;
    if (command !== undefined) this.#stats.command(command.id).rejected++;
    const isExec = command?.fullName === "exec";
    client.transaction?.refused(isExec);
    if (isExec) client.execRefused();
    const message = isExec ? aborted(problem) : problem;
    this.#stats.countError(message);
    const mark = call.depth === 0 ? reply.begin() : reply.mark();
    reply.error(message);
    if (call.depth === 0) this.#endReply(client, mark);
    if (client.after !== 0) this.#settlement.refused(call, command, client.after);
  }

  #endReply(client: Client, mark: number): void {
    // The command may have changed the client's protocol.
    const { reply } = client;
    if (client.replyMode !== ReplyMode.On) dropReply(client, mark);
    reply.end(mark);
    if (client.hasWaitingPushes && client.pieces === undefined) client.appendWaitingPushes();
  }

  /** Turns whatever a command threw into the client's error reply. */
  #fail(client: Client, command: ExecutableCommand, mark: number, error: unknown): void {
    const { reply } = client;
    const log = this.#log;
    reply.rollback(mark);
    this.#stats.command(command.id).failed++;
    let message: string;
    if (error instanceof ErrorReply) {
      message = error.message;
    } else if (error instanceof ArenaFullError) {
      message = OUT_OF_MEMORY.message;
      log.rarely("warning", "the memory is full", {
        command: command.fullName,
        error: error.message,
      });
    } else if (error instanceof ByteQueueFullError) {
      message = "ERR the reply is too large";
      client.closeAfterReply = true;
      log.rarely("warning", "closing client: its reply is too large", {
        client: client.address,
        command: command.fullName,
        error: error.message,
      });
    } else {
      message = "ERR internal error";
      log.fault(`${command.fullName} failed`, error);
    }
    this.#stats.countError(message);
    reply.error(message);
  }

  /**
   * A command answered a promise, so it has not done what it was asked to, and will go on when its
   * frame and its writer are others' already. It gets those for itself, and they lead nowhere.
   */
  #isolate(call: Frame, command: ExecutableCommand, late: unknown): void {
    this.#broken.add(command);
    this.#admission.set(Condition.Fault, true);
    this.#guard.isolate(call);
    Promise.resolve(late).then(
      () => this.#log.warning(`${command.fullName} ended late, and to no effect`),
      (error) => this.#log.fault(`${command.fullName} failed late`, error),
    );
  }

  /** Why a command is not to be run at all: it has returned a promise before. */
  #whyBroken(command: ExecutableCommand): string | undefined {
    return this.#broken.has(command) ? asynchronous(command).message : undefined;
  }
}

/** What any command takes that adds a little: blocks of its collections, nodes, a table's buckets. */
const RESERVED_BYTES = 256 * 1024;
/** What an argument takes beside its bytes: a node, its place in a table, in a tree. */
const ARGUMENT_BYTES = 256;
/** Bytes of a request that may be copied from block to block as a small collection grows. */
const GROWING_BYTES = 64 * 1024;

/**
 * A bound on the arena bytes that a call takes which adds what it was sent. What a command needs
 * beyond the size of its request, it reserves itself.
 */
function boundOf(bytes: number, args: number): number {
  return RESERVED_BYTES + 16 * Math.min(bytes, GROWING_BYTES) + 4 * bytes + ARGUMENT_BYTES * args;
}

function arenaBytesFor(args: Arguments): number {
  const last = args.count - 1;
  return boundOf(args.start(last) + args.length(last) - args.start(0), args.count);
}

/** The error of an EXEC that is refused for an error, of which a mere ERR is not repeated. */
function aborted(problem: string): string {
  const cause = problem.startsWith("ERR ") ? problem.slice(4) : problem;
  return `EXECABORT Transaction discarded because of: ${cause}`;
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null)?.then === "function";
}

function asynchronous({ fullName }: ExecutableCommand): ErrorReply {
  return new ErrorReply(
    `ERR command '${fullName}' answers a promise: a command has to be done when it returns`,
  );
}

/** Takes the reply back, as CLIENT REPLY has it. */
export function dropReply(client: Client, mark: number): void {
  if (client.replyMode === ReplyMode.SkipNext) {
    client.replyMode = ReplyMode.SkipThis;
  } else if (client.replyMode === ReplyMode.SkipThis) {
    client.replyMode = ReplyMode.On;
  }
  client.reply.rollback(mark);
  client.pieces?.ended();
  client.pieces = undefined;
}
