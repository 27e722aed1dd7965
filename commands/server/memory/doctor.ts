/** MEMORY DOCTOR */

import type { CommandDeclaration } from "../../declaration.ts";
import { type MemoryFigures, memoryFigures } from "../../../server/report/memory_figures.ts";

const MiB = 1024 * 1024;

/** Below it there is nothing to be said. */
const LEAST_BYTES = 5 * MiB;
/** What is out of proportion does not matter up to so much. */
const LEAST_EXCESS_BYTES = 10 * MiB;
/** Much, for the mean client. */
const LARGE_CLIENT_BYTES = 200 * 1024;
const MANY_SCRIPTS = 1000;

/** What the doctor looks at. */
interface Patient extends MemoryFigures {
  readonly clientCount: number;
  readonly scripts: number;
  readonly evictsNothing: boolean;
  readonly maxMemoryBytes: number;
}

interface Finding {
  readonly name: string;
  readonly text: string;
  applies(patient: Patient): boolean;
}

function exceeds(whole: number, part: number, factor: number): boolean {
  return whole > factor * part && whole - part > LEAST_EXCESS_BYTES;
}

const FINDINGS: readonly Finding[] = [
  {
    name: "Peak memory",
    text:
      "half as much again was in use before, or more. Whole segments of 64 MiB that are empty " +
      "have been given back; what is left among blocks that are in use is there for what comes. " +
      "MEMORY PURGE also collects what the runtime has to spare.",
    applies: ({ peak, used }) => peak > 1.5 * used,
  },
  {
    name: "High total RSS",
    text:
      "the process takes 1.4 times what is accounted for, or more: pages of the arena that are " +
      "free again, and garbage that the runtime has not collected. MEMORY PURGE makes it do so.",
    applies: ({ inUse, resident }) => exceeds(resident, inUse, 1.4),
  },
  {
    name: "High arena fragmentation",
    text:
      "a tenth of the pages in use is free blocks, or more. Values of another size than those " +
      "that were deleted do not fill them.",
    applies: ({ active, used }) => exceeds(active, used, 1.1),
  },
  {
    name: "High arena RSS",
    text:
      "a tenth of the arena's memory is pages that are free again, or more. They are used for " +
      "what comes, and given back when all of their segment of 64 MiB is free.",
    applies: ({ active, touched }) => exceeds(touched, active, 1.1),
  },
  {
    name: "Big client buffers",
    text:
      "clients take more than 200 KiB each, on average. They send requests, or are sent replies " +
      "and messages, that are large, or do not read; CLIENT LIST (qbuf, omem, tot-mem) says which.",
    applies: ({ clients, clientCount }) => clients / Math.max(1, clientCount) > LARGE_CLIENT_BYTES,
  },
  {
    name: "Many scripts",
    text: "more than a thousand scripts are kept. Programs put values into the text of scripts, " +
      "where KEYS and ARGV belong.",
    applies: ({ scripts }) => scripts > MANY_SCRIPTS,
  },
  {
    name: "Memory limit",
    text:
      "nine tenths of maxmemory are in use, and nothing is evicted: commands that add data are " +
      "refused soon. Raise maxmemory, or choose a maxmemory-policy.",
    applies: ({ evictsNothing, maxMemoryBytes, used }) =>
      evictsNothing && maxMemoryBytes > 0 && used > 0.9 * maxMemoryBytes,
  },
];

export const doctor: CommandDeclaration = {
  name: "doctor",
  arity: 2,
  complexity: "O(1)",
  group: "server",
  since: "4.0.0",
  summary: "Tells people what is conspicuous about the server's memory.",
  flags: [],
  tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
  run({ reply, server }) {
    const { clients, config, scripting } = server;
    reply.verbatim(
      "txt",
      diagnosis({
        ...memoryFigures(server),
        clientCount: clients.size,
        scripts: scripting.cachedScripts,
        evictsNothing: config.maxMemoryPolicy === "noeviction",
        maxMemoryBytes: config.maxMemoryBytes,
      }),
    );
  },
};

function diagnosis(patient: Patient): string {
  if (patient.used < LEAST_BYTES) {
    return "Hi Sam, there is next to nothing in this server, so there is nothing to be found.\n";
  }
  const found = FINDINGS.filter((finding) => finding.applies(patient));
  if (found.length === 0) {
    return "Hi Sam, I can't find anything wrong with the memory of this server.\n";
  }
  return "Sam, I found something about the memory of this server:\n\n" +
    found.map(({ name, text }) => ` * ${name}: ${text}\n\n`).join("");
}
