/** The commands about the server. */

import "./acl/acl.ts";
import "./command/command.ts";
import "./config.ts";
import "./debug/debug.ts";
import "./flushall.ts";
import "./flushdb.ts";
import "./info.ts";
import "./latency.ts";
import "./lolwut/lolwut.ts";
import "./memory/memory.ts";
import "./module.ts";
import "./monitor.ts";
import "./object.ts";
import "./restore_asking.ts";
import "./shutdown.ts";
import "./slowlog.ts";
import "./swapdb.ts";
import "./time.ts";
