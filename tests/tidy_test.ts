// What has to hold of the whole project, whoever changes it: which way imports run, how long files
// are, what is exported, and that the documentation tells the truth. Each rule is first shown a small
// made-up project that offends it.

import { assertEquals } from "@std/assert";
import { commandTable } from "../commands/registry.ts";
import project from "../deno.json" with { type: "json" };
import { Peer } from "./harness/peer.ts";
import { serveQuietly } from "./harness/quiet_server.ts";
import { falseClaims, type Known } from "./tidy/claims.ts";
import {
  circles,
  fakeableWaits,
  forbiddenArrows,
  longFiles,
  missingHeads,
  runtimeNames,
  unevenPlatforms,
  uselessExports,
} from "./tidy/rules.ts";
import { readTexts, type SourceTree, sourceTree } from "./tidy/source_tree.ts";

const ROOT = new URL("../", import.meta.url);
const FOLDERS = ["structures/", "protocol/", "commands/", "server/", "client/", "bench/", "tests/"];
/** Folders that may yet come, and others with a few sources in them. */
const MORE_FOLDERS = ["lua/", "docs/", "testing/", "pack/"];

async function ours(): Promise<SourceTree> {
  const folders = [...FOLDERS];
  for (const folder of MORE_FOLDERS) {
    if (await Deno.stat(new URL(folder, ROOT)).then(() => true, () => false)) folders.push(folder);
  }
  const texts = await readTexts(ROOT, ["./", ...folders], /\.[jt]s$/);
  return sourceTree(texts);
}

const tree = await ours();
/** The package's core imports the command line by a text that esbuild reads. */
const entries = [
  "main.ts",
  ...Object.values(project.exports).map((path) => path.replace("./", "")),
];

/** A test that a rule finds what it is for, and one that nothing in the project offends it. */
function rule(
  name: string,
  apply: (tree: SourceTree) => string[],
  offending: Readonly<Record<string, string>>,
  expected: readonly string[],
): void {
  Deno.test(`tidy: a made-up project offends the rule: ${name}`, () => {
    assertEquals(apply(sourceTree(offending)), expected);
  });
  Deno.test(`tidy: ${name}`, () => {
    const offences = apply(tree);
    assertEquals(offences.join("\n"), "", `${offences.length} offences`);
  });
}

rule("imports run one way", forbiddenArrows, {
  "structures/list.ts": 'import { type Reply } from "../protocol/reply.ts";\n',
  "structures/set.ts": 'import { List } from "./list.ts";\nimport * as fc from "fast-check";\n',
  "lua/vm.ts": 'import type { Call } from "../server/execution/call.ts";\n',
  "protocol/reply.ts": 'import "../commands/mod.ts";\n',
  "client/mod.ts": 'import { serve } from "../server/mod.ts";\n',
  "server/keyspace/strings.ts": 'export { Reply } from "../../protocol/reply.ts";\n',
  "server/keyspace/key.ts": 'import { A } from "../../structures/list.ts";\n',
  "server/execution/executor.ts":
    'import {\n  find,\n} from "../../commands/registry.ts";\nimport { A } from "../keyspace/key.ts";\n',
  "server/execution/call.ts": '/** import { X } from "../../commands/get.ts"; */\n',
  "server/server.ts": 'import { Connection } from "./clients/connection.ts";\n',
  "server/mod.ts": 'import "../commands/mod.ts";\n',
  "server/clients/pool.ts": 'import { Connection } from "./connection.ts";\n',
  "server/platform/socket.ts": 'import { A } from "../config/config.ts";\n',
  "commands/get.ts": 'import type { Client } from "../server/clients/client.ts";\n',
  "commands/set.ts": 'import type { Call } from "../server/execution/call.ts";\n',
  "commands/mod.ts": 'const later = await import("../server/platform/socket.ts");\n',
  "server/upkeep/tick.ts": 'import { until } from "../../tests/harness/until.ts";\n',
  "pack/main.ts": 'import { serve } from "../server/mod.ts";\nimport "../deno.json";\n',
}, [
  "structures/list.ts must not import protocol/reply.ts",
  "lua/vm.ts must not import server/execution/call.ts",
  "protocol/reply.ts must not import commands/mod.ts",
  "client/mod.ts must not import server/mod.ts",
  "server/keyspace/strings.ts must not import protocol/reply.ts",
  "server/execution/executor.ts must not import commands/registry.ts",
  "server/server.ts must not import server/clients/connection.ts",
  "server/platform/socket.ts must not import server/config/config.ts",
  "commands/get.ts must not import server/clients/client.ts",
  "commands/mod.ts must not import server/platform/socket.ts",
  "server/upkeep/tick.ts must not import tests/harness/until.ts",
  "pack/main.ts must not import server/mod.ts",
]);

