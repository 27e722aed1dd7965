// Libraries keep what they make from call to call. Where that is too much for the process it is an
// error, and the process goes on.

import { assertEquals, assertMatch } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { ServerProcess } from "../harness/server_process.ts";
import { until } from "../harness/until.ts";

const LIBRARY = `#!lua name=keeps
local kept = {}
redis.register_function('tables', function()
  local made = {}
  for i = 1, 4000 do made[i] = { i } end
  kept[#kept + 1] = made
  return #kept
end)
redis.register_function('texts', function()
  local text = string.rep('x' .. #kept, 100000)
  text:byte(1)
  kept[#kept + 1] = text
  return #kept
end)`;

/** More calls than fill the heap. */
const MANY = 3000;

Deno.test("what a library keeps ends in an error and not in a crash, and goes with the library", async () => {
  await using server = new ServerProcess([], {
    permissions: ["--allow-net", "--v8-flags=--max-old-space-size=150"],
  });
  using peer = await Peer.connect(await server.port());
  for (const name of ["tables", "texts"]) {
    await peer.ask("FUNCTION", "LOAD", "REPLACE", LIBRARY);
    let reply = "";
    for (let i = 0; i < MANY && !reply.startsWith("-"); i++) {
      reply = await peer.ask("FCALL", name, "0");
    }
    assertMatch(reply, /^-ERR not enough memory script: \w+, on @user_function:\d+\.\r\n$/);
    assertEquals(await peer.ask("SET", "key", "value"), "+OK\r\n");
    assertEquals(await peer.ask("FUNCTION", "DELETE", "keeps"), "+OK\r\n");
    const work = "local t = {} for i = 1, 50000 do t[i] = { i } end return #t";
    // For a moment the heap counts as full still.
    await until("there is room", async () => await peer.ask("EVAL", work, "0") === ":50000\r\n");
  }
  assertEquals(await peer.ask("GET", "key"), "$5\r\nvalue\r\n");
});
