// docs/testing.md shows files that run: those of tests/package/projects/, which documented_test.ts
// there runs. A block of the page says by a comment above it which file it is.

import { assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const PROJECTS = "tests/package/projects/";

const page = await Deno.readTextFile(new URL("docs/testing.md", ROOT));

/** Blocks of code, each with the file that it is said to be. */
function blocks(page: string): { readonly file: string | undefined; readonly text: string }[] {
  const found = page.matchAll(/(?:<!-- (\S+) -->\n\n)?```(?:ts|js)\n([^]*?)```/g);
  return Array.from(found, ([, file, text]) => ({ file, text }));
}

Deno.test("blocks of a made-up page are found with their files", () => {
  const page = "x\n\n<!-- a/b.ts -->\n\n```ts\n1;\n```\n\n```js\n2;\n```\n\n```sh\nls\n```\n";
  assertEquals(blocks(page), [{ file: "a/b.ts", text: "1;\n" }, { file: undefined, text: "2;\n" }]);
});

Deno.test("what docs/testing.md shows is what is run", async () => {
  for (const { file, text } of blocks(page)) {
    assertEquals(text, file && await Deno.readTextFile(new URL(file, ROOT)), file);
  }
});

Deno.test("docs/testing.md shows all of it", async () => {
  const shown = new Set(blocks(page).map(({ file }) => file));
  const missing: string[] = [];
  for await (const { name: project } of Deno.readDir(new URL(PROJECTS, ROOT))) {
    for await (const { name } of Deno.readDir(new URL(`${PROJECTS}${project}/`, ROOT))) {
      if (!shown.has(`${PROJECTS}${project}/${name}`)) missing.push(`${project}/${name}`);
    }
  }
  // The same as vitest's.
  assertEquals(missing, ["jest-shared/counter.test.js"]);
});
