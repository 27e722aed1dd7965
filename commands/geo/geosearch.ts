/**
 * GEOSEARCH key FROMMEMBER member | FROMLONLAT longitude latitude
 * BYRADIUS radius unit | BYBOX width height unit
 * [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]
 */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { GEOSEARCHSTORE, search } from "./search.ts";
import { AREA, countArgument, DETAILS, ORDER } from "./search_arguments.ts";
import { AreaBy, SearchQuery, Storing } from "./search_query.ts";

const query = new SearchQuery(AreaBy.Options, Storing.Never);

register({
  name: "geosearch",
  arity: -7,
  complexity:
    "O(N+log(M)), N being the number of elements in the cells around the area and M that of all",
  group: "geo",
  since: "6.2.0",
  summary: "Answers the members in a circle or a box around a point or one of them.",
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  history: [["7.0.0", "Units in upper case."]],
  arguments: [
    { name: "key", type: "key" },
    ...AREA,
    ORDER,
    countArgument(),
    ...DETAILS,
  ],
  run: (call) => search(call, query, 1, GEOSEARCHSTORE),
});
