// What has to hold of the source as a whole. A rule takes a tree and answers what offends it, one
// line each, which begins with the file.

import type { SourceFile, SourceTree } from "./source_tree.ts";

const DENO_FOLDER = "/platform/deno/";
const NODE_FOLDER = "/platform/node/";

/** Longest file outside of tests/, in lines. */
const MAX_LINES = 500;

/** Whether a path is one of those, or in one of those folders. */
function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => place.endsWith("/") ? path.startsWith(place) : path === place);
}

interface Arrow {
  readonly from: readonly string[];
  /** All that it may import of ours, or all that it may not. */
  readonly only?: readonly string[];
  readonly never?: readonly string[];
  readonly but?: readonly string[];
}

/** Which way imports run, from above to below. */
const ARROWS: readonly Arrow[] = [
  { from: ["structures/"], only: ["structures/"] },
  { from: ["lua/"], only: ["lua/", "structures/"] },
  { from: ["protocol/"], only: ["protocol/", "structures/"] },
  { from: ["client/"], only: ["client/", "protocol/", "structures/", "server/platform/"] },
  { from: ["server/platform/"], only: ["server/platform/", "structures/"] },
  { from: ["server/keyspace/"], never: ["protocol/", "server/clients/", "commands/"] },
  // A command is handed a call. It sees the keyspace and descriptions, and nothing with a lifetime.
  {
    from: ["commands/"],
    only: [
      "commands/",
      "protocol/",
      "structures/",
      "lua/",
      "server/execution/",
      "server/keyspace/",
      "server/config/",
      "server/report/",
      "server/pubsub/",
      "server/acl/",
      "server/tracking/",
      "server/scripting/",
      "server/persistence/",
      "server/replication/",
      "server/cluster/",
      "server/version.ts",
    ],
  },
  { from: ["server/execution/"], never: ["commands/"] },
  { from: ["testing/"], only: ["testing/", "server/", "commands/", "structures/"] },
  // It is put together there, and nowhere else does the server know which commands there are.
  { from: ["server/"], but: ["server/mod.ts"], never: ["commands/", "testing/"] },
  {
    from: ["structures/", "lua/", "protocol/", "commands/", "server/", "testing/"],
    but: ["server/clients/"],
    never: ["server/clients/connection.ts"],
  },
  {
    from: [
      "structures/",
      "lua/",
      "protocol/",
      "commands/",
      "server/",
      "client/",
      "testing/",
      "main.ts",
    ],
    never: ["tests/", "bench/", "pack/"],
  },
  // What it builds it reads as texts.
  { from: ["pack/"], only: ["pack/", "deno.json"] },
];

/** Imports that run the wrong way. */
export function forbiddenArrows(tree: SourceTree): string[] {
  const offences = new Set<string>();
  for (const { imports, path } of tree.values()) {
    for (const { but = [], from, never, only } of ARROWS) {
      if (!isIn(path, from) || isIn(path, but)) continue;
      for (const { target } of imports) {
        if (target === undefined) continue;
        const isWrong = only === undefined ? isIn(target, never ?? []) : !isIn(target, only);
        if (isWrong) offences.add(`${path} must not import ${target}`);
      }
    }
  }
  return [...offences];
}

/** Groups of files that import each other in a circle; those that import types only count too. */
export function circles(tree: SourceTree): string[] {
  const offences: string[] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (path: string) => {
    const at = order.size;
    order.set(path, at);
    lowest.set(path, at);
    open.push(path);
    for (const { target } of tree.get(path)!.imports) {
      if (target === undefined || !tree.has(target)) continue;
      if (target === path) offences.push(`${path} imports itself`);
      if (!order.has(target)) visit(target);
      if (open.includes(target)) {
        lowest.set(path, Math.min(lowest.get(path)!, lowest.get(target)!));
      }
    }
    if (lowest.get(path) !== at) return;
    const group = open.splice(open.indexOf(path));
    if (group.length > 1) offences.push(`${group.sort().join(", ")} import each other in a circle`);
  };
  for (const path of tree.keys()) if (!order.has(path)) visit(path);
  return offences;
}

const RUNTIME_FREE = [
  "structures/",
  "lua/",
  "protocol/",
  "commands/",
  "server/",
  "client/",
  "testing/",
  "main.ts",
];
const RUNTIME_BOUND = ["server/platform/", "client/platform/"];

