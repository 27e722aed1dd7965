/**
 * Lazy frees: large values are taken apart in the background, so that dropping a million blocks
 * costs a client O(1).
 *
 * The main thread does it itself at first, in slices of a few hundred microseconds between which it
 * serves its clients. A Worker would compete with them for the processor, and its start alone stops
 * the main thread for 15 to 30 ms and takes 18 MB. That is worth it only where much is waiting, so
 * Workers start once a backlog has lasted, and end when there was nothing to do for a while. Who
 * starts them may refuse (a Worker takes descriptors, which may be scarce); then the slices go on.
 *
 * ```
 *             unlink root ─ post {shape, ref} ──▶ waiting ──▶ slice ┄ slice ┄ slice ┄ slice …
 * main thread                                                          │ too many in a row:
 *             splice chains into free lists ◀──────────┐               │ all of it goes to
 * Worker                                     lock-free └ thread blocks ◀ a Worker, and what
 *                                            stack       into chains     is posted after it
 * ```
 *
 * The value must be unreachable before it is posted: from then on only one of the threads touches
 * it. See reclaimer.js for the walk.
 */

import { assert } from "../assert.ts";
import { Arena, type Ref } from "../arena/arena.ts";
import { Reclaimer, type Shape } from "./reclaimer.js";
import { after, cancel, holdProcess, type Timer } from "../real_time.ts";

/** Values that may wait; past that, values are taken apart on the spot. */
const MAX_PENDING = 65_536;
/** Most Workers that may be asked for. */
const MAX_LAZY_FREE_WORKERS = 16;

/** When and how much; plain numbers that may change at any time. */
export interface LazyFreeLimits {
  /** Blocks that one slice frees on the main thread. */
  sliceBlocks: number;
  /** Chains of blocks freed by Workers that one slice takes back. */
  sliceChains: number;
  /** Blocks that slices free in a row, something always waiting, before a Worker starts. */
  blocksBeforeWorker: number;
  /** Values that each Worker has waiting before one more starts. */
  valuesPerWorker: number;
  /** Workers end after at least so long without work, and at most twice as long. */
  workerIdleMs: number;
}

/** A thread that runs reclaimer.js as its program; a web `Worker` is one. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent) => unknown) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** Starts such a thread, or answers undefined where none can be started at present. */
export type StartWorker = () => WorkerLike | undefined;

interface Helper {
  worker: WorkerLike;
  /** {@linkcode Arena.version} of the segments that the Worker was told of. */
  version: number;
  /** Values that it was sent and has not finished. */
  pending: number;
}

export class LazyFree {
  readonly limits: LazyFreeLimits = {
    sliceBlocks: 1024,
    sliceChains: 256,
    blocksBeforeWorker: 4_000_000,
    valuesPerWorker: 1024,
    workerIdleMs: 5_000,
  };
  readonly #arena: Arena;
  readonly #shapes: readonly Shape[];
  readonly #workerCount: number;
  readonly #startWorker: StartWorker;
  /** Walks what is freed on the spot. */
  readonly #inline: Reclaimer;
  /** Walks what is freed in slices. */
  readonly #sliced: Reclaimer;
  /** Shapes and references, in turn; the last posted goes first. */
  readonly #waiting: number[] = [];
  readonly #helpers: Helper[] = [];
  #slice: Timer | undefined;
  #idleCheck: Timer | undefined;
  #workedSinceCheck = false;
  #blocksInARow = 0;
  #pending = 0;
  #freed = 0;
  #closed = false;
  #hadWorkers = false;
  #idle: (() => void)[] = [];

  /**
   * @param shapes what values look like; {@linkcode LazyFree.post} names one by its index
   * @param workerCount most Workers, 0 to {@linkcode MAX_LAZY_FREE_WORKERS}
   * @param startWorker where it starts none, everything is done in slices
   */
  constructor(
    arena: Arena,
    shapes: readonly Shape[],
    workerCount: number,
    startWorker: StartWorker = () => undefined,
  ) {
    assert(workerCount >= 0 && workerCount <= MAX_LAZY_FREE_WORKERS);
    this.#arena = arena;
    this.#shapes = shapes;
    this.#workerCount = workerCount;
    this.#startWorker = startWorker;
    const free = (block: Ref) => arena.free(block);
    this.#inline = new Reclaimer(arena.words, shapes, free);
    this.#sliced = new Reclaimer(arena.words, shapes, free);
  }

  /** Values posted and not yet taken apart. */
  get pending(): number {
    return this.#pending;
  }

  /** Values posted that have been taken apart so far. */
  get freed(): number {
    return this.#freed;
  }

  /** Workers that run now. */
  get workers(): number {
    return this.#helpers.length;
  }

  /** Whether a Worker may know of the arena's memory, be it one that was told to end. */
  get hadWorkers(): boolean {
    return this.#hadWorkers;
  }

  /** Counts {@linkcode LazyFree.freed} from 0 again. */
  resetFreed(): void {
    this.#freed = 0;
  }

  /** Frees every block of an unreachable value here and now. O(blocks). */
  freeNow(shape: number, ref: Ref): void {
    this.#inline.reclaim(shape, ref);
  }

