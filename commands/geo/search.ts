/**
 * Searches for points: what GEORADIUS, GEOSEARCH and their kin do, once the arguments are read.
 *
 * ```
 *   area ──▶ ranges of scores ──▶ each score a point: in the area? ──▶ found ──▶ sorted
 *            search_area.ts                                            place, distance │
 *                                                  a reply, or a sorted set ◀──────────┘
 * ```
 *
 * Members are looked at last, and only those that are answered.
 */

import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { event, type KeyEvent } from "../../server/keyspace/key_event.ts";
import { FoundPoints } from "../../structures/geo/found_points.ts";
import { decodeScore, GeoPoint } from "../../structures/geo/geohash.ts";
import type { SearchArea } from "../../structures/geo/search_area.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import type { SortedSetMembers } from "../../structures/sorted_set/sorted_set_members.ts";
import { Order, type SearchQuery } from "./search_query.ts";
import { writeDistance, writePoint } from "./points.ts";

export const GEOSEARCHSTORE: KeyEvent = event("sortedSet", "geosearchstore");

const found = new FoundPoints();
const point = new GeoPoint();

// Of the search under way.
let query: SearchQuery;
let area: SearchArea;
let members: SortedSetMembers;
/** The search ends when so many are found. */
let enough = Infinity;

/** Carries out a call of which argument `keyAt` is the key that is searched. */
export function search(call: Call, asked: SearchQuery, keyAt: number, stored: KeyEvent): void {
  const { keyspace, reply } = call;
  const set = keyspace.sortedSets.read(call, keyAt);
  asked.read(call, set);
  query = asked;
  found.clear();
  if (set !== undefined) {
    members = keyspace.sortedSetMembers;
    members.open(set.encoding, set.ref);
    findAll();
  }
  const wanted = Math.min(found.count, query.count);
  if (query.storeAt !== 0) {
    reply.integer(wanted);
    keyspace.sortedSets.replace(call, query.storeAt, storeFound, stored);
  } else {
    reply.array(wanted);
    for (let i = 0; i < wanted; i++) writeFound(reply, i);
  }
  found.clear();
}

/** Finds what is in the area, and sorts it. */
function findAll(): void {
  area = query.area;
  area.begin();
  enough = query.any ? query.count : Infinity;
  const { behind, first, rangeCount } = area;
  for (let i = 0; i < rangeCount; i++) {
    if (!members.visitScores(first[i], behind[i], look)) break;
  }
  // The nearest are counted, unless any will do.
  const isLimited = query.count !== Infinity && !query.any;
  if (query.order === Order.Found && !isLimited) return;
  found.sort(query.count, query.order === Order.FarthestFirst);
}

/** Looks at one score, and answers whether to go on. */
function look(score: number, place: number): boolean {
  decodeScore(score, point);
  const meters = area.distanceWithin(point);
  if (meters < 0) return true;
  found.add(place, meters);
  return found.count < enough;
}

/** Writes the `i`-th of what was found: the member, or an array of it and what was asked for. */
function writeFound(reply: Reply, i: number): void {
  const { withCoordinates, withDistance, withHash } = query;
  const details = Number(withDistance) + Number(withHash) + Number(withCoordinates);
  members.seekPlace(found.placeAt(i));
  if (details > 0) reply.array(1 + details);
  reply.bulkView(members.member);
  if (withDistance) writeDistance(reply, found.metersAt(i) / area.metersPerUnit);
  if (withHash) writeHash(reply, members.score);
  if (withCoordinates) {
    decodeScore(members.score, point);
    writePoint(reply, point);
  }
}

/** Writes a score of at most 54 bits as an integer. */
function writeHash(reply: Reply, score: number): void {
  const hash = Math.trunc(score);
  if (Number.isSafeInteger(hash)) reply.integer(hash);
  else reply.bigInteger(BigInt(hash));
}

/** Fills a new sorted set with what was found. */
function storeFound(_call: Call, target: SortedSet): number {
  const wanted = Math.min(found.count, query.count);
  for (let i = 0; i < wanted; i++) {
    members.seekPlace(found.placeAt(i));
    const { member } = members;
    if (i === 0) target.prepare(wanted, member.length);
    const score = query.storesDistances ? found.metersAt(i) / area.metersPerUnit : members.score;
    target.insert(score, member.bytes, member.start, member.length);
  }
  return wanted;
}
