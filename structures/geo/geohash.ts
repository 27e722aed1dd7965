/**
 * Points on earth as numbers that lie close together where the points do: geohashes (G. Niemeyer,
 * 2008) over the map that the web uses, which ends at 85.05112878° north and south.
 *
 * A grid of 2^n × 2^n cells covers the map. A point is a column and a row, whose bits are
 * interleaved, the column's in the odd places. With 26 bits each, that is a score of 52 bits, which
 * a double holds; and all points within one cell of a coarser grid are one range of scores:
 *
 * ```
 *   4 × 4 cells
 *   ┌──┬──┬──┬──┐
 *   │ 5│ 7│13│15│  3     column 2    0b 1   0
 *   ├──┼──┼──┼──┤        row 1       0b   0   1
 *   │ 4│ 6│12│14│  2     score 9     0b 1 0 0 1
 *   ├──┼──┼──┼──┤
 *   │ 1│ 3│ 9│11│  1
 *   ├──┼──┼──┼──┤
 *   │ 0│ 2│ 8│10│  0     of 2 × 2 cells, the one below on the right: scores 8 to 11
 *   └──┴──┴──┴──┘
 *     0  1  2  3
 * ```
 *
 * A point on the upper or right edge of the map is one row or column beyond the grid; its score then
 * has 53 or 54 bits, and is rounded where a double has fewer.
 */

/** Columns and rows of the finest grid: 26 bits of each are in a score. */
const MAX_CELLS = 2 ** 26;

/** The map's edges, in degrees. */
const LONGITUDE_MAX = 180;
const LATITUDE_MAX = 85.05112878;

const LONGITUDE_SPAN = LONGITUDE_MAX + LONGITUDE_MAX;
const LATITUDE_SPAN = LATITUDE_MAX + LATITUDE_MAX;

const TWO_32 = 2 ** 32;

/** A point, in degrees. */
export class GeoPoint {
  longitude = 0;
  latitude = 0;
}

/** Whether a point is on the map. */
export function isOnMap(longitude: number, latitude: number): boolean {
  return longitude >= -LONGITUDE_MAX && longitude <= LONGITUDE_MAX &&
    latitude >= -LATITUDE_MAX && latitude <= LATITUDE_MAX;
}

/** The column of a longitude on the map, in a grid of so many columns, a power of 2. */
export function columnOf(longitude: number, cells: number): number {
  return Math.trunc((longitude + LONGITUDE_MAX) / LONGITUDE_SPAN * cells);
}

/** The row of a latitude on the map, in a grid of so many rows. */
export function rowOf(latitude: number, cells: number): number {
  return Math.trunc((latitude + LATITUDE_MAX) / LATITUDE_SPAN * cells);
}

/** The longitude at which a column begins. */
export function longitudeOf(column: number, cells: number): number {
  return -LONGITUDE_MAX + column / cells * LONGITUDE_SPAN;
}

/** The latitude at which a row begins. */
export function latitudeOf(row: number, cells: number): number {
  return -LATITUDE_MAX + row / cells * LATITUDE_SPAN;
}

/** The score of a point on the map. O(1). */
export function scoreOfPoint(longitude: number, latitude: number): number {
  return firstScoreOf(columnOf(longitude, MAX_CELLS), rowOf(latitude, MAX_CELLS), MAX_CELLS);
}

/** The lowest score in a cell of a grid of so many columns and rows. O(1). */
export function firstScoreOf(column: number, row: number, cells: number): number {
  return scoreOf(column, row, 0, cells);
}

/** The lowest score behind those of a cell. O(1). */
export function scoreBehind(column: number, row: number, cells: number): number {
  return scoreOf(column, row, 1, cells);
}

function scoreOf(column: number, row: number, added: number, cells: number): number {
  const low = spread(row) | spread(column) << 1;
  const high = spread(row >>> 16) | spread(column >>> 16) << 1;
  const finest = MAX_CELLS / cells;
  // One rounding, as the products are exact.
  return (high * TWO_32 + ((low >>> 0) + added)) * (finest * finest);
}

