/**
 * A model of the request decoder: what a whole input means, with strings and patterns. Characters
 * are bytes. It knows no pieces, no limits on lines, and nothing of speed.
 */

import type { ClientLimits, Decoded } from "./decoding.ts";

const PROTOCOL_ERROR = "ERR Protocol error: ";

/** What a decoder says of the input that gets it at once. */
export function modelDecode(input: string, limits: ClientLimits): Decoded {
  const isNative = input.length >= 4 ? input[3] < "\t" : undefined;
  const isLine = /[!-~][^\n]*\n/.test(input.slice(0, 3));
  if (isNative === undefined && !isLine) {
    return { requests: [], error: "", left: input.length, protocol: "unknown" };
  }
  const requests: string[][] = [];
  let left = input;
  let error = "";
  while (left !== "") {
    const step = isNative
      ? nativeStep(left, limits)
      : left.startsWith("*")
      ? arrayStep(left, limits)
      : lineStep(left, limits);
    if (step === undefined) break;
    if (typeof step === "string") {
      error = PROTOCOL_ERROR + step;
      break;
    }
    if (step.words.length > 0) requests.push(step.words);
    left = left.slice(step.bytes);
  }
  return { requests, error, left: left.length, protocol: isNative ? "native" : "resp" };
}

/** A request and its length, or a problem, or undefined where more bytes are needed. */
type Step = { words: string[]; bytes: number } | string | undefined;

function arrayStep(input: string, limits: ClientLimits): Step {
  const head = /^\*([^\r]*)\r[^]/.exec(input);
  if (head === null) return undefined;
  const count = integerOf(head[1]);
  if (count === undefined || count > limits.maxMultibulk) return "invalid multibulk length";
  if (count > 10 && !limits.authenticated) return "unauthenticated multibulk length";
  const words: string[] = [];
  let at = head[0].length;
  while (words.length < count) {
    const line = /^([^\r]*)\r[^]/.exec(input.slice(at));
    if (line === null) return undefined;
    if (input[at] !== "$") return `expected '$', got '${input[at]}'`;
    const length = integerOf(line[1].slice(1));
    if (length === undefined || length < 0 || length > limits.maxBulkBytes) {
      return "invalid bulk length";
    }
    if (length > 16_384 && !limits.authenticated) return "unauthenticated bulk length";
    const start = at + line[0].length;
    at = start + Number(length) + 2;
    if (at > input.length) return undefined;
    words.push(input.slice(start, at - 2));
  }
  return { words, bytes: at };
}

function lineStep(input: string, limits: ClientLimits): Step {
  const end = input.indexOf("\n");
  if (end === -1) return undefined;
  const words = wordsOf(input.slice(0, end).replace(/\r$/, ""));
  if (typeof words === "string") return words;
  if (words.length > limits.maxMultibulk) return "too many arguments";
  return { words, bytes: end + 1 };
}

function nativeStep(input: string, limits: ClientLimits): Step {
  if (input.length < 4) return undefined;
  const length = uint32Of(input);
  if (length > 64 * 1024 * 1024) return "invalid frame length";
  if (!limits.authenticated && length > 4 + 10 * (4 + 16_384)) {
    return "unauthenticated frame length";
  }
  if (input.length < 4 + length) return undefined;
  const payload = input.slice(4, 4 + length);
  const words = length >= 4 && uint32Of(payload) <= 1024 * 1024
    ? vectorOf(payload, limits)
    : wordsOf(payload);
  if (typeof words === "string") return words;
  return { words, bytes: 4 + length };
}

function vectorOf(payload: string, limits: ClientLimits): string[] | string {
  const count = uint32Of(payload);
  let rest = payload.slice(4);
  if (count * 4 > rest.length) return "invalid argument count";
  if (count > 10 && !limits.authenticated) return "unauthenticated argument count";
  const words: string[] = [];
  while (words.length < count) {
    const length = rest.length < 4 ? Infinity : uint32Of(rest);
    if (length > rest.length - 4 || (limits.authenticated && length > limits.maxBulkBytes)) {
      return "invalid argument length";
    }
    if (length > 16_384 && !limits.authenticated) return "unauthenticated argument length";
    words.push(rest.slice(4, 4 + length));
    rest = rest.slice(4 + length);
  }
  return rest === "" ? words : "bytes after the last argument";
}

/** The words of a line, or the problem with it. */
function wordsOf(line: string): string[] | string {
  const quoted = String.raw`"((?:\\[^]|[^"\\])*)"|'((?:\\'|\\(?!')|[^'\\])*)'`;
  const word = new RegExp(String.raw`^[ \t-\r]*([^ \t\n\r"']*)(?:${quoted})?`);
  const words: string[] = [];
  let rest = line.replace(/^[ \t-\r]+/, "");
  while (rest !== "") {
    const [all, plain, double, single] = word.exec(rest)!;
    rest = rest.slice(all.length);
    const closed = double ?? single;
    if (closed === undefined && /^["']/.test(rest)) return "unbalanced quotes in request";
    if (closed !== undefined && /^[^ \t-\r]/.test(rest)) return "unbalanced quotes in request";
    words.push(
      plain + (double !== undefined ? unescaped(double) : (single ?? "").replace(/\\'/g, "'")),
    );
    rest = rest.replace(/^[ \t-\r]+/, "");
  }
  return words;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|([^]))/g,
    (_, hex, letter) =>
      hex === undefined ? ESCAPES[letter] ?? letter : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** A whole number of 64 bits, in the one form that is allowed. */
function integerOf(text: string): bigint | undefined {
  if (!/^(0|-?[1-9][0-9]*)$/.test(text)) return undefined;
  const value = BigInt(text);
  return value === BigInt.asIntN(64, value) ? value : undefined;
}

function uint32Of(text: string): number {
  return [3, 2, 1, 0].reduce((value, i) => value * 256 + text.charCodeAt(i), 0);
}
