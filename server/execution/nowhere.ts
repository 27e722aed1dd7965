/**
 * Where a writer of replies leads while no command runs. All clients of a protocol share one writer,
 * so somebody who has kept it, a plugin whose timer comes when its command has long returned, would
 * write into the reply of whoever came last. So it gets an error instead.
 */

import { OutputQueue } from "../../structures/bytes/output_queue.ts";

/** A queue like any other, as the writers' code is fastest where all queues are of one shape. */
export const NOWHERE: OutputQueue = new OutputQueue({ initialBytes: 0, maxBytes: 0 });
