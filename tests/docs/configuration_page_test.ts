// docs/configuration.md lists every setting, as the table of settings has it.

import { assertEquals, assertMatch } from "@std/assert";
import { DIRECTIVES } from "../../server/config/directives.ts";
import { withSettings } from "./configuration_page.ts";

const PAGE = new URL("../../docs/configuration.md", import.meta.url);

Deno.test("docs/configuration.md is what the table of settings makes of it", async () => {
  const page = await Deno.readTextFile(PAGE);
  assertEquals(page === withSettings(page), true, "run `deno task docs:configuration`");
});

Deno.test("the page has each setting once", async () => {
  const page = withSettings(await Deno.readTextFile(PAGE));
  for (const { name } of DIRECTIVES) {
    assertEquals(page.split(`\n- \`${name}\` takes `).length, 2, name);
  }
  assertMatch(page, /- `port` takes `0..65535`, `1234` by default; takes effect at once\\\n/);
  assertMatch(page, /- `databases` takes .* by default; set at the start alone\\\n/);
});
