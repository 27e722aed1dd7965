/**
 * What the commands that subscribe and unsubscribe have in common. They have no reply: each name is
 * confirmed by a message, which stands where the reply would.
 *
 * ```
 * SUBSCRIBE a b ──▶ subscribe a 1 │ subscribe b 2        the count: of channels and patterns
 * ```
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { HashedBytes } from "../../structures/key_map.ts";
import type { Call } from "../../server/execution/call.ts";
import { ReplyMode } from "../../server/execution/client.ts";
import { Push } from "../../server/execution/push.ts";
import type { Topics } from "../../server/pubsub/topics.ts";

/** Subscribes the client to the names in the arguments from 1 on. O(arguments). */
export function subscribe(call: Call, topics: Topics): void {
  const { client, count, server: { pubsub } } = call;
  pubsub.reserve(count - 1);
  for (let i = 1; i < count; i++) {
    const name = call.key(i);
    pubsub.subscribe(client, topics, name);
    confirm(call, topics, name);
  }
}

/** Ends the client's subscriptions to the names in the arguments, or to all. O(those). */
export function unsubscribe(call: Call, topics: Topics): void {
  const { client, count, server: { pubsub } } = call;
  if (count === 1) return unsubscribeFromAll(call, topics);
  for (let i = 1; i < count; i++) {
    const name = call.key(i);
    pubsub.unsubscribe(client, topics, name);
    confirm(call, topics, name);
  }
}

function unsubscribeFromAll(call: Call, topics: Topics): void {
  const { client, server: { pubsub } } = call;
  let isFirst = true;
  for (const entry of pubsub.subscriptions(client, topics)) {
    pubsub.unsubscribe(client, topics, entry);
    confirm(call, topics, entry);
    isFirst = false;
  }
  if (isFirst) confirm(call, topics, undefined);
}

function confirm(call: Call, topics: Topics, name: HashedBytes | undefined): void {
  const { client, command, reply, server } = call;
  const count = server.pubsub.count(client, topics);
  const write = (to: Reply) => {
    to.push(3);
    to.byteString(command.fullName);
    if (name === undefined) to.nil();
    else to.bulkBytes(name.bytes, name.start, name.length);
    to.integer(count);
  };
  // Messages come also where replies are switched off. A native one is a frame of its own.
  if (reply.protocol !== "native" && client.replyMode === ReplyMode.On) return write(reply);
  client.push(new Push(write));
}

/** @throws {ErrorReply} where the caller expects one reply, which such a command does not have */
export function refuseWithinOthers({ command, mayBlock }: Call): void {
  if (mayBlock) return;
  const name = command.fullName.toUpperCase();
  throw new ErrorReply(`ERR ${name} isn't allowed for a DENY BLOCKING client`);
}
