/**
 * The executor: carries out the requests of a batch, one after the other, each to its end.
 *
 * ```
 * batch ─▶ look ahead ─▶ request ─▶ invoke ─▶ request ─▶ invoke ─▶ …
 *                                     │
 *                                     └─ stops where the client is to be closed, has to wait, or
 *                                        has so much output that it is to be sent first
 * ```
 */

import { assert } from "../../structures/assert.ts";
import { monotonicMs } from "../../structures/real_time.ts";
import { Arguments, type RequestBatch } from "../../protocol/arguments.ts";
import { isWebRequest } from "../../protocol/web_request.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Stats } from "../report/stats.ts";
import { type Frame, Frames, wrongArity } from "./frame.ts";
import { type Client, ReplyMode } from "./client.ts";
import type { CommandNames, ExecutableCommand } from "./command_table.ts";
import type { Dialects } from "./dialects.ts";
import { type Gates, Invoker } from "./invoker.ts";
import { LookAhead } from "./look_ahead.ts";
import type { CallTimes } from "./call_times.ts";
import type { ServerContext } from "../context.ts";
import type { StoredRequest } from "./stored_request.ts";
import type { Suspension } from "./suspension.ts";
import { unknownCommand, unknownSubcommand } from "./unknown_command.ts";

const NO_BYTES = new Uint8Array(0);

/** A batch that produced so much output is interrupted until that is sent. */
const OUTPUT_PAUSE_BYTES = 1024 * 1024;

export interface ExecutorOptions extends Gates {
  readonly table: CommandNames;
  readonly dialects: Dialects;
  readonly times: CallTimes;
}

export class Executor {
  readonly table: CommandNames;
  /** Whose requests are being carried out, if anybody's. */
  served: Client | undefined;
  readonly #server: ServerContext;
  readonly #stats: Stats;
  readonly #frames: Frames<ServerContext>;
  readonly #invoker: Invoker;
  readonly #lookAhead: LookAhead;
  readonly #dialects: Dialects;
  /** The command whose time is being measured, and since when; see #measure. */
  #measured: ExecutableCommand | undefined;
  #measuredSinceMs = 0;
  /** The command whose calls in a row are measured together; null: the next call is another run. */
  #repeated: ExecutableCommand | undefined | null;
  /** The run: its first request, and how many commands had been carried out before it. */
  #runFrom = 0;
  #runProcessed = 0;
  /** When the last call of the run began, where it has said that it took long; else NaN. */
  #longSinceMs = NaN;
  /** When the first command of the batch began; 0: none has. */
  #turnSinceMs = 0;
  readonly #times: CallTimes;
  readonly #slowArgs = new Arguments();

  constructor(server: ServerContext, options: ExecutorOptions) {
    const { dialects, table, times } = options;
    this.table = table;
    this.#server = server;
    this.#stats = server.stats;
    this.#dialects = dialects;
    this.#times = times;
    this.#frames = new Frames(server);
    this.#invoker = new Invoker(options, server.stats, server.log, this);
    this.#lookAhead = new LookAhead(table, server.keyspace.hasher);
  }

  /** The frame for what a call of depth `depth - 1` runs, filled by that. */
  frame(depth: number): Frame {
    return this.#frames.nested(depth);
  }

  /** Runs a command in a frame that has its client, arguments and reply; see Invoker. */
  invoke(call: Frame, command: ExecutableCommand): void {
    const sinceMs = this.#startNested(command);
    this.#invoker.invoke(call, command);
    this.#endNested(call, command, sinceMs);
  }

  /**
   * Runs a command that was admitted when it was queued; see Invoker.
   *
   * @returns the milliseconds that it took; NaN where it was not timed
   */
  perform(call: Frame, command: ExecutableCommand): number {
    const sinceMs = this.#startNested(command);
    this.#invoker.perform(call, command);
    return this.#endNested(call, command, sinceMs);
  }

  /** Goes on with a call that another one has in its frame; see Invoker. */
  resume(call: Frame, command: ExecutableCommand, suspension: Suspension): void {
    this.#invoker.resume(call, command, suspension);
  }

