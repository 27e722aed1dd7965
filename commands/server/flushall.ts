/** FLUSHALL [ASYNC | SYNC]: removes every key of all databases. */

import { register } from "../registry.ts";
import { flushDeclaration } from "./flush.ts";

register(
  flushDeclaration(
    "flushall",
    "all databases",
    ({ keyspace }, lazily) => keyspace.flushAll(lazily),
  ),
);
