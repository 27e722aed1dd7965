/** Node's streams as Deno has them. */

import type { Duplex, DuplexOptions } from "node:stream";

interface Streams {
  readonly Duplex: new (options: DuplexOptions) => Duplex;
}

let streams: Streams | undefined;

/** Makes a stream that is read and written, of these functions. */
export function makeDuplex(options: DuplexOptions): Duplex {
  // Asked for by name and late, as loading it takes milliseconds that most servers need not spend.
  streams ??= globalThis.process.getBuiltinModule("node:stream") as Streams;
  return new streams.Duplex(options);
}
