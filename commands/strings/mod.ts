/** Commands on strings. */

import "./append.ts";
import "./decr.ts";
import "./decrby.ts";
import "./delex.ts";
import "./digest.ts";
import "./get.ts";
import "./getdel.ts";
import "./getex.ts";
import "./getrange.ts";
import "./getset.ts";
import "./incr.ts";
import "./incrby.ts";
import "./incrbyfloat.ts";
import "./lcs.ts";
import "./mget.ts";
import "./mset.ts";
import "./msetex.ts";
import "./msetnx.ts";
import "./psetex.ts";
import "./set.ts";
import "./setex.ts";
import "./setnx.ts";
import "./setrange.ts";
import "./strlen.ts";
import "./substr.ts";
