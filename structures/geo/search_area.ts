/**
 * A circle or a box around a point, and where in the order of scores its points are.
 *
 * The area is covered by the cell that its center is in and the eight around that, of the finest
 * grid in which nine are enough; those that it does not reach are left out. Each is one range of
 * scores (geohash.ts), and what is found there is looked at one by one:
 *
 * ```
 *   ┌────┬────┬────┐
 *   │ 6  │ 1  │ 5  │       the grid by the radius: cells at least as wide as that,
 *   ├────┼─╭──┼─╮──┤       coarser by one where they do not reach far enough, and near the poles
 *   │ 4  │ │0·│ │3 │
 *   ├────┼─╰──┼─╯──┤       0 to 8: the order in which they are searched
 *   │ 8  │ 2  │ 7  │       here 4, 6 and 8 are left out
 *   └────┴────┴────┘
 * ```
 *
 * As in Redis, the order tells in which order points are found, and a box is as wide as it says at
 * each latitude.
 */

import {
  columnOf,
  firstScoreOf,
  type GeoPoint,
  latitudeOf,
  longitudeOf,
  rowOf,
  scoreBehind,
} from "./geohash.ts";
import {
  degreesOf,
  haversine,
  haversineOf,
  longitudeDegreesOf,
  meridianMeters,
  metersOf,
  radiansOf,
} from "./great_circle.ts";

/** Half of the map's width at the equator, in meters. */
const HALF_MAP_METERS = 20037726.37;
/** Behind these latitudes the cells are so narrow that coarser ones are taken. */
const NARROW_LATITUDE = 66;
const NARROWEST_LATITUDE = 80;
/** Logarithm of the cells in a row of the finest grid. */
const MAX_STEP = 26;
/** A grid of fewer than 2 to this power has cells that are their own neighbours: all are searched. */
const MIN_SELECTIVE_STEP = 2;

/** More than what arithmetic loses on the way to a distance, as a part of it. */
const ROUNDING = 1e-9;

/** Cells by their columns and rows beside that of the center, in the order of the search. */
const COLUMNS = [0, 0, 0, 1, -1, 1, -1, 1, -1];
const ROWS = [0, 1, -1, 0, 0, 1, 1, -1, -1];

/** One area, filled anew for each search. */
export class SearchArea {
  readonly center: GeoPoint = { longitude: 0, latitude: 0 };
  isBox = false;
  metersPerUnit = 1;
  /** Of a circle, in units. */
  radius = 0;
  /** Of a box, in units. */
  width = 0;
  height = 0;
  /** Ranges of scores to search, and for each the lowest score in it and the lowest behind it. */
  rangeCount = 0;
  readonly first: Float64Array = new Float64Array(COLUMNS.length);
  readonly behind: Float64Array = new Float64Array(COLUMNS.length);

  // What every point is compared with, in radians and meters.
  #longitude = 0;
  #latitude = 0;
  #cosine = 1;
  #halfWidth = 0;
  #halfHeight = 0;
  /** What is farther than this on a meridian, or has a greater haversine, is outside for certain. */
  #farMeters = 0;
  #farHaversine = 0;

