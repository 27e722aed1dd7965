/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */

import type { Ref } from "../../structures/arena/arena.ts";
import { RefList } from "../../structures/set/ref_list.ts";
import type { Call } from "../../server/execution/call.ts";
import { TYPE_NAMES } from "../../server/keyspace/entry.ts";
import { register } from "../registry.ts";
import { cursorOf, keyMatches, replyKeys, ScanOptions } from "../arguments/scan.ts";

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
    const { db, keyspace: { table }, reply } = call;
    let cursor = cursorOf(call, 1);
    options.read(call, 2);
    found.clear();
    let visited = 0;
    let steps = options.maxSteps;
    const visit = (entry: Ref) => {
      visited++;
      if (isWanted(call, entry)) found.push(entry);
    };
    do cursor = table.scan(db.table, cursor, visit); while (
      cursor !== 0 && steps-- > 0 && visited < options.count
    );
    reply.array(2);
    reply.bulk(String(cursor));
    options.pattern = undefined;
    replyKeys(call, found);
  },
});

function isWanted(call: Call, entry: Ref): boolean {
  if (call.db.isExpired(entry)) return false;
  if (options.type !== 0) {
    const type = UPPER_TYPE_NAMES[call.keyspace.entries.type(entry)];
    if (!call.args.is(options.type, type)) return false;
  }
  return options.pattern === undefined || keyMatches(call, options.pattern, entry);
}
