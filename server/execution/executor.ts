/**
 * The executor: carries out the requests of a batch, one after the other, each to its end.
 *
 * A store of a million keys does not fit the processor's caches, and a lookup then waits for memory
 * twice: for the bucket, and for the entry. Requests of a pipeline do not depend on each other's
 * addresses, so a batch is walked three times before it is run, and the waits overlap:
 *
 * ```
 * names and keys  │ find command, hash key │ find, hash │ find, hash │ …   in the input buffer
 * buckets         │ load tags 1 │ load tags 2 │ load tags 3 │ …            misses overlap
 * entries         │ load entry 1 │ load entry 2 │ …                        misses overlap
 * commands        │ run 1 │ run 2 │ run 3 │ …                              all hits
 * ```
 *
 * A command whose values are large structures may declare how to load its way through those, too:
 * it is shown its calls as far as they follow each other, and then they run.
 */

import type { Arguments, RequestBatch } from "../../protocol/arguments.ts";
import { MAX_BATCH_REQUESTS } from "../../protocol/arguments.ts";
import { ErrorReply, OUT_OF_MEMORY } from "../../protocol/error_reply.ts";
import { ArenaFullError } from "../../structures/arena/arena.ts";
import { ByteQueueFullError } from "../../structures/bytes/byte_queue.ts";
import { type Command, findCommand, type Prefetch } from "../../commands/registry.ts";
import { Call, wrongArity } from "./call.ts";
import { type Client, ReplyMode } from "../clients/client.ts";
import type { ServerContext } from "../context.ts";

/** A batch that produced so much output is interrupted until that is sent. */
const OUTPUT_PAUSE_BYTES = 1024 * 1024;
/** Batches below this are not worth the extra walks. */
const MIN_PREFETCH_REQUESTS = 3;
/** A call alone with fewer arguments looks for too little. */
const MIN_PREFETCH_ARGUMENTS = 6;
/** How much of a refused request an error message repeats. */
const MAX_QUOTED_ARGUMENTS = 128;

export class Executor {
  readonly #server: ServerContext;
  readonly #call: Call;
  readonly #commands: (Command | undefined)[] = new Array(MAX_BATCH_REQUESTS).fill(undefined);
  readonly #hashes = new Int32Array(MAX_BATCH_REQUESTS);
  readonly #entries = new Int32Array(MAX_BATCH_REQUESTS);
  /** Sum of prefetched words; read by nobody, kept so that the loads are not optimized away. */
  #touched = 0;
  /** The command whose time is being measured, and since when; see #measure. */
  #measured: Command | undefined;
  #measuredSinceMs = 0;

  constructor(server: ServerContext) {
    this.#server = server;
    this.#call = new Call(server);
  }

  /**
   * Carries out the requests of `batch` from index `from` on, in order.
   *
   * @returns the index of the first request not carried out: the batch's count, unless the client is
   *   to be closed or its output has to be sent first
   */
  run(client: Client, batch: RequestBatch, from: number): number {
    const { count } = batch;
    const { keyspace, stats } = this.#server;
    const call = this.#call;
    call.client = client;
    keyspace.touching = !client.noTouch;
    this.#prepare(client, batch, from);
    this.#measured = undefined;
    const { out } = client.reply;
    let r = from;
    while (r < count) {
      const command = this.#commands[r];
      if (command !== this.#measured) {
        this.#measure(command);
        if (command?.prefetch !== undefined) this.#prefetch(command, command.prefetch, batch, r);
      }
      batch.view(call.args, r);
      if (command === undefined) {
        this.#refuse(client, undefined, unknownCommand(call.args));
      } else {
        call.setFirstKey(command, this.#hashes[r]);
        this.#runOne(call, command);
      }
      r++;
      if (client.closeAfterReply || out.length >= OUTPUT_PAUSE_BYTES) break;
    }
    this.#measure(undefined);
    stats.commandsProcessed += r - from;
    return r;
  }

  /** Resolves names, hashes first keys, and loads what the commands will look at. */
  #prepare(client: Client, batch: RequestBatch, from: number): void {
    const { hasher } = this.#server.keyspace;
    const { bytes, offsets, lengths, first, count } = batch;
    const hashes = this.#hashes;
    let keys = 0;
    for (let r = from; r < count; r++) {
      const name = first[r];
      const command = findCommand(bytes, offsets[name], lengths[name]);
      this.#commands[r] = command;
      let hash = 0;
      if (command !== undefined && command.firstKey !== 0) {
        const key = name + command.firstKey;
        if (key < first[r + 1]) {
          hash = hasher.hash(bytes, offsets[key], lengths[key]);
          keys++;
        }
      }
      hashes[r] = hash;
    }
    if (keys < MIN_PREFETCH_REQUESTS || !client.db.gainsByPrefetch) return;
    this.#touched ^= client.db.prefetch(this.#hashes, this.#entries, count);
  }

