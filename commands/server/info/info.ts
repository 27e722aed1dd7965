/**
 * INFO [section …]: the server's state in words that people and monitoring read, one field a line,
 * under Redis's section and field names.
 *
 * A field is there only where its value is true. What Redis reports of itself and Ravel has not
 * (its allocator, forks, Lua) is left out rather than made up.
 */

import type { Call } from "../../../server/execution/call.ts";
import { register } from "../../registry.ts";
import { clients, replication, server } from "./server_sections.ts";
import { cpu, memory, persistence, ravel } from "./resource_sections.ts";
import { cluster, commandStats, errorStats, keyspace, modules, stats } from "./count_sections.ts";
import type { Section } from "./section.ts";

/** Every section, in the order in which they are written. */
const SECTIONS: readonly Section[] = [
  server,
  clients,
  memory,
  persistence,
  stats,
  replication,
  cpu,
  modules,
  commandStats,
  errorStats,
  cluster,
  keyspace,
  ravel,
];

/** Sections that are written only where they are asked for, by name or by a larger set. */
const NOT_BY_DEFAULT: ReadonlySet<Section> = new Set([commandStats]);
const NOT_IN_ALL: ReadonlySet<Section> = new Set([modules]);

register({
  name: "info",
  arity: -1,
  complexity: "O(N) where N is the number of clients, commands and databases",
  group: "server",
  since: "1.0.0",
  summary: "Answers the server's state and what it has counted.",
  flags: ["loading", "stale"],
  categories: ["dangerous"],
  tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
  history: [["7.0.0", "Several sections."]],
  arguments: [{ name: "section", type: "string", optional: true, multiple: true }],
  run(call) {
    const chosen = chosenSections(call);
    const texts = SECTIONS.filter((section) => chosen.has(section)).map((section) =>
      sectionText(section, call)
    );
    call.reply.verbatim("txt", texts.join("\r\n"));
  },
});

function chosenSections({ args, count }: Call): Set<Section> {
  const chosen = new Set<Section>();
  const add = (passes: (section: Section) => boolean) =>
    SECTIONS.filter(passes).forEach((section) => chosen.add(section));
  if (count === 1) add((section) => !NOT_BY_DEFAULT.has(section));
  for (let i = 1; i < count; i++) {
    const name = args.text(i).toLowerCase();
    if (name === "everything") add(() => true);
    else if (name === "all") add((section) => !NOT_IN_ALL.has(section));
    else if (name === "default") add((section) => !NOT_BY_DEFAULT.has(section));
    else add((section) => section.title.toLowerCase() === name);
  }
  return chosen;
}

function sectionText(section: Section, call: Call): string {
  let text = `# ${section.title}\r\n`;
  for (const [name, value] of section.fields(call.server)) text += `${name}:${value}\r\n`;
  return text;
}
