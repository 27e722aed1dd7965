/**
 * Signals by Node, which hands them to the main thread alone, and to no other in its place. So a thread
 * that is kept busy for good does not hear of the first one; once it has heard of that, every further
 * one is the system's, which ends the process whatever the thread does.
 */

import process from "node:process";
import type { SignalName, Signals } from "../signals.ts";

/** Windows has neither an alarm nor a way to send one. */
function known(names: readonly SignalName[]): readonly SignalName[] {
  return process.platform === "win32" ? names.filter((name) => name !== "SIGALRM") : names;
}

function listen(names: readonly SignalName[], listener: () => void): () => void {
  for (const name of known(names)) process.on(name, listener);
  return () => {
    for (const name of known(names)) process.off(name, listener);
  };
}

function listenOnceAside(names: readonly SignalName[], listener: () => void) {
  const release = listen(names, () => {
    release();
    listener();
  });
  return Promise.resolve(release);
}

export const signals: Signals = { listen, listenOnceAside };
