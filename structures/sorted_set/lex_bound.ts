/** One end of a range of members, all of whose scores are equal. */
export class LexBound {
  /** Below 0: before all members (`-`); above 0: behind all (`+`); 0: at the bytes. */
  infinity = 0;
  /** Whether the member of exactly these bytes is in the range. */
  inclusive = true;
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  length = 0;
}
