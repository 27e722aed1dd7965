/** The commands of transactions. */

import "./discard.ts";
import "./exec.ts";
import "./multi.ts";
import "./unwatch.ts";
import "./watch.ts";
