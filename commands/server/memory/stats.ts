/** MEMORY STATS */

import type { Reply } from "../../../protocol/reply.ts";
import type { Database } from "../../../server/keyspace/database.ts";
import { datasetPercentage, memoryFigures } from "../../../server/report/memory_figures.ts";
import type { CommandDeclaration } from "../../declaration.ts";

type Figure = [name: string, write: (reply: Reply) => void];

function bytes(name: string, value: number): Figure {
  return [name, (reply) => reply.integer(value)];
}

function ratio(name: string, value: number): Figure {
  return [name, (reply) => reply.double(value)];
}

/** How much `whole` is more than the part of it that is used. */
function excess(name: string, whole: number, part: number): Figure[] {
  return [ratio(`${name}.ratio`, whole / part), bytes(`${name}.bytes`, whole - part)];
}

function databaseFigure(database: Database): Figure {
  return [`db.${database.index}`, (reply) => {
    reply.map(3);
    reply.bulk("overhead.hashtable.main");
    reply.integer(database.tableBytes());
    reply.bulk("overhead.hashtable.expires");
    reply.integer(database.heapBytes());
    reply.bulk("overhead.hashtable.slot-to-keys");
    reply.integer(0);
  }];
}

export const stats: CommandDeclaration = {
  name: "stats",
  arity: 2,
  complexity: "O(N) where N is the number of clients",
  group: "server",
  since: "4.0.0",
  summary: "Answers where the server's memory goes.",
  flags: [],
  tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
  run({ keyspace, reply, server }) {
    const memory = memoryFigures(server);
    const keys = keyspace.size;
    const figures: Figure[] = [
      bytes("peak.allocated", memory.peak),
      bytes("total.allocated", memory.used),
      bytes("startup.allocated", memory.startup),
      bytes("replication.backlog", 0),
      bytes("clients.slaves", 0),
      bytes("clients.normal", memory.clients),
      bytes("cluster.links", 0),
      bytes("aof.buffer", 0),
      bytes("lua.caches", server.scripting.cacheBytes),
      bytes("functions.caches", server.functions.libraries.ownBytes),
      ...keyspace.databases.filter(({ size }) => size > 0).map(databaseFigure),
      bytes("overhead.total", memory.overhead),
      bytes("keys.count", keys),
      bytes(
        "keys.bytes-per-key",
        keys === 0 ? 0 : Math.floor((memory.used - memory.startup) / keys),
      ),
      bytes("dataset.bytes", memory.dataset),
      ratio("dataset.percentage", datasetPercentage(memory)),
      ratio("peak.percentage", 100 * memory.used / memory.peak),
      bytes("allocator.allocated", memory.used - memory.clients),
      bytes("allocator.active", memory.active),
      bytes("allocator.resident", memory.touched),
      ...excess("allocator-fragmentation", memory.active, memory.used - memory.clients),
      ...excess("allocator-rss", memory.touched, memory.active),
      ...excess("rss-overhead", memory.resident, memory.touched),
      ratio("fragmentation", memory.resident / memory.inUse),
      bytes("fragmentation.bytes", memory.resident - memory.inUse),
    ];
    reply.map(figures.length);
    for (const [name, write] of figures) {
      reply.bulk(name);
      write(reply);
    }
  },
};
