// docs/commands.md and the README's table of groups are what the registry makes of them.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { commandTable } from "../../commands/registry.ts";
import { commandsPage, withGroupTable } from "./commands_page.ts";

const ROOT = new URL("../../", import.meta.url);
const HOW = "run `deno task docs:commands`";

Deno.test("docs/commands.md is what the registry makes of it", async () => {
  const page = await Deno.readTextFile(new URL("docs/commands.md", ROOT));
  assertEquals(page === commandsPage(), true, HOW);
});

Deno.test("the README's table counts the commands that there are", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  assertEquals(readme === withGroupTable(readme), true, HOW);
});

Deno.test("the page of commands has each with its syntax, and what differs", () => {
  const page = commandsPage();
  for (const { declaration, fullName } of commandTable.all()) {
    if (declaration.name === "help") continue;
    const name = fullName.replace("|", " ").toUpperCase();
    assertEquals(new RegExp(`^ *- \`${name}[ \`]`, "m").test(page), true, name);
  }
  assertStringIncludes(
    page,
    "- `ZRANGE key start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`\\\n",
  );
  assertStringIncludes(page, "**Differs from Redis:** Redis has no such command.\n");
  assertStringIncludes(page, "deprecated since ");
});
