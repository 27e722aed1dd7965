/**
 * GEORADIUSBYMEMBER key member radius M|KM|FT|MI [WITHCOORD] [WITHDIST] [WITHHASH]
 * [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]
 */

import { register } from "../registry.ts";
import { radiusCommand } from "./radius_form.ts";

register(radiusCommand({
  name: "georadiusbymember",
  since: "3.2.0",
  summary: "Answers or stores the members within a distance from one of them.",
  replacedBy: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments",
  history: [["7.0.0", "Units in upper case."]],
  byMember: true,
  stores: true,
}));
