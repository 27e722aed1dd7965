/** Threads by Deno: web Workers, which begin with the text that they run. */

import type { WorkerLike } from "../../../structures/lazy_free/lazy_free.ts";

/** Programs that have been started, as addresses: there are few, and they stay. */
const urls = new Map<string, string>();

export function startWorker(program: string, name: string): WorkerLike {
  let url = urls.get(program);
  if (url === undefined) {
    url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    urls.set(program, url);
  }
  return new Worker(url, { type: "module", name });
}