rule("no files import each other in a circle", circles, {
  "server/a.ts": 'import type { B } from "./b.ts";\n',
  "server/b.ts": 'import { C } from "./deep/c.ts";\n',
  "server/deep/c.ts": 'import {\n  type A,\n} from "../a.ts";\nimport { D } from "../d.ts";\n',
  "server/d.ts": "export const D = 1;\n",
  "server/e.ts": 'import { A } from "./a.ts";\nimport { E } from "./e.ts";\n',
}, [
  "server/a.ts, server/b.ts, server/deep/c.ts import each other in a circle",
  "server/e.ts imports itself",
]);

rule("the runtime is named in server/platform/ and client/platform/ alone", runtimeNames, {
  "server/log.ts": 'const text = "Deno.open"; // Deno.open\nDeno.openSync(`${Deno.pid} Deno.x`);\n',
  "server/address.ts": "let address:\n  | Deno.NetAddr;\n",
  "server/platform/files.ts": "export const open = Deno.open;\n",
  "commands/time.ts": "const odd = /[/'\"]Deno.x/; const now = `${`${1}`}` + Deno.build.os;\n",
  "tests/some_test.ts": 'Deno.test("x", () => {});\n',
  "client/platform/deno/terminal.ts": "export const input = Deno.stdin;\n",
  "client/mod.ts": "Deno.stdin.isTerminal();\n",
  "main.ts": "Deno.exit(0);\n",
}, [
  "server/log.ts:2 names Deno",
  "server/address.ts:2 names Deno",
  "commands/time.ts:1 names Deno",
  "client/mod.ts:1 names Deno",
  "main.ts:1 names Deno",
]);

rule("Node's platform has what is used of Deno's", unevenPlatforms, {
  "server/platform/platform.ts":
    'export { files } from "./deno/files.ts";\nexport { http } from "./deno/http.ts";\n',
  "server/platform/workers.ts": 'import { start as begin } from "./deno/workers.ts";\n',
  "server/platform/deno/files.ts":
    'import { isGranted } from "./permissions.ts";\nexport const files = 1;\n',
  "server/platform/deno/http.ts": "export const http = 1;\n",
  "server/platform/deno/workers.ts": "export const start = 1;\n",
  "server/platform/deno/permissions.ts": "export const isGranted = 1;\n",
  "server/platform/node/files.ts": "export const files = 1;\nexport const more = 1;\n",
  "server/platform/node/workers.ts": "export const begin = 1;\n",
}, [
  "server/platform/node/http.ts does not export http",
  "server/platform/node/workers.ts does not export start",
]);

rule("servers wait by structures/real_time.ts alone", fakeableWaits, {
  "structures/real_time.ts": "const now = performance.now();\n",
  "structures/slices.ts": "let timer = setTimeout(run, 0); // setTimeout(\n",
  "server/tick.ts": "\nclearInterval(timer);\nthis.setTimeout(1);\n",
  "commands/piece.ts": "const sinceMs = performance.now();\n",
  "testing/stream.ts": "const own = { setTimeout(ms: number) {} };\nqueueMicrotask(run);\n",
  "client/repl.ts": "setTimeout(run, 0);\n",
}, [
  "structures/slices.ts:1 calls setTimeout",
  "server/tick.ts:2 calls clearInterval",
  "commands/piece.ts:1 calls performance.now",
  "testing/stream.ts:2 calls queueMicrotask",
]);

rule("no file outside of tests/ is longer than 500 lines", longFiles, {
  "server/long.ts": "a;\n".repeat(501),
  "structures/just.ts": "a;\n".repeat(500),
  "structures/worker.js": "a;\n".repeat(502),
  "tests/long_test.ts": "a;\n".repeat(501),
}, [
  "server/long.ts has 501 lines, more than 500",
  "structures/worker.js has 502 lines, more than 500",
]);

rule("every file outside of tests/ begins by saying what it is", missingHeads, {
  "commands/strings/get.ts": 'import { register } from "../registry.ts";\n',
  "commands/strings/set.ts": "/** SET: makes a key hold a string. */\n",
  "commands/lists/push.ts": "/**\n * LPUSH and RPUSH.\n */\n",
  "commands/lists/pop.ts": "/** */\n",
  "commands/lists/old.ts": "// LSET\n",
  "structures/worker.js": '// @ts-self-types="./worker.d.ts"\n/** What a Worker does. */\n',
  "server/mod.ts": "export {};\n",
  "tests/get_test.ts": "// GET, asked for everything.\n",
}, [
  "commands/strings/get.ts does not begin with a comment that says what it is",
  "commands/lists/pop.ts does not begin with a comment that says what it is",
  "commands/lists/old.ts does not begin with a comment that says what it is",
  "server/mod.ts does not begin with a comment that says what it is",
]);

