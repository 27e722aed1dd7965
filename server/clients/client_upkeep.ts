/** What the tick looks at clients for: silence, and output that stays above its soft limit. */

import type { Config } from "../config/config.ts";
import type { Client } from "../execution/client.ts";
import { Condition } from "../execution/condition.ts";
import type { ServerLog } from "../report/log.ts";
import type { Stats } from "../report/stats.ts";
import { limitedBytes } from "./connection.ts";

export interface ClientUpkeepHost {
  readonly config: Config;
  readonly clients: Iterable<Client>;
  readonly stats: Stats;
  readonly log: ServerLog;
}

/** Drops clients that are silent for too long, or do not read their replies. O(clients). */
export function checkClients(host: ClientUpkeepHost, nowMs: number): void {
  const { clients, config, log, stats } = host;
  const timeoutMs = config.timeoutSeconds * 1000;
  const limits = config.outputBufferLimits;
  if (timeoutMs === 0 && Object.values(limits).every(({ softBytes }) => softBytes === 0)) return;
  for (const client of clients) {
    if (timeoutMs > 0 && nowMs - client.lastUsedMs > timeoutMs && mayBeIdle(client)) {
      log.verbose("closing idle client", { client: client.address });
      client.transport.close();
    } else if (isOverSoftLimit(client, limits[client.outputClass], nowMs)) {
      stats.outputLimitDisconnections++;
      log.rarely("warning", "closing client: its output stays over the soft limit", {
        client: client.address,
      });
      client.transport.close();
    }
  }
}

/** Whether the client is one of whom requests are expected: it does not wait, nor watch, nor listen. */
function mayBeIdle(client: Client): boolean {
  return !client.isHeld &&
    (client.conditions & Condition.ReplicaClient) !== Condition.ReplicaClient &&
    client.outputClass !== "pubsub";
}

function isOverSoftLimit(
  client: Client,
  { softBytes, softSeconds }: { readonly softBytes: number; readonly softSeconds: number },
  nowMs: number,
): boolean {
  if (softBytes === 0 || limitedBytes(client) < softBytes) {
    client.overSoftLimitSinceMs = 0;
    return false;
  }
  if (client.overSoftLimitSinceMs === 0) client.overSoftLimitSinceMs = nowMs;
  return nowMs - client.overSoftLimitSinceMs > softSeconds * 1000;
}
