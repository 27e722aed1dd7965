/**
 * INFO [section …]: the server's state in words that people and monitoring read, one field a line,
 * under Redis's section and field names.
 *
 * A field is there only where its value is true. What Redis reports of its compiler is left out.
 */

import type { Call } from "../../server/execution/call.ts";
import type { InfoSection } from "../../server/report/info/info_section.ts";
import { register } from "../registry.ts";

/** Sections that are written only where they are asked for, by name or by a larger set. */
const NOT_BY_DEFAULT: ReadonlySet<string> = new Set(["commandstats", "latencystats"]);
/** The section that only its own name asks for. */
const BY_NAME_ALONE = "debug";
/** Other names of sections. */
const ALIASES: ReadonlyMap<string, string> = new Map([["module_list", "modules"]]);
/** More of a word is not looked at: no section's name is as long. */
const MAX_NAME_BYTES = 32;

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
    const isChosen = choice(call);
    const sections = call.server.info.filter(({ title }) => isChosen(title.toLowerCase()));
    call.reply.verbatim("txt", sections.map(sectionText).join("\r\n"));
  },
});

/** Whether the section of that name, in lower case, was asked for. */
function choice({ args, count }: Call): (name: string) => boolean {
  const names = new Set<string>();
  for (let i = 1; i < count; i++) {
    const name = args.byteString(i, MAX_NAME_BYTES).toLowerCase();
    names.add(ALIASES.get(name) ?? name);
  }
  const isAll = names.has("all") || names.has("everything");
  const isDefault = count === 1 || names.has("default");
  return (name) =>
    name === BY_NAME_ALONE
      ? names.has(name)
      : isAll || (isDefault && !NOT_BY_DEFAULT.has(name)) || names.has(name);
}

function sectionText({ title, fields }: InfoSection): string {
  return `# ${title}\r\n${fields().map(([name, value]) => `${name}:${value}\r\n`).join("")}`;
}
