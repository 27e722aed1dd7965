/** GEOPOS and GEOHASH: where members are, in one form or another. */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { GeoPoint } from "../../structures/geo/geohash.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { readMemberPoint } from "./points.ts";

/** What differs between the commands that tell where members are. */
export interface PointsForm {
  name: string;
  summary: string;
  write(this: void, reply: Reply, point: GeoPoint): void;
  /** In place of a member that is not there. */
  writeMissing(this: void, reply: Reply): void;
}

const point = new GeoPoint();

/** The declaration of a command that tells the points of members. */
export function pointsCommand({ name, summary, ...form }: PointsForm): CommandDeclaration {
  return {
    name,
    summary,
    arity: -2,
    complexity: "O(N) with N members to look for",
    group: "geo",
    since: "3.2.0",
    flags: ["readonly"],
    keys: key(1, "RO", "access"),
    arguments: [
      { name: "key", type: "key" },
      { name: "member", type: "string", multiple: true, optional: true },
    ],
    members: { first: 2, step: 1 },
    run: (call) => replyPoints(call, form),
  };
}

function replyPoints(
  call: Call,
  { write, writeMissing }: Pick<PointsForm, "write" | "writeMissing">,
): void {
  const { args, count, reply } = call;
  const set = call.keyspace.sortedSets.read(call, 1);
  reply.array(count - 2);
  for (let i = 2; i < count; i++) {
    if (set !== undefined && readMemberPoint(set, args, i, point)) write(reply, point);
    else writeMissing(reply);
  }
}
