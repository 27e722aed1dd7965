/**
 * GEOSEARCHSTORE destination source FROMMEMBER member | FROMLONLAT longitude latitude
 * BYRADIUS radius unit | BYBOX width height unit
 * [ASC | DESC] [COUNT count [ANY]] [STOREDIST]
 */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { GEOSEARCHSTORE, search } from "./search.ts";
import { AREA, countArgument, ORDER } from "./search_arguments.ts";
import { AreaBy, SearchQuery, Storing } from "./search_query.ts";

const query = new SearchQuery(AreaBy.Options, Storing.Always);

register({
  name: "geosearchstore",
  arity: -8,
  complexity:
    "O(N+log(M)), N being the number of elements in the cells around the area and M that of all",
  group: "geo",
  since: "6.2.0",
  summary: "Makes a sorted set of the members in a circle or a box around a point or one of them.",
  flags: ["write", "denyoom"],
  keys: [key(1, "OW", "update"), key(2, "RO", "access")],
  history: [["7.0.0", "Units in upper case."]],
  arguments: [
    { name: "destination", type: "key" },
    { name: "source", type: "key" },
    ...AREA,
    ORDER,
    countArgument(),
    { name: "storedist", type: "pure-token", token: "STOREDIST", optional: true },
  ],
  run: (call) => search(call, query, 2, GEOSEARCHSTORE),
});
