/**
 * Distances on a sphere as large as the earth, in meters, by the haversine formula.
 *
 * ```
 *   a = sin²(Δlatitude / 2) + cos(latitude₁) · cos(latitude₂) · sin²(Δlongitude / 2)
 *   distance = 2 · radius · asin(√a)
 * ```
 */

const EARTH_RADIUS_METERS = 6372797.560856;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** An angle in degrees as radians. */
export function radiansOf(degrees: number): number {
  return degrees * RADIANS_PER_DEGREE;
}

/** Distance of two points, given in degrees. */
export function distanceMeters(
  longitude1: number,
  latitude1: number,
  longitude2: number,
  latitude2: number,
): number {
  const v = Math.sin((radiansOf(longitude2) - radiansOf(longitude1)) / 2);
  const radians1 = radiansOf(latitude1);
  const radians2 = radiansOf(latitude2);
  if (v === 0) return meridianMeters(radians1, radians2);
  return metersOf(haversine(radians1, Math.cos(radians1), radians2, v));
}

/**
 * The haversine of the angle between two points: `a` above.
 *
 * @param radians1, cosine1, radians2 latitudes, and the cosine of the first
 * @param v the sine of half of the difference of longitudes
 */
export function haversine(radians1: number, cosine1: number, radians2: number, v: number): number {
  const u = Math.sin((radians2 - radians1) / 2);
  return u * u + cosine1 * Math.cos(radians2) * v * v;
}

/** Length of the arc that has a haversine. */
export function metersOf(haversine: number): number {
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(haversine));
}

/** Haversine of the angle of an arc; infinite for one longer than half of the sphere's circumference. */
export function haversineOf(meters: number): number {
  const half = meters / (2 * EARTH_RADIUS_METERS);
  return half < Math.PI / 2 ? Math.sin(half) ** 2 : Infinity;
}

/** Distance of two points on one meridian, given their latitudes in radians. */
export function meridianMeters(radians1: number, radians2: number): number {
  return EARTH_RADIUS_METERS * Math.abs(radians2 - radians1);
}

/** How many degrees of a great circle so many meters are. */
export function degreesOf(meters: number): number {
  return meters / EARTH_RADIUS_METERS / RADIANS_PER_DEGREE;
}

/** How many degrees of longitude so many meters are at a latitude. */
export function longitudeDegreesOf(meters: number, latitude: number): number {
  return meters / EARTH_RADIUS_METERS / Math.cos(radiansOf(latitude)) / RADIANS_PER_DEGREE;
}
