/**
 * The Worker that session loads run in. It answers each message once, in order, as load_worker.ts
 * does.
 */

import { FanOut, type FanOutShare } from "./fan_out.ts";
import { ScriptLoad } from "./script_load.ts";
import type { FanOutPlan, ScriptPlan, SessionLoad, SessionResult } from "./session_plan.ts";
import type { WorkerFailure } from "./worker_request.ts";

export type SessionMessage =
  | { readonly type: "script"; readonly plan: ScriptPlan }
  | { readonly type: "fan-out"; readonly plan: FanOutPlan; readonly share: FanOutShare }
  | { readonly type: "run"; readonly durationMs: number }
  | { readonly type: "close" };

export type SessionAnswer =
  | { readonly type: "done" }
  | { readonly type: "result"; readonly result: SessionResult };

/** What a Worker's global scope is to this file. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<SessionMessage>) => void) | null;
  postMessage(answer: SessionAnswer | WorkerFailure): void;
}

const scope = globalThis as unknown as WorkerScope;
let load: SessionLoad | undefined;

async function answer(message: SessionMessage): Promise<SessionAnswer> {
  switch (message.type) {
    case "script":
      load = await ScriptLoad.open(message.plan);
      return { type: "done" };
    case "fan-out":
      load = await FanOut.open(message.plan, message.share);
      return { type: "done" };
    case "run":
      if (load === undefined) throw new Error("run without a load");
      return { type: "result", result: await load.run(message.durationMs) };
    case "close":
      load?.close();
      load = undefined;
      return { type: "done" };
  }
}

scope.onmessage = (event) => {
  answer(event.data).then(
    (reply) => scope.postMessage(reply),
    (error) => scope.postMessage({ type: "failed", message: String(error?.message ?? error) }),
  );
};