  /** Lets a command load what its calls, from request `from` to the next command, will look at. */
  #prefetch(command: Command, prefetch: Prefetch, batch: RequestBatch, from: number): void {
    const { first, count } = batch;
    const isAlone = from + 1 === count || this.#commands[from + 1] !== command;
    // Then there is no other whose waits could be shared.
    if (isAlone && first[from + 1] - first[from] < MIN_PREFETCH_ARGUMENTS) return;
    const call = this.#call;
    call.command = command;
    for (let r = from; r < count && this.#commands[r] === command; r++) {
      batch.view(call.args, r);
      if (!command.acceptsCount(call.args.count)) continue;
      call.setFirstKey(command, this.#hashes[r]);
      if (!prefetch.add(call)) break;
    }
    prefetch.load();
  }

  #runOne(call: Call, found: Command): void {
    const { client } = call;
    const { args } = call;
    let command = found;
    if (found.subcommands.length > 0 && (args.count > 1 || found.run === undefined)) {
      if (args.count < 2) return this.#refuse(client, found, wrongArity(found).message);
      const sub = found.subcommand(args.bytes, args.start(1), args.length(1));
      if (sub === undefined) return this.#refuse(client, found, unknownSubcommand(found, args));
      command = sub;
      this.#measured = sub;
    }
    const refusal = this.#refusal(client, command, args.count);
    if (refusal !== undefined) return this.#refuse(client, command, refusal);
    call.command = command;
    client.lastCommand = command.fullName;
    const { reply } = client;
    reply.begin();
    try {
      command.run!(call);
    } catch (error) {
      this.#fail(client, command, error);
    }
    if (client.replyMode !== ReplyMode.On) this.#dropReply(client);
    reply.end();
    this.#server.stats.command(command.id).calls++;
  }

  /** Why a command may not run now, if so. */
  #refusal(client: Client, command: Command, count: number): string | undefined {
    if (!command.acceptsCount(count)) return wrongArity(command).message;
    if (!client.mayCall && !command.allowsNoAuth) return "NOAUTH Authentication required.";
    const { config, keyspace } = this.#server;
    if (
      config.maxMemoryBytes !== 0 && command.deniesOom &&
      keyspace.arena.usedBytes > config.maxMemoryBytes
    ) return OUT_OF_MEMORY.message;
    return undefined;
  }

  #refuse(client: Client, command: Command | undefined, message: string): void {
    const { reply } = client;
    if (command !== undefined) this.#server.stats.command(command.id).rejected++;
    this.#server.stats.countError(message);
    reply.begin();
    reply.error(message);
    if (client.replyMode !== ReplyMode.On) this.#dropReply(client);
    reply.end();
  }

  /** Turns whatever a command threw into the client's error reply. */
  #fail(client: Client, command: Command, error: unknown): void {
    const { log, stats } = this.#server;
    const { reply } = client;
    reply.rollback();
    stats.command(command.id).failed++;
    let message: string;
    if (error instanceof ErrorReply) {
      message = error.message;
    } else if (error instanceof ArenaFullError) {
      message = OUT_OF_MEMORY.message;
      log.warning(`${command.fullName}: ${error.message}`);
    } else if (error instanceof ByteQueueFullError) {
      message = "ERR the reply is too large";
      client.closeAfterReply = true;
      log.warning(`closing client ${client.id}: reply of ${command.fullName}: ${error.message}`);
    } else {
      message = "ERR internal error";
      log.fault(`${command.fullName} failed`, error);
    }
    stats.countError(message);
    reply.error(message);
  }

  #dropReply(client: Client): void {
    if (client.replyMode === ReplyMode.SkipNext) {
      client.replyMode = ReplyMode.SkipThis;
    } else if (client.replyMode === ReplyMode.SkipThis) {
      client.replyMode = ReplyMode.On;
    }
    client.reply.rollback();
  }

  /**
   * Attributes the time since the last call to the command that ran, and starts on the next. Called
   * when the command changes, so a pipeline of equal commands reads the clock twice, not twice each.
   */
  #measure(next: Command | undefined): void {
    const nowMs = performance.now();
    if (this.#measured !== undefined) {
      this.#server.stats.command(this.#measured.id).elapsedMs += nowMs - this.#measuredSinceMs;
    }
    this.#measured = next;
    this.#measuredSinceMs = nowMs;
  }
}

function unknownSubcommand(command: Command, args: Arguments): string {
  const name = args.text(1).slice(0, MAX_QUOTED_ARGUMENTS);
  return `ERR unknown subcommand '${name}'. Try ${command.fullName.toUpperCase()} HELP.`;
}

function unknownCommand(args: Arguments): string {
  let quoted = "";
  for (let i = 1; i < args.count && quoted.length < MAX_QUOTED_ARGUMENTS; i++) {
    quoted += `'${args.text(i).slice(0, MAX_QUOTED_ARGUMENTS - quoted.length)}' `;
  }
  const name = args.text(0).slice(0, MAX_QUOTED_ARGUMENTS);
  return `ERR unknown command '${name}', with args beginning with: ${quoted}`;
}
