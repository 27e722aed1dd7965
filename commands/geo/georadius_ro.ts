/**
 * GEORADIUS_RO key longitude latitude radius M|KM|FT|MI [WITHCOORD] [WITHDIST] [WITHHASH]
 * [COUNT count [ANY]] [ASC | DESC]
 */

import { register } from "../registry.ts";
import { radiusCommand } from "./radius_form.ts";

register(radiusCommand({
  name: "georadius_ro",
  since: "3.2.10",
  summary: "Answers the members within a distance from a point.",
  replacedBy: "`GEOSEARCH` with the `BYRADIUS` argument",
  history: [["6.2.0", "ANY."]],
  byMember: false,
  stores: false,
  anySince: "6.2.0",
}));
