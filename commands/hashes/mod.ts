/** The commands of hashes. */

import "./hdel.ts";
import "./hexists.ts";
import "./hget.ts";
import "./hgetall.ts";
import "./hincrby.ts";
import "./hincrbyfloat.ts";
import "./hkeys.ts";
import "./hlen.ts";
import "./hmget.ts";
import "./hmset.ts";
import "./hrandfield.ts";
import "./hscan.ts";
import "./hset.ts";
import "./hsetnx.ts";
import "./hvals.ts";
