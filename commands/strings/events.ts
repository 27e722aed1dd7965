/** What happens to strings by more than one command. */

import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";

export const SET: KeyEvent = event("string", "set");
