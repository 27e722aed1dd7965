/** FCALL_RO function numkeys [key …] [arg …] */

import { register } from "../registry.ts";
import { functionCall } from "./function_call.ts";

register(functionCall(
  { name: "fcall_ro", summary: "Calls a function of a library that writes nothing." },
  true,
));
