/** CLIENT LIST and CLIENT INFO: one line for each client. */

import { ErrorReply, SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import type { Client } from "../../../server/execution/client.ts";
import { clientLine } from "../../../server/execution/client_line.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import type { CommandDeclaration } from "../../registry.ts";
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
    for (const client of chosenClients(call)) lines += lineOf(client, call);
    call.reply.verbatimBytes("txt", lines);
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
    call.reply.verbatimBytes("txt", lineOf(call.client, call));
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

/** A client's line; the arguments of the request that is carried out are the caller's. */
function lineOf(client: Client, { args, client: caller, keyspace: { nowMs } }: Call): ByteString {
  return clientLine(client, nowMs, client === caller ? args.totalBytes : 0) + "\n";
}
