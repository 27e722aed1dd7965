/**
 * How a chunk is called in messages.
 *
 * ```
 * =user_script      user_script
 * @/a/long/path     /a/long/path, or its end behind ...
 * return 1          [string "return 1"], or its first line's beginning
 * ```
 */

/** The length that syntax errors shorten a name to, with the zero byte that C puts behind it. */
export const SYNTAX_NAME_SIZE = 80;
/** The same for the positions of errors at run time. */
export const POSITION_NAME_SIZE = 60;

/** What is cut off the size for the text around a file's name, and around a chunk's text. */
const FILE_FRAME = 8;
const TEXT_FRAME = 17;

/**
 * The text that stands for a chunk in messages.
 *
 * @param chunkName as it was given when the chunk was loaded
 * @param size one of the two sizes above
 */
export function displayName(chunkName: string, size: number): string {
  const name = untilZero(chunkName);
  if (name.startsWith("=")) return name.slice(1, size);
  if (name.startsWith("@")) {
    const room = size - FILE_FRAME;
    return name.length - 1 > room ? `...${name.slice(-room)}` : name.slice(1);
  }
  const line = name.search(/[\n\r]/);
  const end = Math.min(line < 0 ? name.length : line, size - TEXT_FRAME);
  return `[string "${name.slice(0, end)}${end < name.length ? "..." : ""}"]`;
}

/** What C sees of a text: all before its first zero byte. */
export function untilZero(text: string): string {
  const zero = text.indexOf("\0");
  return zero < 0 ? text : text.slice(0, zero);
}
