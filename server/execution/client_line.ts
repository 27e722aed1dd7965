/** The line of a client, as CLIENT LIST and the log of denials have it, without its end. */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { Client } from "./client.ts";

/**
 * What CLIENT LIST says of a client. The runtime keeps descriptors to itself, so `fd` is the number
 * that is unique all the same: the client's. Requests are decoded in place: `argv-mem` counts the
 * arguments of the one that is carried out, which is the caller's, and those of one that has not come
 * as a whole; `qbuf` what is not looked at. Replies wait in chunks: `obl` counts their
 * bytes, `oll` the chunks that are full, `omem` the memory of all.
 *
 * @param nowMs milliseconds since 1970
 * @param carriedOutBytes of the arguments of the request that is carried out for it
 */
export function clientLine(client: Client, nowMs: number, carriedOutBytes: number): ByteString {
  const { transport, reply } = client;
  const { argumentBytes, inputBytes, inputCapacity, outputBytes, outputCapacity, outputChunks } =
    transport;
  const { notes } = client;
  const free = Math.max(0, inputCapacity - inputBytes);
  return `id=${client.id} addr=${client.address} laddr=${client.localAddress} ` +
    `fd=${client.id} name=${client.name} age=${seconds(nowMs - client.createdAtMs)} ` +
    `idle=${seconds(nowMs - client.lastUsedMs)} flags=${
      flagsOf(client, notes.flags)
    } db=${client.db.index} ` +
    `sub=${notes.channels} psub=${notes.patterns} ssub=${notes.shardChannels} ` +
    `multi=${notes.queued} qbuf=${inputBytes} qbuf-free=${free} ` +
    `argv-mem=${
      carriedOutBytes + argumentBytes
    } multi-mem=${notes.transactionBytes} rbs=${outputCapacity} rbp=${outputCapacity} ` +
    `obl=${outputBytes} oll=${outputChunks} omem=${outputChunks > 0 ? outputCapacity : 0} ` +
    `tot-mem=${client.memoryBytes + carriedOutBytes} ` +
    `events=${outputBytes > 0 ? "rw" : "r"} cmd=${client.lastCommand || "NULL"} ` +
    `user=${client.user.name} redir=${notes.redirect} resp=${reply.protocol} lib-name=${client.libraryName} ` +
    `lib-ver=${client.libraryVersion}`;
}

/** The letters of a client's states, in Redis's order. */
const FLAGS = "OSMPxbtRBdcuAUreT";

function flagsOf(client: Client, noted: string): string {
  const flags = noted + (client.isBlocked && client.suspended === undefined ? "b" : "") +
    (client.closeAfterReply ? "c" : "") +
    (client.transport.isUnixSocket ? "U" : "") +
    (client.noEvict ? "e" : "") +
    (client.noTouch ? "T" : "");
  return [...FLAGS].filter((flag) => flags.includes(flag)).join("") || "N";
}

function seconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000));
}
