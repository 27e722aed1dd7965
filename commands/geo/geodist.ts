/** GEODIST key member1 member2 [M | KM | FT | MI] */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import { GeoPoint } from "../../structures/geo/geohash.ts";
import { distanceMeters } from "../../structures/geo/great_circle.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { readMemberPoint, writeDistance } from "./points.ts";
import { metersPerUnit, UNIT } from "./units.ts";

const from = new GeoPoint();
const to = new GeoPoint();

register({
  name: "geodist",
  arity: -4,
  complexity: "O(1)",
  group: "geo",
  since: "3.2.0",
  summary: "Answers how far two members of a sorted set of points are from each other.",
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "member1", type: "string" },
    { name: "member2", type: "string" },
    { ...UNIT, optional: true },
  ],
  members: { first: 2, last: 3, step: 1 },
  run(call) {
    const { args, reply } = call;
    if (call.count > 5) throw SYNTAX_ERROR;
    const unit = call.count === 5 ? metersPerUnit(args, 4) : 1;
    const set = call.keyspace.sortedSets.read(call, 1);
    const found = set !== undefined && readMemberPoint(set, args, 2, from) &&
      readMemberPoint(set, args, 3, to);
    if (!found) return reply.nil();
    const meters = distanceMeters(from.longitude, from.latitude, to.longitude, to.latitude);
    writeDistance(reply, meters / unit);
  },
});
