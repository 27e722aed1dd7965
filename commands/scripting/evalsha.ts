/** EVALSHA sha1 numkeys [key …] [arg …] */

import { register } from "../registry.ts";
import { scriptCall } from "./script_call.ts";

register(scriptCall({
  name: "evalsha",
  since: "2.6.0",
  summary: "Runs a script that is known, by its digest.",
  byDigest: true,
  isReadOnly: false,
}));
