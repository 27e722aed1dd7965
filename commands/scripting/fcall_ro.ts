/** FCALL_RO function numkeys [key …] [arg …] */

import { countedKeys, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";
import { functionCall } from "./function_call.ts";

register(functionCall(
  {
    name: "fcall_ro",
    summary: "Calls a function of a library that writes nothing.",
    flags: ["readonly", "noscript", "stale", "skip_monitor", "no_mandatory_keys"],
  },
  withNotes(
    countedKeys(2, "RO", "access"),
    "We cannot tell how the keys will be used so we assume the worst, RO and ACCESS",
  ),
));
