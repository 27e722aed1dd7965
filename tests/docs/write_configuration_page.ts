// `deno task docs:configuration`: writes the list of settings into docs/configuration.md.

import { withSettings } from "./configuration_page.ts";

const page = new URL("../../docs/configuration.md", import.meta.url);

await Deno.writeTextFile(page, withSettings(await Deno.readTextFile(page)));
