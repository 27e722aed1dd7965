/** Who asks for a value: what the keyspace needs to know of the call of a command. */

import type { Database } from "./database.ts";
import type { Key } from "./key.ts";

export interface Caller {
  /** The database that the client has selected. */
  readonly db: Database;
  /** Argument `i` as a key, valid until the next is asked for. */
  key(i: number): Key;
}
