/**
 * Lua's operations on values of all types: what compiled code calls where its own fast path, for numbers
 * or tables without a metatable, does not apply.
 *
 * A metamethod is called on the native stack, like any function. Where it is suspended, the operation
 * leaves a frame with its rest (metamethod_frames.ts), whose answer is what the operation answers.
 */

import { builtin } from "./builtin.ts";
import { OperandFault } from "./fault.ts";
import { fail, LuaError } from "./lua_error.ts";
import { LuaFunction } from "./lua_function.ts";
import { LuaTable } from "./lua_table.ts";
import { type Machine, SUSPENSION } from "./machine.ts";
import {
  ConcatFrame,
  FirstFrame,
  type MetamethodFrame,
  NegationFrame,
  NothingFrame,
  TruthFrame,
} from "./metamethod_frames.ts";
import { type MetamethodName, metamethodOf } from "./metamethods.ts";
import { parseNumber } from "./number_parsing.ts";
import { formatNumber } from "./number_text.ts";
import { firstOf, isTruthy, type LuaValue, type Results, typeName } from "./value.ts";
import { Userdata } from "./userdata.ts";

/** How many `__index` or `__newindex` may lead to each other. */
const MAX_CHAIN = 100;

/**
 * The operations of one machine. Each throws a LuaError where the values have none such (an
 * {@linkcode OperandFault} where Lua would name the operand's variable), and SUSPENSION where a
 * metamethod is to wait: its frame then answers what the operation would have.
 */
export interface Operations {
  /** `object[key]`. */
  readonly index: (object: LuaValue, key: LuaValue) => LuaValue;
  /** `object[key] = value`. */
  readonly setIndex: (object: LuaValue, key: LuaValue, value: LuaValue) => void;
  readonly add: Binary;
  readonly subtract: Binary;
  readonly multiply: Binary;
  readonly divide: Binary;
  readonly modulo: Binary;
  readonly power: Binary;
  /** `-value`. */
  readonly negate: (value: LuaValue) => LuaValue;
  /** `a .. b .. c`, from right to left. The array is the operation's from here on. */
  readonly concat: (values: LuaValue[]) => LuaValue;
  /** `#value`. */
  readonly length: (value: LuaValue) => LuaValue;
  readonly equal: Comparison;
  readonly less: Comparison;
  readonly lessOrEqual: Comparison;
  /** Calls a value; leaves no frame, as the results are the callee's. */
  readonly callValue: (callee: LuaValue, args: readonly LuaValue[]) => Results;
  /**
   * A number that a `for` counts by, or a string that stands for one.
   *
   * @param what as the error names it
   */
  readonly forNumber: (value: LuaValue, what: "initial value" | "limit" | "step") => number;
  /** The operations as functions, for built-in functions that have them called. */
  readonly indexFunction: LuaFunction;
  readonly equalFunction: LuaFunction;
  readonly lessFunction: LuaFunction;
}

type Binary = (left: LuaValue, right: LuaValue) => LuaValue;
type Comparison = (left: LuaValue, right: LuaValue) => boolean;

