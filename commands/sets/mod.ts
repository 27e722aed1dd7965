/** The commands of sets. */

import "./sadd.ts";
import "./scard.ts";
import "./sdiff.ts";
import "./sdiffstore.ts";
import "./sinter.ts";
import "./sintercard.ts";
import "./sinterstore.ts";
import "./sismember.ts";
import "./smembers.ts";
import "./smismember.ts";
import "./smove.ts";
import "./spop.ts";
import "./srandmember.ts";
import "./srem.ts";
import "./sscan.ts";
import "./sunion.ts";
import "./sunionstore.ts";
