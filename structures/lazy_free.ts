/**
 * Lazy frees: large values are taken apart by Workers, so that the thread that serves clients spends
 * O(1) on dropping a million blocks.
 *
 * ```
 * main thread   unlink root ─ post {shape, ref} ─────────────────── splice chains into free lists
 *                                  │                                        ▲ Arena.collectFreedChains
 * Worker                           └▶ walk the value, thread its blocks ────┘ lock-free stack
 * ```
 *
 * The value must be unreachable before it is posted: from then on only the Worker touches it. See
 * reclaimer.js for the walk. Without Workers the same walk frees on the spot.
 */

import { assert } from "@std/assert/assert";
import { Arena, type Ref } from "./arena.ts";
import { Reclaimer, type Shape, WORKER_NAME } from "./reclaimer.js";
import reclaimerSource from "./reclaimer.js" with { type: "text" };

/** Values that may wait for the Workers; past that, values are taken apart on the spot. */
const MAX_PENDING = 65_536;
/** Most Workers that may be asked for. */
export const MAX_LAZY_FREE_WORKERS = 16;

interface Helper {
  worker: Worker;
  /** {@linkcode Arena.version} of the segments that the Worker was told of. */
  version: number;
}

export class LazyFree {
  readonly #arena: Arena;
  readonly #shapes: readonly Shape[];
  readonly #inline: Reclaimer;
  readonly #helpers: Helper[] = [];
  #workerCount: number;
  #nextHelper = 0;
  #pending = 0;
  #freed = 0;
  #idle: (() => void)[] = [];

  /**
   * @param shapes what values look like; {@linkcode LazyFree.post} names one by its index
   * @param workerCount 0 to {@linkcode MAX_LAZY_FREE_WORKERS}; the Workers start when first needed
   */
  constructor(arena: Arena, shapes: readonly Shape[], workerCount: number) {
    assert(workerCount >= 0 && workerCount <= MAX_LAZY_FREE_WORKERS);
    this.#arena = arena;
    this.#shapes = shapes;
    this.#workerCount = workerCount;
    this.#inline = new Reclaimer(arena.words, shapes, (block) => arena.free(block));
  }

  /** Values posted and not yet taken apart. */
  get pending(): number {
    return this.#pending;
  }

  /** Values that Workers have taken apart so far. */
  get freed(): number {
    return this.#freed;
  }

  /** Counts {@linkcode LazyFree.freed} from 0 again. */
  resetFreed(): void {
    this.#freed = 0;
  }

  /** Frees every block of an unreachable value here and now. O(blocks). */
  freeNow(shape: number, ref: Ref): void {
    this.#inline.reclaim(shape, ref);
  }

  /** Has a Worker free every block of an unreachable value. O(1). */
  post(shape: number, ref: Ref): void {
    if (this.#workerCount === 0 || this.#pending >= MAX_PENDING) return this.freeNow(shape, ref);
    const helper = this.#helper();
    this.#inform(helper);
    helper.worker.postMessage({ shape, ref });
    this.#pending++;
  }

  #helper(): Helper {
    const index = this.#nextHelper;
    this.#nextHelper = (index + 1) % this.#workerCount;
    return this.#helpers[index] ??= this.#start();
  }

  #start(): Helper {
    const url = URL.createObjectURL(new Blob([reclaimerSource], { type: "text/javascript" }));
    const worker = new Worker(url, { type: "module", name: WORKER_NAME });
    worker.postMessage({ stackWord: Arena.freedChainsAt, shapes: this.#shapes });
    worker.onmessage = () => {
      URL.revokeObjectURL(url);
      this.#pending--;
      this.#freed++;
      this.#arena.collectFreedChains();
      if (this.#pending === 0) { for (const resolve of this.#idle.splice(0)) resolve(); }
    };
    return { worker, version: -1 };
  }

  /** Tells the Workers which segments there are now, so that they hold on to none that is gone. */
  refresh(): void {
    for (const helper of this.#helpers) {
      if (helper !== undefined) this.#inform(helper);
    }
  }

  #inform(helper: Helper): void {
    if (helper.version === this.#arena.version) return;
    helper.version = this.#arena.version;
    helper.worker.postMessage({ segments: this.#arena.words });
  }

  /** Settles once every value posted so far has been taken apart and its memory taken back. */
  drained(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Stops the Workers. Values they had not finished are gone with the arena. */
  close(): void {
    for (const { worker } of this.#helpers) worker?.terminate();
    this.#helpers.length = 0;
    this.#workerCount = 0;
    this.#pending = 0;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
