// Values of keys as text, so that what the keyspace holds can be compared as a whole.

import type { Database } from "../../server/keyspace/database.ts";
import { Key } from "../../server/keyspace/key.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import { Type, TYPE_NAMES } from "../../server/keyspace/entry.ts";
import { NONE, type Ref } from "../../structures/arena/arena.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { bytesOfByteString, byteStringOf } from "../../structures/bytes/byte_string.ts";

const textOf = ({ bytes, start, length }: ByteView) => byteStringOf(bytes, start, length);

/** A key of these bytes. */
export function keyOf({ hasher }: Keyspace, name: string): Key {
  const key = new Key();
  key.bytes = bytesOfByteString(name);
  key.length = name.length;
  key.hash = hasher.hash(key.bytes, 0, key.length);
  return key;
}

/** The bytes of a key, one a character. */
export function nameOf({ bytes, start, length }: Pick<Key, "bytes" | "start" | "length">): string {
  return byteStringOf(bytes, start, length);
}

/** What an entry holds, and when it expires. */
export function valueOf(keyspace: Keyspace, database: Database, entry: Ref): string {
  const parts = [
    TYPE_NAMES[keyspace.entries.type(entry)],
    String(database.exactExpireAtMs(entry)),
    ...elementsOf(keyspace, entry),
  ];
  return JSON.stringify(parts);
}

/** Of a database, or of a key; undefined where there is none. */
export function valueOfKey(
  keyspace: Keyspace,
  database: Database,
  name: string,
): string | undefined {
  const entry = database.peek(keyOf(keyspace, name));
  return entry === NONE ? undefined : valueOf(keyspace, database, entry);
}

/** All live keys of a database with their values. */
export function allValues(keyspace: Keyspace, database: Database): Map<string, string> {
  const { entries } = keyspace;
  const found: Ref[] = [];
  database.forEach((entry) => found.push(entry));
  const names = found.map((entry) =>
    byteStringOf(entries.bytes(entry), entries.keyStart(entry), entries.keyLength(entry))
  );
  return new Map(found.map((entry, i) => [names[i], valueOf(keyspace, database, entry)]));
}

function elementsOf(keyspace: Keyspace, entry: Ref): string[] {
  const elements: string[] = [];
  switch (keyspace.entries.type(entry)) {
    case Type.String:
      return [textOf(keyspace.strings.view(entry))];
    case Type.List: {
      const list = keyspace.lists.open(entry);
      for (let more = list.seekFirst(); more; more = list.next()) {
        elements.push(textOf(list.element));
      }
      return elements;
    }
    case Type.Set: {
      const set = keyspace.sets.open(entry);
      for (let more = set.seekFirst(); more; more = set.next()) elements.push(textOf(set.member));
      return elements.sort();
    }
    case Type.Hash: {
      const hash = keyspace.hashes.open(entry);
      for (let more = hash.seekFirst(); more; more = hash.next()) {
        elements.push(`${textOf(hash.member)}=${textOf(hash.value)}`);
      }
      return elements.sort();
    }
    default: {
      const set = keyspace.sortedSets.open(entry);
      set.forEach(({ member, score }) => elements.push(`${score}:${textOf(member)}`));
      return elements;
    }
  }
}
