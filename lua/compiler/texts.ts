/**
 * The JavaScript of operations: inline where the operands are numbers, strings or tables without a
 * metatable, as most are, and a call of the runtime's operation for all others.
 */

import type { BinaryOperator } from "../syntax/ast.ts";
import type { Operand } from "./operand.ts";

/** Texts from this length on are charged where they are compared or looked for. */
const LONG = 65_536;

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

/**
 * `object[key]`. A field with a constant name is looked for where the same place of the program has
 * found it last, `hint` in the entries of the table: see LuaTable.
 *
 * @param hint the variable of that place
 */
export function indexText(object: Operand, key: Operand, hint: () => string): string {
  const of = objectText(object);
  const { text } = key;
  if (key.type === "string" && key.constant !== undefined) {
    const h = hint();
    return `${of} instanceof T&&${of}.entries[${h}]===${text}&&` +
      `(x=${of}.entries[${h}+1])!==undefined?x:(x=field(${of},${text}),${h}=site.hint,x)`;
  }
  if (key.type === "number") {
    return `${of} instanceof T&&(x=${of}.elements[${
      elementText(key)
    }])!==undefined?x:index(${of},${text})`;
  }
  const found = key.constant === undefined
    ? `(x=typeof ${text}==="number"?${of}.elements[${text}-1]:${of}.get(${keyText(text)}))`
    : `(x=${of}.get(${text}))`;
  return `${of} instanceof T&&${found}!==undefined?x:index(${of},${text})`;
}

/** `object[key] = value`: a value that is there already is replaced at once, and asks no metatable. */
export function setIndexText(
  object: Operand,
  key: Operand,
  value: Operand,
  hint: () => string,
): string {
  const of = objectText(object);
  const { text } = key;
  const isThere = value.constant === undefined && value.type === undefined
    ? `&&${value.text}!==undefined`
    : "";
  const slow = `setIndex(${of},${key.constant === undefined ? keyText(text) : text},${value.text})`;
  if (value.type === "nil" || (key.constant !== undefined && key.type === "boolean")) return slow;
  const guard = `${of} instanceof T&&!${of}.isReadonly${isThere}`;
  if (key.type === "string" && key.constant !== undefined) {
    const h = hint();
    return `${guard}&&${of}.entries[${h}]===${text}&&${of}.entries[${h}+1]!==undefined?` +
      `${of}.entries[${h}+1]=${value.text}:(setField(${of},${text},${value.text}),${h}=site.hint)`;
  }
  const isNumber = key.type === "number" ? "" : `&&typeof ${text}==="number"`;
  const at = elementText(key);
  return `${guard}${isNumber}&&${of}.elements[${at}]!==undefined?` +
    `${of}.elements[${at}]=${value.text}:${slow}`;
}

/** A key that may be a long text, which costs whoever looks for it. */
function keyText(key: string): string {
  return `typeof ${key}==="string"&&${key}.length>${LONG}?long(${key}):${key}`;
}

/** Where an element is in the array part. */
function elementText({ text, constant }: Operand): string {
  return typeof constant?.value === "number" ? String(constant.value - 1) : `${text}-1`;
}

/** JavaScript does not take `5.length`. */
function objectText({ text, type }: Operand): string {
  return type === "number" ? `(${text})` : text;
}

/** `-operand`. */
export function negationText(operand: string): string {
  return `typeof ${operand}==="number"?-${operand}:negate(${operand})`;
}

/** `#operand`. */
export function lengthText(operand: Operand): string {
  const of = objectText(operand);
  return `${of} instanceof T||typeof ${of}==="string"?${of}.length:length(${of})`;
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
  const ofTexts = `${left.text}.length<${LONG}?${identical}:sameText(${left.text},${right.text})`;
  return {
    text: `typeof ${left.text}==="string"?${ofTexts}:${identical}||${slow}`,
    isSafe: false,
  };
}

function hasIdentity({ type }: Operand): boolean {
  return type !== undefined && type !== "table";
}