rule(
  "whatever is exported is used by others than tests",
  (tree) => uselessExports(tree, ["entry.ts", ...entries]),
  {
    "entry.ts": 'export { open } from "./files.ts";\nexport function serve() {}\n',
    "files.ts": [
      "export function open(): Handle {}",
      "export interface Handle {}",
      "export interface Forgotten {}",
      "export const TESTED = 1;",
      "export const LIMIT = 2; use(LIMIT);",
      "export const NEEDLESS = 3; use(NEEDLESS);",
      "export async function* walk() {}",
      "export class Unused {}",
      "export const { A, B, C } = layout;",
      "export type { Far as Near } from 'x';",
      "// export const COMMENTED = 1;",
      'const text = "export const QUOTED = 1";',
    ].join("\n"),
    "server/user.ts":
      'import * as files from "../files.ts";\nfiles.walk();\nconst {\n  C: c } = files;\nimport { A } from "../files.ts";\n',
    "tests/files_test.ts":
      'import { LIMIT, TESTED, type Forgotten as F } from "../files.ts";\nexport const helper = 1;\n',
    "server/lazy.ts": 'const { late: now } = await import("./late.ts");\n',
    "server/worker.d.ts": "export const DECLARED: number;\n",
    "server/late.ts": "export const late = 1;\nexport const never = 2;\n",
    "server/platform/platform.ts":
      'export { files } from "./deno/files.ts";\nexport const p = 1;\n',
    "server/platform/deno/files.ts": "export const files = 1;\n",
    "server/platform/node/files.ts": "export const files = 1;\nexport const more = 2;\n",
    "client/files.ts": 'import { files, p } from "../server/platform/platform.ts";\n',
  },
  [
    "files.ts: Forgotten is used by tests only",
    "files.ts: TESTED is used by tests only",
    "files.ts: NEEDLESS is exported for nobody",
    "files.ts: Unused is exported for nobody",
    "files.ts: B is exported for nobody",
    "files.ts: Near is exported for nobody",
    "server/late.ts: never is exported for nobody",
    "server/platform/node/files.ts: more is exported for nobody",
  ],
);

const PAGE = `
Ask \`GET\`, \`NOSUCH key\`, \`CONFIG GET\`, \`CONFIG NOSUCH\`, or \`ERR\` and \`config\`.

| \`SET\` \`CLIENT\` (\`ID\` \`OTHER\`) \`PUSH\` |

Settings are \`--port\`, \`--nosuch 1\`, \`--help\`, \`max-clients\`, \`lazyfree-lazy-user-del\`.
INFO has \`used_memory\` and \`used_nothing\`; \`no_auth\` is a flag.

\`\`\`sh
deno run main.ts serve --port 1 --bad-one x
redis-cli -p 1 GET --nothing
redis-cli -p 1 FROB x
\`\`\`
`;

Deno.test("tidy: a made-up page makes claims that are found to be false", () => {
  const known: Known = {
    commands: new Map([["GET", []], ["SET", []], ["CONFIG", ["GET"]], ["CLIENT", ["ID"]]]),
    directives: new Set(["port", "lazyfree-lazy-user-del"]),
    infoFields: new Set(["used_memory"]),
  };
  const claims = falseClaims("page.md", PAGE, known);
  assertEquals(
    claims,
    [
      "--bad-one",
      "the command FROB",
      "CLIENT OTHER",
      "the command NOSUCH",
      "CONFIG NOSUCH",
      "the command PUSH",
      "--nosuch",
      "the directive max-clients",
      "the field used_nothing of INFO",
    ].map((what) => `page.md claims ${what}, which is not there`),
  );
});

/** What a server says of itself. */
async function whatIsThere(): Promise<Known> {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const settings = await peer.ask("CONFIG", "GET", "*");
  const info = await peer.ask("INFO", "everything");
  return {
    commands: new Map(
      Array.from(commandTable.commands(), ({ declaration, subcommands }) => [
        declaration.name.toUpperCase(),
        subcommands.map((sub) => sub.declaration.name.toUpperCase()),
      ]),
    ),
    directives: new Set(settings.split("\r\n").filter((line) => /^[a-z]/.test(line))),
    infoFields: new Set(Array.from(info.matchAll(/^([a-z0-9_]+):/gm), ([, name]) => name)),
  };
}

Deno.test("tidy: commands, directives and fields that the documentation names are there", async () => {
  const known = await whatIsThere();
  // Commands of the examples of plugins, which are loaded by who wants them.
  const commands = new Map([...known.commands, ["RATELIMIT", []], ["GREET", []]]);
  const pages = await readTexts(ROOT, ["./", "docs/"], /\.md$/);
  // That page is made from what is there, as a test of its own tells.
  delete pages["docs/commands.md"];
  // So is a part of this one.
  const settings = "docs/configuration.md";
  pages[settings] = pages[settings].replace(/<!-- made by[^]*?<!-- made until here -->/, "");
  const offences = Object.entries(pages).flatMap(([path, page]) =>
    falseClaims(path, page, { ...known, commands })
  );
  assertEquals(offences.join("\n"), "");
});
