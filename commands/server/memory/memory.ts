/** MEMORY: what keys, and the server as a whole, take. */

import { withHelp } from "../../help.ts";
import { register } from "../../registry.ts";
import { doctor } from "./doctor.ts";
import { mallocStats } from "./malloc_stats.ts";
import { purge } from "./purge.ts";
import { stats } from "./stats.ts";
import { usage } from "./usage.ts";

register(withHelp({
  name: "memory",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "server",
  since: "4.0.0",
  summary: "Holds the commands about memory.",
  flags: [],
  subcommands: [doctor, mallocStats, purge, stats, usage],
}, "4.0.0"));
