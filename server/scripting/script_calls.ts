/**
 * redis.call and redis.pcall: a command that a script runs.
 *
 * ```
 * values ─▶ encoded into the frame ─▶ command, found by its name as a string ─▶ may it? ─▶ performed
 *                                                                                │         │
 *                      {err=…}, raised or answered ◀────────────────────────────┘         ▼
 *                      the value that the reply became ◀──────────────────────────── LuaReply
 * ```
 *
 * What a script may call is looked at here and not by admission: it asks other things, in other words.
 */

import { LuaError } from "../../lua/runtime/lua_error.ts";
import type { Machine } from "../../lua/runtime/machine.ts";
import type { LuaTable } from "../../lua/runtime/lua_table.ts";
import type { LuaValue } from "../../lua/runtime/value.ts";
import { Arguments } from "../../protocol/arguments.ts";
import { OUT_OF_MEMORY } from "../../protocol/error_reply.ts";
import type { Client } from "../execution/client.ts";
import type { CommandNames, ExecutableCommand } from "../execution/command_table.ts";
import { Condition } from "../execution/condition.ts";
import type { Performer } from "../execution/transactions.ts";
import type { Stats } from "../report/stats.ts";
import { countedErrorTable, errorTable, raise } from "./error_tables.ts";
import { ScriptArguments } from "./script_arguments.ts";
import type { ScriptRun } from "./script_run.ts";

/** Names that scripts have used, each as it was written. */
const MAX_NAMES = 4096;
const MAX_NAME_LENGTH = 64;

/** What a call costs in steps of the engine, each some nanoseconds; and one that may take any time. */
const CALL_COST = 40;
const UNTIMED_COST = 2000;
const STEPS_A_MS = 200_000;
/** Bytes of arguments and replies that are put together in a step. */
const BYTES_A_STEP = 64;

const NO_ARGUMENTS = "Please specify at least one argument for this redis lib call";
const BAD_ARGUMENTS = "Lua redis lib command arguments must be strings or integers";
const UNKNOWN = "Unknown Redis command called from script";
const WRONG_COUNT = "Wrong number of args calling Redis command from script";
const NOT_ALLOWED = "This Redis command is not allowed from script";
const READ_ONLY = "Write commands are not allowed from read-only scripts.";
const NOT_CHECKABLE = "Invalid command passed to redis.acl_check_cmd()";
const NOT_RUNNING = "redis.call is for scripts and functions that run";

/** What scripts ask of access control. */
export interface ScriptAcl {
  /** Why a script may not make a call for its client. */
  scriptRefusal(client: Client, command: ExecutableCommand, args: Arguments): string | undefined;
  /** Whether a client may make a call. */
  mayCall(client: Client, command: ExecutableCommand, args: Arguments): boolean;
}

/** What the calls need of their server. */
export interface ScriptCallsHost {
  readonly commands: CommandNames;
  readonly executor: Performer;
  readonly stats: Stats;
  readonly acl: ScriptAcl;
  /** Whether memory is short. */
  isOutOfMemory(): boolean;
  /** A command took so long, by the clock. */
  commandTook(elapsedMs: number): void;
}

export class ScriptCalls {
  /** Whether scripts may call everything (DEBUG SET-DISABLE-DENY-SCRIPTS). */
  allowsAll = false;
  readonly #host: ScriptCallsHost;
  readonly #arguments = new ScriptArguments();
  readonly #commands = new Map<string, ExecutableCommand>();
  /** Where acl_check_cmd puts its arguments. */
  readonly #checked = new Arguments();
  /** The engine's. */
  machine!: Machine;
  /** The script that runs. */
  run: ScriptRun | undefined;

  constructor(host: ScriptCallsHost) {
    this.#host = host;
  }

