/**
 * What Lua's own compiler would have used of a function's registers and constants at the place where the
 * parser is. Ravel has no registers; but Lua refuses what does not fit into its 250, and three things
 * that scripts see come from there: where the instruction of an expression is put, which is its line in
 * errors; which constants share a place (`0` and `-0`); and which keys have names in errors.
 *
 * ```
 * registers   [ a  b  c | table  key | ]        a.b + t[k()]
 *               active    held       free       ▲     ▲ the operand: INDEXED, holds two
 *                                               └ put aside while the next is read
 * ```
 *
 * The expression that was read last is *the operand*. Lua makes the instruction for it as late as it can,
 * when it is known what becomes of it, so an operand is in one of the forms below until one of the `to…`
 * methods moves it on. Two of those are all that Lua does with values: into the next register, or to
 * where an instruction can use it, a register or a constant.
 *
 * Source of the rules: the manual does not have them; they were found by reading and trying Lua 5.1.5.
 */

import { LuaError } from "../runtime/lua_error.ts";
import type { FunctionNode, LocalVariable } from "./ast.ts";
import type { Lexer } from "./lexer.ts";

/** nil or false. */
export const FALSY = 0;
/** true or a string. */
export const TRUTHY = 1;
export const NUMBER = 2;
/** A local variable's name, which can be assigned to. */
export const LOCAL = 3;
/** A global's or an upvalue's. */
export const NAMED = 4;
/** An element of a table, which holds registers of the table and of the key. */
export const INDEXED = 5;
/** A call, whose results begin where the function was. */
export const CALLED = 6;
/** `...`. */
export const VARARG = 7;
/** An instruction that was made and may write to any register. */
export const FLOATING = 8;
/** The same, a concatenation: takes up a further operand at its left. */
export const JOINED = 9;
/** The outcome of a comparison: a jump. */
export const COMPARED = 10;
/** `not` of something in a register, which a test looks at itself. */
const INVERTED = 11;
/** In a register. */
export const HELD = 12;

/** Ways out of `or` and `and` that carry a value, or none. */
const TRUE_EXITS = 1;
const FALSE_EXITS = 2;

const MAX_REGISTERS = 250;
const MAX_VARIABLES = 200;
const MAX_UPVALUES = 60;
/** Constants that an instruction can name. */
const NAMEABLE_CONSTANTS = 256;
const MAX_CONSTANTS = 2 ** 18 - 1;
const MAX_FUNCTIONS = 2 ** 18 - 1;
const MAX_DECLARATIONS = 2 ** 15 - 1;
const MAX_JUMP = 2 ** 17 - 1;

/** A node whose fields are still to be filled. */
export type Building<T> = { -readonly [K in keyof T]: T[K] };

/** What is told its line, or its zero, when the operand's instruction is made. */
export interface Pending {
  line: number;
  value?: unknown;
}

export class FunctionState {
  readonly node: Building<FunctionNode>;
  readonly outer: FunctionState | undefined;
  readonly upvalues: LocalVariable[] = [];
  /** Variables so far. */
  variables = 0;
  /** Variables in scope. They have the first registers. */
  active = 0;
  /** The first free register. */
  free = 0;
  /** Loops around the statement at hand. */
  loops = 0;
  /** Instructions so far: no more than Lua makes, and a little less where it makes them for jumps. */
  instructions = 0;
  form = FALSY;
  /** Registers that the operand holds for the time being. */
  held = 0;
  /** TRUE_EXITS and FALSE_EXITS of the operand. */
  exits = 0;
  pending: Pending;
  readonly #lexer: Lexer;
  #declarations = 0;
  #functions = 0;
  /** The first constants as they come, with repetitions. */
  readonly #recent: unknown[] = [];
  /** The place of each constant, where they are many. */
  #places: Map<unknown, number> | undefined;
  /** 0 or -0, whichever came first. Lua takes them for one constant. */
  #zero: number | undefined;

  constructor(lexer: Lexer, node: Building<FunctionNode>, outer: FunctionState | undefined) {
    this.#lexer = lexer;
    this.node = node;
    this.outer = outer;
    this.pending = node;
  }

  /** A new operand. */
  set(form: number, pending: Pending): void {
    this.form = form;
    this.held = 0;
    this.exits = 0;
    this.pending = pending;
  }

  // Variables