  /**
   * Distance of a point from the center in meters if the area has it, else -1; after
   * {@linkcode SearchArea.begin}. O(1).
   */
  distanceWithin(point: GeoPoint): number {
    const latitude = radiansOf(point.latitude);
    const along = meridianMeters(latitude, this.#latitude);
    if (along > this.#farMeters) return -1;
    const longitude = radiansOf(point.longitude);
    if (this.isBox) {
      if (along > this.#halfHeight) return -1;
      const back = Math.sin((this.#longitude - longitude) / 2);
      const cosine = Math.cos(latitude);
      const across = back === 0 ? 0 : metersOf(haversine(latitude, cosine, latitude, back));
      if (across > this.#halfWidth) return -1;
    }
    const v = Math.sin((longitude - this.#longitude) / 2);
    if (v === 0) return !this.isBox && along > this.#halfWidth ? -1 : along;
    const a = haversine(this.#latitude, this.#cosine, latitude, v);
    if (a > this.#farHaversine) return -1;
    const distance = metersOf(a);
    return !this.isBox && distance > this.#halfWidth ? -1 : distance;
  }

  /** Prepares a search, of the area that the fields say. O(1). */
  begin(): void {
    const { center, isBox, metersPerUnit } = this;
    this.#longitude = radiansOf(center.longitude);
    this.#latitude = radiansOf(center.latitude);
    this.#cosine = Math.cos(this.#latitude);
    this.#halfWidth = isBox ? this.width * metersPerUnit / 2 : this.radius * metersPerUnit;
    this.#halfHeight = isBox ? this.height * metersPerUnit / 2 : this.#halfWidth;
    this.#farMeters = this.#halfHeight * (1 + ROUNDING);
    this.#farHaversine = isBox ? Infinity : haversineOf(this.#halfWidth) * (1 + ROUNDING);
    this.#findRanges();
  }

  #findRanges(): void {
    const { center: { latitude, longitude }, isBox, metersPerUnit } = this;
    const halfHeight = metersPerUnit * (isBox ? this.height / 2 : this.radius);
    const halfWidth = metersPerUnit * (isBox ? this.width / 2 : this.radius);
    const latitudeDelta = degreesOf(halfHeight);
    // A degree of longitude is shortest where the area is nearest to a pole.
    const narrowest = latitude < 0 ? latitude - latitudeDelta : latitude + latitudeDelta;
    const longitudeDelta = longitudeDegreesOf(halfWidth, narrowest);
    const west = longitude - longitudeDelta;
    const east = longitude + longitudeDelta;
    const south = latitude - latitudeDelta;
    const north = latitude + latitudeDelta;
    const diagonal = isBox
      ? Math.sqrt(this.width / 2 * (this.width / 2) + this.height / 2 * (this.height / 2))
      : this.radius;
    let step = stepFor(diagonal * metersPerUnit, latitude);
    if (step > 1 && !reaches(longitude, latitude, 1 << step, west, east, south, north)) step--;
    const cells = 1 << step;
    const column = columnOf(longitude, cells);
    const row = rowOf(latitude, cells);
    const isSelective = step >= MIN_SELECTIVE_STEP;
    const noSouth = isSelective && latitudeOf(row, cells) < south;
    const noNorth = isSelective && latitudeOf(row + 1, cells) > north;
    const noWest = isSelective && longitudeOf(column, cells) < west;
    const noEast = isSelective && longitudeOf(column + 1, cells) > east;
    this.rangeCount = 0;
    let lastColumn = -1;
    let lastRow = -1;
    for (let i = 0; i < COLUMNS.length; i++) {
      const right = COLUMNS[i];
      const up = ROWS[i];
      if (right < 0 ? noWest : right > 0 && noEast) continue;
      if (up < 0 ? noSouth : up > 0 && noNorth) continue;
      const ownColumn = right === 0 ? column : neighbour(column, right, cells);
      const ownRow = up === 0 ? row : neighbour(row, up, cells);
      // In a grid of two columns both neighbours are one.
      if (ownColumn === lastColumn && ownRow === lastRow) continue;
      const range = this.rangeCount++;
      this.first[range] = firstScoreOf(ownColumn, ownRow, cells);
      this.behind[range] = scoreBehind(ownColumn, ownRow, cells);
      if (i === 0) continue;
      lastColumn = ownColumn;
      lastRow = ownRow;
    }
  }
}

/** The next column or row, where the last is followed by the first. */
function neighbour(index: number, by: number, cells: number): number {
  return index + by & cells - 1;
}

/** Logarithm of the cells in a row of the grid in which an area of so many meters is sought. */
function stepFor(meters: number, latitude: number): number {
  if (meters === 0) return MAX_STEP;
  let step = -1;
  for (let reach = meters; reach < HALF_MAP_METERS; reach *= 2) step++;
  if (latitude > NARROW_LATITUDE || latitude < -NARROW_LATITUDE) {
    step--;
    if (latitude > NARROWEST_LATITUDE || latitude < -NARROWEST_LATITUDE) step--;
  }
  return step < 1 ? 1 : step > MAX_STEP ? MAX_STEP : step;
}

/** Whether the neighbours of the cell that a point is in reach as far as the area's edges. */
function reaches(
  longitude: number,
  latitude: number,
  cells: number,
  west: number,
  east: number,
  south: number,
  north: number,
): boolean {
  const column = columnOf(longitude, cells);
  const row = rowOf(latitude, cells);
  return !(latitudeOf(neighbour(row, 1, cells) + 1, cells) < north) &&
    !(latitudeOf(neighbour(row, -1, cells), cells) > south) &&
    !(longitudeOf(neighbour(column, 1, cells) + 1, cells) < east) &&
    !(longitudeOf(neighbour(column, -1, cells), cells) > west);
}
