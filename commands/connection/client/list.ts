/** CLIENT LIST and CLIENT INFO: one line for each client. */

import { ErrorReply, SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import type { Client } from "../../../server/execution/client.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { DEFAULT_USER } from "../authentication.ts";
import { classArgument, typeArgument } from "./client_type.ts";

const INVALID_ID = new ErrorReply("ERR Invalid client ID");

export const list: CommandDeclaration = {
  name: "list",
  arity: -2,
  complexity: "O(N) where N is the number of clients",
  group: "connection",
  since: "2.4.0",
  summary: "Lists the clients, all or some, a line each.",
  flags: ["admin", "noscript", "loading", "stale"],
  tips: ["nondeterministic_output"],
  history: [
    ["2.8.12", "The field id."],
    ["5.0.0", "TYPE."],
    ["6.0.0", "The field user."],
    ["6.2.0", "The fields argv-mem, tot-mem, laddr and redir; ID."],
    ["7.0.0", "The fields resp, multi-mem, rbs and rbp."],
    ["7.0.3", "The field ssub."],
    ["7.2.0", "The fields lib-name and lib-ver."],
  ],
  arguments: [
    typeArgument("5.0.0", false),
    {
      name: "client-id",
      type: "integer",
      token: "ID",
      optional: true,
      multiple: true,
      since: "6.2.0",
    },
  ],
  run(call) {
    let lines = "";
    for (const client of chosenClients(call)) lines += clientLine(client, call);
    call.reply.verbatim("txt", lines);
  },
};

export const info: CommandDeclaration = {
  name: "info",
  arity: 2,
  complexity: "O(1)",
  group: "connection",
  since: "6.2.0",
  summary: "Answers the connection's own line of CLIENT LIST.",
  flags: ["noscript", "loading", "stale"],
  tips: ["nondeterministic_output"],
  run(call) {
    call.reply.verbatim("txt", clientLine(call.client, call));
  },
};

function chosenClients(call: Call): Iterable<Client> {
  const { args, server } = call;
  if (call.count === 2) return server.clients;
  if (args.is(2, "TYPE") && call.count === 4) {
    const wanted = classArgument(args, 3);
    return [...server.clients].filter(({ outputClass }) => outputClass === wanted);
  }
  if (!args.is(2, "ID") || call.count === 3) throw SYNTAX_ERROR;
  const found: Client[] = [];
  for (let i = 3; i < call.count; i++) {
    const id = args.int64(i);
    if (id === undefined) throw INVALID_ID;
    const client = server.clients.get(Number(id));
    if (client !== undefined) found.push(client);
  }
  return found;
}

/**
 * What CLIENT LIST says of a client. The runtime keeps descriptors to itself, so `fd` is the number
 * that is unique all the same: the client's. Requests are decoded in place: `argv-mem` counts the
 * arguments of the one that is carried out, which is the caller's, and those of one that has not come
 * as a whole; `qbuf` what is not looked at. Replies wait in chunks: `obl` counts their
 * bytes, `oll` the chunks that are full, `omem` the memory of all.
 */
function clientLine(client: Client, call: Call): string {
  const { keyspace: { nowMs } } = call;
  const { transport, reply } = client;
  const { argumentBytes, inputBytes, inputCapacity, outputBytes, outputCapacity, outputChunks } =
    transport;
  const carriedOutBytes = client === call.client ? call.args.totalBytes : 0;
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
    `user=${DEFAULT_USER} redir=${notes.redirect} resp=${reply.protocol} lib-name=${client.libraryName} ` +
    `lib-ver=${client.libraryVersion}\n`;
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