/** Names of the runtime outside of the folders that may know it. */
export function runtimeNames(tree: SourceTree): string[] {
  return [...tree.values()]
    .filter(({ path }) => isIn(path, RUNTIME_FREE) && !isIn(path, RUNTIME_BOUND))
    .flatMap(({ code, path }) =>
      code.split("\n").flatMap((line, i) =>
        /\bDeno\s*[.[]/.test(line) ? [`${path}:${i + 1} names Deno`] : []
      )
    );
}

/** Folders of what must go on while a test has replaced timers. */
const UNFAKED = ["structures/", "lua/", "protocol/", "commands/", "server/", "testing/"];
const REAL_TIME = "structures/real_time.ts";
const FAKEABLE =
  /(?<![.\w])(set(Timeout|Interval|Immediate)|clear(Timeout|Interval)|queueMicrotask)\((?!ms: )|performance\.now\(/;

/** Waits that fake timers would reach. */
export function fakeableWaits(tree: SourceTree): string[] {
  return [...tree.values()]
    .filter(({ path }) => isIn(path, UNFAKED) && path !== REAL_TIME)
    .flatMap(({ code, path }) =>
      code.split("\n").flatMap((line, i) => {
        const call = FAKEABLE.exec(line)?.[0].replace(/\($/, "");
        return call === undefined ? [] : [`${path}:${i + 1} calls ${call}`];
      })
    );
}

/** Files that are too long to have one subject. */
export function longFiles(tree: SourceTree): string[] {
  return [...tree.values()].flatMap(({ path, text }) => {
    const lines = text.trimEnd().split("\n").length;
    if (path.startsWith("tests/") || lines <= MAX_LINES) return [];
    return [`${path} has ${lines} lines, more than ${MAX_LINES}`];
  });
}

/** A comment of documentation that says something; a directive to the compiler may stand before it. */
const HEAD = /^(?:\/\/ @ts-.*\n)?\/\*\*[\s*]*[^\s*\/]/;

/** Files outside of tests/ that do not begin by saying what they are. */
export function missingHeads(tree: SourceTree): string[] {
  return [...tree.values()]
    .filter(({ path, text }) => !path.startsWith("tests/") && !HEAD.test(text))
    .map(({ path }) => `${path} does not begin with a comment that says what it is`);
}

/**
 * Exported names that nobody needs: those that no file but tests imports. Two are let through: a
 * type that its own file uses, for it names what exported functions take or give; and a constant
 * that its own file uses and a test looks at. What an entry point exports is for others.
 *
 * @param entries paths of the files that programs outside import
 */
export function uselessExports(tree: SourceTree, entries: readonly string[]): string[] {
  const ofPrograms = uses(tree, (path) => !path.startsWith("tests/"));
  const ofTests = uses(tree, (path) => path.startsWith("tests/"));
  const offences: string[] = [];
  for (const file of tree.values()) {
    const { exports, path } = file;
    if (path.startsWith("tests/") || entries.includes(path) || path.endsWith(".d.ts")) continue;
    for (const { isType, name } of exports) {
      if (has(ofPrograms, path, name)) continue;
      const isTested = has(ofTests, path, name);
      const isUsedInside = isNamedTwice(file, name);
      if (isUsedInside && (isType || isTested)) continue;
      const why = isTested ? "is used by tests only" : "is exported for nobody";
      offences.push(`${path}: ${name} ${why}`);
    }
  }
  return offences;
}

type Uses = ReadonlyMap<string, ReadonlySet<string> | "all">;

/**
 * The names that those files import, by the file that they import them from. What is imported of
 * `deno/` in a folder platform is imported of `node/` by the package that is built for Node.
 */
function uses(tree: SourceTree, isUser: (path: string) => boolean): Uses {
  const found = new Map<string, Set<string> | "all">();
  for (const { imports, path } of tree.values()) {
    if (!isUser(path)) continue;
    for (const { names, target } of imports) {
      if (target === undefined) continue;
      for (const file of [target, target.replace(DENO_FOLDER, NODE_FOLDER)]) {
        const known = found.get(file) ?? new Set<string>();
        if (names === "all" || known === "all") found.set(file, "all");
        else found.set(file, new Set([...known, ...names]));
      }
    }
  }
  return found;
}

function has(found: Uses, path: string, name: string): boolean {
  const names = found.get(path);
  return names === "all" || names?.has(name) === true;
}

function isNamedTwice({ code }: SourceFile, name: string): boolean {
  return (code.match(new RegExp(`\\b${name}\\b`, "g")) ?? []).length > 1;
}

/**
 * What others import of Deno's implementation of a platform, and Node's has not under the same name:
 * a build for Node puts the one file in the other's place.
 */
export function unevenPlatforms(tree: SourceTree): string[] {
  const offences = new Set<string>();
  for (const { imports, path } of tree.values()) {
    for (const { names, target } of imports) {
      if (target?.includes(DENO_FOLDER) !== true || names === "all") continue;
      if (path.includes(DENO_FOLDER) || path.startsWith("tests/")) continue;
      const counterpart = target.replace(DENO_FOLDER, NODE_FOLDER);
      const exported = new Set(tree.get(counterpart)?.exports.map(({ name }) => name));
      for (const name of names) {
        if (!exported.has(name)) offences.add(`${counterpart} does not export ${name}`);
      }
    }
  }
  return [...offences];
}
