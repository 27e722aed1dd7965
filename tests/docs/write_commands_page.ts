// `deno task docs:commands`: writes docs/commands.md and the README's table of groups.

import { commandsPage, withGroupTable } from "./commands_page.ts";

const ROOT = new URL("../../", import.meta.url);
const readme = new URL("README.md", ROOT);

await Deno.writeTextFile(new URL("docs/commands.md", ROOT), commandsPage());
await Deno.writeTextFile(readme, withGroupTable(await Deno.readTextFile(readme)));
