// FUNCTION DUMP and RESTORE between Ravel and redis-server, both ways.

import { assertEquals } from "@std/assert";
import { Crc64 } from "../../structures/crc64.ts";
import { bytesOfByteString } from "../../structures/bytes/byte_string.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

const LONG = "#!lua name=long\nredis.register_function('g', function(keys, args)\n" +
  "  -- the same words again and again\n".repeat(10) + "  return #args\nend)";
const SHORT = "#!lua name=short\nredis.register_function('f', function() return 'short' end)";
const FLAGS = "#!lua name=flags\nredis.register_function{ function_name = 'h', " +
  "description = 'tells', flags = { 'no-writes' }, callback = function() return 'h' end }";

/** What redis-servers answered to FUNCTION DUMP with the library LONG: alike but for the footer. */
const LONG_DUMP =
  "f5c3407541bd1f23216c7561206e616d653d6c6f6e670a72656469732e72656769737465725f660c756e6374696f" +
  "6e282767272c20e0000d156b6579732c2061726773290a20202d2d20746865207320440f20776f72647320616761" +
  "696e20616e648009e0ff23e1361f0772657475726e20234177040a656e6429";
const FOOTERS = { "7.0.15": "0a00d11e917c2c00607b", "7.2.4": "0b00b8c12c0fd19f89f2" };

/** The bytes of a reply that is one string. */
function bulkOf(reply: string): Uint8Array {
  const at = reply.indexOf("\r\n") + 2;
  return bytesOfByteString(reply.slice(at, at + Number(reply.slice(1, at - 2))));
}

/** The dump with the footer of an older version, which an older server takes. */
function asVersion(dump: Uint8Array, version: number): Uint8Array {
  const bytes = dump.slice();
  const view = new DataView(bytes.buffer);
  view.setUint16(bytes.length - 10, version, true);
  const crc = new Crc64();
  crc.add(bytes, 0, bytes.length - 8);
  view.setInt32(bytes.length - 8, crc.low, true);
  view.setInt32(bytes.length - 4, crc.high, true);
  return bytes;
}

Deno.test("dumps of redis-server 7.0 and 7.2 are restored, and Ravel's is the same as that of 7.2", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (const footer of Object.values(FOOTERS)) {
    const dump = Uint8Array.fromHex(LONG_DUMP + footer);
    assertEquals(await peer.ask("FUNCTION", "RESTORE", dump, "REPLACE"), "+OK\r\n");
    assertEquals(await peer.ask("FCALL", "g", "1", "k", "a", "b"), ":2\r\n");
    assertEquals(
      bulkOf(await peer.ask("FUNCTION", "DUMP")).toHex(),
      LONG_DUMP + FOOTERS["7.2.4"],
    );
  }
});

Deno.test({
  name: "what one server dumps the other restores, compressed or not",
  ignore: withoutRedis,
  async fn() {
    for (const rdbcompression of ["yes", "no"]) {
      await using redis = await RedisReference.start({ rdbcompression });
      await using server = await serveQuietly({ directives: { rdbcompression } });
      using theirs = await Peer.connect(redis.port);
      using ours = await Peer.connect(server.address.port);
      for (const [from, to] of [[ours, theirs], [theirs, ours]]) {
        for (const text of [LONG, SHORT, FLAGS]) await from.ask("FUNCTION", "LOAD", text);
        const dump = bulkOf(await from.ask("FUNCTION", "DUMP"));
        assertEquals(await to.ask("FUNCTION", "FLUSH"), "+OK\r\n");
        assertEquals(await to.ask("FUNCTION", "RESTORE", asVersion(dump, 10)), "+OK\r\n");
        assertEquals(
          await to.ask("FUNCTION", "RESTORE", asVersion(dump, 10)).then(withoutName),
          "-ERR Library … already exists\r\n",
        );
        for (const policy of ["REPLACE", "flush"]) {
          assertEquals(await to.ask("FUNCTION", "RESTORE", asVersion(dump, 10), policy), "+OK\r\n");
        }
        for (const name of ["long", "short", "flags"]) {
          const list = ["FUNCTION", "LIST", "WITHCODE", "LIBRARYNAME", name];
          assertEquals(await to.ask(...list), await from.ask(...list));
        }
        assertEquals(await to.ask("FCALL", "f", "0"), "$5\r\nshort\r\n");
        assertEquals(await to.ask("FCALL", "G", "0", "x"), ":1\r\n");
        assertEquals(await to.ask("FCALL_RO", "h", "0"), "$1\r\nh\r\n");
        // A dump that is damaged changes nothing.
        for (const at of [0, 5, dump.length - 9, dump.length - 1]) {
          const damaged = asVersion(dump, 10);
          damaged[at] ^= 1;
          assertEquals(
            await to.ask("FUNCTION", "RESTORE", damaged, "FLUSH"),
            "-ERR DUMP payload version or checksum are wrong\r\n",
          );
        }
        assertEquals(await to.ask("FCALL", "f", "0"), "$5\r\nshort\r\n");
        await from.ask("FUNCTION", "FLUSH");
      }
    }
  },
});

/** Which of the libraries is met first is nobody's promise. */
function withoutName(reply: string): string {
  return reply.replace(/Library \w+/, "Library …");
}

Deno.test("a dump whose library does not end is refused, and changes nothing", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("FUNCTION", "LOAD", SHORT);
  const text = "#!lua name=a\nwhile true do end";
  const dump = asVersion(
    Uint8Array.from([245, text.length, ...bytesOfByteString(text), ...new Array(10).fill(0)]),
    11,
  );
  for (const policy of ["APPEND", "REPLACE", "FLUSH"]) {
    assertEquals(
      await peer.ask("FUNCTION", "RESTORE", dump, policy),
      "-ERR Error registering functions: ERR FUNCTION LOAD timeout\r\n",
    );
    assertEquals(await peer.ask("FCALL", "f", "0"), "$5\r\nshort\r\n");
  }
});
