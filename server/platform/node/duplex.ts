/** Node's streams. */

import { Duplex, type DuplexOptions } from "node:stream";

/** Makes a stream that is read and written, of these functions. */
export function makeDuplex(options: DuplexOptions): Duplex {
  return new Duplex(options);
}
