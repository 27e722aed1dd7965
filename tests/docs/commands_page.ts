// docs/commands.md, and the README's table of groups, made from the registry.

import "../../commands/mod.ts";
import { type Command, type CommandGroup, commandTable } from "../../commands/registry.ts";
import { argumentsSyntax } from "../../protocol/command_syntax.ts";

interface Group {
  readonly title: string;
  readonly about: string;
}

/** Groups in the order in which they are told of. */
const GROUPS: Readonly<Partial<Record<CommandGroup, Group>>> = {
  string: { title: "Strings", about: "values, counters, parts of values, several keys at once" },
  bitmap: { title: "Bitmaps", about: "bits and small integers within a string" },
  hash: { title: "Hashes", about: "fields with values under one key" },
  list: { title: "Lists", about: "both ends, places, moves; and waiting for elements" },
  set: { title: "Sets", about: "members, random ones, what sets have in common" },
  "sorted-set": { title: "Sorted sets", about: "ranges by rank, score and member; and waiting" },
  hyperloglog: { title: "HyperLogLog", about: "how many different elements there were, about" },
  geo: { title: "Places", about: "coordinates, distances, what is near" },
  stream: { title: "Streams", about: "entries in the order of their coming, and their readers" },
  generic: { title: "Keys", about: "expiry, names, types, walking over all keys" },
  pubsub: { title: "Publish and subscribe", about: "channels, patterns, shard channels" },
  transactions: { title: "Transactions", about: "several commands as one, if nobody interferes" },
  scripting: { title: "Scripts", about: "programs that run within the server" },
  connection: { title: "Connection", about: "protocol, password, name, copies in clients" },
  cluster: { title: "Cluster", about: "who serves which keys" },
  server: { title: "Server", about: "settings, statistics, databases, looking on" },
  module: { title: "Others", about: "of modules and plugins" },
};

const HEAD = `# Commands

Every command, as it is declared where it is carried out, in the folder \`commands/\`. This page is made
by \`deno task docs:commands\`. \`COMMAND DOCS\` answers the same to a client, and \`COMMAND INFO\` more.

Replies, errors and side effects are those of Redis 7.2, in RESP2 and RESP3, byte for byte; where a
command came later, those of the version behind "since". What differs is told here with the command,
and of the server as a whole in [compatibility.md](compatibility.md).
`;

/** The whole page. */
export function commandsPage(): string {
  const sections = groups().map(([{ title }, commands]) =>
    `## ${title}\n\n${commands.map(commandLines).join("\n")}\n`
  );
  return [HEAD, ...sections].join("\n");
}

const README_START = "| commands";
const README_END = "\n\nThey follow Redis";

/** A README with its table of groups as it has to be. */
export function withGroupTable(readme: string): string {
  const start = readme.indexOf(README_START);
  const end = readme.indexOf(README_END);
  if (start < 0 || end < start) throw new Error("the README has no table of groups");
  return readme.slice(0, start) + groupTable() + readme.slice(end);
}

/** Groups, and how many commands each has. */
function groupTable(): string {
  const rows = groups().map(([{ title, about }, commands]) => [
    `[${title.toLowerCase()}](docs/commands.md#${title.toLowerCase().replaceAll(" ", "-")})`,
    String(commands.length),
    about,
  ]);
  const all = [...commandTable.commands()];
  const subcommands = all.reduce((sum, command) => sum + namedSubcommands(command).length, 0);
  rows.push(["all", String(all.length), `and ${subcommands} subcommands`]);
  return table([["commands", "", "about"], ...rows]);
}

/** As deno fmt would have it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join("\n");
}

function groups(): [Group, Command[]][] {
  const found = new Map<CommandGroup, Command[]>();
  for (const command of commandTable.commands()) {
    const { group } = command.declaration;
    const list = found.get(group);
    if (list === undefined) found.set(group, [command]);
    else list.push(command);
  }
  const known = Object.entries(GROUPS).filter(([name]) => found.has(name as CommandGroup));
  for (const name of found.keys()) {
    if (GROUPS[name] === undefined) throw new Error(`the group ${name} has no title`);
  }
  return known.map(([name, group]) => [group, sorted(found.get(name as CommandGroup)!)]);
}

function sorted(commands: readonly Command[]): Command[] {
  return commands.toSorted((a, b) => a.fullName < b.fullName ? -1 : 1);
}

function namedSubcommands({ subcommands }: Command): readonly Command[] {
  return subcommands.filter(({ declaration }) => declaration.name !== "help");
}

/** A command and its subcommands, as entries of a list. */
function commandLines(command: Command): string {
  return [entry(command, ""), ...sorted(namedSubcommands(command)).map((sub) => entry(sub, "  "))]
    .join("\n");
}

function entry({ declaration, fullName }: Command, indent: string): string {
  const { complexity, deprecatedSince, differs, replacedBy, since, summary } = declaration;
  const syntax = [fullName.replace("|", " ").toUpperCase(), argumentsSyntax(declaration.arguments)];
  const deprecated = deprecatedSince === undefined ? [] : [
    `deprecated since ${deprecatedSince}${replacedBy === undefined ? "" : `: use ${replacedBy}`}`,
  ];
  const notes = [`since ${since}`, ...deprecated, ofText(complexity)].join("; ");
  const lines = [
    `- ${inCode(syntax.join(" ").trim())}\\`,
    `  ${ofText(summary)}\\`,
    `  _${notes}_${differs === undefined ? "" : "\\"}`,
    ...(differs === undefined ? [] : [`  **Differs from Redis:** ${ofText(differs)}`]),
  ];
  return lines.map((line) => indent + line).join("\n");
}

/** Where Markdown would take a character for one of its own. */
function ofText(text: string): string {
  return text.replace(/[*_<]/g, "\\$&");
}

function inCode(text: string): string {
  return "`" + text + "`";
}
