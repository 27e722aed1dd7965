/**
 * What a server counts: the totals that INFO reports. Plain fields, so that counting costs one
 * increment on the hot path.
 */

import { CommandStats } from "./command_stats.ts";

/** Samples that the per-second rates are averaged over. */
const RATE_SAMPLES = 16;
/** Kinds of error replies that are counted by name; further ones are counted together. */
const MAX_ERROR_KINDS = 128;

export class Stats {
  connectionsReceived = 0;
  connectionsRejected = 0;
  commandsProcessed = 0;
  /** Reads from and writes to clients. */
  reads = 0;
  writes = 0;
  bytesRead = 0;
  bytesWritten = 0;
  errorReplies = 0;
  /** Clients dropped because their output outgrew its limit. */
  outputLimitDisconnections = 0;
  /** Clients dropped because their request outgrew its limit. */
  inputLimitDisconnections = 0;
  /** Clients dropped because all of them together took too much memory. */
  evictedClients = 0;
  /** Keys that had to make room. */
  evictedKeys = 0;
  /** Time for which there was too little memory, each time until there was enough, in milliseconds. */
  evictionExceededMs = 0;
  /** Time spent collecting expired keys, in milliseconds. */
  expireCycleMs = 0;
  /** Times that this stopped, for the sake of clients, before all was collected. */
  expireTimeouts = 0;
  /** Turns of the main thread: passes over what a client sent, and ticks. */
  readonly turns: Turns = new Turns();
  /** Highest memory use seen, in bytes. Not reset, as on Redis. */
  peakUsedBytes = 0;
  /** Wrong passwords that clients gave. Not reset, as on Redis. */
  wrongPasswords = 0;
  /** Calls that users were denied, for the command, a key or a channel. Not reset, as on Redis. */
  deniedCommands = 0;
  deniedKeys = 0;
  deniedChannels = 0;
  /** Error replies by their first word. */
  readonly errorKinds: Map<string, number> = new Map();

  #commands: (CommandStats | undefined)[] = [];
  #keepsTimes = true;
  readonly #rates = {
    commands: new Rate(),
    input: new Rate(),
    output: new Rate(),
    turns: new Rate(),
    turnMs: new Rate(),
  };

  /** Whether each command's times are kept as a histogram. */
  get keepsTimes(): boolean {
    return this.#keepsTimes;
  }

  set keepsTimes(isOn: boolean) {
    this.#settle();
    this.#keepsTimes = isOn;
  }

  #settle(): void {
    for (const command of this.#commands) command?.settle(this.#keepsTimes);
  }

  /** Takes note of how many bytes are used now, and returns the most that ever were seen. */
  notePeak(usedBytes: number): number {
    if (usedBytes > this.peakUsedBytes) this.peakUsedBytes = usedBytes;
    return this.peakUsedBytes;
  }

  /** The totals of the command with that {@linkcode Command.id}. */
  command(id: number): CommandStats {
    return this.#commands[id] ??= new CommandStats();
  }

  /** Ids and totals of the commands that were called or refused. */
  *commands(): Iterable<[id: number, stats: CommandStats]> {
    this.#settle();
    for (let id = 0; id < this.#commands.length; id++) {
      const stats = this.#commands[id];
      // A container may have been timed while it was found to have no such subcommand.
      if (stats !== undefined && stats.calls + stats.rejected > 0) yield [id, stats];
    }
  }

  /** Counts an error reply under its first word. */
  countError(message: string): void {
    this.errorReplies++;
    const space = message.indexOf(" ");
    const kind = space === -1 ? message : message.slice(0, space);
    const known = this.errorKinds.get(kind);
    if (known !== undefined || this.errorKinds.size < MAX_ERROR_KINDS) {
      this.errorKinds.set(kind, (known ?? 0) + 1);
    }
  }

  /** Takes a sample for the per-second rates; called by the periodic tick. */
  sampleRates(nowMs: number): void {
    this.#rates.commands.sample(nowMs, this.commandsProcessed);
    this.#rates.input.sample(nowMs, this.bytesRead);
    this.#rates.output.sample(nowMs, this.bytesWritten);
    this.#rates.turns.sample(nowMs, this.turns.count);
    this.#rates.turnMs.sample(nowMs, this.turns.elapsedMs);
  }

  get commandsPerSecond(): number {
    return this.#rates.commands.perSecond;
  }

  get inputBytesPerSecond(): number {
    return this.#rates.input.perSecond;
  }

  get outputBytesPerSecond(): number {
    return this.#rates.output.perSecond;
  }

  get turnsPerSecond(): number {
    return this.#rates.turns.perSecond;
  }

  /** Mean time of a turn lately, in milliseconds. */
  get recentTurnMs(): number {
    const { turnsPerSecond } = this;
    return turnsPerSecond === 0 ? 0 : this.#rates.turnMs.perSecond / turnsPerSecond;
  }

  /** CONFIG RESETSTAT: everything starts from zero but the rates and what says otherwise. */
  reset(): void {
    this.connectionsReceived = 0;
    this.connectionsRejected = 0;
    this.commandsProcessed = 0;
    this.reads = 0;
    this.writes = 0;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    this.errorReplies = 0;
    this.outputLimitDisconnections = 0;
    this.inputLimitDisconnections = 0;
    this.evictedClients = 0;
    this.evictedKeys = 0;
    this.evictionExceededMs = 0;
    this.expireCycleMs = 0;
    this.expireTimeouts = 0;
    this.turns.reset();
    this.errorKinds.clear();
    this.#commands = [];
  }
}

/** What the main thread does in one go, before others have their turn. */
class Turns {
  count = 0;
  elapsedMs = 0;
  longestMs = 0;
  /** Most commands that one of them carried out. */
  mostCommands = 0;
  /** Time inside commands that clients sent, in milliseconds. */
  commandMs = 0;
  /** Time of ticks. */
  tickMs = 0;

  ended(elapsedMs: number, commands: number): void {
    this.count++;
    this.elapsedMs += elapsedMs;
    if (elapsedMs > this.longestMs) this.longestMs = elapsedMs;
    if (commands > this.mostCommands) this.mostCommands = commands;
  }

  reset(): void {
    this.count = 0;
    this.elapsedMs = 0;
    this.longestMs = 0;
    this.mostCommands = 0;
    this.commandMs = 0;
    this.tickMs = 0;
  }
}

/** The growth of a total per second, averaged over the last samples. */
class Rate {
  readonly #samples: number[] = [];
  #next = 0;
  #lastMs = 0;
  #lastTotal = 0;

  sample(nowMs: number, total: number): void {
    const elapsedMs = nowMs - this.#lastMs;
    if (this.#lastMs !== 0 && elapsedMs > 0) {
      this.#samples[this.#next] = Math.max(0, total - this.#lastTotal) * 1000 / elapsedMs;
      this.#next = (this.#next + 1) % RATE_SAMPLES;
    }
    this.#lastMs = nowMs;
    this.#lastTotal = total;
  }

  get perSecond(): number {
    if (this.#samples.length === 0) return 0;
    return this.#samples.reduce((sum, rate) => sum + rate, 0) / this.#samples.length;
  }
}
