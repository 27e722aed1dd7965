/** EVAL_RO script numkeys [key …] [arg …] */

import { register } from "../registry.ts";
import { scriptCall } from "./script_call.ts";

register(scriptCall({
  name: "eval_ro",
  since: "7.0.0",
  summary: "Runs a script that changes nothing.",
  byDigest: false,
  isReadOnly: true,
}));
