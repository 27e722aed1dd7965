/** What happens to lists by more than one command. */

import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";

export const LPUSH: KeyEvent = event("list", "lpush");
export const RPUSH: KeyEvent = event("list", "rpush");
export const LPOP: KeyEvent = event("list", "lpop");
export const RPOP: KeyEvent = event("list", "rpop");
