/** The commands of sets. */

import "./sadd.ts";
import "./scard.ts";
import "./sismember.ts";
import "./smembers.ts";
import "./smismember.ts";
import "./smove.ts";
import "./spop.ts";
import "./srandmember.ts";
import "./srem.ts";
import "./sscan.ts";
