/** The commands of points on the map, which are members of sorted sets. */

import "./geoadd.ts";
import "./geodist.ts";
import "./geohash.ts";
import "./geopos.ts";
import "./georadius.ts";
import "./georadius_ro.ts";
import "./georadiusbymember.ts";
import "./georadiusbymember_ro.ts";
import "./geosearch.ts";
import "./geosearchstore.ts";
