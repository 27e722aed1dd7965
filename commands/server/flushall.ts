/** FLUSHALL [ASYNC | SYNC]: removes every key of all databases. */

import { register } from "../registry.ts";
import { flushDeclaration } from "./flush.ts";

register(flushDeclaration("flushall", "all databases", ({ keyspace }, lazily) => {
  const { size } = keyspace;
  keyspace.flushAll(lazily);
  return size;
}));
