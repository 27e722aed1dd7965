/** FCALL function numkeys [key …] [arg …] */

import { register } from "../registry.ts";
import { functionCall } from "./function_call.ts";

register(functionCall({ name: "fcall", summary: "Calls a function of a library." }, false));
