/**
 * Which log lines of one kind are written when strangers can cause them at will: the first of each
 * second, and how many were left out.
 *
 * ```
 * ──×─────××××××××──┬──×──────────▶ time
 *   └ written       │  └ written
 *   7 more like it ─┘
 * ```
 */

const PERIOD_MS = 1000;
/** Kinds are texts of the program, so there are few; this holds if one slips in that is not. */
const MAX_KINDS = 256;

interface Kind {
  /** When its last line was written, in milliseconds since 1970. */
  writtenAtMs: number;
  omitted: number;
}

export class RareLines {
  readonly #kinds = new Map<string, Kind>();

  /** Whether a line of that kind is to be written now; if not, it is counted. O(1). */
  admits(kind: string, nowMs: number): boolean {
    const known = this.#kinds.get(kind);
    if (known === undefined) {
      if (this.#kinds.size >= MAX_KINDS) return false;
      this.#kinds.set(kind, { writtenAtMs: nowMs, omitted: 0 });
      return true;
    }
    if (known.omitted > 0 || Math.abs(nowMs - known.writtenAtMs) < PERIOD_MS) {
      known.omitted++;
      return false;
    }
    known.writtenAtMs = nowMs;
    return true;
  }

  /**
   * Calls `tell` for each kind that has lines left out in a period that is over, and begins a new
   * period for it. O(kinds).
   *
   * @param all also where the period is not over, for the end
   */
  collect(nowMs: number, tell: (kind: string, omitted: number) => void, all = false): void {
    for (const [name, kind] of this.#kinds) {
      if (kind.omitted === 0) continue;
      if (!all && Math.abs(nowMs - kind.writtenAtMs) < PERIOD_MS) continue;
      tell(name, kind.omitted);
      kind.omitted = 0;
      kind.writtenAtMs = nowMs;
    }
  }
}
