/**
 * Time as it passes, for whoever has to wait a little or to measure how long something takes: turns,
 * slices, ticks, deadlines. What time it is, is another matter, and comes from outside.
 *
 * ```
 * globalThis.setTimeout ──▶ taken here as this file is loaded ──▶ after, every, cancel
 *          ▲
 *          └── a test puts its own in place later, and moves it by hand: nothing here is affected
 * ```
 *
 * So a server in a test goes on serving when the test has replaced all timers. And no timer keeps a
 * process alive: that is for the listeners and connections to do, if they are to.
 */

/** A timer that was set; {@linkcode cancel} ends it. */
export interface Timer {
  /** Lets the process end though the timer has not gone off. Every runtime has it. */
  unref?(): unknown;
}

const set = globalThis.setTimeout as unknown as (run: () => void, ms: number) => Timer;
const clear = globalThis.clearTimeout as unknown as (timer: Timer | undefined) => void;
const repeat = globalThis.setInterval as unknown as (run: () => void, ms: number) => Timer;
const stop = globalThis.clearInterval as unknown as (timer: Timer | undefined) => void;

/** Whether they had been replaced before this file was loaded, as the libraries show that do so. */
export const areFaked: boolean = "clock" in globalThis.setTimeout;

/** Milliseconds since some moment, with fractions; it never goes back. */
export const monotonicMs: () => number = performance.now.bind(performance);

/** Calls once what runs now is done, before anything else gets a turn. */
export const soon: (run: () => void) => void = globalThis.queueMicrotask.bind(globalThis);

/** Calls after `ms` milliseconds, 2^31 - 1 at most. */
export function after(ms: number, run: () => void): Timer {
  const timer = set(run, ms);
  timer.unref?.();
  return timer;
}

/** Calls every `ms` milliseconds until it is cancelled with {@linkcode cancelEvery}. */
export function every(ms: number, run: () => void): Timer {
  const timer = repeat(run, ms);
  timer.unref?.();
  return timer;
}

/** Ends a timer of {@linkcode after}; nothing happens where it has gone off, or there is none. */
export function cancel(timer: Timer | undefined): void {
  clear(timer);
}

/** Ends a timer of {@linkcode every}. */
export function cancelEvery(timer: Timer | undefined): void {
  stop(timer);
}

/** Longest time that a timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Keeps the process alive while somebody waits for what no listener or connection would keep it for.
 *
 * @returns lets go
 */
export function holdProcess(): () => void {
  const timer = repeat(() => {}, MAX_TIMER_MS);
  return () => stop(timer);
}
