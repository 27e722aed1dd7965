/** The commands that run scripts and functions. */

import "./eval.ts";
import "./eval_ro.ts";
import "./evalsha.ts";
import "./evalsha_ro.ts";
import "./script/mod.ts";
import "./fcall.ts";
import "./fcall_ro.ts";
import "./function/mod.ts";
