/** GEOPOS key [member …] */

import { register } from "../registry.ts";
import { writePoint } from "./points.ts";
import { pointsCommand } from "./points_form.ts";

register(pointsCommand({
  name: "geopos",
  summary: "Answers the points of members of a sorted set, longitude and latitude.",
  write: writePoint,
  writeMissing: (reply) => reply.nilArray(),
}));
