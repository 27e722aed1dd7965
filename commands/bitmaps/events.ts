/** What happens to bitmaps by more than one command. */

import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";

export const SETBIT: KeyEvent = event("string", "setbit");
