/** EVAL script numkeys [key …] [arg …] */

import { register } from "../registry.ts";
import { scriptCall } from "./script_call.ts";

register(scriptCall({
  name: "eval",
  since: "2.6.0",
  summary: "Runs a script.",
  byDigest: false,
  isReadOnly: false,
}));