  /** Calls a command. @param raises whether an error is thrown, and not answered */
  call(values: readonly LuaValue[], raises: boolean): LuaValue {
    const { run } = this;
    if (run === undefined) raise(NOT_RUNNING);
    // A command that was at fault has taken its frame with it.
    if (run.frame.client !== run.client) run.frame = this.#host.executor.frame(run.frame.depth);
    const { frame, reply } = run;
    const { args } = frame;
    if (values.length === 0) return failed(errorTable(NO_ARGUMENTS), raises);
    if (!this.#arguments.encode(values, args)) return failed(errorTable(BAD_ARGUMENTS), raises);
    const command = this.#commands.get(values[0] as string) ?? this.#find(values[0], args);
    const problem = command === undefined ? UNKNOWN : this.#problemOf(command, args, run);
    if (problem !== undefined) return this.#refuse(command, problem, raises);
    if (command!.isWrite) run.hasWritten = true;
    frame.hashes.beginUnknown();
    const elapsedMs = this.#host.executor.perform(frame, command!);
    const { bytes, isError } = reply;
    const value = reply.take();
    this.#charge(command!, elapsedMs, bytes + this.#arguments.byteLength);
    if (isError && raises) throw new LuaError(value, 0);
    return value;
  }

  /** Counts a call against what the script may do until the host is asked whether it may go on. */
  #charge({ isQuick }: ExecutableCommand, elapsedMs: number, bytes: number): void {
    let cost = CALL_COST + Math.floor(bytes / BYTES_A_STEP);
    if (elapsedMs > 0) {
      this.#host.commandTook(elapsedMs);
      cost += Math.ceil(elapsedMs * STEPS_A_MS);
    } else if (!isQuick) cost += UNTIMED_COST;
    this.machine.charge(cost);
  }

  /** redis.acl_check_cmd: whether the caller may call a command. */
  isAllowed(values: readonly LuaValue[]): boolean {
    const args = this.#checked;
    if (values.length === 0) raise(NO_ARGUMENTS);
    if (!this.#arguments.encode(values, args)) raise(BAD_ARGUMENTS);
    const command = this.#find(values[0], args);
    if (command === undefined) raise(NOT_CHECKABLE);
    return this.run === undefined || this.#host.acl.mayCall(this.run.caller, command, args);
  }

  /** A script has ended. */
  ended(): void {
    this.run = undefined;
    this.#arguments.trim();
  }

  #find(name: LuaValue, args: Arguments): ExecutableCommand | undefined {
    const { bytes } = args;
    const found = this.#host.commands.find(bytes, args.start(0), args.length(0));
    if (found === undefined) return undefined;
    if (found.subcommands.length > 0) {
      return args.count === 1 ? found : found.subcommand(bytes, args.start(1), args.length(1));
    }
    if (typeof name === "string" && name.length <= MAX_NAME_LENGTH) {
      if (this.#commands.size === MAX_NAMES) this.#commands.clear();
      this.#commands.set(name, found);
    }
    return found;
  }

  /** Why a script may not call a command, as a text that may begin with `-` and a code. */
  #problemOf(command: ExecutableCommand, args: Arguments, run: ScriptRun): string | undefined {
    if (!command.acceptsCount(args.count)) return WRONG_COUNT;
    if (command.deniesScripts && !this.allowsAll) return NOT_ALLOWED;
    if ((run.caller.conditions & Condition.Acl) !== 0) {
      const refusal = this.#host.acl.scriptRefusal(run.caller, command, args);
      if (refusal !== undefined) return refusal;
    }
    if (run.isReadOnly && (command.isWrite || command.mayReplicate)) return READ_ONLY;
    // Who has changed something already cannot be stopped half way.
    if (command.deniesOom && !run.hasWritten && !run.allowsOom && this.#host.isOutOfMemory()) {
      return `-${OUT_OF_MEMORY.message}`;
    }
    return undefined;
  }

  #refuse(command: ExecutableCommand | undefined, problem: string, raises: boolean): LuaTable {
    const { stats } = this.#host;
    if (command !== undefined) stats.command(command.id).rejected++;
    const error = countedErrorTable(problem);
    stats.countError(error.getString("err") as string);
    return failed(error, raises);
  }
}

function failed(error: LuaTable, raises: boolean): LuaTable {
  if (raises) throw new LuaError(error, 0);
  return error;
}
