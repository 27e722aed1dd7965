// How the client is started: the tests of sessions and scripts are the same on every runtime.

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

export interface ClientProgram {
  /** For the names of tests. */
  readonly name: string;
  /** What its help says that it is started with. */
  readonly invocation: string;
  /**
   * The program and the words before those for the client.
   *
   * @param permissions Deno's flags, for a runtime that has them; without them `--allow-net`
   */
  command(permissions?: readonly string[]): readonly string[];
}

export const clientOnDeno: ClientProgram = {
  name: "client on Deno",
  invocation: "deno run --allow-net main.ts",
  command: (permissions = ["--allow-net"]) => [
    ...[Deno.execPath(), "run", "--quiet", ...permissions, MAIN, "client"],
  ],
};
