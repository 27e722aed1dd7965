/** Commands on strings. */

import "./decr.ts";
import "./decrby.ts";
import "./get.ts";
import "./incr.ts";
import "./incrby.ts";
import "./mget.ts";
import "./mset.ts";
import "./set.ts";
