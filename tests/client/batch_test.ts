// The client in scripts on Deno, and what it says of permissions.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { serveQuietly } from "../harness/quiet_server.ts";
import { clientOnDeno } from "./client_program.ts";
import { type ClientRun, runClient, scriptTests } from "./scripts.ts";

scriptTests(clientOnDeno);

function client(words: readonly string[], run?: ClientRun) {
  return runClient(clientOnDeno, words, run);
}

Deno.test("without network permission there is one clear line", async () => {
  for (const permissions of [[], ["--no-prompt"], ["--deny-net"]]) {
    const { code, stdout, stderr } = await client(["-h", "::1", "PING"], { permissions });
    assertEquals([code, stdout], [1, ""]);
    assertEquals(
      stderr,
      "ravel: network access to [::1]:1234 was refused; allow it with " +
        '"deno run --allow-net=[::1]:1234 main.ts client"\n',
    );
  }
});

Deno.test("permission for the one server is enough", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  const permissions = [`--allow-net=127.0.0.1:${port}`, "--no-prompt"];
  const outcome = await client(["-p", String(port), "PING"], { permissions });
  assertEquals(outcome, { code: 0, stdout: "PONG\n", stderr: "" });
});

Deno.test("certificates and Unix sockets take permissions of their own", async () => {
  const unread = await client(["--tls", "--cacert", "/certificates", "PING"]);
  assertStringIncludes(
    unread.stderr,
    "read access to the certificates was refused; allow it with",
  );
  const away = await client(["-s", "/s.sock", "PING"]);
  assertStringIncludes(
    away.stderr,
    "--allow-net --allow-read=/s.sock --allow-write=/s.sock main.ts",
  );
});
