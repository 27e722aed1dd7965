/** Kinds of values that one setting alone has, each with a form of its own. */

import { bytesOfByteString, type ByteString } from "../../structures/bytes/byte_string.ts";
import { parseDouble } from "../../structures/numbers/double_text.ts";
import { parseEventMask, printEventMask } from "../events/event_mask.ts";
import { intOf, inUnits, parseMemorySize, printWhole } from "./number_types.ts";
import type { OutputBufferLimit, OutputBufferLimits } from "./settings.ts";
import {
  inQuotes,
  InvalidValueError,
  singleWord,
  upToNul,
  type ValueType,
  wholeOf,
} from "./value_type.ts";

/** Whether the words are the one empty text that stands for no words at all. */
function isNothing(words: readonly ByteString[]): boolean {
  return words.length === 0 || (words.length === 1 && upToNul(words[0]) === "");
}

/** Pairs of (seconds, changes), as the directive `save` has them; empty turns snapshots off. */
export const snapshotPoints: ValueType<readonly ByteString[]> = {
  form: '"" | seconds changes …',
  multipleWords: true,
  cutsAtSpaces: true,
  parse(words, previous, again) {
    if (words.length === 1 && isNothing(words)) return { value: [], text: "" };
    const points: ByteString[] = [];
    for (let i = 0; i < words.length; i += 2) {
      const seconds = wholeOf(words[i]);
      const changes = i + 1 < words.length ? wholeOf(words[i + 1]) : undefined;
      if (seconds === undefined || changes === undefined || seconds < 1n || changes < 0n) {
        throw new InvalidValueError("Invalid save parameters");
      }
      points.push(`${seconds} ${BigInt.asIntN(32, changes)}`);
    }
    // A file has a line for each point; one without words adds nothing.
    const value = again ? [...previous, ...points] : points;
    return { value, text: value.join(" ") };
  },
  print: (value) => value.join(" "),
  fileLines({ value }) {
    if (value.length === 0) return [{ words: '""', added: true }];
    return value.map((words) => ({ words, added: true }));
  },
};

const CLIENT_CLASSES: ReadonlyMap<string, keyof OutputBufferLimits> = new Map([
  ["normal", "normal"],
  ["slave", "replica"],
  ["replica", "replica"],
  ["pubsub", "pubsub"],
]);

const CLASS_NAMES = ["normal", "replica", "pubsub"] as const;

/** Quadruples of (class, hard bytes, soft bytes, soft seconds); classes not named stay as they are. */
export const outputBufferLimits: ValueType<OutputBufferLimits> = {
  form: "normal|replica|pubsub hard-bytes soft-bytes soft-seconds …",
  multipleWords: true,
  cutsAtSpaces: true,
  parse(words, previous) {
    if (words.length % 4 !== 0) {
      throw new InvalidValueError("Wrong number of arguments in buffer limit configuration.");
    }
    const value: Record<keyof OutputBufferLimits, OutputBufferLimit> = { ...previous };
    for (let i = 0; i < words.length; i += 4) {
      const clientClass = CLIENT_CLASSES.get(upToNul(words[i]).toLowerCase());
      if (clientClass === undefined) {
        throw new InvalidValueError(
          "Invalid client class specified in buffer limit configuration.",
        );
      }
      const hardBytes = parseMemorySize(words[i + 1]);
      const softBytes = parseMemorySize(words[i + 2]);
      const softSeconds = intOf(words[i + 3]);
      if (
        hardBytes === undefined || softBytes === undefined || softSeconds === undefined ||
        softSeconds < 0
      ) {
        throw new InvalidValueError(
          "Error in hard, soft or soft_seconds setting in buffer limit configuration.",
        );
      }
      value[clientClass] = {
        hardBytes: Number(hardBytes),
        softBytes: Number(softBytes),
        softSeconds,
      };
    }
    return { value, text: this.print(value) };
  },
  print(value) {
    return `normal ${printLimit(value.normal)} slave ${printLimit(value.replica)} ` +
      `pubsub ${printLimit(value.pubsub)}`;
  },
  fileLines({ value }, initial) {
    return CLASS_NAMES.map((name) => {
      const { hardBytes, softBytes, softSeconds } = value[name];
      return {
        words: `${name} ${inUnits(printWhole(hardBytes))} ${inUnits(printWhole(softBytes))} ` +
          softSeconds,
        added: printLimit(value[name]) !== printLimit(initial[name]),
      };
    });
  },
};

function printLimit(limit: OutputBufferLimit): string {
  return `${printWhole(limit.hardBytes)} ${printWhole(limit.softBytes)} ${limit.softSeconds}`;
}

