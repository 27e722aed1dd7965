/**
 * GEORADIUS key longitude latitude radius M|KM|FT|MI [WITHCOORD] [WITHDIST] [WITHHASH]
 * [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]
 */

import { register } from "../registry.ts";
import { radiusCommand } from "./radius_form.ts";

register(radiusCommand({
  name: "georadius",
  since: "3.2.0",
  summary: "Answers or stores the members within a distance from a point.",
  replacedBy: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument",
  history: [["6.2.0", "ANY."], ["7.0.0", "Units in upper case."]],
  byMember: false,
  stores: true,
  anySince: "6.2.0",
}));
