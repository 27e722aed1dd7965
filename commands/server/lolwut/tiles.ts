/**
 * Tiles with two quarter circles each, turned at random, so that curves wind from tile to tile. Drawn
 * in the characters for Braille, which are two dots wide and four high:
 *
 * ```
 *   1 4
 *   2 5      the dots' bits, from U+2800 on
 *   3 6
 *   7 8
 * ```
 *
 * The tiles are Sébastien Truchet's (1704), with C. S. Smith's circles (1987).
 */

/** Bits of the dots of a character, line by line. */
const DOTS = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
const FIRST_CHARACTER = 0x2800;
const DOTS_WIDE = 2;
const DOTS_HIGH = 4;
/** Higher drawings are cut off, so that none takes long: characters in a column. */
const MAX_LINES = 200;

/**
 * @param columns characters in a line
 * @param across tiles in a line
 * @param down lines of tiles
 */
export function tiles(
  columns: number,
  across: number,
  down: number,
  randomInt: (bound: number) => number,
): string {
  const width = columns * DOTS_WIDE;
  const side = width / across;
  const lines = Math.min(MAX_LINES, Math.ceil(side * down / DOTS_HIGH));
  const turns = Uint8Array.from({ length: across * down }, () => randomInt(2));
  const isSet = (x: number, y: number) => {
    const column = Math.floor(x / side);
    const row = Math.floor(y / side);
    if (row >= down) return false;
    const inX = (x + 0.5) / side - column;
    const inY = (y + 0.5) / side - row;
    const turned = turns[row * across + Math.min(column, across - 1)] === 1 ? 1 - inX : inX;
    return isOnCircle(turned, inY, side) || isOnCircle(1 - turned, 1 - inY, side);
  };
  const rows = Array.from({ length: lines }, (_, line) => {
    const codes = Array.from({ length: columns }, (_, column) =>
      DOTS.reduce((bits, bit, dot) => {
        const x = column * DOTS_WIDE + dot % DOTS_WIDE;
        const y = line * DOTS_HIGH + Math.floor(dot / DOTS_WIDE);
        return isSet(x, y) ? bits | bit : bits;
      }, FIRST_CHARACTER));
    return String.fromCharCode(...codes);
  });
  return rows.map((row) => `${row}\n`).join("");
}

/** Whether a place of a tile is within half a dot of the circle around its corner. */
function isOnCircle(x: number, y: number, side: number): boolean {
  return Math.abs(Math.hypot(x, y) - 0.5) * side < 0.5;
}
