/** What happens to hashes, by name. */

import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";

export const HSET: KeyEvent = event("hash", "hset");
export const HDEL: KeyEvent = event("hash", "hdel");
export const HEXPIRE: KeyEvent = event("hash", "hexpire");
export const HPERSIST: KeyEvent = event("hash", "hpersist");