/** The operations on the values of a machine. */
export function operationsOf(machine: Machine): Operations {
  const firstFrame = new FirstFrame(machine);
  const truthFrame = new TruthFrame(machine);
  const negationFrame = new NegationFrame(machine);
  const nothingFrame = new NothingFrame(machine);

  /** Calls a metamethod; `frame` is left where it is suspended. */
  function callMetamethod(
    method: LuaValue,
    left: LuaValue,
    right: LuaValue,
    frame: MetamethodFrame,
  ): Results {
    machine.enterBoundary(1);
    let results: Results;
    try {
      results = method instanceof LuaFunction
        ? method.code(method, left, right)
        : callUnnamed(method, [left, right]);
    } catch (thrown) {
      endMetamethod(thrown, frame);
      throw thrown;
    }
    machine.boundaries--;
    return results;
  }

  /** After something was thrown through a metamethod. */
  function endMetamethod(thrown: unknown, frame: MetamethodFrame): void {
    if (thrown === SUSPENSION) machine.leave(frame);
    else machine.boundaries--;
  }

  function callForFirst(method: LuaValue, left: LuaValue, right: LuaValue): LuaValue {
    return firstOf(callMetamethod(method, left, right, firstFrame));
  }

  function callForTruth(method: LuaValue, left: LuaValue, right: LuaValue): boolean {
    return isTruthy(firstOf(callMetamethod(method, left, right, truthFrame)));
  }

  /** Calls what comes from no variable that an error could name. */
  function callUnnamed(callee: LuaValue, args: readonly LuaValue[]): Results {
    if (metamethodOf(machine, callee, "__call") instanceof LuaFunction) {
      return callValue(callee, args);
    }
    fail(`attempt to call a ${typeName(callee)} value`);
  }

  function callValue(callee: LuaValue, args: readonly LuaValue[]): Results {
    if (callee instanceof LuaFunction) return callee.code(callee, ...args);
    const method = metamethodOf(machine, callee, "__call");
    if (method instanceof LuaFunction) return method.code(method, callee, ...args);
    throw new OperandFault("call", 0, typeName(callee));
  }

  function index(first: LuaValue, key: LuaValue): LuaValue {
    let object = first;
    for (let turn = 0; turn < MAX_CHAIN; turn++) {
      let method: LuaValue;
      if (object instanceof LuaTable) {
        const value = object.get(key);
        if (value !== undefined || object.metatable === undefined) return value;
        method = object.metatable.getString("__index");
        if (method === undefined) return undefined;
      } else {
        method = metamethodOf(machine, object, "__index");
        if (method === undefined) failToIndex(object, turn === 0);
      }
      if (method instanceof LuaFunction) return callForFirst(method, object, key);
      object = method;
    }
    fail("loop in gettable");
  }

  function setIndex(first: LuaValue, key: LuaValue, value: LuaValue): void {
    let object = first;
    for (let turn = 0; turn < MAX_CHAIN; turn++) {
      const method = metamethodOf(machine, object, "__newindex");
      if (object instanceof LuaTable) {
        // What cannot be set at all fails before the metamethod is asked.
        if (
          method === undefined || object.isReadonly || key === undefined || Number.isNaN(key) ||
          object.get(key) !== undefined
        ) return object.set(key, value);
      } else if (method === undefined) failToIndex(object, turn === 0);
      if (method instanceof LuaFunction) return callToSet(method, object, key, value);
      object = method;
    }
    fail("loop in settable");
  }

  function callToSet(
    method: LuaFunction,
    object: LuaValue,
    key: LuaValue,
    value: LuaValue,
  ): void {
    machine.enterBoundary(1);
    try {
      method.code(method, object, key, value);
    } catch (thrown) {
      endMetamethod(thrown, nothingFrame);
      throw thrown;
    }
    machine.boundaries--;
  }

  /** @param isOperand whether it is what the program indexed, not what a metatable led to */
  function failToIndex(object: LuaValue, isOperand: boolean): never {
    if (isOperand) throw new OperandFault("index", 0, typeName(object));
    fail(`attempt to index a ${typeName(object)} value`);
  }

  function arithmetic(name: MetamethodName, calculate: (a: number, b: number) => number): Binary {
    return (left, right) => {
      const a = toNumber(left);
      const b = toNumber(right);
      if (a !== undefined && b !== undefined) return calculate(a, b);
      const method = metamethodOf(machine, left, name) ?? metamethodOf(machine, right, name);
      if (method !== undefined) return callForFirst(method, left, right);
      const operand = a === undefined ? 0 : 1;
      throw new OperandFault(
        "perform arithmetic on",
        operand,
        typeName(operand === 0 ? left : right),
      );
    };
  }

  const negateBoth = arithmetic("__unm", (a) => -a);

  function concat(values: LuaValue[]): LuaValue {
    let right = values[values.length - 1];
    for (let at = values.length - 2; at >= 0; at--) {
      const left = values[at];
      if (isText(left) && isText(right)) {
        right = toText(left) + toText(right);
        continue;
      }
      const method = metamethodOf(machine, left, "__concat") ??
        metamethodOf(machine, right, "__concat");
      if (method === undefined) {
        const operand = isText(left) ? at + 1 : at;
        throw new OperandFault("concatenate", operand, typeName(operand === at ? left : right));
      }
      const frame = at === 0 ? firstFrame : new ConcatFrame(
        machine,
        (result) => concat([...values.slice(0, at), result]),
      );
      right = firstOf(callMetamethod(method, left, right, frame));
    }
    return right;
  }

  function length(value: LuaValue): LuaValue {
    if (value instanceof LuaTable || typeof value === "string") return value.length;
    const method = metamethodOf(machine, value, "__len");
    if (method === undefined) throw new OperandFault("get length of", 0, typeName(value));
    return callForFirst(method, value, undefined);
  }

  /** The metamethod for a comparison: both have to have the same. */
  function sharedMethod(left: LuaValue, right: LuaValue, name: MetamethodName): LuaValue {
    const method = metamethodOf(machine, left, name);
    return method === metamethodOf(machine, right, name) ? method : undefined;
  }

  function equal(left: LuaValue, right: LuaValue): boolean {
    if (left === right) return true;
    if (
      !(left instanceof LuaTable && right instanceof LuaTable) &&
      !(left instanceof Userdata && right instanceof Userdata)
    ) return false;
    const method = sharedMethod(left, right, "__eq");
    return method !== undefined && callForTruth(method, left, right);
  }

  function less(left: LuaValue, right: LuaValue): boolean {
    if (typeof left === "number" && typeof right === "number") return left < right;
    if (typeof left === "string" && typeof right === "string") return left < right;
    const method = methodForOrder(left, right, "__lt");
    if (method === undefined) failToCompare(left, right);
    return callForTruth(method, left, right);
  }

  function lessOrEqual(left: LuaValue, right: LuaValue): boolean {
    if (typeof left === "number" && typeof right === "number") return left <= right;
    if (typeof left === "string" && typeof right === "string") return left <= right;
    const method = methodForOrder(left, right, "__le");
    if (method !== undefined) return callForTruth(method, left, right);
    const converse = methodForOrder(right, left, "__lt");
    if (converse === undefined) failToCompare(left, right);
    return !isTruthy(firstOf(callMetamethod(converse, right, left, negationFrame)));
  }

  function methodForOrder(left: LuaValue, right: LuaValue, name: MetamethodName): LuaValue {
    return typeName(left) === typeName(right) ? sharedMethod(left, right, name) : undefined;
  }

  return {
    index,
    setIndex,
    add: arithmetic("__add", (a, b) => a + b),
    subtract: arithmetic("__sub", (a, b) => a - b),
    multiply: arithmetic("__mul", (a, b) => a * b),
    divide: arithmetic("__div", (a, b) => a / b),
    modulo: arithmetic("__mod", moduloOf),
    power: arithmetic("__pow", powerOf),
    negate: (value) => negateBoth(value, value),
    concat,
    length,
    equal,
    less,
    lessOrEqual,
    callValue,
    forNumber,
    indexFunction: builtin(index),
    equalFunction: builtin(equal),
    lessFunction: builtin(less),
  };
}

/** `a % b`: has the sign of the divisor, and is not a number for the divisor 0. */
export function moduloOf(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

/** `a ^ b`, as C's pow: 1 to any power is 1, and so is -1 to an infinite one. */
export function powerOf(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  return a ** b;
}

/** A number, or a text's that stands for one. */
export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" ? parseNumber(value) : undefined;
}

/** Whether a value is a string, or a number, which goes for one. */
export function isText(value: LuaValue): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** A string, or a number as text. */
export function toText(value: string | number): string {
  return typeof value === "string" ? value : formatNumber(value);
}

function forNumber(value: LuaValue, what: "initial value" | "limit" | "step"): number {
  return toNumber(value) ?? fail(`'for' ${what} must be a number`);
}

function failToCompare(left: LuaValue, right: LuaValue): never {
  const ofLeft = typeName(left);
  const ofRight = typeName(right);
  // Lua tells types apart by their third letter here: a string and a thread are "two string values".
  if (ofLeft[2] === ofRight[2]) throw new LuaError(`attempt to compare two ${ofLeft} values`, 1);
  throw new LuaError(`attempt to compare ${ofLeft} with ${ofRight}`, 1);
}
