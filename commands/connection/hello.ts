/**
 * HELLO [version [AUTH user password] [SETNAME name]]: who is there, and in which protocol to talk.
 *
 * The native protocol is chosen by a connection's first bytes and has no versions, so there is
 * nothing to switch there: every version is refused, and the bare form answers.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { Call } from "../../server/execution/call.ts";
import { redisVersion } from "../../server/version.ts";
import { register } from "../registry.ts";
import { authenticate } from "./authentication.ts";
import { attributeArgument } from "./client/attribute.ts";

const NOT_A_VERSION = new ErrorReply("ERR Protocol version is not an integer or out of range");
const NO_SUCH_VERSION = new ErrorReply("NOPROTO unsupported protocol version");
const NOT_AUTHENTICATED = new ErrorReply(
  "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> " +
    "AUTH <user> <pass> option can be used to authenticate the client and select the RESP " +
    "protocol version at the same time",
);

/** What clients that check look for; the version that goes with it is Redis's too. */
const SERVER_NAME = "redis";

register({
  name: "hello",
  arity: -1,
  complexity: "O(1)",
  group: "connection",
  since: "6.0.0",
  summary: "Introduces client and server, and chooses the protocol.",
  flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
  history: [["6.2.0", "The version may be left out, to ask about the connection as it is."]],
  arguments: [{
    name: "arguments",
    type: "block",
    optional: true,
    arguments: [
      { name: "protover", type: "integer" },
      {
        name: "auth",
        type: "block",
        token: "AUTH",
        optional: true,
        arguments: [
          { name: "username", type: "string" },
          { name: "password", type: "string" },
        ],
      },
      { name: "clientname", type: "string", token: "SETNAME", optional: true },
    ],
  }],
  sensitive(args, hide) {
    for (let i = 2; i < args.count - 2; i++) {
      if (args.is(i, "AUTH")) {
        hide(++i);
        hide(++i);
      } else if (args.is(i, "SETNAME")) i++;
    }
  },
  run(call) {
    const { args, client, server } = call;
    const version = call.count === 1 ? undefined : versionOf(call);
    let userAt = 0;
    let name: ByteString | undefined;
    for (let i = 2; i < call.count; i++) {
      if (args.is(i, "AUTH") && i + 2 < call.count) {
        userAt = i + 1;
        i += 2;
      } else if (args.is(i, "SETNAME") && i + 1 < call.count) {
        name = attributeArgument(args, ++i, "Client names");
      } else {
        throw new ErrorReply(`ERR Syntax error in HELLO option '${args.quoted(i)}'`);
      }
    }
    if (userAt !== 0) authenticate(call, userAt, userAt + 1);
    if (!client.authenticated) throw NOT_AUTHENTICATED;
    if (name !== undefined) client.name = name;
    if (version !== undefined) {
      client.switchReply(version === 2 ? server.dialects.resp2 : server.dialects.resp3);
    }
    introduce(call);
  },
});

function versionOf(call: Call): 2 | 3 {
  const version = call.args.safeInteger(1);
  if (Number.isNaN(version)) throw NOT_A_VERSION;
  if (version !== 2 && version !== 3 || call.reply.protocol === "native") throw NO_SUCH_VERSION;
  return version;
}

function introduce({ client, client: { reply } }: Call): void {
  reply.map(7);
  reply.bulk("server");
  reply.bulk(SERVER_NAME);
  reply.bulk("version");
  reply.bulk(redisVersion);
  reply.bulk("proto");
  if (reply.protocol === "native") reply.bulk(reply.protocol);
  else reply.integer(reply.protocol);
  reply.bulk("id");
  reply.integer(client.id);
  reply.bulk("mode");
  reply.bulk("standalone");
  reply.bulk("role");
  reply.bulk("master");
  reply.bulk("modules");
  reply.array(0);
}
