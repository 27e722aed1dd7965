/**
 * GEORADIUSBYMEMBER_RO key member radius M|KM|FT|MI [WITHCOORD] [WITHDIST] [WITHHASH]
 * [COUNT count [ANY]] [ASC | DESC]
 */

import { register } from "../registry.ts";
import { radiusCommand } from "./radius_form.ts";

register(radiusCommand({
  name: "georadiusbymember_ro",
  since: "3.2.10",
  summary: "Answers the members within a distance from one of them.",
  replacedBy: "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments",
  byMember: true,
  stores: false,
}));
