/**
 * GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member …]
 *
 * A point is a member of a sorted set: see structures/geo/geohash.ts.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import { GeoPoint, scoreOfPoint } from "../../structures/geo/geohash.ts";
import { parseDouble } from "../../structures/numbers/double_text.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { oneOf } from "../arguments/one_of.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { applyScores, beginScores, CH, NX, XX, ZADD } from "../sorted_sets/score_change.ts";
import { ScoreChangePrefetch } from "../sorted_sets/score_change_prefetch.ts";
import { readPoint } from "./points.ts";

/** Longitude, latitude, member. */
const TRIPLE = 3;
/** The first letter: no option begins with a byte below, and few numbers with one from here on. */
const FIRST_LETTER = 0x41;

const point = new GeoPoint();

/** Notes the points from the last one on: where the first begins, only the options tell. */
class PointPrefetch extends ScoreChangePrefetch {
  protected override note(set: SortedSet, { args }: Call): void {
    const { bytes } = args;
    for (let member = args.count - 1; member > TRIPLE; member -= TRIPLE) {
      const longitude = parseDouble(bytes, args.start(member - 2), args.length(member - 2));
      const latitude = parseDouble(bytes, args.start(member - 1), args.length(member - 1));
      const score = scoreOfPoint(longitude, latitude);
      if (!set.expectScore(score, bytes, args.start(member), args.length(member))) return;
    }
  }
}

register({
  name: "geoadd",
  arity: -5,
  complexity: "O(log(N)) for each point, N being the number of elements",
  group: "geo",
  since: "3.2.0",
  summary: "Adds members with points on the map to a sorted set, or moves them to other points.",
  flags: ["write", "denyoom"],
  keys: key(1, "RW", "update"),
  history: [["6.2.0", "CH, NX and XX."]],
  arguments: [
    { name: "key", type: "key" },
    oneOf("condition", ["NX", "XX"], { optional: true, since: "6.2.0" }),
    { name: "change", type: "pure-token", token: "CH", optional: true, since: "6.2.0" },
    {
      name: "data",
      type: "block",
      multiple: true,
      arguments: [
        { name: "longitude", type: "double" },
        { name: "latitude", type: "double" },
        { name: "member", type: "string" },
      ],
    },
  ],
  prefetch: new PointPrefetch(),
  run(call) {
    const { args, keyspace: { sortedSets } } = call;
    let options = 0;
    let first = 2;
    while (first < call.count) {
      const option = optionAt(args, first);
      if (option === 0) break;
      options |= option;
      first++;
    }
    const points = (call.count - first) / TRIPLE;
    const excludesAll = (options & (NX | XX)) === (NX | XX);
    if (points === 0 || points !== Math.trunc(points) || excludesAll) throw SYNTAX_ERROR;
    const scores = beginScores(options, points, first + 2, TRIPLE);
    for (let i = 0; i < points; i++) {
      readPoint(args, first + TRIPLE * i, point);
      scores[i] = scoreOfPoint(point.longitude, point.latitude);
    }
    if ((options & XX) === 0) sortedSets.change(call, 1, applyScores, ZADD);
    else if (sortedSets.changePresent(call, 1, applyScores, ZADD) === MISSING) {
      call.reply.integer(0);
    }
  },
});

/** The option that argument `i` is, 0 if it is none. */
function optionAt(args: Arguments, i: number): number {
  if (args.bytes[args.start(i)] < FIRST_LETTER) return 0;
  if (args.is(i, "NX")) return NX;
  if (args.is(i, "XX")) return XX;
  return args.is(i, "CH") ? CH : 0;
}