/** The low 16 bits of an integer in the even places of 32. */
function spread(bits: number): number {
  let x = bits & 0xffff;
  x = (x | x << 8) & 0x00ff00ff;
  x = (x | x << 4) & 0x0f0f0f0f;
  x = (x | x << 2) & 0x33333333;
  return (x | x << 1) & 0x55555555;
}

/** What {@linkcode spread} made: the 16 bits in the even places of 32. */
function gathered(bits: number): number {
  let x = bits & 0x55555555;
  x = (x | x >>> 1) & 0x33333333;
  x = (x | x >>> 2) & 0x0f0f0f0f;
  x = (x | x >>> 4) & 0x00ff00ff;
  return (x | x >>> 8) & 0xffff;
}

/**
 * Finds the middle of the cell that a score names, at most the map's edge. Any number is a score: of
 * one that no point has, 64 bits are taken as a column and a row of 32 bits. O(1).
 */
export function decodeScore(score: number, point: GeoPoint): void {
  let high: number;
  let low: number;
  if (score >= 0 && score <= Number.MAX_SAFE_INTEGER) {
    high = Math.trunc(score / TWO_32);
    low = score - high * TWO_32 | 0;
  } else {
    const bits = bitsOf(score);
    high = Number(bits >> 32n);
    low = Number(bits & 0xffffffffn) | 0;
  }
  const row = (gathered(low) | gathered(high) << 16) >>> 0;
  const column = (gathered(low >>> 1) | gathered(high >>> 1) << 16) >>> 0;
  // What is behind the last column that there may be is the first.
  const nextRow = row + 1 >>> 0;
  const nextColumn = column + 1 >>> 0;
  point.longitude = within(
    (longitudeOf(column, MAX_CELLS) + longitudeOf(nextColumn, MAX_CELLS)) / 2,
    LONGITUDE_MAX,
  );
  point.latitude = within(
    (latitudeOf(row, MAX_CELLS) + latitudeOf(nextRow, MAX_CELLS)) / 2,
    LATITUDE_MAX,
  );
}

function within(degrees: number, max: number): number {
  return degrees > max ? max : degrees < -max ? -max : degrees;
}

/** A score outside of 53 bits as an unsigned integer of 64, as processors of the x86 family convert. */
function bitsOf(score: number): bigint {
  if (score >= 2 ** 64) return 0n;
  if (score < -(2 ** 63)) return 1n << 63n;
  return BigInt.asUintN(64, BigInt(Math.trunc(score)));
}

/** Digits of {@linkcode writeGeohash}. */
const ALPHABET = new TextEncoder().encode("0123456789bcdefghjkmnpqrstuvwxyz");
/** Characters that {@linkcode writeGeohash} writes. */
export const GEOHASH_CHARACTERS = 11;
/** The map of the world's geohashes reaches to the poles. */
const POLE = 90;

/**
 * Writes a point as the geohash that others know, five bits a character. There are 52 bits, so the
 * last character is always `0`. O(1).
 */
export function writeGeohash(bytes: Uint8Array, at: number, point: GeoPoint): void {
  const column = columnOf(point.longitude, MAX_CELLS);
  const row = Math.trunc((point.latitude + POLE) / (POLE + POLE) * MAX_CELLS);
  const low = spread(row) | spread(column) << 1;
  const high = spread(row >>> 16) | spread(column >>> 16) << 1;
  // 20 bits of the high word, 30 of the low one.
  for (let i = 0; i < 4; i++) bytes[at + i] = ALPHABET[high >>> 15 - 5 * i & 31];
  for (let i = 0; i < 6; i++) bytes[at + 4 + i] = ALPHABET[low >>> 27 - 5 * i & 31];
  bytes[at + GEOHASH_CHARACTERS - 1] = ALPHABET[0];
}
