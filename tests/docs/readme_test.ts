// The README's claims that can be checked by a program.

import { assertEquals, assertStringIncludes } from "@std/assert";
import project from "../../deno.json" with { type: "json" };
import { DIRECTIVES_BY_NAME } from "../../server/config/directives.ts";

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

Deno.test("settings and tasks that the README uses exist", () => {
  const commands = readme.match(/main\.ts serve .*/g)!.join("\n");
  const settings = commands.match(/ --[a-z-]+/g)!.map((option) => option.slice(3));
  for (const name of settings.filter((name) => name !== "help")) {
    assertEquals(DIRECTIVES_BY_NAME.has(name), true, name);
  }
  assertStringIncludes(readme, "npx -y deno@2.9.6 task test");
  assertEquals("test" in project.tasks, true);
});
