// Replies of any server in plain types, for tests that look into them.

import { assert } from "@std/assert";
import { ReplyDecoder } from "../../protocol/client_decoder.ts";
import { ReplyMap, ReplySet, type ReplyValue } from "../../protocol/reply_value.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import type { Peer } from "./peer.ts";

/** The reply to a request: maps as objects, bulks as text, sets and arrays as arrays. */
export async function askPlainly(peer: Peer, ...request: string[]): Promise<unknown> {
  return plain(decoded(await peer.ask(...request)));
}

/** The value in the bytes of a reply; aggregates of RESP3 as their classes. */
function decoded(raw: string): ReplyValue {
  const input = new ByteQueue({ initialBytes: raw.length, maxBytes: raw.length });
  const bytes = Uint8Array.from(raw, (character) => character.charCodeAt(0));
  input.append(bytes, 0, bytes.length);
  const value = new ReplyDecoder("resp").decode(input);
  assert(value !== undefined && input.length === 0, "one whole reply");
  return value;
}

function plain(value: ReplyValue): unknown {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof ReplySet) return value.items.map(plain);
  if (value instanceof ReplyMap) {
    return Object.fromEntries(value.entries.map(([key, item]) => [plain(key), plain(item)]));
  }
  return Array.isArray(value) ? value.map(plain) : value;
}
