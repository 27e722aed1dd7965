/** The commands of publish and subscribe. */

import "./psubscribe.ts";
import "./publish.ts";
import "./pubsub.ts";
import "./punsubscribe.ts";
import "./spublish.ts";
import "./ssubscribe.ts";
import "./subscribe.ts";
import "./sunsubscribe.ts";
import "./unsubscribe.ts";
