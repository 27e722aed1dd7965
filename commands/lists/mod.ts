/** The commands of lists. */

import "./blmove.ts";
import "./blmpop.ts";
import "./blpop.ts";
import "./brpop.ts";
import "./brpoplpush.ts";
import "./lindex.ts";
import "./linsert.ts";
import "./llen.ts";
import "./lmove.ts";
import "./lmpop.ts";
import "./lpop.ts";
import "./lpos.ts";
import "./lpush.ts";
import "./lpushx.ts";
import "./lrange.ts";
import "./lrem.ts";
import "./lset.ts";
import "./ltrim.ts";
import "./rpop.ts";
import "./rpoplpush.ts";
import "./rpush.ts";
import "./rpushx.ts";
