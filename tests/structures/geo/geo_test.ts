// Geohashes against their definition bit by bit, searches against a look at every point, sorts of
// pairs against JavaScript's, also where the keys are chosen against them.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FoundPoints } from "../../../structures/geo/found_points.ts";
import {
  decodeScore,
  GEOHASH_CHARACTERS,
  GeoPoint,
  scoreOfPoint,
  writeGeohash,
} from "../../../structures/geo/geohash.ts";
import { distanceMeters } from "../../../structures/geo/great_circle.ts";
import { mergeSort } from "../../../structures/sorting/merge_sort.ts";
import { sortBeginning } from "../../../structures/sorting/partial_sort.ts";
import { SearchArea } from "../../../structures/geo/search_area.ts";

const MAX_LATITUDE = 85.05112878;
const longitudes = fc.double({ min: -180, max: 180, noNaN: true });
const latitudes = fc.double({ min: -MAX_LATITUDE, max: MAX_LATITUDE, noNaN: true });

/** Bits by halving the map, as a geohash is defined: longitude first. */
function scoreByHalving(longitude: number, latitude: number): number {
  let [west, east, south, north] = [0, 1, 0, 1];
  const x = (longitude + 180) / 360;
  const y = (latitude + MAX_LATITUDE) / (2 * MAX_LATITUDE);
  let score = 0;
  for (let i = 0; i < 26; i++) {
    const middle = (west + east) / 2;
    score = score * 2 + (x >= middle ? 1 : 0);
    if (x >= middle) west = middle;
    else east = middle;
    const height = (south + north) / 2;
    score = score * 2 + (y >= height ? 1 : 0);
    if (y >= height) south = height;
    else north = height;
  }
  return score;
}

Deno.test("a score has the bits of halving the map", () => {
  fc.assert(fc.property(longitudes, latitudes, (longitude, latitude) => {
    // On the edges, or so near that the sum is, a point is beyond the grid.
    fc.pre(longitude + 180 < 360 && latitude + MAX_LATITUDE < 2 * MAX_LATITUDE);
    assertEquals(scoreOfPoint(longitude, latitude), scoreByHalving(longitude, latitude));
  }));
});

Deno.test("a point comes back from its score, as near as its cell is wide", () => {
  const point = new GeoPoint();
  fc.assert(fc.property(longitudes, latitudes, (longitude, latitude) => {
    decodeScore(scoreOfPoint(longitude, latitude), point);
    assert(Math.abs(point.longitude - longitude) <= 360 / 2 ** 26);
    assert(Math.abs(point.latitude - latitude) <= 2 * MAX_LATITUDE / 2 ** 26);
  }));
});

Deno.test("any number at all is a score of a point on the map", () => {
  const point = new GeoPoint();
  fc.assert(fc.property(fc.double({ noNaN: true }), (score) => {
    decodeScore(score, point);
    assert(Math.abs(point.longitude) <= 180 && Math.abs(point.latitude) <= MAX_LATITUDE);
  }));
});

Deno.test("known geohashes", () => {
  const bytes = new Uint8Array(GEOHASH_CHARACTERS);
  const point = new GeoPoint();
  for (
    const [longitude, latitude, text] of [
      [13.361389, 38.115556, "sqc8b49rny0"],
      [15.087269, 37.502669, "sqdtr74hyu0"],
      [-5.6, 42.6, "ezs42e44yx0"],
    ] as const
  ) {
    decodeScore(scoreOfPoint(longitude, latitude), point);
    writeGeohash(bytes, 0, point);
    assertEquals(new TextDecoder().decode(bytes), text);
  }
});

