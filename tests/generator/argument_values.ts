// Values for arguments, chosen by the name and type under which a command declares them: mostly such
// as it can use, over pools so small that calls meet each other's keys and members, and some at the
// edges of what there is.

import type { CommandGroup } from "../../commands/registry.ts";
import type { ArgumentDeclaration } from "../../commands/registry.ts";
import type { SeededRandom } from "../structures/seeded_random.ts";

/** What values are chosen for. */
export interface Purpose {
  readonly random: SeededRandom;
  readonly command: string;
  readonly group: CommandGroup;
  /** Whether values may be as long as makes a collection a hash table. */
  readonly hasHashTables: boolean;
  /** Whether keys may expire at once. */
  readonly isBrief: boolean;
  /** Serialized values of every type. */
  readonly payloads: readonly string[];
}

const KEYS = {
  string: ["s1", "s2", "s3", "s4"],
  list: ["l1", "l2", "l3"],
  set: ["t1", "t2", "t3"],
  hash: ["h1", "h2", "h3"],
  sortedSet: ["z1", "z2", "z3"],
  geo: ["g1", "g2"],
  hyperLogLog: ["p1", "p2", "p3"],
  stream: ["x1", "x2"],
} as const;
const ALL_KEYS: readonly string[] = [...Object.values(KEYS).flat(), "none", "", "k\xff\x00"];

const GROUP_KEYS: Partial<Record<CommandGroup, readonly string[]>> = {
  string: KEYS.string,
  bitmap: KEYS.string,
  list: KEYS.list,
  set: KEYS.set,
  hash: KEYS.hash,
  "sorted-set": KEYS.sortedSet,
  geo: KEYS.geo,
  hyperloglog: KEYS.hyperLogLog,
  stream: KEYS.stream,
};

const SMALL = ["0", "1", "2", "3", "5", "-1", "-2", "-3", "10", "100", "-100"];
const LARGE = [
  "2147483647",
  "2147483648",
  "-2147483648",
  "4294967295",
  "4294967296",
  "9007199254740991",
  "9007199254740993",
  "-9007199254740993",
  "9223372036854775807",
  "-9223372036854775807",
  "-9223372036854775808",
];
const BAD_INTEGERS = [
  "9223372036854775808",
  "-9223372036854775809",
  "18446744073709551616",
  "",
  " 1",
  "1 ",
  "01",
  "+1",
  "-0",
  "1.0",
  "1e3",
  "0x10",
  "abc",
  "1\x00",
  "--1",
];
/** Within the range of doubles: what is not leaves redis-server an errno that its SORT complains of. */
const DOUBLES = [
  "0",
  "1",
  "-1",
  "1.5",
  "2",
  "3",
  "3.0",
  "0.1",
  "-0",
  "10",
  "100.25",
  "inf",
  "-inf",
  "+inf",
  "Infinity",
  "1e17",
  "1e-7",
  "12345678901234567",
  "9007199254740993",
  "1.7976931348623157e308",
  "-1.7976931348623157e308",
  "3.14159265358979323846",
  "0x10",
];
const BAD_DOUBLES = ["nan", "abc", "", " 1", "1 ", "1e", "1.2.3", "(1", "1\x00"];
const MEMBERS = [
  ..."abcdefgh",
  "1",
  "2",
  "3",
  "10",
  "-1",
  "007",
  "",
  "1.5",
  "two words",
  "\xff\x00",
  "é",
  "9223372036854775807",
  "-9223372036854775808",
  "32768",
  "-2147483649",
  "a long member of forty-four bytes, no more!!",
  "a long member of forty-five bytes, no more!!!",
];
const LONG = [
  "m".repeat(65),
  "n".repeat(64),
  "compressible ".repeat(20),
  "large ".repeat(1500),
  "\x00\x01\x02".repeat(100),
];
const LEX_BOUNDS = ["-", "+", "[a", "(a", "[c", "(c", "[", "(", "[1", "[\xff"];
const BAD_LEX_BOUNDS = ["a", "", "[", "-inf", "++", "1"];
const SCORE_BOUNDS = ["-inf", "+inf", "inf", "0", "1", "(1", "2", "(2", "1.5", "(-inf", "3", "-1"];
const BAD_SCORE_BOUNDS = ["(", "((1", "nan", "abc", "", "[1", "(nan"];
const PATTERNS = [
  "*",
  "?",
  "a*",
  "[a-c]",
  "[^a]*",
  "s?",
  "*1",
  "\\*",
  "[",
  "",
  "h[1-2]",
  "**",
  "\xff*",
];
const SORT_PATTERNS = ["nosort", "s*", "h*->a", "z*", "#", "*", "h1->*", "*->", "", "->", "k"];
/** Instants far ahead, in seconds and milliseconds, and such as no clock shows. */
const INSTANTS = ["4102444800", "32503680000", "0", "-1", "9223372036854775", ...LARGE];
const INSTANTS_MS = [
  "4102444800000",
  "32503680000000",
  ...["0", "-1", "9223372036854775807", "-9223372036854775807"],
];
/** Instants long ago. */
const PAST_INSTANTS = ["1", "100", "1000000"];
const COUNTS = ["0", "1", "2", "3", "5", "10", "100", "-1", "-3"];
/** Negative counts of these ask for as many elements, so they are small or refused. */
const RANDOM_COUNTS = [...COUNTS, "-10", "9223372036854775807", "-9223372036854775808"];
const COORDINATES = [
  "0",
  "13.361389",
  "38.115556",
  "15.087269",
  "37.502669",
  "-122.4",
  "2.3522",
  "48.8566",
  "180",
  "-180",
  "85.05112878",
  "-85.05112878",
  "85.06",
  "181",
  "1e-9",
];
const BIT_OFFSETS = ["0", "1", "7", "8", "9", "15", "31", "63", "100", "1000", "100000", "8388608"];

