// COMMAND: its replies in RESP2 and RESP3. What they say of each command is in command_table_test.ts.

import { assert, assertEquals } from "@std/assert";
import { commandTable } from "../../commands/registry.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { askPlainly } from "../harness/plain_reply.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const SCRIPT = `
  COMMAND NOSUCH
  COMMAND COUNT x
  COMMAND INFO get
  COMMAND INFO GET nosuch Rename CONFIG|GET get|x config|get|x mset flushall "\\xff"
  COMMAND INFO object|encoding memory|usage client|kill command|docs time
  COMMAND DOCS nosuch
  COMMAND GETKEYS
  COMMAND GETKEYS get => -ERR Invalid number of arguments specified for command
  COMMAND GETKEYS foo => -ERR Invalid command specified
  COMMAND GETKEYS ping => -ERR The command has no key arguments
  COMMAND GETKEYS get k
  COMMAND GETKEYS GET k
  COMMAND GETKEYS get k x
  COMMAND GETKEYS ping x
  COMMAND GETKEYS nosuch x
  COMMAND GETKEYS mset a 1 b 2
  COMMAND GETKEYS mset a 1 b
  COMMAND GETKEYS mget a b c
  COMMAND GETKEYS del "" "\\x00"
  COMMAND GETKEYS rename a b
  COMMAND GETKEYS zadd z 1 a
  COMMAND GETKEYS object encoding k
  COMMAND GETKEYS object nosuch k
  COMMAND GETKEYS memory usage k SAMPLES 3
  COMMAND GETKEYS config get k
  COMMAND GETKEYS config|get k
  COMMAND GETKEYS set k v
  COMMAND GETKEYSANDFLAGS
  COMMAND GETKEYSANDFLAGS ping x
  COMMAND GETKEYSANDFLAGS nosuch x
  COMMAND GETKEYSANDFLAGS rename a b
  COMMAND GETKEYSANDFLAGS mset a 1 b 2
  COMMAND GETKEYSANDFLAGS set k v
  COMMAND GETKEYSANDFLAGS set k GET
  COMMAND GETKEYSANDFLAGS set k v EX 1 get
  COMMAND GETKEYSANDFLAGS get k
  COMMAND GETKEYSANDFLAGS zadd z 1 a
  COMMAND LIST x
  COMMAND LIST FILTERBY
  COMMAND LIST FILTERBY NOSUCH x
  COMMAND LIST FILTERBY MODULE x
  COMMAND LIST FILTERBY ACLCAT nosuch
  COMMAND LIST FILTERBY PATTERN nosuch*
  COMMAND LIST FILTERBY PATTERN PIN?
  COMMAND LIST FILTERBY PATTERN "expiret[i]me"
  COMMAND LIST FILTERBY PATTERN "[\\\\S]et"
  COMMAND LIST FILTERBY PATTERN "[\\\\s]eT"
  COMMAND LIST FILTERBY PATTERN "\\\\G[E]t"
  COMMAND LIST FILTERBY PATTERN "[F-H]e[\\xff-Z]"
  COMMAND LIST FILTERBY PATTERN "[Z-a]*"
  COMMAND LIST FILTERBY PATTERN x y
  ~COMMAND LIST FILTERBY PATTERN "[\\\\S]et"
  ~COMMAND LIST FILTERBY PATTERN "[\\\\s]et"
  ~COMMAND LIST FILTERBY PATTERN "\\\\SET"
  ~COMMAND LIST FILTERBY PATTERN "[R-T]ET"
  COMMAND LIST FILTERBY PATTERN "\\xff*"
  COMMAND LIST FILTERBY ACLCAT "\\xff"
  ~COMMAND LIST FILTERBY PATTERN object*
  COMMAND HELP x
`;

comparison("COMMAND", SCRIPT);
comparison("COMMAND, RESP3", SCRIPT, { resp3: true });

Deno.test("COMMAND DOCS has for every command what clients read, the same in both protocols", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const flat = await askPlainly(peer, "COMMAND", "DOCS") as unknown[];
  await peer.ask("HELLO", "3");
  const docs = await askPlainly(peer, "COMMAND", "DOCS") as Record<string, Docs>;
  assertEquals(Object.keys(docs).length, commandTable.count);
  assertEquals(flat.length, 2 * commandTable.count);
  for (const [name, doc] of Object.entries(docs)) checkDocs(name, doc);
});

interface Docs {
  summary: string;
  since: string;
  group: string;
  complexity: string;
  doc_flags?: string[];
  deprecated_since?: string;
  history?: [string, string][];
  arguments?: ArgumentDocs[];
  subcommands?: Record<string, Docs>;
}

