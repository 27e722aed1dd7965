// Protected mode: with no password only this machine is served, whatever addresses are bound.

import { assertEquals, assertMatch } from "@std/assert";
import type { DirectiveRecord } from "../../server/mod.ts";
import { isLoopback } from "../../server/clients/addresses.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

Deno.test("which addresses are loopback", () => {
  for (const address of ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"]) {
    assertEquals(isLoopback(address), true, address);
  }
  const others = ["10.0.0.1", "128.0.0.1", "::", "::2", "::ffff:10.0.0.1", "fd00::127.0.0.1", ""];
  for (const address of others) assertEquals(isLoopback(address), false, address);
});

/**
 * Addresses of this machine by which it meets itself as a stranger. A machine without network has
 * none, and then only the loopback half of these tests says anything.
 */
function outsideAddresses(): string[] {
  return Deno.networkInterfaces()
    .map(({ address }) => address)
    .filter((address) => !isLoopback(address) && !address.startsWith("fe80:"));
}

/** What the server says unasked, and asking first could cross. */
async function greeting(port: number, hostname: string): Promise<string> {
  using peer = await Peer.connect(port, hostname);
  return await peer.receive();
}

async function answer(port: number, hostname: string): Promise<string> {
  using peer = await Peer.connect(port, hostname);
  return await peer.ask("PING");
}

const WARY: readonly (readonly [which: string, directives: DirectiveRecord])[] = [
  ["a bare server", {}],
  ["a server that binds to every address", { bind: ["0.0.0.0", "::"] }],
  ["a server that binds to its addresses one by one", {
    bind: ["127.0.0.1", ...outsideAddresses()],
  }],
];

for (const [which, directives] of WARY) {
  Deno.test(`${which} refuses strangers with a line that says what to do`, async () => {
    await using server = await serveQuietly({ directives });
    const { port } = server.address;
    assertEquals(await answer(port, "127.0.0.1"), "+PONG\r\n");
    const strangers = outsideAddresses();
    for (const hostname of strangers) {
      assertMatch(await greeting(port, hostname), /^-DENIED .*--protected-mode no.*\r\n$/);
    }
    assertEquals(server.stats.connectionsRejected, strangers.length);
  });
}

const TRUSTING: readonly (readonly [why: string, directives: DirectiveRecord, reply: RegExp])[] = [
  ["a password", { requirepass: "secret" }, /^-NOAUTH /],
  ["protected mode off", { "protected-mode": "no" }, /^\+PONG/],
];

for (const [why, directives, reply] of TRUSTING) {
  Deno.test(`with ${why} strangers are served`, async () => {
    await using server = await serveQuietly({ directives });
    for (const hostname of ["127.0.0.1", ...outsideAddresses()]) {
      assertMatch(await answer(server.address.port, hostname), reply);
    }
    assertEquals(server.stats.connectionsRejected, 0);
  });
}
