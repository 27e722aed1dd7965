/**
 * Accepts the connections of one listener, one after the other.
 *
 * A peer may be gone again before it is accepted, and may do that as often as it likes, so that must
 * cost the others nothing: the loop goes on at once. Only where descriptors have run out does it
 * wait a little, for accepting cannot succeed before one is given back, and the connection that
 * could not be accepted is still there.
 */

import { failures } from "../platform/platform.ts";
import type { Listener, Socket } from "../platform/socket.ts";
import type { ServerLog } from "../report/log.ts";
import { after, cancel } from "../../structures/real_time.ts";

const PAUSE_MS = 10;
/**
 * Failures in a row after which the loop waits as well: a listener that is broken must not keep the
 * thread from everything else.
 */
const FAILURES_BEFORE_PAUSE = 256;

export interface AcceptHost {
  readonly log: ServerLog;
  /** Whether the process goes on for as long as somebody may connect. */
  readonly holdsProcess: boolean;
  /** Takes over a socket. Must not throw. */
  readonly admit: (socket: Socket) => void;
  /** Hears that a connection could not be accepted for lack of descriptors. */
  readonly ranOutOfDescriptors: () => void;
}

/** Waits; tests put something else in its place. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export class AcceptLoop {
  /** Settles when the listener is closed and given up. */
  readonly finished: Promise<void>;
  readonly #listener: Listener;
  readonly #host: AcceptHost;
  readonly #pause: Pause;
  readonly #stopped = new AbortController();

  /** Starts at once. */
  constructor(listener: Listener, host: AcceptHost, pause: Pause = pauseByTimer) {
    this.#listener = listener;
    this.#host = host;
    this.#pause = pause;
    if (!host.holdsProcess) listener.unref();
    this.finished = this.#run();
  }

  /** Closes the listener; connections that were accepted stay. */
  stop(): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    this.#listener.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    let failuresInARow = 0;
    while (!signal.aborted) {
      let socket: Socket;
      try {
        socket = await this.#listener.accept();
      } catch (error) {
        if (signal.aborted) return;
        failuresInARow++;
        if (this.#explain(error) || failuresInARow % FAILURES_BEFORE_PAUSE === 0) {
          await this.#pause(PAUSE_MS, signal);
        }
        continue;
      }
      failuresInARow = 0;
      this.#host.admit(socket);
    }
  }

  /** @returns whether it makes no sense to try again at once */
  #explain(error: unknown): boolean {
    const { log } = this.#host;
    if (failures.kindOf(error) === "noDescriptors") {
      this.#host.ranOutOfDescriptors();
      log.rarely("warning", "cannot accept a connection: the process has no descriptor left");
      return true;
    }
    log.rarely("warning", "cannot accept a connection", { error: failures.messageOf(error) });
    return false;
  }
}

function pauseByTimer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = after(ms, end);
    signal.addEventListener("abort", end);
  });
}
