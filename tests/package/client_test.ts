// The client of the npm package, as `npx ravel-server client` starts it, on every runtime: sessions in
// a terminal, whose line editor is the runtime's own; and scripts, on the oldest Node and on Bun.

import { join } from "node:path";
import { scriptTests } from "../client/scripts.ts";
import { sessionTests } from "../client/sessions.ts";
import { RUNTIMES, withoutInstallation } from "../harness/npm_installation.ts";
import { PackageProject } from "../harness/npm_package.ts";

if (!withoutInstallation) {
  let project: PackageProject;
  Deno.test.beforeAll(async () => {
    project = await PackageProject.create();
  });
  Deno.test.afterAll(() => project[Symbol.asyncDispose]());

  const oldest = RUNTIMES.filter(({ name }) => name !== "Bun").at(-1)!;
  for (const { name, program } of RUNTIMES) {
    const client = {
      name: `client on ${name}`,
      invocation: "npx ravel-server",
      command: () => [
        ...[program, join(project.folder, "node_modules", "ravel-server", "bin.cjs"), "client"],
      ],
    };
    sessionTests(client);
    if (program === oldest.program || name === "Bun") scriptTests(client);
  }
} else {
  Deno.test({ name: "client of the npm package", ignore: true, fn() {} });
}
