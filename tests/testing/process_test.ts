// A server of a test and the process that it is in: the one does not keep the other from ending.

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";

const PROGRAM = `
import { serve } from "${new URL("../../testing/mod.ts", import.meta.url)}";
const server = await serve({ directives: { "metrics-port": Deno.args[0] } });
console.log(server.port);
await Deno.stdin.read(new Uint8Array(1));
console.log("at its end");
`;

Deno.test("a process ends by itself while its server runs and has clients", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/program.ts`, PROGRAM);
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-net", "program.ts", String(freePort())],
      cwd: folder,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const output = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value } = await output.read();
    using peer = await Peer.connect(Number(value));
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
    using waiting = await Peer.connect(Number(value));
    await waiting.send("BLPOP nothing 0\r\n");
    const input = process.stdin.getWriter();
    await input.write(new Uint8Array(1));
    await input.close();
    assertEquals((await output.read()).value, "at its end\n");
    assertEquals((await output.read()).done, true);
    assertEquals((await process.status).code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}
