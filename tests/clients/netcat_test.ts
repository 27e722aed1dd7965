// A session by hand: lines of text through netcat, which is all that a person needs.

import { assertEquals } from "@std/assert";
import { runProgram, without } from "../harness/program.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const SESSION: readonly (readonly [line: string, reply: string])[] = [
  ["PING", "+PONG"],
  ['SET mykey "hello world"', "+OK"],
  ["GET mykey", "$11|hello world"],
  ["get missing", "$-1"],
  ["KEYS", "*1|$5|mykey"],
  ["KEYS my*", "*1|$5|mykey"],
  ["KEYS other*", "*0"],
  ["EXPIRE mykey 100", ":1"],
  ["TTL mykey", ":100"],
  ["ZADD board 1.5 ann", ":1"],
  ["ZADD board 2 bob 3 cy", ":2"],
  ["ZADD board 4 ann", ":0"],
  ["ZSCORE board ann", "$1|4"],
  ['ZQUERY board 2 "" 0 10', "*6|$3|bob|$1|2|$2|cy|$1|3|$3|ann|$1|4"],
  ['ZQUERY board 3 "" -1 1', "*2|$3|bob|$1|2"],
  ["ZQUERY board 2 bob 1 2", "*4|$2|cy|$1|3|$3|ann|$1|4"],
  ['ZQUERY board 9 "" 0 10', "*0"],
  ["ZQUERY missing 1 a 0 10", "$-1"],
  ["ZREM board cy", ":1"],
  ["ZCARD board", ":2"],
  ["DEL mykey", ":1"],
  ["EXISTS mykey", ":0"],
  ["nonsense a b", "-ERR unknown command 'nonsense', with args beginning with: 'a' 'b' "],
  ["SET", "-ERR wrong number of arguments for 'set' command"],
  ["", ""],
  ["QUIT", "+OK"],
];

for (const [name, lineEnd] of [["CR LF", "\r\n"], ["LF", "\n"]]) {
  Deno.test({
    name: `netcat: a session by hand, lines ended by ${name}`,
    ignore: without("nc"),
    async fn() {
      await using server = await serveQuietly();
      const port = String(server.address.port);
      const input = SESSION.map(([line]) => line + lineEnd).join("");
      const { code, stdout } = await runProgram("nc", ["127.0.0.1", port], input);
      const replies = SESSION.filter(([line]) => line !== "")
        .map(([, reply]) => reply.replaceAll("|", "\r\n") + "\r\n");
      assertEquals(stdout, replies.join(""));
      assertEquals(code, 0);
    },
  });
}
