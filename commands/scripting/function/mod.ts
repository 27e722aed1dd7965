/** FUNCTION: libraries of functions that FCALL calls. */

import { withHelp } from "../../help.ts";
import { register } from "../../registry.ts";
import { deleteLibrary, flush } from "./deletion.ts";
import { dump, restore } from "./dump.ts";
import { kill } from "./kill.ts";
import { list } from "./list.ts";
import { load } from "./load.ts";
import { stats } from "./stats.ts";

register(withHelp({
  name: "function",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "scripting",
  since: "7.0.0",
  summary: "Holds the commands about libraries of functions.",
  flags: [],
  subcommands: [deleteLibrary, dump, flush, kill, list, load, restore, stats],
}, "7.0.0"));
