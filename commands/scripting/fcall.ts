/** FCALL function numkeys [key …] [arg …] */

import { countedKeys, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";
import { functionCall } from "./function_call.ts";

register(functionCall(
  {
    name: "fcall",
    summary: "Calls a function of a library.",
    flags: ["noscript", "stale", "skip_monitor", "may_replicate", "no_mandatory_keys"],
  },
  withNotes(
    countedKeys(2, "RW", "access", "update"),
    "We cannot tell how the keys will be used so we assume the worst, RW and UPDATE",
  ),
));
