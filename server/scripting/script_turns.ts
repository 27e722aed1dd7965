/**
 * How long a script may go on. The engine asks every few ten microseconds (MachineHost), and the answer
 * depends on how it runs:
 *
 * ```
 * script   ├──────── busy-reply-threshold ────────┤ stops, for others to have a turn
 * slice    ├─ 10 ms ─┤ stops again; or it is ended, where it was killed
 * load     ├──── 500 ms ────┤ is ended
 * ```
 *
 * A script begins when it is first asked for, less what its commands took till then: that is known of
 * those that may take long.
 *
 * Now and then the memory is looked at as well (heap_guard.ts). No clock is read for a script that is over
 * before that.
 */

import { Abort, LuaError } from "../../lua/runtime/lua_error.ts";
import type { MachineHost, Turn } from "../../lua/runtime/machine.ts";
import { HeapGuard } from "./heap_guard.ts";
import type { Process } from "../platform/process.ts";
import { monotonicMs } from "../../structures/real_time.ts";

/** How long a script that is busy goes on before others have a turn. */
const SLICE_MS = 10;
/** From one look at the memory to the next. */
const MEMORY_MS = 0.5;

/** Of functions as well. */
const KILLED = "Script killed by user with SCRIPT KILL...";
const LOADED_TOO_LONG = "FUNCTION LOAD timeout";
const OUT_OF_MEMORY = "not enough memory";

export class ScriptTurns implements MachineHost {
  readonly #heap: HeapGuard;
  /** When the script that runs, or ran last, began; NaN where it was over before it was asked for. */
  #startMs = NaN;
  /** What its commands took before. */
  #commandsMs = 0;
  /** How long it may go on from then; and until when, once that is known. */
  #limitMs = Infinity;
  #endMs = Infinity;
  #isLoading = false;
  #isKilled = false;
  #memoryMs = 0;
  /** Whether this script was told already that memory lacks. */
  #isWarned = false;

  constructor(process: Pick<Process, "heap" | "collectGarbageNow">) {
    this.#heap = new HeapGuard(process, monotonicMs);
  }

  /** A script begins. @param limitMs how long it may run before others have a turn; 0: for ever */
  begin(limitMs: number): void {
    this.#startMs = NaN;
    this.#commandsMs = 0;
    this.#limitMs = limitMs === 0 ? Infinity : limitMs;
    this.#isLoading = false;
    this.#isKilled = false;
    this.#isWarned = false;
  }

  /** A library is loaded, for no longer than that. */
  beginLoading(limitMs: number): void {
    this.begin(limitMs);
    this.#isLoading = true;
  }

  /** A script has ended whose values are garbage from now on. */
  ended(): void {
    if (this.#isWarned) this.#heap.lookAgain();
  }

  /** The script goes on for a while. */
  beginSlice(): void {
    this.#endMs = monotonicMs() + SLICE_MS;
  }

  /** Has the script end when it is next asked for. */
  kill(): void {
    this.#isKilled = true;
  }

  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** A command of the script took so long. */
  commandTook(elapsedMs: number): void {
    this.#commandsMs += elapsedMs;
  }

  /** When the script began; NaN where it was so short that nobody knows. */
  get startMs(): number {
    return this.#startMs;
  }

  /** How long the script runs. */
  get elapsedMs(): number {
    return Number.isNaN(this.#startMs) ? 0 : monotonicMs() - this.#startMs;
  }

  turn(): Turn {
    const nowMs = monotonicMs();
    if (Number.isNaN(this.#startMs)) {
      this.#startMs = nowMs - this.#commandsMs;
      this.#endMs = this.#startMs + this.#limitMs;
    }
    if (nowMs >= this.#memoryMs) {
      this.#memoryMs = nowMs + MEMORY_MS;
      this.#lookAtMemory();
    }
    if (this.#isKilled) throw new Abort(KILLED);
    if (nowMs < this.#endMs) return "continue";
    if (this.#isLoading) throw new Abort(LOADED_TOO_LONG);
    return "suspend";
  }

  #lookAtMemory(): void {
    if (!this.#heap.isFull) return;
    if (this.#isWarned) throw new Abort(OUT_OF_MEMORY);
    this.#isWarned = true;
    throw new LuaError(OUT_OF_MEMORY, 0);
  }
}
