/** DEL key [key …] */

import { register } from "../registry.ts";
import { deletionCommand } from "./deletion.ts";

register(deletionCommand({
  name: "del",
  since: "1.0.0",
  summary: "Deletes keys.",
  complexity: "O(N) with N keys, and O(M) for each that holds a collection of M elements",
  flags: ["write"],
  isLazy: (call) => call.server.config.lazyFreeLazyUserDel,
}));
