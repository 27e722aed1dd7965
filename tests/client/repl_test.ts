// Sessions in a terminal on Deno.

import { assertEquals } from "@std/assert";
import { serveQuietly } from "../harness/quiet_server.ts";
import { clientOnDeno } from "./client_program.ts";
import { sessionTests } from "./sessions.ts";
import { ENTER, Terminal } from "./terminal.ts";

sessionTests(clientOnDeno);

Deno.test("without permission Deno asks, and a refusal is one clear line", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  {
    await using terminal = new Terminal(clientOnDeno, ["-p", String(port)], { permissions: [] });
    await terminal.shows("Allow?");
    await terminal.answer("y", "Granted net access");
    await terminal.line(`127.0.0.1:${port}>`);
    await terminal.type("ping", ENTER);
    await terminal.shows("PONG");
  }
  await using terminal = new Terminal(clientOnDeno, ["-p", String(port)], {
    permissions: [],
    columns: 200,
  });
  await terminal.shows("Allow?");
  await terminal.answer("n", "Denied net access");
  await terminal.shows(`ravel: network access to 127.0.0.1:${port} was refused; allow it with`);
  assertEquals(await terminal.exitCode(), 1);
});
