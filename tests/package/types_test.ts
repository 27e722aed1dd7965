// The package's types, as strict programs of both kinds of modules use them, checked by the compilers
// that the package is installed beside. What must be refused is marked by `@ts-expect-error`, which
// fails where it is not.

import { assertEquals } from "@std/assert";
import { withoutInstallation } from "../harness/npm_installation.ts";
import { PackageProject } from "../harness/npm_package.ts";

const USE_OF_SERVERS = `
async function useServers(): Promise<void> {
  const options: ServeOptions = { directives: { maxmemory: "10mb" }, now: 0 };
  const server: TestServer = await serve(options);
  const { host, port, url }: { host: string; port: number; url: string } = server;
  await server.flush();
  await server.advance(1000);
  const disposing: PromiseLike<void> = server[Symbol.asyncDispose]();
  await disposing;
  await using another = await serve({ plugins: ["./plugin.mjs"] });
  console.log(host, port, url, another.url);
  // @ts-expect-error a port is a number
  await serve({ port: "1" });
  // @ts-expect-error it is made by serve()
  new TestServer();
}

const clock: Parameters<typeof serve> = [{ now: () => Date.now(), onLogLine: (line: string) => void line }];
void useServers;
void clock;
`;

const USE_OF_COMMANDS = `
const COUNTED: KeyEvent = event("module", "counted");

/** Adds the members of more than three bytes. */
function addLonger({ args, count, reply }: Call, set: MemberSet): number {
  let added = 0;
  for (let i = 2; i < count; i++) {
    if (args.length(i) > 3 && set.add(args.bytes, args.start(i), args.length(i))) added++;
  }
  reply.integer(added);
  return added;
}

register({
  name: "sadd.longer",
  arity: -3,
  complexity: "O(n)",
  group: "module",
  since: "1.0.0",
  summary: "Adds long members.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "insert"),
  arguments: [{ name: "key", type: "key" }],
  run(call) {
    const entry = call.db.changeOf(call.key(1), Type.Set);
    if (entry === NONE && call.count > 10) throw new ErrorReply("ERR too many");
    call.keyspace.sets.change(call, 1, addLonger, COUNTED);
  },
});

// @ts-expect-error a command has a run, or subcommands
register({ name: "nothing", arity: 1, complexity: "O(1)", group: "module", since: "1", summary: "", arguments: [] });
`;

const FILES: Readonly<Record<string, string>> = {
  "servers.mts": 'import { serve, type ServeOptions, type TestServer } from "ravel-server";\n' +
    USE_OF_SERVERS,
  "servers.cts": 'import { serve, type ServeOptions, type TestServer } from "ravel-server";\n' +
    USE_OF_SERVERS,
  "required.cts":
    'import ravel = require("ravel-server");\nvoid ravel.serve().then((server) => server.stop());\n',
  "setups.mts":
    'import jest from "ravel-server/jest";\nimport vitest from "ravel-server/vitest";\n' +
    "const setups: [() => Promise<void>, () => Promise<() => Promise<void>>] = [jest, vitest];\nvoid setups;\n",
  "commands.mts": imports("commands") + USE_OF_COMMANDS,
  "commands.cts": imports("commands") + USE_OF_COMMANDS,
};

function imports(path: string): string {
  const names =
    "type Call, ErrorReply, event, key, type KeyEvent, type MemberSet, NONE, register, Type";
  return `import { ${names} } from "ravel-server/${path}";\n`;
}

/** The least that a program says of itself: no types of others are skipped. */
const STRICT = {
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: false,
  strict: true,
  target: "es2022",
  types: ["node"],
};

/** By name, what programs say of how they load modules. */
const KINDS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "Node's own modules": { module: "nodenext" },
  "Node's modules of old": { module: "node16", lib: ["es2022"] },
  "a bundler": { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] },
};

Deno.test({
  name: "the package's types are right for strict programs",
  ignore: withoutInstallation,
  async fn(t) {
    await using project = await PackageProject.create(FILES);
    for (const [name, options] of Object.entries(KINDS)) {
      await t.step(name, async () => {
        const isBundler = options.moduleResolution === "bundler";
        await project.write({
          "tsconfig.json": JSON.stringify({
            compilerOptions: { ...STRICT, ...options },
            include: isBundler ? ["*.mts"] : ["*.mts", "*.cts"],
          }),
        });
        const { code, stdout } = await project.run("node", ["node_modules/typescript/bin/tsc"]);
        assertEquals([stdout, code], ["", 0]);
      });
    }
  },
});
