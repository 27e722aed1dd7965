/** The commands that run scripts and functions. */

import "./fcall.ts";
import "./fcall_ro.ts";
import "./function/mod.ts";
