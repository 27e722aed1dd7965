// Glob patterns over setting names, for CONFIG GET: `*`, `?`, `[a-z]`, `[^a]` and `\` escapes, in
// any case of letters. The pattern comes from a client, so it is not turned into a regular
// expression, which can take exponential time: on a mismatch only the last `*` is retried.

/** Whether the whole name matches the pattern. O(pattern × name). */
export function matchesName(pattern: string, name: string): boolean {
  const glob = pattern.toLowerCase();
  let at = 0, i = 0;
  let starAt = -1, starName = 0;
  while (i < name.length) {
    if (glob[at] === "*") {
      starAt = at++;
      starName = i;
      continue;
    }
    const next = at < glob.length ? matchOne(glob, at, name[i]) : -1;
    if (next >= 0) {
      at = next;
      i++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      i = ++starName;
    } else {
      return false;
    }
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}

/** The pattern's index behind the element at `at` when that matches the letter, else -1. */
function matchOne(glob: string, at: number, letter: string): number {
  switch (glob[at]) {
    case "?":
      return at + 1;
    case "[":
      return matchClass(glob, at + 1, letter);
    case "\\":
      if (at + 1 < glob.length) at++;
      return glob[at] === letter ? at + 1 : -1;
    default:
      return glob[at] === letter ? at + 1 : -1;
  }
}

/** A class without its closing bracket reaches to the end of the pattern, as on Redis. */
function matchClass(glob: string, at: number, letter: string): number {
  const negated = glob[at] === "^";
  if (negated) at++;
  let found = false;
  for (; at < glob.length && glob[at] !== "]"; at++) {
    if (glob[at] === "\\" && at + 1 < glob.length) {
      found ||= glob[++at] === letter;
    } else if (glob[at + 1] === "-" && at + 2 < glob.length) {
      const [low, high] = [glob[at], glob[at + 2]].sort();
      found ||= letter >= low && letter <= high;
      at += 2;
    } else {
      found ||= glob[at] === letter;
    }
  }
  return found !== negated ? Math.min(at + 1, glob.length) : -1;
}
