/**
 * The scripts that are known, by digest and by text.
 *
 * ```
 * EVALSHA digest ──▶ eight digits ──▶ row ──▶ the one with all forty
 * EVAL text ───────▶ hash of bytes ─▶ row ──▶ the one with these bytes     no digest is computed
 *
 * of EVAL alone    oldest ◀──▶ … ◀──▶ latest used       at most 500; the oldest goes
 * of SCRIPT LOAD   stay until SCRIPT FLUSH
 * ```
 *
 * Neither way makes a string of what is looked for.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { KeyHasher } from "../../structures/hash_table/hash.ts";
import type { Program } from "./program.ts";

/** Scripts that are kept although nobody loaded them: Redis 7.4 keeps as many. */
const MAX_EVAL_SCRIPTS = 500;
/** Hexadecimal digits of a digest. */
const DIGEST_LENGTH = 40;
/** Longest text of a script that may be evicted that is kept: one is copied for each. */
const SCRIPT_BYTES = 2048;
/** What the compiled form of a text takes, about, for each of its bytes. */
const CODE_BYTES_PER_BYTE = 6;

/** A script that is known. */
export class Script {
  /** The next ones with the same eight digits, and with the same hash of their text. */
  nextByDigest: Script | undefined;
  nextByText: Script | undefined;
  /** Those that were used before and after it, among those that may be evicted. */
  older: Script | undefined;
  newer: Script | undefined;
  /** Whether it stays until SCRIPT FLUSH. */
  isLoaded = false;

  constructor(
    readonly program: Program,
    readonly text: Uint8Array,
    readonly textHash: number,
    readonly digest: Uint8Array,
  ) {}
}

export class ScriptCache {
  readonly #hasher: KeyHasher;
  readonly #byDigest = new Map<number, Script>();
  readonly #byText = new Map<number, Script>();
  #oldest: Script | undefined;
  #latest: Script | undefined;
  #evictable = 0;
  /** How many there are. */
  size = 0;
  #textBytes = 0;
  /** How many were evicted. Not reset, as on Redis. */
  evicted = 0;

  constructor(hasher: KeyHasher) {
    this.#hasher = hasher;
  }

  /** Bytes that the texts take, with what belongs to them. */
  get memoryBytes(): number {
    return this.size * SCRIPT_BYTES + this.#textBytes;
  }

  /** Bytes that the compiled forms take, about. */
  get codeBytes(): number {
    return this.#textBytes * CODE_BYTES_PER_BYTE;
  }

  /** The script whose digest, in any case, is argument `i`. O(1), no allocation. */
  byDigest(args: Arguments, i: number): Script | undefined {
    if (args.length(i) !== DIGEST_LENGTH) return undefined;
    const { bytes } = args;
    const start = args.start(i);
    let script = this.#byDigest.get(digestHash(bytes, start));
    while (script !== undefined && !isDigest(script.digest, bytes, start)) {
      script = script.nextByDigest;
    }
    return script;
  }

  /** The script whose text is argument `i`. O(bytes), no allocation. */
  byText(args: Arguments, i: number): Script | undefined {
    const { bytes } = args;
    const start = args.start(i);
    const length = args.length(i);
    let script = this.#byText.get(this.#hasher.hash(bytes, start, length));
    while (script !== undefined && !isText(script.text, bytes, start, length)) {
      script = script.nextByText;
    }
    return script;
  }

  /** Takes a script in, which is not there. @param text a copy that is the cache's from here on */
  add(program: Program, text: Uint8Array, digest: Uint8Array): Script {
    const script = new Script(
      program,
      text,
      this.#hasher.hash(text, 0, text.length),
      digest,
    );
    const row = digestHash(digest, 0);
    script.nextByDigest = this.#byDigest.get(row);
    this.#byDigest.set(row, script);
    script.nextByText = this.#byText.get(script.textHash);
    this.#byText.set(script.textHash, script);
    this.size++;
    this.#textBytes += text.length;
    this.#append(script);
    this.#evictable++;
    if (this.#evictable > MAX_EVAL_SCRIPTS) this.#evict(this.#oldest!);
    return script;
  }

  /** Keeps a script from being evicted. */
  keep(script: Script): void {
    if (script.isLoaded) return;
    script.isLoaded = true;
    this.#unlink(script);
    this.#evictable--;
  }

  /** Takes note that a script is used. O(1). */
  use(script: Script): void {
    if (script.isLoaded || script === this.#latest) return;
    this.#unlink(script);
    this.#append(script);
  }

  clear(): void {
    this.#byDigest.clear();
    this.#byText.clear();
    this.#oldest = this.#latest = undefined;
    this.#evictable = 0;
    this.size = 0;
    this.#textBytes = 0;
  }

  #evict(script: Script): void {
    this.#unlink(script);
    this.#evictable--;
    this.evicted++;
    this.size--;
    this.#textBytes -= script.text.length;
    takeOut(this.#byDigest, digestHash(script.digest, 0), script, "nextByDigest");
    takeOut(this.#byText, script.textHash, script, "nextByText");
  }

  #append(script: Script): void {
    script.older = this.#latest;
    if (this.#latest === undefined) this.#oldest = script;
    else this.#latest.newer = script;
    this.#latest = script;
  }

  #unlink(script: Script): void {
    const { newer, older } = script;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#latest = older;
    else newer.older = older;
    script.newer = script.older = undefined;
  }
}

/** Takes a script out of its row. */
function takeOut(
  rows: Map<number, Script>,
  row: number,
  script: Script,
  next: "nextByDigest" | "nextByText",
): void {
  const first = rows.get(row);
  if (first === script) {
    if (script[next] === undefined) rows.delete(row);
    else rows.set(row, script[next]);
    return;
  }
  let before = first;
  while (before !== undefined && before[next] !== script) before = before[next];
  if (before !== undefined) before[next] = script[next];
}

/** The first eight digits, in any case, as a number. */
function digestHash(bytes: Uint8Array, start: number): number {
  let hash = 0;
  for (let i = start; i < start + 8; i++) hash = hash << 4 ^ (bytes[i] | 0x20) & 0x4f;
  return hash;
}

/** Whether the forty bytes from `start` on are the digest, whose letters are small, in any case. */
function isDigest(digest: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < DIGEST_LENGTH; i++) {
    const byte = bytes[start + i];
    if (byte === digest[i]) continue;
    if (byte < 0x41 || byte > 0x5a || (byte | 0x20) !== digest[i]) return false;
  }
  return true;
}

function isText(text: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text[i] !== bytes[start + i]) return false;
  return true;
}
