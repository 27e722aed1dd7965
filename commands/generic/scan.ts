/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */

import type { Ref } from "../../structures/arena/arena.ts";
import { RefList } from "../../structures/set/ref_list.ts";
import type { Call } from "../../server/execution/call.ts";
import { TYPE_NAMES } from "../../server/keyspace/entry.ts";
import { register } from "../registry.ts";
import { cursorArgument } from "../arguments/scan_cursor.ts";
import { ScanOptions } from "../arguments/scan_options.ts";
import { keyMatches, replyKeys } from "./key_reply.ts";

const UPPER_TYPE_NAMES = TYPE_NAMES.map((name) => name.toUpperCase());

const options = new ScanOptions(true);
const found = new RefList();

register({
  name: "scan",
  arity: -2,
  complexity: "O(1) a call, O(N) for all calls until the cursor is 0 again, with N keys",
  group: "generic",
  since: "2.8.0",
  summary: "Lists the keys of a database a few at a time.",
  flags: ["readonly", "touches_arbitrary_keys"],
  tips: ["nondeterministic_output", "request_policy:special", "response_policy:special"],
  history: [["6.0.0", "TYPE."]],
  arguments: [
    { name: "cursor", type: "integer" },
    { name: "pattern", type: "pattern", token: "MATCH", optional: true },
    { name: "count", type: "integer", token: "COUNT", optional: true },
    { name: "type", type: "string", token: "TYPE", optional: true, since: "6.0.0" },
  ],
  run(call) {
    const { db, reply } = call;
    let cursor = cursorArgument(call, 1);
    options.read(call, 2);
    found.clear();
    let visited = 0;
    let steps = options.maxSteps;
    const visit = (entry: Ref) => {
      visited++;
      if (options.pattern === undefined || keyMatches(call, options.pattern, entry)) {
        found.push(entry);
      }
    };
    do cursor = db.scan(cursor, visit); while (
      cursor !== 0 && steps-- > 0 && visited < options.count
    );
    keepWanted(call);
    reply.array(2);
    reply.bulk(String(cursor));
    options.pattern = undefined;
    replyKeys(call, found);
  },
});

/** Collects those that have expired, and drops those of another type. */
function keepWanted({ args, db, keyspace }: Call): void {
  let kept = 0;
  for (let i = 0; i < found.count; i++) {
    const entry = found.at(i);
    const isGone = db.expireIfDue(entry);
    if (options.type !== 0) {
      // As in Redis, looking at a type is a hit or a miss.
      if (isGone) keyspace.misses++;
      else keyspace.hits++;
    }
    if (isGone) continue;
    const type = UPPER_TYPE_NAMES[keyspace.entries.type(entry)];
    if (options.type === 0 || args.is(options.type, type)) found.set(kept++, entry);
  }
  found.truncate(kept);
}
