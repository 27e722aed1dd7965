/** Commands of HyperLogLogs. */

import "./pfadd.ts";
import "./pfcount.ts";
import "./pfdebug.ts";
import "./pfmerge.ts";
import "./pfselftest.ts";
