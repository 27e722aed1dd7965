/** The commands of sorted sets. */

import "./bzmpop.ts";
import "./bzpopmax.ts";
import "./bzpopmin.ts";
import "./zadd.ts";
import "./zcard.ts";
import "./zcount.ts";
import "./zincrby.ts";
import "./zlexcount.ts";
import "./zmscore.ts";
import "./zmpop.ts";
import "./zpopmax.ts";
import "./zpopmin.ts";
import "./zquery.ts";
import "./zrange.ts";
import "./zrangebylex.ts";
import "./zrangebyscore.ts";
import "./zrank.ts";
import "./zrem.ts";
import "./zremrangebylex.ts";
import "./zremrangebyrank.ts";
import "./zremrangebyscore.ts";
import "./zrevrange.ts";
import "./zrevrangebylex.ts";
import "./zrevrangebyscore.ts";
import "./zrevrank.ts";
import "./zscore.ts";
