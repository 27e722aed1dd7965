// Files that the documentation sends its readers to are there.

import { assertEquals } from "@std/assert";
import { readTexts } from "../tidy/source_tree.ts";

const ROOT = new URL("../../", import.meta.url);

const FOLDERS = "structures|protocol|commands|server|client|testing|pack|bench|tests|docs";
/** A file or folder by its path from the root, in prose or in a code span. */
const PATH = new RegExp(`(?<![\\w./-])(?:${FOLDERS})/[\\w./-]*[\\w/]`, "g");
const LINK = /\]\(([^)#\s]+)[^)]*\)/g;

/** The files and folders that a page names, by their paths from the root. */
function namedPaths(path: string, page: string): string[] {
  const prose = page.replace(/```[\s\S]*?```/g, "").replaceAll(LINK, "]");
  const named = Array.from(prose.matchAll(PATH), ([name]) => name)
    .filter((name) => /\.\w+$|\/$/.test(name));
  const links = Array.from(page.matchAll(LINK), ([, target]) => target)
    .filter((target) => !target.includes(":"))
    .map((target) => new URL(target, new URL(path, "file:///")).pathname.slice(1));
  return [...named, ...links];
}

Deno.test("paths of a made-up page are found", () => {
  const page = "See `server/config/`, [this](a.svg) and ![that](../b.md#top), server/x.ts; not\n" +
    "`my/server/y.ts`, server/mod or [elsewhere](https://example.org/tests/z.ts).\n" +
    "```\nserver/in_a_block.ts\n```\n";
  assertEquals(namedPaths("docs/page.md", page), [
    "server/config/",
    "server/x.ts",
    "docs/a.svg",
    "b.md",
  ]);
});

Deno.test("files and folders that the documentation names are there", async () => {
  const pages = await readTexts(ROOT, ["./", "docs/"], /\.md$/);
  const missing: string[] = [];
  for (const [path, page] of Object.entries(pages)) {
    for (const name of namedPaths(path, page)) {
      const isThere = await Deno.stat(new URL(name, ROOT)).then(() => true, () => false);
      if (!isThere) missing.push(`${path}: ${name}`);
    }
  }
  assertEquals(missing.join("\n"), "");
});
