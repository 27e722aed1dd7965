/**
 * The JavaScript of operations: inline where the operands are numbers, strings or tables without a
 * metatable, as most are, and a call of the runtime's operation for all others.
 */

import type { BinaryOperator } from "../syntax/ast.ts";
import type { Operand } from "./operand.ts";

/** The runtime's operations by their operators. */
const OPERATIONS: Partial<Record<BinaryOperator, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
  "^": "power",
};

/** A piece of JavaScript; where it `isSafe`, it neither fails nor calls. */
interface Text {
  readonly text: string;
  readonly isSafe: boolean;
}

/** `object[key]`. */
export function indexText(object: string, key: string): string {
  return `${object} instanceof T&&((x=${object}.get(${key}))!==undefined||` +
    `${object}.metatable===undefined)?x:index(${object},${key})`;
}

/** `object[key] = value`. */
export function setIndexText(object: string, key: string, value: string): string {
  return `${object} instanceof T&&${object}.metatable===undefined?` +
    `${object}.set(${key},${value}):setIndex(${object},${key},${value})`;
}

/** `-operand`. */
export function negationText(operand: string): string {
  return `typeof ${operand}==="number"?-${operand}:negate(${operand})`;
}

/** `#operand`. */
export function lengthText(operand: string): string {
  return `${operand} instanceof T||typeof ${operand}==="string"?${operand}.length:length(${operand})`;
}

/** `left operator right`. */
export function arithmeticText(operator: BinaryOperator, left: Operand, right: Operand): Text {
  const a = left.text;
  const b = right.text;
  const guard = [left, right]
    .filter(({ type }) => type !== "number")
    .map(({ text }) => `typeof ${text}==="number"`);
  const slow = `${OPERATIONS[operator]}(${a},${b})`;
  const fast = numberText(operator, a, b, right);
  // A constant of another type fails, or is a string that stands for a number.
  if (guard.length > 0 && [left, right].some(isNoNumber)) return { text: slow, isSafe: false };
  if (guard.length === 0) return { text: fast, isSafe: true };
  return { text: `${[...new Set(guard)].join("&&")}?${fast}:${slow}`, isSafe: false };
}

function isNoNumber({ type }: Operand): boolean {
  return type !== undefined && type !== "number";
}

function numberText(operator: BinaryOperator, a: string, b: string, right: Operand): string {
  if (operator === "^") return `powerOf(${a},${b})`;
  if (operator !== "%") return `${a}${operator}${b}`;
  const divisor = right.constant?.value;
  // JavaScript's remainder is the same where both are whole and not negative; + 0 is for -0.
  if (typeof divisor === "number" && divisor > 0 && Number.isInteger(divisor)) {
    return `(${a}>>>0===${a}?${a}%${b}+0:moduloOf(${a},${b}))`;
  }
  return `moduloOf(${a},${b})`;
}

/** `left operator right`, or where it `isNegated` the opposite of that. */
export function comparisonText(
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
): Text & { readonly isNegated: boolean } {
  if (operator === "==" || operator === "~=") {
    return { ...equalityText(left, right), isNegated: operator === "~=" };
  }
  // `a > b` is `b < a`, to a metamethod too.
  const isSwapped = operator === ">" || operator === ">=";
  const [a, b] = isSwapped ? [right, left] : [left, right];
  const isStrict = operator === "<" || operator === ">";
  const fast = `${a.text}${isStrict ? "<" : "<="}${b.text}`;
  const slow = `${isStrict ? "less" : "lessOrEqual"}(${a.text},${b.text})`;
  const guard = [a, b]
    .filter(({ type }) => type !== "number")
    .map(({ text }) => `typeof ${text}==="number"`);
  if (guard.length === 0) return { text: fast, isSafe: true, isNegated: false };
  if ([a, b].some(isNoNumber)) return { text: slow, isSafe: false, isNegated: false };
  return { text: `${guard.join("&&")}?${fast}:${slow}`, isSafe: false, isNegated: false };
}

function equalityText(left: Operand, right: Operand): Text {
  const identical = `${left.text}===${right.text}`;
  // Only tables and userdata are asked for their metamethod.
  if (hasIdentity(left) || hasIdentity(right)) return { text: identical, isSafe: true };
  const slow = `typeof ${left.text}==="object"&&equal(${left.text},${right.text})`;
  return { text: `${identical}||${slow}`, isSafe: false };
}

function hasIdentity({ type }: Operand): boolean {
  return type !== undefined && type !== "table";
}
