/** What happens to sets by more than one command. */

import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";

export const SADD: KeyEvent = event("set", "sadd");
export const SREM: KeyEvent = event("set", "srem");
