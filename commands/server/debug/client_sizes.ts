/** DEBUG CLIENT-EVICTION: how many clients take about how much memory, in the form of Redis's reply. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";

const NO_LIMIT = new ErrorReply("ERR maxmemory-clients is disabled.");

/** The first size is all below 2^15 bytes, the last all from 2^32 on; each other one a doubling. */
const FIRST_POWER = 15;
const SIZES = 19;
/** Width of the numbers. */
const WIDTH = 10;

export function replyWithClientSizes({ reply, server }: Call): void {
  if (server.config.maxMemoryClients === 0n) throw NO_LIMIT;
  const bytes = new Array<number>(SIZES).fill(0);
  const clients = new Array<number>(SIZES).fill(0);
  for (const { memoryBytes, noEvict } of server.clients) {
    if (noEvict) continue;
    const size = sizeOf(memoryBytes);
    bytes[size] += memoryBytes;
    clients[size]++;
  }
  const lines = bytes.map((total, size) =>
    `bucket ${rangeText(size)}: tot-mem: ${padded(total)}, clients: ${clients[size]}\n`
  );
  reply.verbatim("txt", lines.join(""));
}

function sizeOf(bytes: number): number {
  const power = Math.floor(Math.log2(Math.max(1, bytes)));
  return Math.min(SIZES - 1, Math.max(0, power - FIRST_POWER + 1));
}

function rangeText(size: number): string {
  const from = size === 0 ? 0 : 2 ** (FIRST_POWER + size - 1);
  return size === SIZES - 1
    ? `${padded(from)}+            `
    : `${padded(from)} - ${padded(2 ** (FIRST_POWER + size) - 1)}`;
}

function padded(number: number): string {
  return String(number).padStart(WIDTH);
}