  /** Counts a declaration that will be the `ahead`-th from here on to become active. */
  declare(ahead: number): void {
    if (this.active + ahead > MAX_VARIABLES) this.failLimit(MAX_VARIABLES, "local variables");
    if (++this.#declarations > MAX_DECLARATIONS) throw new LuaError("too many local variables", 0);
  }

  /** Counts a variable of an outer function among the upvalues. O(upvalues), 60 at most. */
  capture(variable: LocalVariable): void {
    const { upvalues } = this;
    if (upvalues.includes(variable)) return;
    if (this.outer !== undefined && variable.owner !== this.outer.node) {
      this.outer.capture(variable);
    }
    if (upvalues.length === MAX_UPVALUES) this.failLimit(MAX_UPVALUES, "upvalues");
    upvalues.push(variable);
  }

  failLimit(limit: number, what: string): never {
    const { line } = this.node;
    const where = line === 0 ? "main function" : `function at line ${line}`;
    this.#lexer.fail(`${where} has more than ${limit} ${what}`);
  }

  /** Counts a function within this one, which becomes the operand. */
  addFunction(upvalues: number, pending: Pending): void {
    if (++this.#functions > MAX_FUNCTIONS) throw new LuaError("constant table overflow", 0);
    this.instructions += 1 + upvalues;
    this.set(FLOATING, pending);
  }

  /** Fails where a jump over the instructions since `start` is too long for Lua. */
  checkJump(start: number): void {
    if (this.instructions - start > MAX_JUMP) this.#lexer.failNear("control structure too long");
  }

  // Registers

  /** Fails where `count` more registers would be too many. */
  check(count: number): void {
    if (this.free + count >= MAX_REGISTERS) {
      this.#lexer.failNear("function or expression too complex");
    }
  }

  reserve(count: number): void {
    this.check(count);
    this.free += count;
  }

  /** Frees what the operand holds. */
  release(): void {
    this.free -= this.held;
    this.held = 0;
  }

  // Constants

  /** Whether a further constant is one that instructions can name. */
  #hasRoom(): boolean {
    if (this.#recent.length < NAMEABLE_CONSTANTS) return true;
    return this.#countConstants().size < NAMEABLE_CONSTANTS;
  }

  /** Counts a constant, and tells whether instructions can name it. O(1). */
  addConstant(value: unknown): boolean {
    if (this.#recent.length < NAMEABLE_CONSTANTS) {
      this.#recent.push(value);
      return true;
    }
    const places = this.#countConstants();
    const place = places.get(value);
    if (place !== undefined) return place < NAMEABLE_CONSTANTS;
    if (places.size === MAX_CONSTANTS) throw new LuaError("constant table overflow", 0);
    places.set(value, places.size);
    return places.size <= NAMEABLE_CONSTANTS;
  }

  #countConstants(): Map<unknown, number> {
    if (this.#places === undefined) {
      const places = this.#places = new Map();
      for (const value of this.#recent) if (!places.has(value)) places.set(value, places.size);
    }
    return this.#places;
  }

  #addNumber(node: Pending): void {
    if (node.value === 0) node.value = this.#zero ??= node.value as number;
    this.addConstant(node.value);
  }

  // The operand

  /** Makes the instruction that gets the operand, where it has none yet. */
  settle(): void {
    switch (this.form) {
      case INDEXED:
      case NAMED:
        this.release();
        this.pending.line = this.#lexer.lastLine;
        this.instructions++;
        this.form = FLOATING;
        break;
      case LOCAL:
      case CALLED:
        this.form = HELD;
        break;
      case VARARG:
        this.form = FLOATING;
        break;
    }
  }

  /** The operand is put into a register; the exits lead there too. */
  #load(): void {
    const { form } = this;
    if (form === NUMBER) this.#addNumber(this.pending);
    // A local variable is copied; what is in a register of its own is where it has to be.
    if (form <= NUMBER || (form === HELD && this.held === 0)) this.instructions++;
    else if (form === COMPARED) this.instructions += 2;
    else if (form === INVERTED) this.instructions++;
    this.form = HELD;
    this.exits = 0;
  }

  toNextRegister(): void {
    this.settle();
    this.reserve(1 - this.held);
    this.#load();
    this.held = 1;
  }

  /** Into a local variable. */
  toVariable(): void {
    this.settle();
    if (this.form === HELD) this.instructions++;
    else this.#load();
    this.release();
  }

  toAnyRegister(): void {
    this.settle();
    if (this.form !== HELD) return this.toNextRegister();
    if (this.exits === 0) return;
    if (this.held === 1) this.#load();
    else this.toNextRegister();
  }

  /** The operand's value is there, though it may have no register yet. */
  toValue(): void {
    if (this.exits === 0) this.settle();
    else this.toAnyRegister();
  }

  /** To where an instruction can use it: a register, or a constant that it can name. */
  toUsable(): void {
    this.toValue();
    const { form, pending } = this;
    if (form > NUMBER) return this.toAnyRegister();
    if (form === TRUTHY && typeof pending.value === "string") {
      if (!this.addConstant(pending.value)) this.toAnyRegister();
    } else if (!this.#hasRoom()) this.toAnyRegister();
    else if (form === NUMBER) this.#addNumber(pending);
    else this.addConstant(pending.value);
    // No number that could be reckoned with any longer.
    if (this.form === NUMBER) this.form = TRUTHY;
  }

  /** A number that was put aside to be reckoned with, and was not, is used now. */
  useNumber(node: Pending): void {
    if (!this.#hasRoom()) this.check(1);
    this.#addNumber(node);
  }

  /** Jumps by the operand's value. */
  #test(): void {
    if (this.form === COMPARED) return;
    if (this.form !== HELD && this.form !== INVERTED) {
      this.reserve(1);
      this.#load();
      this.held = 1;
    }
    this.release();
    this.instructions += 2;
  }

  /** The operand is the left one of `and`. @returns the exits it has then */
  beginAnd(): number {
    this.settle();
    if (this.form === TRUTHY || this.form === NUMBER) return this.exits & FALSE_EXITS;
    this.#test();
    return FALSE_EXITS;
  }

  /** The operand is the left one of `or`. @returns the exits it has then */
  beginOr(): number {
    this.settle();
    if (this.form === FALSY) return this.exits & TRUE_EXITS;
    this.#test();
    return TRUE_EXITS;
  }

  /** The operand is the right one of `and` or `or`, whose left one had these exits. */
  endLogical(exits: number): void {
    this.settle();
    this.exits |= exits;
  }

  /** `not` of the operand. */
  invert(): void {
    this.settle();
    const { form, exits } = this;
    if (form <= NUMBER) {
      this.pending = { line: 0, value: form === FALSY };
      this.form = form === FALSY ? TRUTHY : FALSY;
    } else if (form !== COMPARED) {
      if (form === HELD) this.release();
      else this.check(1);
      this.form = INVERTED;
    }
    this.exits = ((exits & TRUE_EXITS) << 1) | ((exits & FALSE_EXITS) >> 1);
  }
}
