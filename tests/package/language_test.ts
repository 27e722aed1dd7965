// The sources keep to what the oldest Node that the package runs on has of JavaScript: TypeScript
// checks them against the library of ES2023, which is Node 20's.

import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ENTRIES = ["main.ts", "commands/plugin.ts", "testing/mod.ts"];

const OPTIONS: ts.CompilerOptions = {
  allowImportingTsExtensions: true,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  noLib: false,
  resolveJsonModule: true,
  strict: true,
  target: ts.ScriptTarget.ES2023,
  types: [],
};

/** A property or a name that a later edition of the language has. */
const LATER = /change your target library/;
/** The same, where the compiler does not know that one has. */
const UNKNOWN =
  /does not exist on type '(?:\w*(?:Iterator|Set|Map|Array|Promise|Constructor)|Math|Atomics|String)\b/;

const MADE_UP = `
  export const a = Promise.withResolvers();
  export const b = new Map([[1, 2]]).values().map((n) => n);
  export const c = new Uint8Array(1).toHex();
  export const d = new Set([1]).union(new Set([2]));
  export const e = [1].toSorted();
`;

Deno.test("no source uses what Node 20 lacks, as a made-up one does", () => {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...more) =>
    name === "made_up.ts"
      ? ts.createSourceFile(name, MADE_UP, ts.ScriptTarget.ES2023)
      : getSourceFile(name, ...more);
  const files = ["made_up.ts", ...ENTRIES.map((entry) => ROOT + entry)];
  const program = ts.createProgram(files, OPTIONS, host);
  const found = program.getSemanticDiagnostics().flatMap(({ file, messageText, start = 0 }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    // What is Deno's own has Deno's library.
    const isOther = file === undefined || /platform\/deno\//.test(file.fileName);
    if (isOther || !(LATER.test(message) || UNKNOWN.test(message))) return [];
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    return [`${file.fileName.replace(ROOT, "")}:${line} ${message}`];
  });
  assertEquals(found.map((line) => line.split(" ")[0]), [2, 3, 4, 5].map((n) => `made_up.ts:${n}`));
});
