/**
 * The Worker that a load generator runs in, so that it has an event loop and a core of its own.
 *
 * ```
 * main ── connect ─▶            ◀─ done ──          one answer to each message, in order;
 *      ── run ─────▶            ◀─ result ─         "failed" in place of any of them
 *      ── close ───▶            ◀─ done ──
 * ```
 */

import { LoadGenerator, type LoadPlan, type LoadResult, type LoadSpan } from "./load_generator.ts";
import { OperationCatalogue } from "./workloads.ts";

export type LoadMessage =
  | { readonly type: "connect"; readonly plan: LoadPlan }
  | { readonly type: "run"; readonly span: LoadSpan }
  | { readonly type: "close" };

export type LoadAnswer =
  | { readonly type: "done" }
  | { readonly type: "result"; readonly result: LoadResult }
  | { readonly type: "failed"; readonly message: string };

/** What a Worker's global scope is to this file. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<LoadMessage>) => void) | null;
  postMessage(answer: LoadAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;
let catalogue: OperationCatalogue | undefined;
let generator: LoadGenerator | undefined;

async function answer(message: LoadMessage): Promise<LoadAnswer> {
  switch (message.type) {
    case "connect": {
      const { plan } = message;
      if (catalogue?.protocol !== plan.protocol || catalogue.keys !== plan.keys) {
        catalogue = new OperationCatalogue(plan.protocol, plan.keys);
      }
      generator = await LoadGenerator.open(plan, catalogue);
      return { type: "done" };
    }
    case "run":
      if (generator === undefined) throw new Error("run without connect");
      return { type: "result", result: await generator.run(message.span) };
    case "close":
      generator?.close();
      generator = undefined;
      return { type: "done" };
  }
}

scope.onmessage = (event) => {
  answer(event.data).then(
    (reply) => scope.postMessage(reply),
    (error) => scope.postMessage({ type: "failed", message: String(error?.message ?? error) }),
  );
};
