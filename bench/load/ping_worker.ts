/**
 * The Worker that a watch of PINGs runs in: nothing else happens in it, and its loop makes no
 * objects but the two promises of each exchange, so that what it measures is the server's doing.
 *
 * ```
 * main ── { hostname, port, durationMs } ─▶     ◀─ "watching" ── after the warm-up
 *                                               ◀─ PingLatencies, or { message } if it failed
 * ```
 */

import { WrongReplyError } from "./wrong_reply.ts";

const PING = new TextEncoder().encode("*1\r\n$4\r\nPING\r\n");
const PONG = new TextEncoder().encode("+PONG\r\n");
const WARMUP_PINGS = 2000;
const MAX_PINGS = 4_000_000;

export interface PingWatch {
  readonly hostname: string;
  readonly port: number;
  readonly durationMs: number;
}

export interface PingLatencies {
  readonly longestMs: number;
  readonly p999Ms: number;
}

export type PingAnswer = "watching" | PingLatencies | { readonly message: string };

/** What a Worker's global scope is to this file. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<PingWatch>) => void) | null;
  postMessage(answer: PingAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;
const latenciesMs = new Float64Array(MAX_PINGS);
const reply = new Uint8Array(PONG.length);

async function ping(connection: Deno.Conn): Promise<void> {
  // Requests and replies are this small that none is ever sent in parts.
  await connection.write(PING);
  const count = await connection.read(reply);
  for (let i = 0; i < PONG.length; i++) {
    if (count !== PONG.length || reply[i] !== PONG[i]) {
      throw new WrongReplyError("PING", PONG, reply.subarray(0, count ?? 0));
    }
  }
}

async function watch({ hostname, port, durationMs }: PingWatch): Promise<PingLatencies> {
  using connection = await Deno.connect({ hostname, port });
  connection.setNoDelay(true);
  for (let i = 0; i < WARMUP_PINGS; i++) await ping(connection);
  scope.postMessage("watching");
  let count = 0;
  const endMs = performance.now() + durationMs;
  for (let startMs = performance.now(); startMs < endMs && count < MAX_PINGS;) {
    await ping(connection);
    const nowMs = performance.now();
    latenciesMs[count++] = nowMs - startMs;
    startMs = nowMs;
  }
  const sorted = latenciesMs.subarray(0, count).sort();
  return { longestMs: sorted[count - 1], p999Ms: sorted[Math.ceil(count * 0.999) - 1] };
}

scope.onmessage = (event) => {
  watch(event.data).then(
    (latencies) => scope.postMessage(latencies),
    (error) => scope.postMessage({ message: String(error?.message ?? error) }),
  );
};
