/** GEOHASH key [member …] */

import { GEOHASH_CHARACTERS, GeoPoint, writeGeohash } from "../../structures/geo/geohash.ts";
import { register } from "../registry.ts";
import { pointsCommand } from "./points_form.ts";

const text = new Uint8Array(GEOHASH_CHARACTERS);

register(pointsCommand({
  name: "geohash",
  summary: "Answers the points of members of a sorted set as geohashes, eleven characters each.",
  write(reply, point: GeoPoint) {
    writeGeohash(text, 0, point);
    reply.bulkBytes(text, 0, GEOHASH_CHARACTERS);
  },
  writeMissing: (reply) => reply.nil(),
}));
