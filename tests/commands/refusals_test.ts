// What is answered to requests that are none, byte for byte, and how they are counted; what CLIENT
// REPLY and QUIT do to what stands around them.

import { assertEquals } from "@std/assert";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

const LONG = "x".repeat(127);

comparison(
  "errors repeat what was asked byte for byte",
  `
  nosuch
  nosuch a b c
  "\\xff\\xfe\\xc3" "\\x80\\x81"
  "no\\x00such" "a\\x00b" c
  "no\\r\\nsuch" "a\\nb" "\\r"
  "" ""
  ${LONG}y a
  ${LONG}yz a
  ${LONG}yzz ${LONG}
  nosuch ${LONG} b
  nosuch ${LONG.slice(4)} b
  nosuch ${LONG.slice(5)} bcdefgh ij
  "nos'uch" "'" '"'
  CLIENT "\\xff"
  CLIENT "no\\x00such" x
  CLIENT "no\\nsuch"
  CLIENT ${LONG}yzz
  cOnFiG nosuch
  "config" "n\\xc3"
  CLIENT SETNAME "\\xff"
  CLIENT SETNAME "a\\x00b"
  CLIENT SETINFO "\\xff" x => -ERR Unrecognized option '\xff'
  CLIENT KILL TYPE "\\xff\\x00"
  HELLO 3 "\\xff"
  HELLO 3 SETNAME "\\xff"
  EXPIRE k 10 "\\xfe\\x00x"
  EXPIRE k 10 "\\r\\n"
  EXPIRE k 10 "a\\r\\nb\\n\\r\\n"
  CONFIG SET "\\xfe\\r\\nx" 1
  CONFIG SET maxmemory "\\xfe"
  CONFIG GET "\\xfe"
  OBJECT "\\xff" k
  `,
);

/** Sends bytes and answers all that comes until a marker that an ECHO at their end sends. */
async function conversation(port: number, bytes: string): Promise<string> {
  using peer = await Peer.connect(port);
  const raw = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
  await peer.send(raw);
  const replies: string[] = [];
  try {
    do replies.push(await peer.receive()); while (!replies[replies.length - 1].includes("the end"));
  } catch {
    replies.push("closed");
  }
  return replies.join("");
}

const ECHO = "*2\r\n$4\r\nECHO\r\n$7\r\nthe end\r\n";
const SKIP = "CLIENT REPLY SKIP\r\n";

const CONVERSATIONS: readonly string[] = [
  `${SKIP}PING\r\nPING\r\n${ECHO}`,
  `${SKIP}*0\r\nPING\r\n${ECHO}`,
  `${SKIP}\r\nPING\r\n${ECHO}`,
  `${SKIP}*-1\r\nPING\r\n${ECHO}`,
  `${SKIP}\r\n\r\n*0\r\nPING\r\nPING\r\n${ECHO}`,
  `${SKIP}${SKIP}PING\r\nPING\r\n${ECHO}`,
  `${SKIP}RESET\r\nPING\r\n${ECHO}`,
  `${SKIP}nosuch\r\nPING\r\n${ECHO}`,
  `${SKIP}GET\r\nPING\r\n${ECHO}`,
  `${SKIP}CLIENT REPLY ON\r\nPING\r\n${ECHO}`,
  `CLIENT REPLY OFF\r\nPING\r\n\r\nCLIENT REPLY ON\r\n${ECHO}`,
  `CLIENT REPLY OFF\r\nPING\r\nRESET\r\n${ECHO}`,
  `PING\r\n\r\n\r\nPING\r\n${ECHO}`,
  `PING\r\nQUIT\r\n*1\r\nPING\r\n`,
  `PING\r\nQUIT\r\n*x\r\n`,
  `PING\r\nQUIT\r\n"`,
  `PING\r\n*x\r\n`,
  `"*abc\r\n`,
  `PING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$-1\r\n`,
];

Deno.test({
  name: "what stands around CLIENT REPLY, QUIT and broken requests is answered as by redis-server",
  ignore: withoutRedis,
  async fn(t) {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    for (const bytes of CONVERSATIONS) {
      await t.step(JSON.stringify(bytes), async () => {
        assertEquals(
          await conversation(ravel.address.port, bytes),
          await conversation(redis.port, bytes),
        );
      });
    }
  },
});

Deno.test({
  name: "INFO counts refusals as redis-server does",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serveQuietly();
    const requests = [
      ["nosuch"],
      ["GET"],
      ["GET", "k"],
      ["LPUSH", "k", "v"],
      ["GET", "k"],
      ["CONFIG", "nosuch"],
      ["CONFIG"],
      ["CLIENT", "nosuch", "x"],
      ["CLIENT", "ID"],
      ["SELECT", "99"],
      ["HELLO", "9"],
      ["AUTH", "x"],
    ];
    const counted = async (port: number) => {
      using peer = await Peer.connect(port);
      await peer.ask("CONFIG", "RESETSTAT");
      for (const request of requests) await peer.ask(...request);
      const info = (await peer.ask("INFO", "commandstats", "errorstats", "stats")).split("\r\n");
      return info.filter((line) =>
        /^(cmdstat|errorstat)_|^total_(commands_processed|error_replies):/.test(line)
      ).map((line) => line.replace(/usec=\d+,usec_per_call=[\d.]+/, "time")).sort();
    };
    assertEquals(await counted(ravel.address.port), await counted(redis.port));
  },
});

Deno.test("an argument of many megabytes in an error leaves the connection as it was", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const huge = new Uint8Array(40 * 1024 * 1024).fill(0x61);
  const begun = `-ERR unknown command '${"a".repeat(128)}', with args beginning with: ` +
    `'${"a".repeat(128)}' \r\n`;
  assertEquals(await peer.ask(huge, huge), begun);
  assertEquals(
    await peer.ask("CLIENT", "SETNAME", huge),
    "-ERR Client names cannot be longer than 65536 bytes.\r\n",
  );
  assertEquals(
    await peer.ask("HINCRBYFLOAT", "h", "f", huge),
    "-ERR value is not a valid float\r\n",
  );
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
});

const zeros = "0".repeat(5 * 1024 - 2);

comparison(
  "numbers and patterns of great length",
  `
  HINCRBYFLOAT h f ${zeros}1
  HINCRBYFLOAT h f ${zeros}01
  HSET h long ${zeros}01
  HINCRBYFLOAT h long 1
  COMMAND LIST FILTERBY PATTERN ${"*".repeat(2 * 1024 * 1024)}hget
  COMMAND LIST FILTERBY PATTERN "hget\\x00junk"
  COMMAND LIST FILTERBY ACLCAT ${"x".repeat(100)}
  `,
);
