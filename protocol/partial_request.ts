/**
 * What is known of a RESP request whose end has not arrived. Only a connection with such a request
 * owns one; all but large ones go round through the batch that connections share, because under
 * load nearly every read ends in the middle of a request.
 */

/**
 * Arrays above this size are not worth keeping for the next partial request. Those of a hundred
 * fields with values are: made anew for each read, they would be most of what a bulk load leaves
 * behind.
 */
const KEPT_ARGUMENTS = 512;

const INITIAL_ARGUMENTS = 16;

/** Where arguments are stored as they are found. */
export interface ArgumentStore {
  offsets: Int32Array;
  lengths: Int32Array;
  /** Room for arguments up to index `capacity` - 1; at least doubles when it has to grow. */
  reserve(capacity: number): void;
}

/** All positions count from the request's first byte, since the input buffer may move. */
export class PartialRequest implements ArgumentStore {
  offsets: Int32Array = new Int32Array(INITIAL_ARGUMENTS);
  lengths: Int32Array = new Int32Array(INITIAL_ARGUMENTS);
  /** Arguments found. */
  count = 0;
  /** Arguments to come. */
  remaining = 0;
  /** Where the next length line, or with `bulkBytes` >= 0 the next argument, begins. */
  at = 0;
  /** Length of the argument that begins at `at`, -1 while its length line is not complete. */
  bulkBytes = -1;

  reserve(capacity: number): void {
    if (capacity <= this.offsets.length) return;
    const size = Math.max(capacity, this.offsets.length * 2);
    this.offsets = grown(this.offsets, size);
    this.lengths = grown(this.lengths, size);
  }

  /** Bytes of the arguments found. O(those). */
  get argumentBytes(): number {
    let total = 0;
    for (let i = 0; i < this.count; i++) total += this.lengths[i];
    return total;
  }

  get small(): boolean {
    return this.offsets.length <= KEPT_ARGUMENTS;
  }
}

/** A copy of `values` with room for `size`. */
export function grown(values: Int32Array, size: number): Int32Array {
  const larger = new Int32Array(size);
  larger.set(values);
  return larger;
}
