/** Numbers of databases in arguments: `MOVE key 1`, `COPY a b DB 1`. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import type { Database } from "../../server/keyspace/database.ts";

const NOT_AN_INT32 = new ErrorReply(
  "ERR value is out of range, value must between -2147483648 and 2147483647",
);

/** The database that argument `i` numbers. @throws {ErrorReply} where there is none */
export function databaseArgument(call: Call, i: number): Database {
  const index = call.integer(i);
  if (index !== (index | 0)) throw NOT_AN_INT32;
  return call.database(i);
}
