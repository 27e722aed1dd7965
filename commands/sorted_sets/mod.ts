/** The commands of sorted sets. */

import "./bzmpop.ts";
import "./bzpopmax.ts";
import "./bzpopmin.ts";
import "./zadd.ts";
import "./zcard.ts";
import "./zmpop.ts";
import "./zpopmax.ts";
import "./zpopmin.ts";
import "./zquery.ts";
import "./zrange.ts";
import "./zrank.ts";
import "./zrem.ts";
import "./zscore.ts";
