/**
 * Points: added, told, and searched for among a million that lie evenly in ten degrees by ten, about
 * one in a square kilometer.
 */

import type { CheckedRequest, ControlClient } from "../../load/control_client.ts";
import type { BenchCase } from "../bench_case.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";

const KEY = "places";
const RESULT = "result";
const MEMBER = "place:__rand_int__";
/** A number of twelve digits below the number of keys becomes one of degrees from 0 to 10. */
const DEGREES = ".__rand_int__e7";
const POINT = [DEGREES, DEGREES];
const BATCH = 100;
/** What spreads the second coordinates of successive points; it has no factor in common with 10. */
const STRIDE = 618_033;

function degrees(index: number, count: number): string {
  return String(index % count * 10 / count);
}

function* places(count: number): Generator<CheckedRequest> {
  for (let first = 0; first < count; first += BATCH) {
    const end = Math.min(first + BATCH, count);
    const request = ["GEOADD", KEY];
    for (let i = first; i < end; i++) {
      const member = `place:${String(i).padStart(12, "0")}`;
      request.push(degrees(i, count), degrees(i * STRIDE, count), member);
    }
    yield { request, reply: `:${end - first}\r\n` };
  }
}

function variants(label: string, command: readonly string[]): ThroughputVariant[] {
  return [
    { label, pipeline: 1, command, throughputGoal: { ratioAtLeast: 0.95 } },
    { label, pipeline: 16, command, throughputGoal: { ratioAtLeast: 1.1 } },
  ];
}

const fill = (client: ControlClient, { keys }: { readonly keys: number }) =>
  client.load(places(keys));

const NEAR = ["BYRADIUS", "5", "km"];
const SEARCHES: readonly (readonly [label: string, command: readonly string[]])[] = [
  ["GEOSEARCH 5 km", ["GEOSEARCH", KEY, "FROMLONLAT", ...POINT, ...NEAR]],
  [
    "GEOSEARCH 5 km, nearest 10 with all",
    [
      ...["GEOSEARCH", KEY, "FROMLONLAT", ...POINT, ...NEAR, "ASC", "COUNT", "10"],
      ...["WITHCOORD", "WITHDIST", "WITHHASH"],
    ],
  ],
  [
    "GEOSEARCH 5 km, any 10",
    ["GEOSEARCH", KEY, "FROMMEMBER", MEMBER, ...NEAR, "COUNT", "10", "ANY"],
  ],
  ["GEOSEARCH box", ["GEOSEARCH", KEY, "FROMMEMBER", MEMBER, "BYBOX", "10", "5", "km"]],
  [
    "GEOSEARCHSTORE",
    ["GEOSEARCHSTORE", RESULT, KEY, "FROMLONLAT", ...POINT, ...NEAR, "COUNT", "10"],
  ],
  ["GEORADIUS", ["GEORADIUS", KEY, ...POINT, "5", "km", "WITHDIST"]],
  ["GEORADIUS STORE", ["GEORADIUS", KEY, ...POINT, "5", "km", "STORE", RESULT]],
  ["GEORADIUS_RO", ["GEORADIUS_RO", KEY, ...POINT, "1", "km"]],
  ["GEORADIUSBYMEMBER", ["GEORADIUSBYMEMBER", KEY, MEMBER, "5", "km", "ASC"]],
  ["GEORADIUSBYMEMBER_RO", ["GEORADIUSBYMEMBER_RO", KEY, MEMBER, "1", "km"]],
];

export const GEO_CASES: readonly BenchCase[] = [
  throughputCase({
    name: "geo/points",
    summary: "GEOADD, GEOPOS, GEOHASH and GEODIST in a set of 1 M points, pipeline 1 and 16",
    random: true,
    fill,
    variants: [
      ...variants("GEOPOS", ["GEOPOS", KEY, MEMBER]),
      ...variants("GEOHASH", ["GEOHASH", KEY, MEMBER]),
      ...variants("GEODIST", ["GEODIST", KEY, MEMBER, MEMBER, "km"]),
      ...variants("GEOADD", ["GEOADD", KEY, ...POINT, MEMBER]),
    ],
  }),
  throughputCase({
    name: "geo/search",
    summary: "Searches of circles and boxes among 1 M points, pipeline 1 and 16",
    random: true,
    fill,
    variants: SEARCHES.flatMap(([label, command]) => variants(label, command)),
  }),
];
