/** Opening the connections of a load, and bringing each into the state that the load asks for. */

import type { EndpointSocket } from "../../client/platform/network.ts";
import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import { ReplyError } from "../../protocol/reply_value.ts";
import {
  type RequestArguments,
  writeNativeRequest,
  writeRespRequest,
} from "../../protocol/request_writer.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";

/** Connections that are opened at a time: less than a server's usual backlog. */
const CONNECTING = 100;
/** More than the reply to HELLO 3 has. */
const PREPARING_BYTES = 16 * 1024;

/** Calls `open` for 0 to `count - 1`, so many of them side by side as a server takes at once. */
export async function inBursts(
  count: number,
  open: (index: number) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < count; first += CONNECTING) {
    const burst = Math.min(CONNECTING, count - first);
    await Promise.all(Array.from({ length: burst }, (_, i) => open(first + i)));
  }
}

/** Sends one request and takes its reply, whatever it is. Rejects when it is an error. */
export async function prepareConnection(
  connection: Pick<EndpointSocket, "read" | "write">,
  request: RequestArguments,
  protocol: "resp" | "native" = "resp",
): Promise<void> {
  const queue = new ByteQueue({ initialBytes: PREPARING_BYTES, maxBytes: PREPARING_BYTES });
  if (protocol === "native") writeNativeRequest(queue, request);
  else writeRespRequest(queue, request);
  while (queue.length > 0) {
    queue.consume(await connection.write(queue.bytes.subarray(queue.head, queue.tail)));
  }
  const decoder = new ReplyDecoder(protocol);
  for (;;) {
    const count = await connection.read(queue.bytes.subarray(queue.tail));
    if (count === null) throw new Error(`the server closed the connection at ${request[0]}`);
    queue.commit(count);
    const reply = decoder.decode(queue);
    if (reply instanceof ReplyError) throw new Error(`${request[0]}: ${reply.message}`);
    if (reply !== undefined) return;
  }
}