  /** Has every block of an unreachable value freed in the background. O(1). */
  post(shape: number, ref: Ref): void {
    if (this.#pending >= MAX_PENDING || this.#closed) return this.freeNow(shape, ref);
    this.#pending++;
    if (this.#helpers.length > 0) {
      this.#send(this.#leastBusy(), undefined, [shape, ref]);
    } else {
      this.#waiting.push(shape, ref);
      this.#schedule();
    }
  }

  /**
   * Makes the next slice run. A timer is what lets sockets be served first: after an immediate or a
   * message Deno goes on with more of the same, for 15 ms and for a second.
   */
  #schedule(): void {
    this.#slice ??= after(0, this.#runSlice);
  }

  readonly #runSlice = (): void => {
    this.#slice = undefined;
    const { limits } = this;
    this.#arena.collectFreedChains(limits.sliceChains);
    const left = this.#freeBlocks(limits.sliceBlocks);
    if (this.#sliced.busy || this.#waiting.length > 0) {
      this.#blocksInARow += limits.sliceBlocks - left;
      if (this.#blocksInARow < limits.blocksBeforeWorker || !this.#handOver()) this.#schedule();
    } else {
      this.#blocksInARow = 0;
      if (this.#arena.hasFreedChains) this.#schedule();
    }
    this.#settle();
  };

  /**
   * Does a slice's work here and now, for whoever needs the memory.
   *
   * @returns whether any block has come free
   */
  advance(): boolean {
    const { sliceBlocks, sliceChains } = this.limits;
    const taken = this.#arena.collectFreedChains(sliceChains);
    const left = this.#freeBlocks(sliceBlocks);
    this.#settle();
    return taken > 0 || left < sliceBlocks;
  }

  /** Returns what is left of the budget. */
  #freeBlocks(budget: number): number {
    const waiting = this.#waiting;
    const walk = this.#sliced;
    let left = budget;
    while (left > 0) {
      if (!walk.busy) {
        const ref = waiting.pop();
        const shape = waiting.pop();
        if (shape === undefined || ref === undefined) break;
        walk.begin(shape, ref);
      }
      left = walk.advance(left);
      if (!walk.busy) this.#finish(1);
    }
    return left;
  }

  /**
   * Gives all that waits, and the value that is half done, to a new Worker. Answers false where there
   * is none; it is asked for again after as many blocks.
   */
  #handOver(): boolean {
    this.#blocksInARow = 0;
    const helper = this.#start();
    if (helper === undefined) return false;
    const frames = this.#sliced.busy ? this.#sliced.suspend() : undefined;
    this.#send(helper, frames, this.#waiting.splice(0));
    return true;
  }

  #leastBusy(): Helper {
    const helpers = this.#helpers;
    let least = helpers[0];
    for (const helper of helpers) if (helper.pending < least.pending) least = helper;
    return least.pending < this.limits.valuesPerWorker ? least : this.#start() ?? least;
  }

  /** One more Worker, unless there are enough or none can be had. */
  #start(): Helper | undefined {
    if (this.#helpers.length === this.#workerCount) return undefined;
    const worker = this.#startWorker();
    if (worker === undefined) return undefined;
    worker.postMessage({ stackWord: Arena.freedChainsAt, shapes: this.#shapes });
    const helper: Helper = { worker, version: -1, pending: 0 };
    worker.onmessage = ({ data: finished }: MessageEvent<number>) => {
      helper.pending -= finished;
      this.#finish(finished);
      this.#schedule();
    };
    this.#helpers.push(helper);
    this.#hadWorkers = true;
    this.#idleCheck ??= after(this.limits.workerIdleMs, this.#checkIdle);
    return helper;
  }

  #send(helper: Helper, frames: Int32Array | undefined, values: number[]): void {
    this.#inform(helper);
    helper.worker.postMessage({ frames, values: Int32Array.from(values) });
    helper.pending += values.length / 2 + (frames === undefined ? 0 : 1);
    this.#workedSinceCheck = true;
  }

  readonly #checkIdle = (): void => {
    this.#idleCheck = undefined;
    if (this.#pending === 0 && !this.#workedSinceCheck) return this.#stopWorkers();
    this.#workedSinceCheck = false;
    this.#idleCheck = after(this.limits.workerIdleMs, this.#checkIdle);
  };

  #stopWorkers(): void {
    for (const { worker } of this.#helpers.splice(0)) worker.terminate();
  }

  /** Tells the Workers which segments there are now, so that they hold on to none that is gone. */
  refresh(): void {
    for (const helper of this.#helpers) this.#inform(helper);
  }

  #inform(helper: Helper): void {
    if (helper.version === this.#arena.version) return;
    helper.version = this.#arena.version;
    helper.worker.postMessage({ segments: this.#arena.words });
  }

  #finish(values: number): void {
    this.#pending -= values;
    this.#freed += values;
  }

  /**
   * Settles once every value posted so far has been taken apart and its memory taken back. The process
   * stays alive until then.
   */
  drained(): Promise<void> {
    if (this.#isDrained) return Promise.resolve();
    const letGo = holdProcess();
    return new Promise((resolve) =>
      this.#idle.push(() => {
        letGo();
        resolve();
      })
    );
  }

  get #isDrained(): boolean {
    return this.#closed || this.#pending === 0 && !this.#arena.hasFreedChains;
  }

  #settle(): void {
    if (this.#idle.length === 0 || !this.#isDrained) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Stops slices and Workers. Values that are not finished are gone with the arena. */
  close(): void {
    this.#closed = true;
    cancel(this.#slice);
    cancel(this.#idleCheck);
    this.#stopWorkers();
    this.#waiting.length = 0;
    this.#pending = 0;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
