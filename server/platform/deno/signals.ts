/**
 * Signals by Deno. A thread of Deno's own receives them, hands each to the listeners of every
 * thread, and does what the system would do where there is none. A listener of a thread that is
 * busy is never called; a Worker that has nothing else to do is there at once:
 *
 * ```
 * first signal ──▶ Worker: stops listening, tells the main thread
 * second signal ─▶ nobody listens: the system's own action, which ends the process
 * ```
 */

import type { SignalName, Signals } from "../signals.ts";

/** Windows knows Ctrl-C alone. */
function known(names: readonly SignalName[]): readonly SignalName[] {
  return Deno.build.os === "windows" ? names.filter((name) => name === "SIGINT") : names;
}

function listen(names: readonly SignalName[], listener: () => void): () => void {
  for (const name of known(names)) Deno.addSignalListener(name, listener);
  return () => {
    for (const name of known(names)) Deno.removeSignalListener(name, listener);
  };
}

/** The Worker's program; the first message is the names, and it answers "ready" and "signal". */
const WATCHER = `
onmessage = ({ data: names }) => {
  const listener = () => {
    for (const name of names) Deno.removeSignalListener(name, listener);
    postMessage("signal");
  };
  for (const name of names) Deno.addSignalListener(name, listener);
  postMessage("ready");
};
`;

async function listenOnceAside(
  names: readonly SignalName[],
  listener: () => void,
): Promise<() => void> {
  const url = URL.createObjectURL(new Blob([WATCHER], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "signals" });
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<"ready" | "signal">) => {
    if (data === "ready") resolve();
    else listener();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  worker.postMessage(known(names));
  try {
    await ready;
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    URL.revokeObjectURL(url);
  }
  return () => worker.terminate();
}

export const signals: Signals = { listen, listenOnceAside };
