/**
 * The sizes that Lua 5.1's own table would have: what `#` answers depends on them where a table has
 * holes. Nothing is stored by them; they only tell where the search for a border begins.
 *
 * ```
 * arraySize     [ t[1] … t[arraySize] ]     the constructor's, or after a rehash the largest power of
 *                                           two of which more than half is in use
 * nodeCapacity  all other keys              0 or a power of two; when a new key finds no free node,
 *                                           both sizes are computed anew: a rehash
 * ```
 *
 * A rehash asks how many positive integer keys lie between one power of two and the next. Where they are
 * 1 … n that follows from n; where not, {@linkcode IntegerKeys} counts along, so that a rehash never
 * walks the table. (A node whose value was removed counts as used until the next rehash. Lua sometimes
 * uses one again sooner, as the hash of the new key has it.)
 */

/** Lua's MAXBITS. */
const MAX_BITS = 26;
/** The longest array part. */
export const MAX_ARRAY_SIZE = 2 ** MAX_BITS;

/** Whether a key can lie in the array part. */
export function isArrayKey(key: unknown): key is number {
  return typeof key === "number" && key >= 1 && key <= MAX_ARRAY_SIZE && Number.isInteger(key);
}

/** The n with 2^(n-1) < key ≤ 2^n. */
function sliceOf(key: number): number {
  return 32 - Math.clz32(key - 1);
}

/** How many positive integer keys a table has, and where. */
export class IntegerKeys {
  readonly slices: number[] = new Array(MAX_BITS + 1).fill(0);
  total = 0;
  /** How many of them are not in the array part. */
  elsewhere = 0;

  /** Those of 1 … `length`. */
  static upTo(length: number): IntegerKeys {
    const keys = new IntegerKeys();
    for (let slice = 0, from = 0; from < length; slice++) {
      const to = Math.min(2 ** slice, length);
      keys.slices[slice] = to - from;
      from = to;
    }
    keys.total = length;
    return keys;
  }

  add(key: number): void {
    this.slices[sliceOf(key)]++;
    this.total++;
  }

  remove(key: number): void {
    this.slices[sliceOf(key)]--;
    this.total--;
  }

  /** The largest power of two of which more than half is in use, or 0; and how many keys that takes. */
  arrayPart(): { size: number; taken: number } {
    let size = 0;
    let taken = 0;
    let seen = 0;
    for (
      let slice = 0, power = 1;
      slice <= MAX_BITS && power / 2 < this.total;
      slice++, power *= 2
    ) {
      seen += this.slices[slice];
      if (this.slices[slice] > 0 && seen > power / 2) {
        size = power;
        taken = seen;
      }
    }
    return { size, taken };
  }
}

/** The smallest power of two that is not less; 0 for 0. */
export function powerFor(keys: number): number {
  return keys === 0 ? 0 : 1 << (32 - Math.clz32(keys - 1));
}

/** The size that a constructor with so many items allocates: exact below 16, then with an error of 1/8. */
export function constructorSize(items: number): number {
  let mantissa = items;
  let exponent = 0;
  while (mantissa >= 16) {
    mantissa = (mantissa + 1) >> 1;
    exponent++;
  }
  return mantissa * 2 ** exponent;
}
