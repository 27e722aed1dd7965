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

/** Distance of two points, given in degrees. */
export function distanceMeters(
  longitude1: number,
  latitude1: number,
  longitude2: number,
  latitude2: number,
): number {
  const v = Math.sin(
    (longitude2 * RADIANS_PER_DEGREE - longitude1 * RADIANS_PER_DEGREE) / 2,
  );
  if (v === 0) return latitudeDistanceMeters(latitude1, latitude2);
  const radians1 = latitude1 * RADIANS_PER_DEGREE;
  const radians2 = latitude2 * RADIANS_PER_DEGREE;
  const u = Math.sin((radians2 - radians1) / 2);
  const a = u * u + Math.cos(radians1) * Math.cos(radians2) * v * v;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(a));
}

/** Distance of two points on one meridian. */
export function latitudeDistanceMeters(latitude1: number, latitude2: number): number {
  return EARTH_RADIUS_METERS *
    Math.abs(latitude2 * RADIANS_PER_DEGREE - latitude1 * RADIANS_PER_DEGREE);
}

/** How many degrees of a great circle so many meters are. */
export function degreesOf(meters: number): number {
  return meters / EARTH_RADIUS_METERS / RADIANS_PER_DEGREE;
}

/** How many degrees of longitude so many meters are at a latitude. */
export function longitudeDegreesOf(meters: number, latitude: number): number {
  return meters / EARTH_RADIUS_METERS / Math.cos(latitude * RADIANS_PER_DEGREE) /
    RADIANS_PER_DEGREE;
}
