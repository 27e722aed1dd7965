// A web page can have a browser send a server nearby an HTTP request whose body holds commands. The
// connection ends at its first word, nothing behind it is carried out, and nothing is answered.

import { assertEquals } from "@std/assert";
import { serve } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";

const REQUESTS: Readonly<Record<string, string>> = {
  "POST": "POST / HTTP/1.1\r\nHost: localhost:1234\r\n\r\nSET k stolen\r\n",
  "post": "post / HTTP/1.1\r\nSET k stolen\r\n",
  "Host:": "Host: localhost:1234\r\nSET k stolen\r\n",
  "hOsT: as an array":
    "*2\r\n$5\r\nhOsT:\r\n$1\r\nx\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$6\r\nstolen\r\n",
  "POST alone": "POST\r\nSET k stolen\r\n",
};

for (const [name, request] of Object.entries(REQUESTS)) {
  for (const requirepass of ["", "secret"]) {
    const directives = { requirepass };
    const when = requirepass === "" ? "at any time" : "before AUTH";
    Deno.test(`${name}, ${when}: closed, without a reply, with one line in the log`, async () => {
      const lines: string[] = [];
      await using server = await serve({
        port: 0,
        directives,
        onLogLine: (line) => lines.push(line),
      });
      using peer = await Peer.connect(server.address.port);
      await peer.send(request);
      assertEquals(await peer.receiveRest(), "");
      assertEquals(server.keyspace.size, 0);
      assertEquals(lines.filter((line) => line.includes("HTTP request")).length, 1);
    });
  }
}

Deno.test("what stood before is carried out; words that only begin alike are unknown commands", async () => {
  await using server = await serve({ port: 0, onLogLine() {} });
  using peer = await Peer.connect(server.address.port);
  await peer.send("SET k mine\r\nPOST / HTTP/1.1\r\nSET k stolen\r\n");
  await peer.receiveRest();
  using other = await Peer.connect(server.address.port);
  assertEquals(await other.ask("GET", "k"), "$4\r\nmine\r\n");
  for (const word of ["POSTS", "POS", "Host", "Host:x", "HOSTS"]) {
    assertEquals(
      await other.ask(word),
      `-ERR unknown command '${word}', with args beginning with: \r\n`,
    );
  }
});
