/** EVALSHA_RO sha1 numkeys [key …] [arg …] */

import { register } from "../registry.ts";
import { scriptCall } from "./script_call.ts";

register(scriptCall({
  name: "evalsha_ro",
  since: "7.0.0",
  summary: "Runs a script that is known and changes nothing, by its digest.",
  byDigest: true,
  isReadOnly: true,
}));
