// Source files as the rules of tidiness see them: their code without comments and strings, what they
// import, and what they export. Read by patterns, for the code is formatted and has few forms.

export interface Import {
  /** Path of the file from the tree's root; undefined for packages. */
  readonly target: string | undefined;
  /** Names as the other file has them; "all" where it cannot be told which. */
  readonly names: readonly string[] | "all";
}

export interface Export {
  readonly name: string;
  readonly isType: boolean;
}

export interface SourceFile {
  /** From the tree's root, such as `server/mod.ts`. */
  readonly path: string;
  readonly text: string;
  /** Comments and the insides of strings are blanks; lines and columns are the text's. */
  readonly code: string;
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
}

export type SourceTree = ReadonlyMap<string, SourceFile>;

/** A tree of files that are given by path and text. */
export function sourceTree(files: Readonly<Record<string, string>>): SourceTree {
  return new Map(Object.entries(files).map(([path, text]) => [path, sourceFile(path, text)]));
}

/** The files with those endings in the folders of a project, read from disk. */
export async function readTexts(
  root: URL,
  folders: readonly string[],
  endings: RegExp,
): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const folder of folders) await readFolder(root, folder, endings, texts);
  return texts;
}

async function readFolder(
  root: URL,
  folder: string,
  endings: RegExp,
  texts: Record<string, string>,
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    // What was built or downloaded.
    if (name.startsWith(".")) continue;
    const path = folder === "./" ? name : `${folder}${name}`;
    if (isDirectory) {
      if (folder !== "./") await readFolder(root, `${path}/`, endings, texts);
    } else if (endings.test(name)) {
      texts[path] = await Deno.readTextFile(new URL(path, root));
    }
  }
}

function sourceFile(path: string, text: string): SourceFile {
  const withStrings = blanked(text, false);
  const code = blanked(text, true);
  return {
    path,
    text,
    code,
    imports: importsOf(path, withStrings, code),
    exports: exportsOf(code),
  };
}

/** Names between braces, as the other file has them. */
function namesIn(braces: string): string[] {
  return braces.split(",").map((part) => part.trim().replace(/^type\s+/, "").split(/\s+as\s+/)[0])
    .filter((name) => name !== "");
}

const FROM =
  /^(?:import|export)\s+(?:type\s+)?(\{[^}]*\}|\*(?:\s+as\s+\w+)?|\w+(?:\s*,\s*\{[^}]*\})?)\s+from\s+"([^"]+)"/gm;
const BARE_IMPORT = /^import\s+"([^"]+)"/gm;
const DYNAMIC_IMPORT = /(?:\{([^{}]*)\}\s*=\s*await\s+)?\bimport\(\s*"([^"]+)"/g;

function importsOf(path: string, withStrings: string, code: string): Import[] {
  const imports: Import[] = [];
  for (const [, what, specifier] of withStrings.matchAll(FROM)) {
    imports.push({ target: resolved(path, specifier), names: namesOf(what, code) });
  }
  for (const [, specifier] of withStrings.matchAll(BARE_IMPORT)) {
    imports.push({ target: resolved(path, specifier), names: [] });
  }
  for (const [, braces, specifier] of withStrings.matchAll(DYNAMIC_IMPORT)) {
    const names = braces === undefined ? "all" : namesIn(braces.replaceAll(/:\s*\w+/g, ""));
    imports.push({ target: resolved(path, specifier), names });
  }
  return imports;
}

function namesOf(what: string, code: string): readonly string[] | "all" {
  const [, namespace] = /^\*\s+as\s+(\w+)$/.exec(what) ?? [];
  if (namespace !== undefined) {
    const uses = code.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, "g"));
    const taken = code.matchAll(new RegExp(`\\{([^{}]*)\\}\\s*=\\s*${namespace}\\b`, "g"));
    return [
      ...Array.from(uses, ([, name]) => name),
      ...Array.from(taken, ([, braces]) => namesIn(braces.replaceAll(/:\s*\w+/g, ""))).flat(),
    ];
  }
  if (what === "*") return "all";
  const [, first, braces] = /^(\w+)?(?:\s*,\s*)?(\{[^}]*\})?$/.exec(what) ?? [];
  return [
    ...(first === undefined ? [] : ["default"]),
    ...namesIn((braces ?? "").replace(/[{}]/g, "")),
  ];
}

