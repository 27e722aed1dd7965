/**
 * Digests of values and of all keys, the same as redis-server's: by them two servers are compared.
 *
 * ```
 *   add(d, x)   d xor SHA-1(x)              what is in no order
 *   mix(d, x)   SHA-1(d xor SHA-1(x))       what is in an order
 *
 *   value       mix type; then  string, list   mix each text
 *                               set            add each member
 *                               hash           add mix(mix(0, field), value)
 *                               sorted set     add mix(mix(0, member), score)
 *               add "!!expire!!" where it expires
 *   all keys    of each database with keys, mix its number, then add mix(0, key), value …
 * ```
 */

import type { Ref } from "../../structures/arena/arena.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { formatDouble } from "../../structures/numbers/double_text.ts";
import { sha1, SHA1_BYTES } from "../../structures/sha1.ts";
import { Type } from "./entry.ts";
import type { Keyspace } from "./keyspace.ts";

const EXPIRES = new TextEncoder().encode("!!expire!!");

const hash = new Uint8Array(SHA1_BYTES);
/** Of one element. */
const element = new Uint8Array(SHA1_BYTES);
const word = new Uint8Array(4);
const encoder = new TextEncoder();

function addBytes(digest: Uint8Array, bytes: Uint8Array, start: number, length: number): void {
  sha1(bytes, start, length, hash, 0);
  for (let i = 0; i < SHA1_BYTES; i++) digest[i] ^= hash[i];
}

function add(digest: Uint8Array, { bytes, start, length }: ByteView): void {
  addBytes(digest, bytes, start, length);
}

function mixBytes(digest: Uint8Array, bytes: Uint8Array, start: number, length: number): void {
  addBytes(digest, bytes, start, length);
  sha1(digest, 0, SHA1_BYTES, digest, 0);
}

function mix(digest: Uint8Array, { bytes, start, length }: ByteView): void {
  mixBytes(digest, bytes, start, length);
}

/** A number of 32 bits, the most significant byte first. */
function mixNumber(digest: Uint8Array, value: number): void {
  new DataView(word.buffer).setInt32(0, value);
  mixBytes(digest, word, 0, word.length);
}

/** What Redis calls the types by. */
const TYPE_NUMBERS: Readonly<Record<Type, number>> = {
  [Type.String]: 0,
  [Type.List]: 1,
  [Type.Set]: 2,
  [Type.SortedSet]: 3,
  [Type.Hash]: 4,
  [Type.Stream]: 6,
};

/** Takes an entry's value, and whether it expires, into a digest. O(bytes). */
export function digestValue(keyspace: Keyspace, entry: Ref, digest: Uint8Array): void {
  const { entries, lists, sets, sortedSets, strings } = keyspace;
  const type = entries.type(entry);
  mixNumber(digest, TYPE_NUMBERS[type]);
  switch (type) {
    case Type.String:
      mix(digest, strings.view(entry));
      break;
    case Type.List: {
      const list = lists.open(entry);
      for (let more = list.seekFirst(); more; more = list.next()) mix(digest, list.element);
      break;
    }
    case Type.Set: {
      const set = sets.open(entry);
      for (let more = set.seekFirst(); more; more = set.next()) add(digest, set.member);
      break;
    }
    case Type.Hash: {
      const map = keyspace.wholeHash(entry);
      for (let more = map.seekFirst(); more; more = map.next()) {
        element.fill(0);
        mix(element, map.member);
        mix(element, map.value);
        addBytes(digest, element, 0, SHA1_BYTES);
      }
      break;
    }
    case Type.SortedSet: {
      const set = sortedSets.open(entry);
      for (let more = set.seekFirst(); more; more = set.next()) {
        const score = encoder.encode(scoreText(set.score));
        element.fill(0);
        mix(element, set.member);
        mixBytes(element, score, 0, score.length);
        addBytes(digest, element, 0, SHA1_BYTES);
      }
      break;
    }
  }
  if (entries.hasExpiry(entry)) addBytes(digest, EXPIRES, 0, EXPIRES.length);
}

/** The digest of all keys of all databases. O(bytes). */
export function digestAll(keyspace: Keyspace): Uint8Array {
  const total = new Uint8Array(SHA1_BYTES);
  const own = new Uint8Array(SHA1_BYTES);
  const { entries, table } = keyspace;
  for (const db of keyspace.databases) {
    if (db.size === 0) continue;
    mixNumber(total, db.index);
    // Those that have expired and are still there count as well.
    table.forEach(db.table, (entry) => {
      own.fill(0);
      mixBytes(own, entries.bytes(entry), entries.keyStart(entry), entries.keyLength(entry));
      digestValue(keyspace, entry, own);
      addBytes(total, own, 0, SHA1_BYTES);
    });
  }
  return total;
}

/**
 * A score as redis-server's digests have it: large integral ones are laid out as other doubles are,
 * `1e+9`, where formatDouble prints all digits.
 */
function scoreText(score: number): string {
  if (!Number.isFinite(score) || score !== Math.trunc(score) || Math.abs(score) < 10_000) {
    return formatDouble(score);
  }
  const [mantissa, exponentText] = Math.abs(score).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  const isShort = exponent < digits.length + 7;
  const text = isShort ? digits.padEnd(exponent + 1, "0") : `${mantissa}e+${exponent}`;
  return score < 0 ? `-${text}` : text;
}
