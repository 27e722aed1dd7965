/** The commands of sorted sets. */

import "./zadd.ts";
import "./zcard.ts";
import "./zpopmin.ts";
import "./zquery.ts";
import "./zrange.ts";
import "./zrank.ts";
import "./zrem.ts";
import "./zscore.ts";
