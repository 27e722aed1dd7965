/**
 * CLIENT KILL: ends connections, in the old form the one from an address, in the new form all that
 * pass every filter.
 */

import { ErrorReply, SYNTAX_ERROR } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import type { Client, ClientClass } from "../../../server/execution/client.ts";
import type { ClientUser } from "../../../server/execution/client_user.ts";
import type { CommandDeclaration } from "../../registry.ts";
import { classArgument, typeArgument } from "./client_type.ts";

/** More than any address has. */
const MAX_ADDRESS_BYTES = 256;

const NO_SUCH_CLIENT = new ErrorReply("ERR No such client");
const BAD_ID = new ErrorReply("ERR client-id should be greater than 0");

export const kill: CommandDeclaration = {
  name: "kill",
  arity: -3,
  complexity: "O(N) where N is the number of clients",
  group: "connection",
  since: "2.4.0",
  summary: "Ends the connections of clients.",
  flags: ["admin", "noscript", "loading", "stale"],
  history: [
    ["2.8.12", "The form with filters, ID among them."],
    ["3.2.0", "The type master."],
    ["5.0.0", "The type replica, which was slave."],
    ["6.2.0", "LADDR."],
  ],
  arguments: [{
    name: "filter",
    type: "oneof",
    arguments: [
      { name: "old-format", type: "string", displayText: "ip:port", deprecatedSince: "2.8.12" },
      {
        name: "new-format",
        type: "oneof",
        multiple: true,
        arguments: [
          { name: "client-id", type: "integer", token: "ID", optional: true, since: "2.8.12" },
          typeArgument("2.8.12", true),
          { name: "username", type: "string", token: "USER", optional: true },
          { name: "addr", type: "string", token: "ADDR", displayText: "ip:port", optional: true },
          {
            name: "laddr",
            type: "string",
            token: "LADDR",
            displayText: "ip:port",
            optional: true,
            since: "6.2.0",
          },
          {
            name: "skipme",
            type: "oneof",
            token: "SKIPME",
            optional: true,
            arguments: [
              { name: "yes", type: "pure-token", token: "YES" },
              { name: "no", type: "pure-token", token: "NO" },
            ],
          },
        ],
      },
    ],
  }],
  run(call) {
    if (call.count === 3) killByAddress(call);
    else killByFilters(call);
  },
};

function killByAddress(call: Call): void {
  const address = call.args.byteString(2, MAX_ADDRESS_BYTES);
  for (const client of call.server.clients) {
    if (client.address === address) {
      call.reply.ok();
      return end(call, client);
    }
  }
  throw NO_SUCH_CLIENT;
}

interface Filters {
  id?: number;
  address?: string;
  localAddress?: string;
  user?: ClientUser;
  /** "none" where no client is of the type asked for. */
  class?: ClientClass | "none";
  skipSelf: boolean;
}

function killByFilters(call: Call): void {
  const filters = filtersOf(call);
  const { id, address, localAddress, skipSelf, user } = filters;
  const passed: Client[] = [];
  for (const client of call.server.clients) {
    if (
      (id === undefined || client.id === id) &&
      (user === undefined || client.user === user) &&
      (address === undefined || client.address === address) &&
      (filters.class === undefined || client.outputClass === filters.class) &&
      (localAddress === undefined || client.localAddress === localAddress) &&
      !(skipSelf && client === call.client)
    ) passed.push(client);
  }
  call.reply.integer(passed.length);
  for (const client of passed) end(call, client);
}

function filtersOf(call: Call): Filters {
  const { args } = call;
  const filters: Filters = { skipSelf: true };
  for (let i = 2; i < call.count; i += 2) {
    const value = i + 1;
    if (value === call.count) throw SYNTAX_ERROR;
    if (args.is(i, "ID")) {
      filters.id = Number(args.int64(value) ?? 0n);
      if (filters.id < 1) throw BAD_ID;
    } else if (args.is(i, "TYPE")) {
      filters.class = classArgument(args, value) ?? "none";
    } else if (args.is(i, "ADDR")) {
      filters.address = args.byteString(value, MAX_ADDRESS_BYTES);
    } else if (args.is(i, "LADDR")) {
      filters.localAddress = args.byteString(value, MAX_ADDRESS_BYTES);
    } else if (args.is(i, "USER")) {
      filters.user = call.server.acl.users.get(args.byteString(value));
      if (filters.user === undefined) {
        throw new ErrorReply(`ERR No such user '${args.quoted(value)}'`);
      }
    } else if (args.is(i, "SKIPME")) {
      if (!args.is(value, "YES") && !args.is(value, "NO")) throw SYNTAX_ERROR;
      filters.skipSelf = args.is(value, "YES");
    } else {
      throw SYNTAX_ERROR;
    }
  }
  return filters;
}

/** Ends a client's connection: the caller's own only after its reply. */
function end(call: Call, client: Client): void {
  if (client === call.client) client.closeAfterReply = true;
  else client.transport.close();
}
