/**
 * Byte arrays that can be read and written by words at any offset.
 *
 * V8 makes one load or store of a DataView's access, aligned or not and in shared memory too, where
 * the array itself takes one for each byte. So the long-lived arrays that keys and values pass
 * through, an arena's segments and the queues of connections, have a DataView of their memory at
 * hand. Passing arrays have none, and who takes either kind goes by bytes there.
 */

/** A byte array, perhaps with a view of the same memory: offset for offset the array's bytes. */
export interface Bytes extends Uint8Array {
  readonly view?: DataView;
}

/** Gives `bytes` its view. Costs a few hundred bytes: for memory that stays. */
export function withView<Array extends Uint8Array>(bytes: Array): Array & Bytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Object.assign(bytes, { view });
}
