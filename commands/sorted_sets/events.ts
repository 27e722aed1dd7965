/** What happens to sorted sets by more than one command. */

import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";

export const ZINCR: KeyEvent = event("sortedSet", "zincr");
export const ZPOPMIN: KeyEvent = event("sortedSet", "zpopmin");
export const ZPOPMAX: KeyEvent = event("sortedSet", "zpopmax");
