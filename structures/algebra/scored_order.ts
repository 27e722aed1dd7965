/**
 * Sorts what has scores: references and their scores side by side, by score and, where scores are
 * equal, by what a reference stands for.
 *
 * A merge sort that begins with what is in order already (Knuth's natural merge, TAOCP 5.2.4): what
 * comes out of sorted sets is a few long runs, which are merged in a pass or two.
 *
 * ```
 * 1 4 7 9 │ 2 3 8 │ 5 6       runs as they come; short ones are made longer by insertion
 * 1 2 3 4 7 8 9   │ 5 6       neighbours merged, from one pair of arrays into another
 * 1 2 3 4 5 6 7 8 9
 * ```
 */

/** Below, at or above 0 as one reference comes before another of the same score. */
export type CompareEqual = (a: number, b: number) => number;

/** Runs are made at least so long. */
const MIN_RUN = 16;
/** Room that is kept when it is not in use. */
const KEPT = 1024;

/** See the top of the file. One object sorts again and again. */
export class ScoredOrder {
  scores: Float64Array = new Float64Array(KEPT);
  refs: Int32Array = new Int32Array(KEPT);
  count = 0;
  readonly #compareEqual: CompareEqual;
  /** Where runs are merged to. */
  #otherScores: Float64Array = new Float64Array(KEPT);
  #otherRefs: Int32Array = new Int32Array(KEPT);
  /** Where each run ends. */
  #ends = new Int32Array(KEPT / MIN_RUN + 1);

  constructor(compareEqual: CompareEqual) {
    this.#compareEqual = compareEqual;
  }

  /** Empties it, and makes room for so many; it grows where they are more. */
  begin(expected: number): void {
    this.count = 0;
    const length = Math.max(expected, KEPT);
    if (length > this.refs.length || this.refs.length > KEPT) {
      this.refs = new Int32Array(length);
      this.scores = new Float64Array(length);
    }
    if (this.#otherRefs.length > KEPT) this.#makeRoom(KEPT);
  }

  #makeRoom(length: number): void {
    this.#otherRefs = new Int32Array(length);
    this.#otherScores = new Float64Array(length);
    this.#ends = new Int32Array(length / MIN_RUN + 1);
  }

  push(ref: number, score: number): void {
    if (this.count === this.refs.length) this.#grow();
    this.refs[this.count] = ref;
    this.scores[this.count++] = score;
  }

  #grow(): void {
    const { refs, scores } = this;
    this.refs = new Int32Array(refs.length * 2);
    this.refs.set(refs);
    this.scores = new Float64Array(refs.length * 2);
    this.scores.set(scores);
  }

  /** O(n × log(runs)) comparisons. */
  sort(): void {
    if (this.#otherRefs.length < this.refs.length) this.#makeRoom(this.refs.length);
    const ends = this.#ends;
    let runs = this.#findRuns();
    while (runs > 1) {
      let merged = 0;
      let from = 0;
      for (let i = 0; i < runs; i += 2) {
        const middle = ends[i];
        const end = i + 1 < runs ? ends[i + 1] : middle;
        this.#merge(from, middle, end);
        ends[merged++] = end;
        from = end;
      }
      runs = merged;
      const { refs, scores } = this;
      this.refs = this.#otherRefs;
      this.scores = this.#otherScores;
      this.#otherRefs = refs;
      this.#otherScores = scores;
    }
  }

  /** Whether a comes before b or is it. */
  #inOrder(aScore: number, a: number, bScore: number, b: number): boolean {
    return aScore < bScore || aScore === bScore && this.#compareEqual(a, b) <= 0;
  }

  /** Finds where runs end, and answers how many there are. */
  #findRuns(): number {
    const { count, refs, scores } = this;
    let runs = 0;
    for (let start = 0; start < count;) {
      let end = start + 1;
      while (end < count && this.#inOrder(scores[end - 1], refs[end - 1], scores[end], refs[end])) {
        end++;
      }
      const least = Math.min(start + MIN_RUN, count);
      for (; end < least; end++) this.#insert(start, end);
      this.#ends[runs++] = end;
      start = end;
    }
    return runs;
  }

  /** Puts what is at `end` into its place in the run before it. */
  #insert(start: number, end: number): void {
    const { refs, scores } = this;
    const ref = refs[end];
    const score = scores[end];
    let at = end;
    while (at > start && !this.#inOrder(scores[at - 1], refs[at - 1], score, ref)) {
      refs[at] = refs[at - 1];
      scores[at] = scores[at - 1];
      at--;
    }
    refs[at] = ref;
    scores[at] = score;
  }

  /** Merges two runs into the other arrays. */
  #merge(from: number, middle: number, end: number): void {
    const { refs, scores } = this;
    const toRefs = this.#otherRefs;
    const toScores = this.#otherScores;
    let a = from;
    let b = middle;
    let to = from;
    while (a < middle && b < end) {
      if (this.#inOrder(scores[a], refs[a], scores[b], refs[b])) {
        toRefs[to] = refs[a];
        toScores[to++] = scores[a++];
      } else {
        toRefs[to] = refs[b];
        toScores[to++] = scores[b++];
      }
    }
    for (; a < middle; a++, to++) {
      toRefs[to] = refs[a];
      toScores[to] = scores[a];
    }
    for (; b < end; b++, to++) {
      toRefs[to] = refs[b];
      toScores[to] = scores[b];
    }
  }
}
