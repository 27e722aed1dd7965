/**
 * Ranges of mountains under stars, in four shades of grey of a terminal, the nearest darkest. A range
 * is a line whose middle is moved at random, then the middle of each half, and so on by half as much.
 */

/** Colours of a character and what is behind it, as terminals take them. */
const SHADES = ["0;30;40", "0;90;100", "0;37;47", "0;97;107"] as const;
const SKY = 0;
/** Ranges from the farthest, by shade and by the part of the height that they reach on average. */
const RANGES = [[2, 0.55], [1, 0.4], [3, 0.22]] as const;
/** Of so many places in the sky, one has a star. */
const SKY_PER_STAR = 40;
const STAR_SHADE = 3;
const ROUGHNESS = 0.35;
const SMOOTHING = 0.55;
const RANDOM_STEPS = 1 << 16;

export function mountains(
  columns: number,
  rows: number,
  randomInt: (bound: number) => number,
): string {
  const shades = new Uint8Array(columns * rows).fill(SKY);
  for (let i = 0; i < shades.length; i++) {
    if (randomInt(SKY_PER_STAR) === 0) shades[i] = STAR_SHADE;
  }
  for (const [shade, height] of RANGES) {
    const heights = ridge(columns, height, randomInt);
    for (let column = 0; column < columns; column++) {
      const top = Math.max(0, Math.round(rows * (1 - heights[column])));
      for (let row = top; row < rows; row++) shades[row * columns + column] = shade;
    }
  }
  return Array.from({ length: rows }, (_, row) => {
    const line = shades.subarray(row * columns, (row + 1) * columns);
    return Array.from(line, (shade) => `\x1b[${SHADES[shade]}m \x1b[0m`).join("") + "\n";
  }).join("");
}

/** Heights from left to right, as parts of the whole. */
function ridge(columns: number, mean: number, randomInt: (bound: number) => number): Float64Array {
  const heights = new Float64Array(columns).fill(mean);
  const shift = (most: number) => (randomInt(RANDOM_STEPS) / RANDOM_STEPS - 0.5) * most;
  const divide = (left: number, right: number, most: number) => {
    const middle = (left + right) >> 1;
    if (middle === left) return;
    heights[middle] = (heights[left] + heights[right]) / 2 + shift(most);
    divide(left, middle, most * SMOOTHING);
    divide(middle, right, most * SMOOTHING);
  };
  heights[0] += shift(ROUGHNESS);
  heights[columns - 1] += shift(ROUGHNESS);
  divide(0, columns - 1, ROUGHNESS);
  return heights;
}
