// The README's claims that can be checked by a program.

import { assertEquals, assertStringIncludes } from "@std/assert";
import "../../commands/mod.ts";
import { allCommands, type Command } from "../../commands/registry.ts";
import project from "../../deno.json" with { type: "json" };
import { DIRECTIVES_BY_NAME } from "../../server/config/directives.ts";

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

/** The commands of the README's table, and the subcommands that it lists for some of them. */
function commandsOfTable(): Map<string, string[]> {
  const table = readme.slice(readme.indexOf("| group"), readme.indexOf("They follow Redis"));
  const commands = new Map<string, string[]>();
  for (const [, name, list] of table.matchAll(/`([A-Z_-]+)`(?: \(((?:`[A-Z-]+` ?)+)\))?/g)) {
    commands.set(name, (list ?? "").match(/[A-Z-]+/g) ?? []);
  }
  return commands;
}

function subcommandsOf(command: Command): string[] {
  return command.subcommands.map(({ declaration }) => declaration.name.toUpperCase());
}

Deno.test("the README's table names every command, and none that is not there", () => {
  const registered = [...allCommands()].map(({ declaration }) => declaration.name.toUpperCase());
  assertEquals([...commandsOfTable().keys()].sort(), registered.sort());
});

Deno.test("where the README lists subcommands it lists them all", () => {
  const table = commandsOfTable();
  for (const command of allCommands()) {
    const listed = table.get(command.declaration.name.toUpperCase()) ?? [];
    if (listed.length === 0 || command.subcommands.length === 0) continue;
    const registered = subcommandsOf(command).filter((name) => name !== "HELP");
    assertEquals(listed.toSorted(), registered.sort(), command.fullName);
  }
});

Deno.test("settings and tasks that the README uses exist", () => {
  const commands = readme.match(/main\.ts serve .*/g)!.join("\n");
  const settings = commands.match(/ --[a-z-]+/g)!.map((option) => option.slice(3));
  for (const name of settings.filter((name) => name !== "help")) {
    assertEquals(DIRECTIVES_BY_NAME.has(name), true, name);
  }
  assertStringIncludes(readme, "npx -y deno@2.9.6 task test");
  assertEquals("test" in project.tasks, true);
});
