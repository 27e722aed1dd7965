/** One question to a Worker of the load generator and its one answer, within a limit of time. */

import { deadline } from "@std/async/deadline";

/** What a Worker answers in place of anything else when it has failed. */
export interface WorkerFailure {
  readonly type: "failed";
  readonly message: string;
}

/** Resolves to the Worker's answer. Rejects when it fails, or has not answered in time. */
export function askWorker<Answer extends { readonly type: string }>(
  worker: Worker,
  message: unknown,
  limitMs: number,
): Promise<Answer> {
  const answered = new Promise<Answer>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer | WorkerFailure>) => {
      if (isFailure(data)) reject(new Error(data.message));
      else resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`the load generator failed: ${event.message}`));
    };
  });
  worker.postMessage(message);
  return deadline(answered, limitMs);
}

function isFailure(answer: { readonly type: string }): answer is WorkerFailure {
  return answer.type === "failed";
}
