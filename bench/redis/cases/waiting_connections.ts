/**
 * Ten thousand connections that wait: for an element of a list each, for one that all of them want, or
 * for messages.
 *
 * What counts is what they hold while nothing happens. Afterwards each gets what it waits for: none
 * may have been forgotten.
 */

import { bulkText, requestText } from "../../load/session_plan.ts";
import type { ControlClient } from "../../load/control_client.ts";
import { ServerProcess } from "../../server_processes.ts";
import { type BenchCase, type CaseContext, Samples } from "../bench_case.ts";
import { ManyConnections, mayOpen } from "../many_connections.ts";
import { settled } from "../settled.ts";

/** One way of waiting. */
interface Waiting {
  readonly label: string;
  /** What each connection sends, and what it gets at once. */
  readonly request: (index: number) => string;
  readonly reply?: (index: number) => string;
  /** Serves all of them, and what each then gets. */
  readonly serve: (client: ControlClient, count: number) => Promise<void>;
  readonly served: (index: number) => string;
}

const SPARE_CLIENTS = 100;
const CHANNEL = "news";
const SHARED = "queue";
const VALUE = "value";
const BETWEEN_READINGS_MS = 4000;

const ownQueue = (index: number) => `${SHARED}:${String(index).padStart(6, "0")}`;
const popped = (key: string) => `*2\r\n${bulkText(key)}${bulkText(VALUE)}`;

const WAYS: readonly Waiting[] = [
  {
    label: "blocked, each for a key of its own",
    request: (index) => requestText("BLPOP", ownQueue(index), "0"),
    serve: (client, count) => push(client, count, ownQueue),
    served: (index) => popped(ownQueue(index)),
  },
  {
    label: "blocked, all for one key",
    request: () => requestText("BLPOP", SHARED, "0"),
    serve: (client, count) => push(client, count, () => SHARED),
    served: () => popped(SHARED),
  },
  {
    label: "subscribed to one channel",
    request: () => requestText("SUBSCRIBE", CHANNEL),
    reply: () => `*3\r\n${bulkText("subscribe")}${bulkText(CHANNEL)}:1\r\n`,
    serve: async (client, count) => {
      const receivers = await client.ask("PUBLISH", CHANNEL, VALUE);
      if (receivers !== count) throw new Error(`PUBLISH answered ${receivers}`);
    },
    served: () => `*3\r\n${bulkText("message")}${bulkText(CHANNEL)}${bulkText(VALUE)}`,
  },
];

export const waitingConnectionsCase: BenchCase = {
  name: "sessions/connections",
  summary: "memory of 10,000 connections that are blocked, or subscribed",
  run: measure,
};

async function measure(context: CaseContext): Promise<void> {
  const { idleConnections: count, loadRounds } = context.options;
  if (!mayOpen(count, context)) return;
  for (const way of WAYS) {
    const memory = new Samples();
    for (let round = 0; round < loadRounds; round++) {
      for (const kind of context.kinds) {
        const maxClients = String(count + SPARE_CLIENTS);
        await using server = await ServerProcess.start(kind, ["--maxclients", maxClients]);
        memory.add(kind, await kilobytesAConnection(server, way, count));
      }
    }
    context.report({
      case: "sessions/connections",
      variant: `RSS of a connection ${way.label}`,
      metric: "memory",
      unit: "KB",
      samples: memory.lists,
      goal: { atMost: 9 },
    });
  }
}

async function kilobytesAConnection(
  server: ServerProcess,
  { request, reply, serve, served }: Waiting,
  count: number,
): Promise<number> {
  using control = await server.connect();
  const before = await settled(() => server.residentBytes, aWhile);
  using many = await ManyConnections.open(server, count);
  await many.send(request);
  if (reply !== undefined) await many.take(reply);
  const after = await settled(() => server.residentBytes, aWhile);
  await serve(control, count);
  await many.take(served);
  return (after - before) / count / 1000;
}

/** Connections that wait do so for long: what a server gives back when it is idle counts. */
function aWhile(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, BETWEEN_READINGS_MS));
}

/** As many elements as connections wait for, one call each. */
async function push(
  client: ControlClient,
  count: number,
  key: (index: number) => string,
): Promise<void> {
  for (let i = 0; i < count; i++) await client.ask("RPUSH", key(i), VALUE);
}
