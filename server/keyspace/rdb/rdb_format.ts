/**
 * The numbers of Redis's RDB format, in which snapshots, dumps and the copies for replicas are
 * written. What they stand before is drawn in rdb_writer.ts and value_writer.ts.
 */

/** The version that is written: Redis 7.2's. */
export const RDB_VERSION = 11;
/** The version of Redis 7.4, which fields that expire need. It is read as well, like all before. */
export const NEWEST_RDB_VERSION = 12;

/** What a value is, and how it is laid out: the byte before it. */
export const ValueType = {
  String: 0,
  List: 1,
  Set: 2,
  /** Scores as text. */
  TextSortedSet: 3,
  Hash: 4,
  /** Scores as doubles. */
  SortedSet: 5,
  HashZipmap: 9,
  ListZiplist: 10,
  SetIntset: 11,
  SortedSetZiplist: 12,
  HashZiplist: 13,
  /** A list of ziplists. */
  ListQuicklist: 14,
  HashListpack: 16,
  SortedSetListpack: 17,
  /** A list of listpacks and single elements. */
  ListQuicklist2: 18,
  SetListpack: 20,
  /** Fields with times of expiry. */
  ExpiringHash: 24,
  ExpiringHashListpack: 25,
} as const;

// The upper two bits of a length's first byte, and the bytes of the two longest.
export const LENGTH_14 = 0x40;
export const LENGTH_32 = 0x80;
export const LENGTH_64 = 0x81;
/** Upper bits of a byte that is no length, but says how a string is encoded. */
export const ENCODED = 0xc0;

// How a string is encoded: the bytes in the place of its length.
export const INTEGER_8 = 0xc0;
export const INTEGER_16 = 0xc1;
export const INTEGER_32 = 0xc2;
export const COMPRESSED = 0xc3;

// Before each part of a list: one large element, or a listpack.
export const PLAIN_NODE = 1;
export const PACKED_NODE = 2;

/** What stands before anything else than a value: the byte in the place of its type. */
export const Opcode = {
  /** The text of a library of functions. */
  Library: 245,
  /** A library in the format of Redis's versions before 7.0, which nobody reads any more. */
  EarlyLibrary: 246,
} as const;