  /**
   * Goes on with a client's request that had stopped in the middle, and has its reply sent.
   *
   * @param elapsedMs what it has taken in all
   */
  goOn(client: Client, suspension: Suspension, elapsedMs: number): void {
    const call = this.#frames.retry;
    call.setClient(client);
    const command = this.#stored(suspension.request, call);
    this.#aside(client, call, command, undefined, suspension);
    if (!client.isBlocked) {
      this.#addTime(command, elapsedMs);
      this.#times.note(client, command, call.args, elapsedMs);
    }
    call.disown();
  }

  /** Has something done as a part of a client's request that has stopped in the middle. */
  asServed<T>(client: Client, step: () => T): T {
    const { keyspace } = this.#server;
    const { served } = this;
    const { touching } = keyspace;
    this.served = client;
    keyspace.touching = !client.noTouch;
    try {
      return step();
    } finally {
      this.served = served;
      keyspace.touching = touching;
    }
  }

  /**
   * The request that is carried out took longer than those are thought to that are timed together: it is
   * timed by itself. It may go on.
   *
   * @param sinceMs when what took long began
   */
  tookLong(sinceMs: number): void {
    this.#longSinceMs = sinceMs;
    this.#repeated = null;
  }

  /** When a command begins that another one runs; NaN for one that is not timed by itself. */
  #startNested({ id, isQuick }: ExecutableCommand): number {
    const isUntimed = isQuick && !this.#times.timesNested && !this.#stats.command(id).isSampled;
    return isUntimed ? NaN : monotonicMs();
  }

  #endNested({ args, client }: Frame, command: ExecutableCommand, sinceMs: number): number {
    if (Number.isNaN(sinceMs)) return sinceMs;
    const elapsedMs = monotonicMs() - sinceMs;
    this.#addTime(command, elapsedMs);
    this.#times.note(client, command, args, elapsedMs);
    return elapsedMs;
  }

  /** Counts the time of a call. */
  #addTime({ id }: ExecutableCommand, elapsedMs: number): void {
    const totals = this.#stats.command(id);
    totals.elapsedMs += elapsedMs;
    totals.timed(elapsedMs, 1, this.#stats.keepsTimes);
  }

  /** Runs a request of a client that has waited, and has its reply sent. */
  retry(client: Client, request: StoredRequest): void {
    const call = this.#frames.retry;
    call.setClient(client);
    const command = this.#stored(request, call);
    const { commandsProcessed } = this.#stats;
    const sinceMs = monotonicMs();
    this.#aside(client, call, command, undefined);
    const elapsedMs = monotonicMs() - sinceMs;
    // It is not the time of the command that it was served behind.
    this.#measuredSinceMs += elapsedMs;
    // It may have been refused: what its user may do has changed.
    if (!client.isBlocked && this.#stats.commandsProcessed !== commandsProcessed) {
      this.#addTime(command, elapsedMs);
      this.#times.note(client, command, call.args, elapsedMs);
    }
    call.disown();
  }

  /** Sends a client that has waited in vain its reply, and counts the command or not. */
  answer(
    client: Client,
    request: StoredRequest,
    write: (reply: Reply) => void,
    isCounted: boolean,
  ): void {
    const call = this.#frames.retry;
    const command = this.#stored(request, call);
    if (isCounted) {
      this.#invoker.count(command);
      // Waiting is no work.
      this.#addTime(command, 0);
      this.#times.note(client, command, call.args, 0);
    }
    this.#aside(client, call, command, write);
    call.disown();
  }

  /** As answer(), with an error. */
  fail(client: Client, request: StoredRequest, message: string): void {
    this.#invoker.countFailure(this.#stored(request, this.#frames.retry), message);
    this.answer(client, request, (reply) => reply.error(message), true);
  }

  /** Points a call at a stored request, and finds its command. */
  #stored(request: StoredRequest, call: Frame): ExecutableCommand {
    const { args } = call;
    request.show(args);
    call.hashes.beginUnknown();
    const command = this.table.find(args.bytes, args.start(0), args.length(0));
    assert(command !== undefined, "a request that waited has a command");
    return command;
  }

  /**
   * Has a command run, or something written in its place, for a client while another one, or none, is
   * served.
   */
  #aside(
    client: Client,
    call: Frame,
    command: ExecutableCommand,
    write: ((reply: Reply) => void) | undefined,
    suspension?: Suspension,
  ): void {
    const { keyspace } = this.#server;
    const { touching } = keyspace;
    const { out } = client.reply;
    const { served } = this;
    const longSinceMs = this.#longSinceMs;
    this.served = client;
    keyspace.touching = !client.noTouch;
    client.reply.out = client.transport.output();
    client.isReplying = true;
    try {
      if (suspension !== undefined) this.#invoker.resume(call, command, suspension);
      else if (write === undefined) this.#invoker.invoke(call, command);
      else this.#invoker.answer(client, write);
    } finally {
      client.isReplying = client.pieces !== undefined || client.suspended !== undefined;
      // The writer may have been replaced, see isolate().
      client.reply.out = out;
      this.served = served;
      // It is timed by itself, and what it was served behind by its own measure.
      this.#longSinceMs = longSinceMs;
      keyspace.touching = touching;
    }
    client.transport.outputAdded();
  }

  /**
   * Carries out the requests of `batch` from index `from` on, in order.
   *
   * @returns the index of the first request not carried out: the batch's count, unless the client is
   *   to be closed, has to wait, or its output has to be sent first
   */
  run(client: Client, batch: RequestBatch, from: number): number {
    const { count } = batch;
    const lookAhead = this.#lookAhead;
    const frames = this.#frames;
    let call = frames.first;
    call.setClient(client);
    lookAhead.prepare(batch, from, client.db);
    this.#server.keyspace.touching = !client.noTouch;
    this.#invoker.beginBatch(batch.bytesFrom(from), batch.argumentsFrom(from));
    this.#measured = undefined;
    this.served = client;
    this.#repeated = null;
    this.#turnSinceMs = 0;
    const processedBefore = this.#stats.commandsProcessed;
    client.isReplying = true;
    const { out } = client.reply;
    let r = from;
    while (r < count) {
      const command = lookAhead.commands[r];
      if (command !== this.#repeated) {
        const isOther = command !== this.#measured;
        this.#measure(command, client, batch, r);
        const prefetch = command?.prefetch;
        if (isOther && prefetch !== undefined) {
          lookAhead.loadAhead(call, command!, prefetch, batch, r);
        }
      }
      if (client.replyMode === ReplyMode.SkipThis) passEmpty(client, batch, r);
      batch.view(call.args, r);
      if (command === undefined) {
        this.#withoutCommand(call);
      } else {
        call.hashes.begin(command, lookAhead.hashes[r]);
        if (command.subcommands.length === 0) this.#invoker.invoke(call, command);
        else this.#runSubcommand(call, command);
      }
      if (client.isPostponed) break;
      r++;
      if (client.closeAfterReply || client.isWaiting || out.length >= OUTPUT_PAUSE_BYTES) break;
      // The call may have been taken away, or have changed the client's database or protocol.
      if (call !== frames.first) {
        call = frames.first;
        call.setClient(client);
      } else if (call.db !== client.db || call.reply !== client.reply) call.setClient(client);
    }
    client.isPostponed = false;
    client.isResumed = false;
    // Who waits has its reply skipped when that comes.
    if (r === count && client.replyMode === ReplyMode.SkipThis && !client.isBlocked) {
      passEmpty(client, batch, r);
    }
    client.isReplying = client.pieces !== undefined || client.suspended !== undefined;
    this.served = undefined;
    this.#measure(undefined, client, batch, r);
    this.#stats.turns.ended(
      this.#measuredSinceMs - this.#turnSinceMs,
      this.#stats.commandsProcessed - processedBefore,
    );
    return r;
  }

  #runSubcommand(call: Frame, container: ExecutableCommand): void {
    const { args } = call;
    if (args.count < 2) {
      if (container.run !== undefined) return this.#invoker.invoke(call, container);
      return this.#invoker.refuse(call, container, wrongArity(container).message);
    }
    const command = container.subcommand(args.bytes, args.start(1), args.length(1));
    if (command === undefined) {
      return this.#invoker.refuse(call, undefined, unknownSubcommand(args));
    }
    this.#measured = command;
    this.#invoker.invoke(call, command);
  }

  /** A request that names no command. */
  #withoutCommand(call: Frame): void {
    const { args, client } = call;
    if (isWebRequest(args)) {
      this.#server.log.rarely(
        "warning",
        "closing client: it sent an HTTP request, as a web page does that attacks servers near it",
        { client: client.address },
      );
      client.closeAfterReply = true;
      client.transport.close();
    } else {
      this.#invoker.refuse(call, undefined, unknownCommand(args));
    }
  }

  /** See LateCallGuard: the frame and the writers are somebody else's from now on. */
  isolate(call: Frame): void {
    this.#frames.replace(call);
    this.#dialects.replace(call.client.reply, this.#server.clients);
    call.disown();
  }

  /**
   * Attributes the time since the last call to the command that ran, and starts on the next. Called
   * when the command changes, so a pipeline of equal commands that are quick reads the clock twice, not
   * twice each; see call_times.ts.
   */
  #measure(
    next: ExecutableCommand | undefined,
    client: Client,
    batch: RequestBatch,
    r: number,
  ): void {
    const nowMs = monotonicMs();
    if (!Number.isNaN(this.#longSinceMs)) this.#splitRun(client, batch, r - 1);
    this.#endRun(nowMs, client, batch, r);
    this.#measured = next;
    this.#measuredSinceMs = nowMs;
    this.#runFrom = r;
    this.#runProcessed = this.#stats.commandsProcessed;
    const isRepeated = next !== undefined && next.isTimedInRuns && !this.#times.isFine;
    this.#repeated = isRepeated ? next : null;
  }

  /** Ends the run before its last call, the request of index `last`, which took long: a run of its own. */
  #splitRun(client: Client, batch: RequestBatch, last: number): void {
    const sinceMs = this.#longSinceMs;
    this.#longSinceMs = NaN;
    this.#endRun(sinceMs, client, batch, last);
    this.#measuredSinceMs = sinceMs;
    this.#runFrom = last;
    const isCounted = !client.isBlocked;
    this.#runProcessed = this.#stats.commandsProcessed - (isCounted ? 1 : 0);
  }

  /** Counts the calls of a run that ended with the request before that of index `r`. */
  #endRun(nowMs: number, client: Client, batch: RequestBatch, r: number): void {
    const measured = this.#measured;
    const stats = this.#stats;
    const times = this.#times;
    // The time of a call that waits is that of its end.
    const isWaiting = client.isBlocked && stats.commandsProcessed === this.#runProcessed;
    if (measured !== undefined && !isWaiting) {
      const elapsedMs = nowMs - this.#measuredSinceMs;
      const totals = stats.command(measured.id);
      totals.elapsedMs += elapsedMs;
      stats.turns.commandMs += elapsedMs;
      // Others were refused, queued, or wait.
      const calls = Math.min(r - this.#runFrom, stats.commandsProcessed - this.#runProcessed);
      if (calls > 0) {
        const eachMs = elapsedMs / calls;
        totals.timed(eachMs, calls, stats.keepsTimes);
        if (eachMs >= times.limitMs) this.#noteRun(measured, eachMs, client, batch, r);
      }
    } else if (this.#turnSinceMs === 0) {
      this.#turnSinceMs = nowMs;
    }
  }

  /** Has the call of a run be noted that is taken for its slowest. */
  #noteRun(
    command: ExecutableCommand,
    eachMs: number,
    client: Client,
    batch: RequestBatch,
    end: number,
  ): void {
    const args = this.#slowArgs;
    const from = this.#runFrom;
    let largest = from;
    let largestBytes = -1;
    for (let r = from; r < end; r++) {
      batch.view(args, r);
      const bytes = args.totalBytes;
      if (bytes > largestBytes) {
        largest = r;
        largestBytes = bytes;
      }
    }
    batch.view(args, largest);
    this.#times.note(client, command, args, eachMs);
    args.bytes = NO_BYTES;
  }
}

/** An empty request calls for no reply, and yet is the one that CLIENT REPLY SKIP skips. */
function passEmpty(client: Client, batch: RequestBatch, r: number): void {
  if (batch.emptyBefore(r)) client.replyMode = ReplyMode.On;
}