Deno.test("the ranges of a circle or a box have every point in it, and none twice", () => {
  const point = new GeoPoint();
  const area = new SearchArea();
  fc.assert(
    fc.property(
      fc.double({ min: -170, max: 170, noNaN: true }),
      fc.double({ min: -75, max: 75, noNaN: true }),
      fc.boolean(),
      fc.double({ min: 1, max: 500_000, noNaN: true }),
      fc.array(fc.tuple(fc.double({ min: -1, max: 1 }), fc.double({ min: -1, max: 1 })), {
        minLength: 50,
        maxLength: 50,
      }),
      (longitude, latitude, isBox, radius, offsets) => {
        Object.assign(area.center, { longitude, latitude });
        Object.assign(area, { isBox, radius, width: radius, height: radius, metersPerUnit: 1 });
        area.begin();
        for (const [x, y] of offsets) {
          const score = scoreOfPoint(longitude + x * 8, latitude + y * 8);
          decodeScore(score, point);
          const { longitude: east, latitude: north } = point;
          const meters = distanceMeters(longitude, latitude, east, north);
          const isWithin = isBox
            ? distanceMeters(longitude, north, longitude, latitude) <= radius / 2 &&
              distanceMeters(east, north, longitude, north) <= radius / 2
            : meters <= radius;
          assertEquals(area.distanceWithin(point), isWithin ? meters : -1);
          let ranges = 0;
          for (let i = 0; i < area.rangeCount; i++) {
            if (score >= area.first[i] && score < area.behind[i]) ranges++;
          }
          assert(ranges <= 1);
          if (isWithin) assertEquals(ranges, 1);
        }
      },
    ),
  );
});

/** Sorted by JavaScript, which is stable. */
function sorted(keys: readonly number[]): [key: number, value: number][] {
  return keys.map((key, i): [number, number] => [key, i]).sort(([a], [b]) => a - b);
}

function pairs(keys: Float64Array, values: Int32Array, count: number): [number, number][] {
  return Array.from({ length: count }, (_, i): [number, number] => [keys[i], values[i]]);
}

const someKeys = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 300 });

Deno.test("all pairs are sorted, and equal keys stay in order", () => {
  fc.assert(fc.property(someKeys, (keys) => {
    const own = Float64Array.from(keys);
    const values = Int32Array.from(keys, (_, i) => i);
    const spareWeights = new Float64Array(keys.length);
    const spareItems = new Int32Array(keys.length);
    mergeSort({ weights: own, items: values, spareWeights, spareItems }, 0, keys.length);
    assertEquals(pairs(own, values, keys.length), sorted(keys));
  }));
});

Deno.test("the first of the pairs are the lowest, and every pair is still there", () => {
  fc.assert(fc.property(someKeys, fc.integer({ min: 1, max: 300 }), (keys, wanted) => {
    const own = Float64Array.from(keys);
    const values = Int32Array.from(keys, (_, i) => i);
    sortBeginning(own, values, keys.length, wanted);
    const lowest = keys.toSorted((a, b) => a - b);
    const count = Math.min(wanted, keys.length);
    assertEquals(Array.from(own.subarray(0, count)), lowest.slice(0, count));
    for (let i = 0; i < keys.length; i++) assertEquals(keys[values[i]], own[i]);
    assertEquals(Array.from(values).sort((a, b) => a - b), keys.map((_, i) => i));
  }));
});

// McIlroy's antiqsort would need to see the comparisons; these patterns divide badly enough.
Deno.test("keys in patterns are sorted in few steps", () => {
  const count = 200_000;
  const patterns: ((i: number) => number)[] = [
    () => 1,
    (i) => i,
    (i) => -i,
    (i) => i % 2,
    (i) => Math.min(i, count - i),
    (i) => i & 1 ? i : count - i,
  ];
  for (const pattern of patterns) {
    const keys = Float64Array.from({ length: count }, (_, i) => pattern(i));
    const lowest = keys.toSorted();
    sortBeginning(keys, new Int32Array(count), count, 1000);
    assertEquals(keys.subarray(0, 1000), lowest.subarray(0, 1000));
  }
});

Deno.test("what was found grows without bound, is sorted either way, and gives its room back", () => {
  const found = new FoundPoints();
  const count = 5000;
  for (let i = 0; i < count; i++) found.add(i, i * 7919 % count);
  found.sort(3, false);
  assertEquals([0, 1, 2].map((i) => found.metersAt(i)), [0, 1, 2]);
  found.sort(Infinity, true);
  for (let i = 0; i < count; i++) {
    assertEquals(found.metersAt(i), count - 1 - i);
    assertEquals(found.placeAt(i) * 7919 % count, count - 1 - i);
  }
  found.clear();
  assertEquals(found.count, 0);
});
