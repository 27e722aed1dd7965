/** Points in arguments, longitude first, in members of sorted sets, and in replies. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import type { Reply } from "../../protocol/reply.ts";
import { decodeScore, type GeoPoint, isOnMap } from "../../structures/geo/geohash.ts";
import {
  formatFixed,
  formatTrimmed,
  MAX_TEN_THOUSANDTHS_BYTES,
  writeTenThousandths,
} from "../../structures/numbers/printed_double.ts";
import type { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { scoreArgument } from "../sorted_sets/score.ts";

/** Digits behind the point of a coordinate in a reply, and in an error. */
const REPLY_DIGITS = 17;
const ERROR_DIGITS = 6;

const distanceText = new Uint8Array(MAX_TEN_THOUSANDTHS_BYTES);

/** Reads arguments `i` and `i + 1`. @throws {ErrorReply} where they are no point on the map */
export function readPoint(args: Arguments, i: number, point: GeoPoint): void {
  const longitude = scoreArgument(args, i);
  const latitude = scoreArgument(args, i + 1);
  if (!isOnMap(longitude, latitude)) {
    const pair = `${formatFixed(longitude, ERROR_DIGITS)},${formatFixed(latitude, ERROR_DIGITS)}`;
    throw new ErrorReply(`ERR invalid longitude,latitude pair ${pair}`);
  }
  point.longitude = longitude;
  point.latitude = latitude;
}

/** Finds the point of the member in argument `i`, and answers whether there is one. */
export function readMemberPoint(
  set: SortedSet,
  args: Arguments,
  i: number,
  point: GeoPoint,
): boolean {
  if (!set.find(args.bytes, args.start(i), args.length(i))) return false;
  decodeScore(set.score, point);
  return true;
}

/** Writes a point as an array of two. */
export function writePoint(reply: Reply, { longitude, latitude }: GeoPoint): void {
  reply.array(2);
  reply.doubleText(longitude, formatTrimmed(longitude, REPLY_DIGITS));
  reply.doubleText(latitude, formatTrimmed(latitude, REPLY_DIGITS));
}

/** Writes a distance: with four digits behind the point, a string in every protocol. */
export function writeDistance(reply: Reply, distance: number): void {
  reply.bulkBytes(distanceText, 0, writeTenThousandths(distanceText, 0, distance));
}