/** Sorted sets whose scores are all the same: of others a range by member is unspecified. */
export const EQUAL_SCORES: readonly string[] = ["y1", "y2"];

/** One of the key names, mostly of the group's type. */
export function keyName({ random, group }: Purpose): string {
  const own = GROUP_KEYS[group];
  return random.pick(own !== undefined && random.below(10) > 0 ? own : ALL_KEYS);
}

/** A value of an argument that is no block, token or choice. */
export function argumentValue(argument: ArgumentDeclaration, purpose: Purpose): string {
  const { random } = purpose;
  if (argument.type === "key") return keyName(purpose);
  if (argument.type === "double" && random.below(6) === 0) return someDouble(random);
  const [good, bad] = poolsOf(argument, purpose);
  return random.pick(bad.length > 0 && random.below(16) === 0 ? bad : good);
}

/** A number of many digits, of a size that is not too far from others. */
function someDouble(random: SeededRandom): string {
  const digits = 1 + random.below(18);
  const value = random.bits() * 2 ** -random.below(40) + random.bits() * 2 ** -random.below(60);
  return value.toPrecision(digits);
}

/** Something that has nothing to do with what was asked for. */
export function strangeValue({ hasHashTables, random }: Purpose): string {
  const pools = [BAD_INTEGERS, BAD_DOUBLES, LARGE, LEX_BOUNDS, MEMBERS, ALL_KEYS, STRANGE];
  return random.pick(random.pick(hasHashTables ? [...pools, STRANGE_AND_LONG] : pools));
}

const STRANGE = [
  "NX",
  "xx",
  "GET",
  "COUNT",
  "limit",
  "WITHSCORES",
  "withvalues",
  "STORE",
  "REV",
  "BY",
  "MATCH",
  "\r\n",
];
const STRANGE_AND_LONG = [
  "x".repeat(100),
  "1".repeat(120),
  "0." + "3".repeat(100),
];

type Pools = readonly [good: readonly string[], bad: readonly string[]];

