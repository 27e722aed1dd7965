/** Signals of the system to the process. What a system does not have, or does not hand on, is left out. */

export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGALRM";

export interface Signals {
  /** Calls `listener` at each of the signals, in place of what the system would do. @returns what undoes that */
  listen(names: readonly SignalName[], listener: () => void): () => void;
  /**
   * As {@linkcode Signals.listen}, for a thread that may be kept busy for good: another thread waits
   * for the signals, calls `listener` on this one at the first of them, and leaves every later one to
   * the system, which ends the process whatever this thread does. That takes a Worker (12 to
   * 15 MB), so it is for programs that run code which nobody vouches for. A runtime that hands no other
   * thread any signals does it on this thread: then the first is not heard while that is busy.
   *
   * @returns what ends the Worker, once it listens
   */
  listenOnceAside(names: readonly SignalName[], listener: () => void): Promise<() => void>;
}