/** Letters, one for each class of keyspace events and each way to send them. */
export const keyspaceEvents: ValueType<number> = singleWord(
  "letters of KEg$lshzxetdmnA",
  (word) => {
    const value = parseEventMask(upToNul(word));
    if (value === undefined) {
      throw new InvalidValueError(
        "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.",
      );
    }
    return { value, text: printEventMask(value) };
  },
  printEventMask,
  inQuotes,
);

/** Three numbers for the system's killer of processes: of a primary, a replica, a child. */
export const oomScores: ValueType<ByteString> = {
  form: "primary replica child",
  multipleWords: true,
  cutsAtSpaces: true,
  parse(words) {
    if (words.length !== 3) throw new InvalidValueError("wrong number of arguments");
    const scores = words.map(wholeOf);
    if (scores.some((score) => score === undefined || score < -2000n || score > 2000n)) {
      throw new InvalidValueError(
        "Invalid oom-score-adj-values, elements must be between -2000 and 2000.",
      );
    }
    return { value: scores.join(" "), text: scores.join(" ") };
  },
  print: (value) => value,
  fileLines: ({ text }, initial) => [{ words: text, added: text !== initial }],
};

/** Percentiles from 0 to 100, shown with at most six decimals. */
export const percentiles: ValueType<readonly number[]> = {
  form: '"" | percentile …',
  multipleWords: true,
  cutsAtSpaces: true,
  parse(words) {
    const value = isNothing(words) ? [] : words.map((word) => {
      const percentile = parseDouble(bytesOfByteString(word), 0, word.length);
      if (Number.isNaN(percentile)) {
        throw new InvalidValueError("Invalid latency-tracking-info-percentiles parameters");
      }
      if (percentile > 100 || percentile < 0) {
        throw new InvalidValueError(
          "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]",
        );
      }
      return percentile;
    });
    return { value, text: this.print(value) };
  },
  print: (value) =>
    value.map((percentile) =>
      (Object.is(percentile, -0) ? "-" : "") + percentile.toFixed(6).replace(/\.?0+$/, "")
    ).join(" "),
  fileLines: ({ text }) => [{ words: text === "" ? '""' : text, added: true }],
};

/** The address of a primary, or none at all, which is `no one`. */
export const primaryAddress: ValueType<ByteString> = {
  form: "no one | host port",
  multipleWords: true,
  cutsAtSpaces: true,
  parse(words) {
    if (words.length !== 2) throw new InvalidValueError("wrong number of arguments");
    const [host, port] = words.map(upToNul);
    if (host.toLowerCase() === "no" && port.toLowerCase() === "one") return { value: "", text: "" };
    const number = intOf(port);
    if (number === undefined || number < 0 || number > 65535) {
      throw new InvalidValueError("Invalid master port");
    }
    return { value: `${host} ${number}`, text: `${host} ${number}` };
  },
  print: (value) => value,
  fileLines: ({ text }) => text === "" ? [] : [{ words: text, added: true }],
};

/** What the name of a file must not have, with the word that Redis's message has for the rest. */
export function baseName(
  setting: string,
  rest: "filename" | "dirname",
  mayBeEmpty = false,
): (text: ByteString) => string | undefined {
  return (text) => {
    if (text === "" && !mayBeEmpty) return `${setting} can't be empty`;
    if (/[/\\]/.test(text)) return `${setting} can't be a path, just a ${rest}`;
    return undefined;
  };
}

export function hostName(text: ByteString): string | undefined {
  if (text.length >= 256) return "Hostnames must be less than 256 characters";
  if (/[^A-Za-z0-9.-]/.test(text)) {
    return "Hostnames may only contain alphanumeric characters, hyphens or dots";
  }
  return undefined;
}

export function nodeName(_: ByteString, whole: ByteString): string | undefined {
  if (!/[!#$%&()*+:;<>?@[\]^{|}~\0]/.test(whole)) return undefined;
  return "Announced human node name contained invalid character";
}

/** The variables of a process title that are never empty, and those that may be. */
const TITLE_VARIABLES: ReadonlyMap<string, string> = new Map([
  ["title", ""],
  ["listen-addr", "x"],
  ["server-mode", ""],
  ["config-file", "x"],
  ["port", "x"],
  ["tls-port", "x"],
  ["unixsocket", ""],
]);

/** A template has known variables only, closed braces, and something left when they are filled in. */
export function titleTemplate(template: ByteString): string | undefined {
  const invalid = "template format is invalid or contains unknown variables";
  let unknown = false;
  const filled = template.replace(/\{(\{|[^}]*\}?)/g, (_, name: string) => {
    if (name === "{") return name;
    const value = name.endsWith("}") ? TITLE_VARIABLES.get(name.slice(0, -1)) : undefined;
    if (value === undefined) unknown = true;
    return value ?? "";
  });
  return unknown || /^ *$/.test(filled) ? invalid : undefined;
}
