/** The commands of lists. */

import "./lindex.ts";
import "./linsert.ts";
import "./llen.ts";
import "./lpop.ts";
import "./lpush.ts";
import "./lpushx.ts";
import "./lrange.ts";
import "./lrem.ts";
import "./lset.ts";
import "./ltrim.ts";
import "./rpop.ts";
import "./rpush.ts";
import "./rpushx.ts";