interface ArgumentDocs {
  name: string;
  type: string;
  display_text?: string;
  key_spec_index?: number;
  token?: string;
  flags?: string[];
  arguments?: ArgumentDocs[];
}

function checkDocs(name: string, docs: Docs): void {
  const { summary, since, group, complexity } = docs;
  for (const text of [summary, since, group, complexity]) assert(text.length > 0, name);
  assert(/^\d+\.\d+\.\d+$/.test(since), `${name}: since ${since}`);
  for (const [version] of docs.history ?? []) assert(/^\d+\.\d+\.\d+$/.test(version), name);
  for (const argument of docs.arguments ?? []) checkArgument(name, argument);
  for (const [sub, subDocs] of Object.entries(docs.subcommands ?? {})) {
    assertEquals(sub.split("|")[0], name);
    checkDocs(sub, subDocs);
  }
}

function checkArgument(command: string, argument: ArgumentDocs): void {
  const { name, type } = argument;
  assert(/^[a-z][a-z0-9_:-]*$/.test(name), `${command} ${name}`);
  const holdsOthers = type === "oneof" || type === "block";
  assertEquals(argument.display_text === undefined, holdsOthers, `${command} ${name}`);
  assertEquals(argument.arguments !== undefined, holdsOthers, `${command} ${name}`);
  // A pattern may stand for keys.
  const isKey = type === "key" || type === "pattern" && command.startsWith("sort");
  assertEquals(argument.key_spec_index !== undefined, isKey, `${command} ${name}`);
  for (const inner of argument.arguments ?? []) checkArgument(command, inner);
}

Deno.test("COMMAND DOCS in full for one command, as Redis 7.2 shapes it", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("HELLO", "3");
  assertEquals(await askPlainly(peer, "COMMAND", "DOCS", "QUIT", "nosuch", "memory|usage"), {
    "quit": {
      summary: "Ends the connection once the replies so far are sent.",
      since: "1.0.0",
      group: "connection",
      complexity: "O(1)",
      doc_flags: ["deprecated"],
      deprecated_since: "7.2.0",
      replaced_by: "just closing the connection",
    },
    "memory|usage": {
      summary: "Answers the bytes that a key and its value take; they are counted, never sampled.",
      since: "4.0.0",
      group: "server",
      complexity: "O(1)",
      arguments: [
        { name: "key", type: "key", display_text: "key", key_spec_index: 0 },
        {
          name: "count",
          type: "integer",
          display_text: "count",
          token: "SAMPLES",
          flags: ["optional"],
        },
      ],
    },
  });
  const { rename } = await askPlainly(peer, "COMMAND", "DOCS", "rename") as Record<string, Docs>;
  assertEquals(rename.arguments?.map((argument) => argument.key_spec_index), [0, 1]);
});

Deno.test("COMMAND, COMMAND INFO, COMMAND COUNT and COMMAND LIST agree", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const all = await askPlainly(peer, "COMMAND") as unknown[][];
  assertEquals(await askPlainly(peer, "COMMAND", "INFO"), all);
  assertEquals(await askPlainly(peer, "COMMAND", "COUNT"), all.length);
  const names = all.flatMap((info) => [info[0], ...(info[9] as unknown[][]).map(([name]) => name)]);
  assertEquals(await askPlainly(peer, "COMMAND", "LIST"), names);
  const inCategory = await askPlainly(peer, "COMMAND", "LIST", "FILTERBY", "ACLCAT", "Connection");
  assert(Array.isArray(inCategory) && inCategory.includes("client|kill"));
  assert(!inCategory.includes("client") && !inCategory.includes("get"));
});

Deno.test("every container explains itself", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (const { fullName, subcommands } of commandTable.all()) {
    if (subcommands.length === 0) continue;
    const lines = await askPlainly(peer, fullName, "HELP") as string[];
    const name = fullName.toUpperCase();
    assertEquals(lines[0], `${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);
    const syntaxes = lines.slice(1).filter((line) => !line.startsWith("    "));
    const words = syntaxes.map((syntax) => syntax.split(" ")[0].toLowerCase());
    for (const { declaration } of subcommands) assert(words.includes(declaration.name), fullName);
  }
  assertEquals(await askPlainly(peer, "MEMORY", "HELP"), [
    "MEMORY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
    "DOCTOR",
    "    Tells people what is conspicuous about the server's memory.",
    "MALLOC-STATS",
    "    Tells people what the arena, where keys and values are, consists of.",
    "PURGE",
    "    Gives memory back to the system that nothing is in.",
    "STATS",
    "    Answers where the server's memory goes.",
    "USAGE key [SAMPLES count]",
    "    Answers the bytes that a key and its value take; they are counted, never sampled.",
    "HELP",
    "    Prints this text.",
  ]);
});
