/** SCRIPT: the scripts that EVALSHA knows, and the one that runs. */

import { withHelp } from "../../help.ts";
import { register } from "../../registry.ts";
import { debug } from "./debug.ts";
import { exists } from "./exists.ts";
import { flush } from "./flush.ts";
import { kill } from "./kill.ts";
import { load } from "./load.ts";

register(withHelp({
  name: "script",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "scripting",
  since: "2.6.0",
  summary: "Holds the commands about scripts.",
  flags: [],
  subcommands: [debug, exists, flush, kill, load],
}, "5.0.0"));