function poolsOf(argument: ArgumentDeclaration, purpose: Purpose): Pools {
  const { command, hasHashTables, random } = purpose;
  const { name, type } = argument;
  if (/^[shz]randmember$|^hrandfield$/.test(command) && name === "count") {
    return [RANDOM_COUNTS, BAD_INTEGERS];
  }
  switch (name) {
    case "seconds":
      return [["1000", "100000", "0", "-1", ...LARGE], BAD_INTEGERS];
    case "milliseconds":
    case "ttl":
      return [
        ["1000000", "100000000", "0", "-1", ...purpose.isBrief ? ["1", "1", "2"] : [], ...LARGE],
        BAD_INTEGERS,
      ];
    case "timeout":
      return [["0", "0.01", "1"], ["-1", "nan", "abc", "inf"]];
    case "count":
    case "limit":
    case "len":
    case "rank":
    case "num-matches":
    case "min-match-len":
      return [[...COUNTS, ...COUNTS, ...LARGE], BAD_INTEGERS];
    case "cursor":
      return [["0", "0", "0", "1", "18446744073709551615"], BAD_INTEGERS];
    case "index":
    case "start":
    case "stop":
    case "end":
      if (type === "string") return [[...SCORE_BOUNDS, ...LEX_BOUNDS, ...SMALL], BAD_SCORE_BOUNDS];
      return [[...SMALL, ...SMALL, ...LARGE], BAD_INTEGERS];
    case "min":
    case "max":
      return type === "string" && !/store/.test(command)
        ? [LEX_BOUNDS, BAD_LEX_BOUNDS]
        : type === "string"
        ? [[...LEX_BOUNDS, ...SCORE_BOUNDS, ...SMALL], BAD_LEX_BOUNDS]
        : [SCORE_BOUNDS, BAD_SCORE_BOUNDS];
    case "offset":
      if (purpose.group === "bitmap") {
        const marked = command.startsWith("bitfield") ? ["#0", "#1", "#2", "#100"] : [];
        return [[...BIT_OFFSETS, ...marked], [...LARGE, ...BAD_INTEGERS, "#", "#-1", "-1"]];
      }
      return [[...SMALL, "1000"], [...LARGE, ...BAD_INTEGERS]];
    case "bit":
      return [["0", "1"], ["2", "-1", ...BAD_INTEGERS]];
    case "encoding":
      return [
        ["u1", "u8", "i8", "i16", "u32", "i64", "u63", "i5"],
        ["u64", "i65", "u0", "i0", "x8", "8", ""],
      ];
    case "db":
    case "destination-db":
    case "index1":
    case "index2":
      return [["0", "1", "2", "15"], ["16", "-1", ...BAD_INTEGERS]];
    case "pattern":
      return [PATTERNS, []];
    case "by-pattern":
    case "get-pattern":
      return [SORT_PATTERNS, []];
    case "type":
      return [["string", "list", "set", "zset", "hash", "stream"], ["nothing", "", "STRING"]];
    case "longitude":
    case "latitude":
      return [COORDINATES, BAD_DOUBLES];
    case "radius":
    case "width":
    case "height":
      return [["0", "1", "100", "200.5", "5000", "1e7", "-1"], BAD_DOUBLES];
    case "serialized-value":
      return [purpose.payloads, ["", "abc", "\x00\x01a\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00"]];
    case "increment":
      // The largest take more digits than a packed hash has in a value.
      if (type === "double" && !hasHashTables) {
        return [DOUBLES.filter((text) => !/e308/.test(text)), BAD_DOUBLES];
      }
      break;
    case "value":
      if (purpose.group === "bitmap") return [["0", "1", "255", "-1", ...SMALL], BAD_INTEGERS];
  }
  switch (type) {
    case "integer":
      return [[...SMALL, ...SMALL, ...LARGE], BAD_INTEGERS];
    case "double":
      return [DOUBLES, BAD_DOUBLES];
    case "unix-time": {
      const instants = name.endsWith("milliseconds") ? INSTANTS_MS : INSTANTS;
      // A key that is given one is gone at once, or found to be so when it is next looked at.
      const mayBePast = purpose.isBrief || /^p?expireat$/.test(command);
      return [mayBePast ? [...instants, ...PAST_INSTANTS] : instants, BAD_INTEGERS];
    }
  }
  if (hasHashTables && random.below(4) === 0) return [LONG, []];
  if (hasHashTables && random.below(3) === 0) return [[`m${random.below(300)}`], []];
  return [MEMBERS, []];
}
