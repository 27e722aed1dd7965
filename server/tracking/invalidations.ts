/**
 * What clients are told whose copies of keys have become worthless, and who gets it:
 *
 * ```
 * tracker in RESP3 ───────────────────────────▶ itself           push  invalidate [keys]
 * tracker ── redirect ──▶ client in RESP3 ────▶ that client      push  invalidate [keys]
 *                     ──▶ subscriber in RESP2 ▶ that client      message of __redis__:invalidate
 *                     ──▶ gone ───────────────▶ itself, in RESP3: push  tracking-redir-broken
 * ```
 *
 * All others cannot be told. "All keys" is written as the nil of the tracker's own protocol, whatever
 * the one who gets it speaks; so it is in Redis.
 */

import type { Reply } from "../../protocol/reply.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import type { Client } from "../execution/client.ts";
import type { ClientList } from "../execution/client_list.ts";
import { Condition } from "../execution/condition.ts";
import { Push } from "../execution/push.ts";
import type { Tracker } from "./tracker.ts";

/** The channel on which clients in RESP2 get invalidations. */
const CHANNEL = "__redis__:invalidate";

const NILS = {
  2: new TextEncoder().encode("$-1\r\n"),
  3: new TextEncoder().encode("_\r\n"),
} as const;

/** The message that some keys have changed. */
export function keysChanged(keys: readonly Readonly<ByteView>[]): Push {
  return new Push((reply) => {
    begin(reply);
    reply.array(keys.length);
    for (const { bytes, start, length } of keys) reply.bulkBytes(bytes, start, length);
  });
}

/** The messages that every key may have changed, by the protocol of the tracker that is told. */
export class AllKeysChanged {
  readonly #inResp2 = allKeysChanged(2);
  readonly #inResp3 = allKeysChanged(3);

  for(tracker: Tracker): Push {
    return tracker.client.reply.protocol === 2 ? this.#inResp2 : this.#inResp3;
  }
}

function allKeysChanged(protocol: 2 | 3): Push {
  return new Push((reply) => {
    begin(reply);
    if (reply.protocol === "native") return reply.nil();
    const nil = NILS[protocol];
    reply.out.append(nil, 0, nil.length);
  });
}

function begin(reply: Reply): void {
  if (reply.protocol === 2) {
    reply.array(3);
    reply.bulk("message");
    reply.bulk(CHANNEL);
  } else {
    reply.push(2);
    reply.bulk("invalidate");
  }
}

/**
 * Who gets the messages for a tracker, undefined where nobody can. Where its messages go to a client
 * that is gone, it is told so. O(1).
 */
export function receiverOf(tracker: Tracker, clients: ClientList): Client | undefined {
  const { client, options: { redirect } } = tracker;
  if (redirect === 0) return client.reply.protocol === 2 ? undefined : client;
  const receiver = clients.get(redirect);
  if (receiver === undefined) {
    tracker.isBroken = true;
    if (client.reply.protocol !== 2) client.push(redirectBroken(redirect));
    return undefined;
  }
  const isSubscriber = (receiver.conditions & Condition.Subscriber) !== 0;
  return receiver.reply.protocol !== 2 || isSubscriber ? receiver : undefined;
}

function redirectBroken(redirect: number): Push {
  return new Push((reply) => {
    reply.push(2);
    reply.bulk("tracking-redir-broken");
    reply.integer(redirect);
  });
}
