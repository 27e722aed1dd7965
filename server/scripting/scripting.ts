/**
 * Scripts: the engine, what it has compiled, and the one that runs.
 *
 * ```
 * EVAL ─▶ cache ─▶ program ─▶ engine ─▶ redis.call ─▶ a command, in a frame of the next depth
 *                               │
 *                               ├─▶ ends: its answer is the reply
 *                               └─▶ takes long: the request stops in the middle
 *                                     │  others ─▶ -BUSY, SCRIPT KILL, …
 *                                     └─ a slice of 10 ms ─▶ others ─▶ a slice ─▶ … ─▶ the reply
 * ```
 *
 * While it has stopped, nobody else changes the keyspace, nothing expires, and its clock stands still.
 */

import { asLuaError } from "../../lua/runtime/lua_error.ts";
import type { LuaFunction } from "../../lua/runtime/lua_function.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { Suspended } from "../../lua/runtime/machine.ts";
import { showValue } from "../../lua/runtime/shown_value.ts";
import { firstOf, type LuaValue, NOTHING, type Results } from "../../lua/runtime/value.ts";
import { Engine } from "../../lua/mod.ts";
import { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import { sha1Hex } from "../../structures/sha1.ts";
import { after, cancel, monotonicMs, type Timer } from "../../structures/real_time.ts";
import type { Config } from "../config/config.ts";
import { type Eviction, MemoryState } from "../eviction/eviction.ts";
import type { Client } from "../execution/client.ts";
import { Condition } from "../execution/condition.ts";
import type { CommandNames } from "../execution/command_table.ts";
import type { Frame } from "../execution/frame.ts";
import type { Gates } from "../execution/invoker.ts";
import { StoredRequest } from "../execution/stored_request.ts";
import type { Suspension } from "../execution/suspension.ts";
import type { Performer } from "../execution/transactions.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import { latin1Of } from "../platform/latin1.ts";
import type { Process } from "../platform/process.ts";
import type { ServerLog } from "../report/log.ts";
import type { Stats } from "../report/stats.ts";
import type { Program } from "./program.ts";
import { Sandbox } from "./sandbox.ts";
import { type Script, ScriptCache } from "./script_cache.ts";
import { type ScriptAcl, ScriptCalls } from "./script_calls.ts";
import { failureOf } from "./script_failure.ts";
import { ScriptFlag } from "./script_flags.ts";
import { ScriptRun } from "./script_run.ts";
import { headOf } from "./script_text.ts";
import { ScriptTurns } from "./script_turns.ts";
import { type ErrorCounts, replyWithValue } from "./value_reply.ts";

const CHUNK_NAME = "@user_script";
/** The longest turn of others between two slices of a script that is busy. */
const MAX_TURN_MS = 10;
/** Keys and arguments that take more are let go of when the script ends, not when the next one begins. */
const KEPT_ARGUMENT_BYTES = 64 * 1024;
/** What the tables and functions of the libraries take, about. */
const ENGINE_BYTES = 48 * 1024;

const NESTED = new ErrorReply("ERR a script runs already");
const NO_WRITES = new ErrorReply(
  "ERR Can not execute a script with write flag using *_ro command.",
);
const OUT_OF_MEMORY = new ErrorReply(
  "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'",
);
const NOT_BUSY = new ErrorReply("NOTBUSY No scripts in execution right now.");
const UNKILLABLE = new ErrorReply(
  "UNKILLABLE Sorry the script already executed write commands against the dataset. You can " +
    "either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE " +
    "command.",
);
const BUSY_SCRIPT =
  "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";
const BUSY_FUNCTION =
  "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.";

/** What carries out commands, as scripts see it. */
interface ScriptExecutor extends Performer {
  readonly table: CommandNames;
  /** Has something done as a part of a client's request. */
  asServed<T>(client: Client, step: () => T): T;
  /** Goes on with a request that had stopped in the middle. */
  goOn(client: Client, suspension: Suspension, elapsedMs: number): void;
  /** The request that is carried out takes long. */
  tookLong(sinceMs: number): void;
}

/** What scripts need of their server. */
export interface ScriptingParts extends Gates {
  readonly config: Config;
  readonly log: ServerLog;
  readonly stats: Stats;
  readonly keyspace: Keyspace;
  readonly executor: ScriptExecutor;
  readonly eviction: Pick<Eviction, "state">;
  readonly acl: ScriptAcl;
}

/** What is told of a script that is busy. */
export interface RunningScript {
  readonly name: ByteString;
  readonly isEval: boolean;
  /** The command that runs it, word by word. */
  readonly words: readonly ByteString[];
  readonly elapsedMs: number;
}

/** A script that has stopped in the middle. */
interface BusyScript {
  readonly client: Client;
  /** The call that runs it. */
  readonly request: StoredRequest;
  readonly program: Program;
  suspended: Suspended;
}

/** What a script has ended with: results, or what was thrown. */
type Ending = { readonly results: Results } | { readonly thrown: unknown };

/** The ending of a script that is to be answered. */
type Outcome = Ending & { readonly program: Program; readonly dialect: 2 | 3 };

/** See the top of the file. */
export class Scripting {
  /** Made when a script first runs, which most servers in tests never see. */
  #lua: { readonly engine: Engine; readonly sandbox: Sandbox } | undefined;
  readonly calls: ScriptCalls;
  readonly #parts: ScriptingParts;
  readonly #turns: ScriptTurns;
  readonly #cache: ScriptCache;
  readonly #run: ScriptRun;
  #busy: BusyScript | undefined;
  #timer: Timer | undefined;
  #outcome: Outcome | undefined;
  /** Counts what is wrong in answers, of the command that is being answered. */
  readonly #errors: ErrorCounts = {
    answered: (text, isNew) => this.#countError(text, isNew),
  };
  #answered: Frame | undefined;
  #hasFailed = false;

  /** @param process whose heap the values of scripts are in */
  constructor(parts: ScriptingParts, process: Pick<Process, "heap" | "collectGarbageNow">) {
    const { acl, admission, eviction, executor, keyspace, stats } = parts;
    this.#parts = parts;
    this.#turns = new ScriptTurns(process);
    this.#cache = new ScriptCache(keyspace.hasher);
    this.#run = new ScriptRun(keyspace.databases[0]);
    this.calls = new ScriptCalls({
      commands: executor.table,
      executor,
      stats,
      acl,
      isOutOfMemory: () => eviction.state === MemoryState.Nothing,
      commandTook: (elapsedMs) => this.#turns.commandTook(elapsedMs),
    });
    admission.check(
      Condition.Busy,
      // What the script itself calls is within its own call.
      ({ depth }, command) => depth > 0 || command.allowsBusy ? undefined : this.busyText,
    );
  }

  get engine(): Engine {
    return (this.#lua ?? this.#makeLua()).engine;
  }

  get sandbox(): Sandbox {
    return (this.#lua ?? this.#makeLua()).sandbox;
  }

  #makeLua() {
    const { calls } = this;
    const engine = new Engine(this.#turns, { caughtValue });
    const { globals, machine } = engine;
    calls.machine = machine;
    const sandbox = new Sandbox(globals, machine, { calls, log: this.#parts.log });
    return this.#lua = { engine, sandbox };
  }

  // ---- what is known

  get cachedScripts(): number {
    return this.#cache.size;
  }

  /** Bytes of the texts that are kept, with what belongs to them. */
  get cacheBytes(): number {
    return this.#cache.memoryBytes;
  }

  /** Bytes that the engine takes, about. */
  get engineBytes(): number {
    return ENGINE_BYTES + this.#cache.codeBytes;
  }

  /** Scripts of EVAL that went because there were too many. */
  get evictedScripts(): number {
    return this.#cache.evicted;
  }

  /** The script whose digest is argument `i`. O(1). */
  find(args: Arguments, i: number): Script | undefined {
    const script = this.#cache.byDigest(args, i);
    if (script !== undefined) this.#cache.use(script);
    return script;
  }

  /** Whether EVALSHA finds a script by the digest that argument `i` is. */
  knows(args: Arguments, i: number): boolean {
    return this.#cache.byDigest(args, i) !== undefined;
  }

  /** The script whose text is argument `i`, compiled if it is new. @throws {ErrorReply} as it fails to */
  compiled(args: Arguments, i: number): Script {
    const known = this.#cache.byText(args, i);
    if (known !== undefined) {
      this.#cache.use(known);
      return known;
    }
    const bytes = args.copy(i);
    const text = latin1Of(bytes, 0, bytes.length);
    const { codeAt, flags } = headOf(text);
    const code = this.#compile(codeAt === 0 ? text : text.slice(codeAt));
    const name = sha1Hex(bytes);
    const program = { name, isEval: true, flags, code };
    return this.#cache.add(program, bytes, bytesOfByteString(name));
  }

  /** As {@linkcode Scripting.compiled}, to stay until all are forgotten. */
  load(args: Arguments, i: number): Script {
    const script = this.compiled(args, i);
    this.#cache.keep(script);
    return script;
  }

  /** Bits of ScriptFlag of a script that is not compiled yet, or cannot be. */
  flagsOf(args: Arguments, i: number): number {
    const known = this.#cache.byText(args, i);
    if (known !== undefined) return known.program.flags;
    try {
      return headOf(args.byteString(i)).flags;
    } catch {
      return ScriptFlag.Undeclared;
    }
  }

  #compile(text: ByteString): LuaFunction {
    const { evalGlobals, fixedGlobals } = this.sandbox;
    try {
      return this.engine.compile(text, CHUNK_NAME, { env: evalGlobals, fixedGlobals });
    } catch (thrown) {
      const error = asLuaError(thrown);
      if (error === undefined) throw thrown;
      throw new ErrorReply(
        `ERR Error compiling script (new function): ${showValue(error.value)}`,
      );
    }
  }

  /** Forgets all scripts. */
  flush(): void {
    this.#cache.clear();
  }

  // ---- what runs

  /**
   * Runs a program for a call, whose arguments from `keysFrom` on are its keys and, behind those, its
   * other arguments. Its answer is the call's reply, now or later.
   *
   * @throws {ErrorReply} where it may not run
   */
  run(call: Frame, program: Program, keysFrom: number, keyCount: number): void {
    if (this.calls.run !== undefined) throw NESTED;
    const { isReadOnly } = call.command;
    this.#check(program, isReadOnly);
    const { args } = call;
    const keys = argumentTable(args, keysFrom, keysFrom + keyCount);
    const others = argumentTable(args, keysFrom + keyCount, args.count);
    const run = this.#run;
    run.begin(program, call, this.#parts.executor.frame(call.depth + 1), isReadOnly);
    this.calls.run = run;
    this.#turns.begin(this.#parts.config.busyReplyThresholdMs);
    let results: Results | Suspended;
    try {
      if (program.isEval) {
        this.sandbox.setArguments(keys, others);
        // An earlier run may have changed it.
        program.code.env = this.sandbox.evalGlobals;
        results = this.engine.start(program.code, NOTHING);
      } else results = this.engine.start(program.code, [keys, others]);
    } catch (thrown) {
      this.#tellLong();
      this.#ended(args.totalBytes);
      return this.#answerError(call, program, thrown);
    }
    if (results instanceof Suspended) return this.#stop(call, results);
    this.#tellLong();
    const dialect = run.reply.protocol;
    this.#ended(args.totalBytes);
    this.#answer(call, firstOf(results), dialect);
  }

  /** Has the script's request timed by itself, unless it was short. */
  #tellLong(): void {
    const { startMs } = this.#turns;
    if (!Number.isNaN(startMs)) this.#parts.executor.tookLong(startMs);
  }

  /** Whether a program that says what it does may run. @throws {ErrorReply} where not */
  #check({ flags }: Program, isReadOnly: boolean): void {
    if ((flags & ScriptFlag.Undeclared) !== 0) return;
    if (isReadOnly && (flags & ScriptFlag.NoWrites) === 0) throw NO_WRITES;
    if ((flags & (ScriptFlag.AllowOom | ScriptFlag.NoWrites)) !== 0) return;
    if (this.#parts.eviction.state === MemoryState.Nothing) throw OUT_OF_MEMORY;
  }

  /** Runs what a library does when it is loaded. @throws {LuaError | Abort} as that ends with */
  runForLoad(code: LuaFunction, limitMs: number): void {
    this.#turns.beginLoading(limitMs);
    this.engine.start(code, NOTHING);
  }

  #ended(argumentBytes: number): void {
    // A function's library may keep what it made.
    if (this.#run.program.isEval) this.#turns.ended();
    this.#run.end();
    this.calls.ended();
    if (argumentBytes > KEPT_ARGUMENT_BYTES) {
      this.sandbox.setArguments(new LuaTable(), new LuaTable());
    }
  }

  #answer(call: Frame, value: LuaValue, dialect: 2 | 3): void {
    this.#answered = call;
    this.#hasFailed = false;
    replyWithValue(call.reply, value, dialect, this.#errors);
  }

  #answerError(call: Frame, { name }: Program, thrown: unknown): void {
    const failure = failureOf(thrown, name);
    if (failure === undefined) throw thrown;
    this.#answered = call;
    this.#hasFailed = false;
    this.#countError(failure.text, failure.isNew);
    call.reply.error(failure.text);
  }

  /** As Redis counts: errors of its own make a call fail once, those of its commands each. */
  #countError(text: ByteString, isNew: boolean): void {
    const { stats } = this.#parts;
    if (!isNew || !this.#hasFailed) stats.command(this.#answered!.command.id).failed++;
    if (!isNew) return;
    this.#hasFailed = true;
    stats.countError(text);
  }

  // ---- what is busy

  /** Whether a script has stopped in the middle. */
  get isBusy(): boolean {
    return this.#busy !== undefined;
  }

  /** What others are answered meanwhile. */
  get busyText(): string {
    return this.#busy?.program.isEval === false ? BUSY_FUNCTION : BUSY_SCRIPT;
  }

  /** The script that has stopped in the middle. O(bytes of its command). */
  get running(): RunningScript | undefined {
    if (this.#busy === undefined) return undefined;
    const { program: { isEval, name }, request } = this.#busy;
    const args = new Arguments();
    request.show(args);
    const words = Array.from({ length: args.count }, (_, i) => args.byteString(i));
    return { name, isEval, words, elapsedMs: this.#turns.elapsedMs };
  }

  /** SCRIPT KILL and FUNCTION KILL. @throws {ErrorReply} where there is none, or it cannot be ended */
  kill(call: Frame, isEval: boolean): void {
    const busy = this.#busy;
    if (busy === undefined) throw NOT_BUSY;
    if (this.#run.hasWritten) throw UNKILLABLE;
    if (busy.program.isEval !== isEval) throw new ErrorReply(this.busyText);
    this.#turns.kill();
    call.reply.ok();
  }

  /** The script has run for long: its request stops in the middle, and others have a turn. */
  #stop(call: Frame, suspended: Suspended): void {
    const { admission, keyspace, log } = this.#parts;
    const { client } = call;
    const { program } = this.#run;
    this.#tellLong();
    log.warning("a script runs for long: others are answered BUSY until it ends or is killed", {
      script: program.name,
      ms: Math.floor(this.#turns.elapsedMs),
      kill: program.isEval ? "SCRIPT KILL" : "FUNCTION KILL",
    });
    const request = new StoredRequest(call.args);
    this.#busy = { client, request, program, suspended };
    client.isBlocked = true;
    const suspension: Suspension = { request, resume: (call) => this.#answerOutcome(call) };
    client.suspended = suspension;
    client.hold();
    admission.set(Condition.Busy, true);
    keyspace.isHeld = true;
    this.#schedule();
  }

  /** Lets others have a turn, and a longer one while they ask. */
  #schedule(turnEndMs = monotonicMs() + MAX_TURN_MS): void {
    const { reads } = this.#parts.stats;
    // Nothing else lets all that has come from other clients be read and answered in between.
    this.#timer = after(0, () => {
      const isAsked = this.#parts.stats.reads !== reads;
      if (isAsked && monotonicMs() < turnEndMs) this.#schedule(turnEndMs);
      else this.#goOn();
    });
  }

  /** A slice of the script that is busy. */
  #goOn(): void {
    const busy = this.#busy!;
    let ending: Ending;
    try {
      this.#turns.beginSlice();
      const results = this.#parts.executor.asServed(
        busy.client,
        () => this.engine.continue(busy.suspended),
      );
      if (results instanceof Suspended) {
        busy.suspended = results;
        return this.#schedule();
      }
      ending = { results };
    } catch (thrown) {
      ending = { thrown };
    }
    this.#finish(busy, ending);
  }

  /** The script that was busy has ended: its request goes on, and so do the others. */
  #finish({ client, program }: BusyScript, ending: Ending): void {
    const { admission, executor, keyspace, log } = this.#parts;
    const { elapsedMs } = this.#turns;
    const dialect = this.#run.reply.protocol;
    if (this.#turns.isKilled) log.notice("a script was killed", { script: program.name });
    this.#busy = undefined;
    this.#ended(Infinity);
    admission.set(Condition.Busy, false);
    keyspace.isHeld = false;
    this.#outcome = { ...ending, dialect, program };
    const suspension = client.suspended as Suspension;
    client.isBlocked = false;
    client.suspended = undefined;
    executor.goOn(client, suspension, elapsedMs);
    client.release();
  }

  /** Replies as the script has ended that was busy. */
  #answerOutcome(call: Frame): void {
    const outcome = this.#outcome!;
    this.#outcome = undefined;
    const { dialect, program } = outcome;
    if ("thrown" in outcome) this.#answerError(call, program, outcome.thrown);
    else this.#answer(call, firstOf(outcome.results), dialect);
  }

  /** The server stops: a script that is busy is left as it is. */
  close(): void {
    cancel(this.#timer);
  }
}

/** Arguments of a call from `from` to `to` as a list. O(bytes). */
function argumentTable(args: Arguments, from: number, to: number): LuaTable {
  const elements: LuaValue[] = [];
  for (let i = from; i < to; i++) {
    elements.push(latin1Of(args.bytes, args.start(i), args.length(i)));
  }
  return new LuaTable(elements);
}

/** Redis's pcall answers the texts of error tables. */
function caughtValue(value: LuaValue): LuaValue {
  if (!(value instanceof LuaTable)) return value;
  const text = value.get("err");
  return typeof text === "string" || typeof text === "number" ? text : value;
}
