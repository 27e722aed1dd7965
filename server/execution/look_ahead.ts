/**
 * The look-ahead over a batch.
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
 * it is shown its calls as far as they follow each other, and then they run. Nothing here changes
 * anything, and no reference is kept from it to the run.
 */

import { MAX_BATCH_REQUESTS, type RequestBatch } from "../../protocol/arguments.ts";
import type { KeyHasher } from "../../structures/hash_table/hash.ts";
import type { Database } from "../keyspace/database.ts";
import type { Frame } from "./frame.ts";
import type { CommandNames, ExecutableCommand, Prefetch } from "./command_table.ts";

/** Batches below this are not worth the extra walks. */
const MIN_PREFETCH_REQUESTS = 3;
/** A call alone with fewer arguments looks for too little. */
const MIN_PREFETCH_ARGUMENTS = 6;

export class LookAhead {
  /** The command of each request of the batch; undefined where there is none of that name. */
  readonly commands: (ExecutableCommand | undefined)[] = new Array(MAX_BATCH_REQUESTS)
    .fill(undefined);
  /** The hash of each request's first key, 0 where it has none. */
  readonly hashes: Int32Array = new Int32Array(MAX_BATCH_REQUESTS);
  readonly #table: CommandNames;
  readonly #hasher: KeyHasher;
  readonly #entries = new Int32Array(MAX_BATCH_REQUESTS);
  /** Sum of prefetched words; read by nobody, kept so that the loads are not optimized away. */
  #touched = 0;

  constructor(table: CommandNames, hasher: KeyHasher) {
    this.#table = table;
    this.#hasher = hasher;
  }

  /** Resolves names, hashes first keys, and loads what the requests from `from` on will look at. */
  prepare(batch: RequestBatch, from: number, db: Database): void {
    const table = this.#table;
    const hasher = this.#hasher;
    const { bytes, offsets, lengths, first, count } = batch;
    const { commands, hashes } = this;
    let keys = 0;
    for (let r = from; r < count; r++) {
      const name = first[r];
      const command = table.find(bytes, offsets[name], lengths[name]);
      commands[r] = command;
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
    if (keys < MIN_PREFETCH_REQUESTS || !db.gainsByPrefetch) return;
    this.#touched ^= db.prefetch(hashes, this.#entries, count);
  }

  /**
   * Lets a command load what its calls, from request `from` to the next command, will look at.
   *
   * @param call a frame to show them in
   */
  loadAhead(
    call: Frame,
    command: ExecutableCommand,
    prefetch: Prefetch,
    batch: RequestBatch,
    from: number,
  ): void {
    const { first, count } = batch;
    const { commands } = this;
    const isAlone = from + 1 === count || commands[from + 1] !== command;
    // Then there is no other whose waits could be shared.
    if (isAlone && first[from + 1] - first[from] < MIN_PREFETCH_ARGUMENTS) return;
    call.command = command;
    for (let r = from; r < count && commands[r] === command; r++) {
      batch.view(call.args, r);
      if (!command.acceptsCount(call.args.count)) continue;
      call.hashes.begin(command, this.hashes[r]);
      if (!prefetch.add(call)) break;
    }
    prefetch.load();
  }
}
