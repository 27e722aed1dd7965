/**
 * DEBUG PROTOCOL: one reply of each type, for those who test how a client reads them. What the values
 * are is a part of the interface: suites of clients expect these.
 */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Reply } from "../../../protocol/reply.ts";
import type { Call } from "../../../server/execution/call.ts";

const NO_PUSHES = new ErrorReply("ERR RESP2 is not supported by this command");

/** By name: writes a reply of that type. */
const SAMPLES: Readonly<Record<string, (reply: Reply) => void>> = {
  string: (reply) => reply.bulk("Hello World"),
  integer: (reply) => reply.integer(12345),
  double: (reply) => reply.double(3.141),
  bignum: (reply) => reply.bigNumber("1234567999999999999999999999999999999"),
  null: (reply) => reply.nil(),
  array(reply) {
    reply.array(3);
    writeIntegers(reply);
  },
  set(reply) {
    reply.set(3);
    writeIntegers(reply);
  },
  map(reply) {
    reply.map(3);
    for (let i = 0; i < 3; i++) {
      reply.integer(i);
      reply.boolean(i === 1);
    }
  },
  attrib(reply) {
    if (reply.protocol === 3) {
      reply.attributes(1);
      reply.bulk("key-popularity");
      reply.array(2);
      reply.bulk("key:123");
      reply.integer(90);
    }
    reply.bulk("Some real reply following the attribute");
  },
  push(reply) {
    if (reply.protocol !== 3) throw NO_PUSHES;
    reply.push(2);
    reply.bulk("server-cpu-usage");
    reply.integer(42);
    // A push answers nothing: the request still has its reply.
    reply.bulk("Some real reply following the push reply");
  },
  verbatim: (reply) => reply.verbatim("txt", "This is a verbatim\nstring"),
  true: (reply) => reply.boolean(true),
  false: (reply) => reply.boolean(false),
};

export const PROTOCOL_TYPES: readonly string[] = Object.keys(SAMPLES);

const UNKNOWN_TYPE = new ErrorReply(
  "ERR Wrong protocol type name. Please use one of the following: " + PROTOCOL_TYPES.join("|"),
);

function writeIntegers(reply: Reply): void {
  for (let i = 0; i < 3; i++) reply.integer(i);
}

/** Replies with the sample that argument 2 names. */
export function replyWithSample({ args, reply }: Call): void {
  const name = PROTOCOL_TYPES.find((type) => args.is(2, type.toUpperCase()));
  if (name === undefined) throw UNKNOWN_TYPE;
  SAMPLES[name](reply);
}
