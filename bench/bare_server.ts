/**
 * The least that a server on Deno can do for a pipeline of PINGs: it reads, counts what arrived,
 * and writes as many constant replies, without looking at a byte. What it reaches is what the
 * runtime and the system leave for any server, so the case "floor" measures it beside the others.
 */

const REQUEST_BYTES = "*1\r\n$4\r\nPING\r\n".length;
const REPLY = "+PONG\r\n";
const READ_BYTES = 64 * 1024;

const replies = new TextEncoder().encode(
  REPLY.repeat(Math.trunc(READ_BYTES / REQUEST_BYTES) + 1),
);

async function serve(connection: Deno.TcpConn): Promise<void> {
  using _ = connection;
  const input = new Uint8Array(READ_BYTES);
  let waitingBytes = 0;
  for (;;) {
    const count = await connection.read(input);
    if (count === null) return;
    waitingBytes += count;
    const requests = Math.trunc(waitingBytes / REQUEST_BYTES);
    waitingBytes -= requests * REQUEST_BYTES;
    const end = requests * REPLY.length;
    for (let at = 0; at < end;) at += await connection.write(replies.subarray(at, end));
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
for await (const connection of listener) {
  connection.setNoDelay(true);
  // A peer that resets the connection ends it as one that closes it does.
  serve(connection).catch(() => {});
}
