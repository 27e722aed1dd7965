/** What positions in errors begin with. */

/** The longest text that positions begin with, as Lua's LUA_IDSIZE without the closing zero. */
const MAX_CHUNK_NAME = 59;

/**
 * What positions show of a chunk's name: `=name` and `@name` as they are but for the sign, a text by
 * its first line, all shortened.
 */
export function shownChunkName(name: string): string {
  const [text] = name.split("\0", 1);
  if (text.startsWith("=")) return text.slice(1, 1 + MAX_CHUNK_NAME);
  if (text.startsWith("@")) {
    const path = text.slice(1);
    const room = MAX_CHUNK_NAME - 7;
    return path.length <= room ? path : `...${path.slice(-room)}`;
  }
  const room = MAX_CHUNK_NAME - 16;
  const line = text.slice(0, Math.min(room, text.search(/[\r\n]|$/)));
  return `[string "${line}${line.length < text.length ? "..." : ""}"]`;
}