function resolved(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

const DECLARATION =
  /^export\s+(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(function\*?|class|const\s+enum|enum|const|let|interface|type)\s+(\w+)/gm;
const DESTRUCTURING = /^export\s+(?:const|let)\s+\{([^}]*)\}/gm;
const LIST = /^export\s+(type\s+)?\{([^}]*)\}/gm;

function exportsOf(code: string): Export[] {
  const exports: Export[] = [];
  for (const [, kind, name] of code.matchAll(DECLARATION)) {
    exports.push({ name, isType: kind === "interface" || kind === "type" });
  }
  for (const [, parts] of code.matchAll(DESTRUCTURING)) {
    for (const part of parts.split(",").filter((part) => part.trim() !== "")) {
      exports.push({ name: part.split(":").at(-1)!.trim(), isType: false });
    }
  }
  for (const [, allTypes, list] of code.matchAll(LIST)) {
    for (const part of list.split(",").map((text) => text.trim()).filter((text) => text !== "")) {
      const isType = allTypes !== undefined || part.startsWith("type ");
      const name = part.replace(/^type\s+/, "").split(/\s+as\s+/).at(-1)!;
      exports.push({ name, isType });
    }
  }
  return exports;
}

/** What may stand before a slash that begins a regular expression. */
const BEFORE_EXPRESSION =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|yield|await))\s*$/;

/** The text with blanks for comments, and for the insides of strings where those are to go too. */
function blanked(text: string, strings: boolean): string {
  let result = "";
  /** For each open template: how deep the braces are within its `${`. */
  const templates: number[] = [];
  let i = 0;
  const keep = (until: number) => {
    result += text.slice(i, until);
    i = until;
  };
  const blank = (until: number) => {
    result += text.slice(i, until).replace(/[^\n]/g, " ");
    i = until;
  };
  const string = (until: number) => strings ? blank(until) : keep(until);
  while (i < text.length) {
    const two = text.slice(i, i + 2);
    const one = text[i];
    if (two === "//") blank(endOf(text, i, "\n", 0));
    else if (two === "/*") blank(endOf(text, i + 2, "*/", 2));
    else if (one === '"' || one === "'") {
      keep(i + 1);
      string(endOfQuoted(text, i, one));
      keep(i + 1);
    } else if (one === "`" || (one === "}" && templates.at(-1) === 0)) {
      if (one === "}") templates.pop();
      keep(i + 1);
      const end = endOfTemplate(text, i);
      string(end);
      if (text[end] === "$") templates.push(0);
      keep(end + (text[end] === "$" ? 2 : 1));
    } else if (one === "/" && BEFORE_EXPRESSION.test(result.slice(-40))) {
      keep(i + 1);
      string(endOfExpression(text, i));
    } else {
      if (templates.length > 0 && one === "{") templates[templates.length - 1]++;
      if (templates.length > 0 && one === "}") templates[templates.length - 1]--;
      keep(i + 1);
    }
  }
  return result;
}

function endOf(text: string, from: number, mark: string, length: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + length;
}

/** Index of the quote that ends a string, or of the line's end. */
function endOfQuoted(text: string, from: number, quote: string): number {
  let i = from;
  while (i < text.length && text[i] !== quote && text[i] !== "\n") i += text[i] === "\\" ? 2 : 1;
  return Math.min(i, text.length);
}

/** Index of the backtick, or of the `${`, that ends a template's text. */
function endOfTemplate(text: string, from: number): number {
  let i = from;
  while (i < text.length && text[i] !== "`" && text.slice(i, i + 2) !== "${") {
    i += text[i] === "\\" ? 2 : 1;
  }
  return Math.min(i, text.length);
}

/** Index of the slash that ends a regular expression. */
function endOfExpression(text: string, from: number): number {
  let inClass = false;
  let i = from;
  for (; i < text.length && text[i] !== "\n"; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "[") inClass = true;
    else if (text[i] === "]") inClass = false;
    else if (text[i] === "/" && !inClass) break;
  }
  return Math.min(i, text.length);
}
