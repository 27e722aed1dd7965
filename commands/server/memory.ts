/** MEMORY: what keys, and the server as a whole, take. */

import { NONE } from "../../structures/arena/arena.ts";
import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Database } from "../../server/keyspace/database.ts";
import { datasetPercentage, memoryFigures } from "../../server/report/memory_figures.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { register } from "../registry.ts";
import { withHelp } from "../help.ts";

const usage: CommandDeclaration = {
  name: "usage",
  arity: -3,
  complexity: "O(1)",
  group: "server",
  since: "4.0.0",
  summary: "Answers the bytes that a key and its value take; they are counted, never sampled.",
  flags: ["readonly"],
  keys: key(2, "RO"),
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer", token: "SAMPLES", optional: true },
  ],
  run(call) {
    const { args, count, db, keyspace, reply } = call;
    for (let i = 3; i < count; i += 2) {
      if (!args.is(i, "SAMPLES") || i + 1 === count) throw SYNTAX_ERROR;
      if (call.integer(i + 1) < 0) throw SYNTAX_ERROR;
    }
    const entry = db.peek(call.key(2));
    if (entry === NONE) reply.nil();
    else reply.integer(keyspace.values.memoryBytes(entry));
  },
};

type Figure = [name: string, write: (reply: Reply) => void];

function bytes(name: string, value: number): Figure {
  return [name, (reply) => reply.integer(value)];
}

function ratio(name: string, value: number): Figure {
  return [name, (reply) => reply.double(value)];
}

function databaseFigure(database: Database): Figure {
  return [`db.${database.index}`, (reply) => {
    reply.map(2);
    reply.bulk("overhead.hashtable.main");
    reply.integer(database.tableBytes());
    reply.bulk("overhead.hashtable.expires");
    reply.integer(database.heapBytes());
  }];
}

const stats: CommandDeclaration = {
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
      bytes("allocator.allocated", memory.used),
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

register(withHelp({
  name: "memory",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "server",
  since: "4.0.0",
  summary: "Holds the commands about memory.",
  flags: [],
  subcommands: [stats, usage],
}, "4.0.0"));
