/**
 * A key as it stands in a request: bytes somewhere in an input buffer, and their hash. A view that
 * is filled anew for each request, so that naming a key allocates nothing.
 */

import type { HashedBytes } from "../../structures/key_map.ts";
import type { Bytes } from "../../structures/bytes/bytes.ts";

const NO_BYTES = new Uint8Array(0);

export class Key {
  bytes: Bytes = NO_BYTES;
  start = 0;
  length = 0;
  /** The keyed hash of the bytes, see structures/hash_table/hash.ts. */
  hash = 0;

  /** Points the key at another's bytes. @returns itself */
  see({ bytes, start, length, hash }: HashedBytes): this {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.hash = hash;
    return this;
  }
}
