/**
 * A model of glob patterns: what they mean, written down for reading, and far too slow to use.
 */

/** One element of a pattern: whether it takes a byte, or "*". */
type Element = "*" | ((byte: number) => boolean);

/** Whether the text matches the pattern; both with a character for each byte. */
export function modelMatches(pattern: string, text: string, ignoresCase = false): boolean {
  if (text === "") return pattern === "";
  const elements = elementsOf(pattern, ignoresCase);
  // Which beginnings of the pattern match the text so far.
  let reached = closed(elements, new Set([0]));
  for (const character of text) {
    const next = new Set<number>();
    for (const i of reached) {
      const element = elements[i];
      if (element === "*") next.add(i);
      else if (element?.(character.charCodeAt(0))) next.add(i + 1);
    }
    reached = closed(elements, next);
  }
  return reached.has(elements.length);
}

/** A star may take nothing. */
function closed(elements: readonly Element[], reached: Set<number>): Set<number> {
  for (const i of reached) if (elements[i] === "*") reached.add(i + 1);
  return reached;
}

function elementsOf(pattern: string, ignoresCase: boolean): Element[] {
  const fold = (byte: number) => ignoresCase && byte >= 65 && byte <= 90 ? byte + 32 : byte;
  const signed = (byte: number) => byte > 127 ? byte - 256 : byte;
  // C's tolower() takes unsigned bytes and -1, and glibc's makes unsigned ones of the others.
  const value = (signed: number) => ignoresCase && signed < -1 ? signed + 256 : fold(signed);
  const elements: Element[] = [];
  const parts = /\*|\?|\[(\^?)((?:\\[^]|[^\]\\]-[^]|\\(?=$)|[^\]\\])*)\]?|\\([^])|([^])/g;
  for (const [part, caret, members, escaped, plain] of pattern.matchAll(parts)) {
    if (part === "*") elements.push("*");
    else if (part === "?") elements.push(() => true);
    else if (members === undefined) {
      const literal = fold((escaped ?? plain).charCodeAt(0));
      elements.push((byte) => fold(byte) === literal);
    } else {
      const tests = [...members.matchAll(/\\([^])|([^])-([^])|([^])/g)].map(
        ([_, exact, a, b, single]) => {
          if (exact !== undefined) return (byte: number) => byte === exact.charCodeAt(0);
          if (single !== undefined) {
            return (byte: number) => fold(byte) === fold(single.charCodeAt(0));
          }
          const ends = [a, b].map((end) => signed(end.charCodeAt(0))).sort((x, y) => x - y);
          const [low, high] = ends.map(value);
          return (byte: number) => value(signed(byte)) >= low && value(signed(byte)) <= high;
        },
      );
      elements.push((byte) => tests.some((test) => test(byte)) !== (caret === "^"));
    }
  }
  return elements;
}
