/**
 * Threads of the server. The only ones so far take large values apart in the background.
 *
 * A thread's program is the text of a module, handed to it as it is, so that starting one needs no
 * permission to read files.
 */

import type { StartWorker } from "../../structures/lazy_free/lazy_free.ts";
import { WORKER_NAME } from "../../structures/lazy_free/reclaimer.js";
import reclaimerSource from "../../structures/lazy_free/reclaimer.js" with { type: "text" };
import { startWorker } from "./deno/workers.ts";

/**
 * What starts the threads of a LazyFree.
 *
 * @param mayStart asked before each, as a thread that cannot open its pipes ends the whole process:
 *   false while descriptors are scarce
 */
export function lazyFreeWorkers(mayStart: () => boolean = () => true): StartWorker {
  return () => mayStart() ? startWorker(reclaimerSource, WORKER_NAME) : undefined;
}
