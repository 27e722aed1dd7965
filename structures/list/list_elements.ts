/** A list as those see it who walk over members, whatever they are: its elements, in order. */

import type { Ref } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import type { List } from "./list.ts";

export class ListElements {
  constructor(readonly list: List) {}

  get encoding(): number {
    return this.list.encoding;
  }

  get ref(): Ref {
    return this.list.ref;
  }

  get count(): number {
    return this.list.count;
  }

  get liveCount(): number {
    return this.list.count;
  }

  /** The element under the cursor. */
  get member(): ByteView {
    return this.list.element;
  }

  open(encoding: number, ref: Ref): void {
    this.list.open(encoding, ref);
  }

  seekFirst(): boolean {
    return this.list.seek(0);
  }

  next(): boolean {
    return this.list.next();
  }
}
