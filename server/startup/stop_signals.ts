/**
 * What signals do to a server that was started from the command line: the first SIGINT or SIGTERM
 * has it stop, a second one ends the process at once, and those that are not about stopping are
 * ignored: an alarm that whoever started the server had set, a terminal that goes away. SIGHUP, which
 * says so, does not end Redis either; here it has certificates read again beside.
 */

import { failures, process, signals } from "../platform/platform.ts";
import type { SignalName } from "../platform/signals.ts";

const STOP: readonly SignalName[] = ["SIGINT", "SIGTERM"];
const IGNORED: readonly SignalName[] = ["SIGHUP", "SIGALRM"];

/** More than a thread takes to start. */
const THREAD_DESCRIPTORS = 16;

export interface StopSignalOptions {
  /** Begins to stop the server. */
  readonly stop: () => Promise<void>;
  /**
   * Whether the thread may be kept busy for good, by code that is not Ravel's. Another thread then
   * listens (12 to 15 MB), so that the second signal ends the process even so.
   */
  readonly mayHang: boolean;
  /** Hears what went wrong. */
  readonly onFailure: (line: string) => void;
}

export function ignoreOtherSignals(): void {
  signals.listen(IGNORED, () => {});
}

/** Calls `reload` at each SIGHUP, by which operators have files read again. */
export function onHangUp(reload: () => void): void {
  signals.listen(["SIGHUP"], reload);
}

/** @returns what leaves the signals to the system again */
export async function onStopSignal(
  { stop, mayHang, onFailure }: StopSignalOptions,
): Promise<() => void> {
  let stopping = false;
  const begin = () => {
    if (stopping) return;
    stopping = true;
    stop().catch((error) => {
      onFailure(`cannot stop cleanly: ${failures.messageOf(error)}`);
      process.exit(1);
    });
  };
  const release = signals.listen(STOP, () => stopping ? process.exit(1) : begin());
  // A thread that finds no descriptors would end the process here and now.
  if (!mayHang || process.hasFreeDescriptors(THREAD_DESCRIPTORS) === false) return release;
  try {
    return await signals.listenOnceAside(STOP, begin);
  } finally {
    // From here on the other thread decides, and this one hears of it.
    release();
  }
}
