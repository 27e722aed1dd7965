/** FLUSHDB [ASYNC | SYNC]: removes every key of the selected database. */

import { register } from "../registry.ts";
import { flushDeclaration } from "./flush.ts";

register(
  flushDeclaration("flushdb", "the selected database", ({ db }, lazily) => db.flush(lazily)),
);
