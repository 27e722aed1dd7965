/**
 * Threads by Node: they have no web Worker's names, which the program of ours uses, so it finds them
 * made of Node's own.
 */

import { Worker } from "node:worker_threads";
import type { WorkerLike } from "../../../structures/lazy_free/lazy_free.ts";

/** What stands before a program: a module as that is, of which imports come first wherever they are. */
function withWebNames(program: string, name: string): string {
  return `import { parentPort } from "node:worker_threads";
globalThis.name = ${JSON.stringify(name)};
globalThis.postMessage = (message) => parentPort.postMessage(message);
globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data }));
${program}`;
}

export function startWorker(program: string, name: string): WorkerLike {
  const text = encodeURIComponent(withWebNames(program, name));
  const thread = new Worker(new URL(`data:text/javascript,${text}`), { name });
  // Whoever waits for its work keeps the process running.
  thread.unref();
  const worker: WorkerLike = {
    onmessage: null,
    postMessage: (message) => thread.postMessage(message),
    terminate: () => void thread.terminate(),
  };
  thread.on("message", (data) => worker.onmessage?.({ data } as MessageEvent));
  return worker;
}
