/** DEBUG POPULATE count [prefix [size]]: a database full of keys, for tests and measurements. */

import { NONE } from "../../../structures/arena/arena.ts";
import { withView } from "../../../structures/bytes/bytes.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import { unknownForm } from "../../../server/execution/unknown_command.ts";
import { ChangeKind } from "../../../server/keyspace/changes.ts";
import { Key } from "../../../server/keyspace/key.ts";
import { NEW } from "../../../server/keyspace/key_event.ts";
import { countArgument } from "../../arguments/count_argument.ts";

/** More keys than an arena holds. */
const MAX_KEYS = 2 ** 31;
const TOO_MANY = new ErrorReply("ERR OOM in dictTryExpand");
const TOO_LARGE = new ErrorReply("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
/** Room for a number's digits. */
const MAX_DIGITS = 20;
/** What a key takes beside its bytes and its value's, at most: an entry, buckets of the table. */
const KEY_OVERHEAD_BYTES = 256 * 1024;

const encoder = new TextEncoder();

export function populate(call: Call): void {
  const { args, count, db, keyspace, reply, server } = call;
  if (count > 5) throw new ErrorReply(unknownForm(args));
  const keys = countArgument(call, 2);
  if (keys > MAX_KEYS) throw TOO_MANY;
  const size = count === 5 ? countArgument(call, 4) : 0;
  if (size > server.config.protoMaxBulkBytes) throw TOO_LARGE;
  const prefix = count === 3 ? encoder.encode("key") : prefixOf(call);
  const name = new Uint8Array(prefix.length + 1 + MAX_DIGITS);
  name.set(prefix);
  name[prefix.length] = 0x3a;
  const key = new Key();
  key.bytes = withView(name);
  const sized = new Uint8Array(size);
  const { arena, changes, hasher, strings } = keyspace;
  for (let i = 0; i < keys; i++) {
    const digits = encoder.encode(String(i));
    name.set(digits, prefix.length + 1);
    key.length = prefix.length + 1 + digits.length;
    key.hash = hasher.hash(name, 0, key.length);
    if (db.change(key) !== NONE) continue;
    const text = encoder.encode(`value:${i}`);
    if (size > 0) sized.set(text.subarray(0, size));
    const value = size > 0 ? sized : text;
    arena.reserve(KEY_OVERHEAD_BYTES + 2 * (key.length + value.length));
    strings.placeText(db, NONE, key, value, 0, value.length, false);
    // Nobody is to copy these keys, so they are no changes of the data set that count.
    if (changes.count(0)) {
      changes.tell(db.index, key, ChangeKind.Written);
      changes.happened(db.index, key, NEW);
    }
  }
  reply.ok();
}

/** What stands before the colon: up to its first NUL, as in Redis. */
function prefixOf({ args }: Call): Uint8Array {
  const start = args.start(3);
  const bytes = args.bytes.slice(start, start + args.length(3));
  const nul = bytes.indexOf(0);
  return nul === -1 ? bytes : bytes.subarray(0, nul);
}
