/**
 * Compiles chunks: parses, lowers, writes JavaScript, and has V8 make functions of it.
 *
 * ```
 * source ─▶ syntax ─▶ nodes ─▶ "const {M,F,…}=R,{0:p0,1:p1}=P,…;
 *                               function f0(self, ...va) {…}
 *                               function f1(self, r0) {…}
 *                               return [f0,f1]"                 ─▶ LuaFunction of f0
 * ```
 *
 * The text is made of numbers and of escaped literals only: nothing of the source gets into it as it is.
 */

import type { ResumableCode, Unwind } from "../runtime/compiled_frame.ts";
import { unwindOf } from "../runtime/compiled_frame.ts";
import { type Code, LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import { moduloOf, type Operations, powerOf } from "../runtime/operations.ts";
import { allOf, NOTHING } from "../runtime/value.ts";
import { displayName, POSITION_NAME_SIZE } from "../syntax/chunk_name.ts";
import type { FunctionNode } from "../syntax/ast.ts";
import { parseChunk } from "../syntax/parser.ts";
import { RUNTIME_NAMES } from "./function_text.ts";
import type { LoweredFunction } from "./ir.ts";
import { lowerChunk, type LoweredChunk } from "./lower.ts";
import { plainForm } from "./plain_form.ts";
import { type ChunkOrigin, Prototype } from "./prototype.ts";
import { resumableForm } from "./resumable_form.ts";
import { fieldOf, setFieldOf, site } from "./fields.ts";
import { argumentTable, callableOf, holds, longOf, putItems, sameTextOf } from "./support.ts";

/** The functions that loops over tables iterate by. */
export interface Iterators {
  readonly next: LuaFunction;
  readonly nextOfPairs: LuaFunction;
  readonly nextOfSequence: LuaFunction;
}

/** How a chunk is to be compiled. */
export interface CompileOptions {
  /** Where its globals are. */
  readonly env: LuaTable;
  /**
   * Globals that are known never to change, nor the fields of the tables among them; they are bound as
   * constants where the source mentions nothing that could get around that.
   */
  readonly fixedGlobals?: LuaTable | undefined;
  /** How many of Lua's 200 levels of nesting are used up around the chunk. */
  readonly level?: number;
}

type Runtime = Readonly<Record<typeof RUNTIME_NAMES[number], unknown>>;

export class Compiler {
  readonly #runtime: Runtime;
  readonly #maxDepth: number;

  /** @param iterators what `pairs` and `ipairs` answer: loops over tables need not call them */
  constructor(machine: Machine, operations: Operations, iterators: Iterators) {
    const unwind: Unwind = unwindOf(machine);
    this.#maxDepth = machine.maxDepth;
    this.#runtime = {
      ...operations,
      ...iterators,
      M: machine,
      F: LuaFunction,
      T: LuaTable,
      NOTHING,
      unwind,
      allOf,
      callable: callableOf(operations.callValue),
      argumentTable,
      putItems,
      holds,
      long: longOf(machine),
      sameText: sameTextOf(machine),
      site,
      field: fieldOf(operations.index),
      setField: setFieldOf(operations.setIndex),
      moduloOf,
      powerOf,
    };
  }

  /**
   * Compiles a chunk: reads it now, so that what is wrong with it is known, and writes its JavaScript
   * when it is called for the first time, as many chunks never are. O(n) in the size of its source.
   *
   * @param source one character a byte
   * @param chunkName as Lua's load takes it: `=name`, `@file`, or the source itself
   * @throws {LuaError} with Lua's message, where it is no Lua
   */
  compile(source: string, chunkName: string, options: CompileOptions): LuaFunction {
    const chunk = new Chunk(this.#runtime, source, chunkName, options);
    const maxDepth = this.#maxDepth;
    const firstCall: Code = (self, ...args) => {
      self.code = chunk.code(maxDepth);
      return self.code(self, ...args);
    };
    return new LuaFunction(firstCall, [], options.env, chunk.prototypes[0]);
  }
}

class Chunk implements ChunkOrigin {
  readonly chunkName: string;
  /** That of the chunk itself and, once it was called, those of all functions in it. */
  readonly prototypes: Prototype[];
  readonly #runtime: Runtime;
  readonly #source: string;
  readonly #loadedName: string;
  readonly #options: CompileOptions;
  #lowered: WeakRef<LoweredChunk> | undefined;
  #codes: readonly Code[] = [];
  /** Closures that all runs share, by the index of their function. */
  readonly #closures: (LuaFunction | undefined)[] = [];

  constructor(runtime: Runtime, source: string, loadedName: string, options: CompileOptions) {
    this.chunkName = displayName(loadedName, POSITION_NAME_SIZE);
    this.#runtime = runtime;
    this.#source = source;
    this.#loadedName = loadedName;
    this.#options = options;
    this.prototypes = [new Prototype(this, 0)];
    this.#parse();
  }

  /** The code of the chunk itself. */
  code(maxDepth: number): Code {
    const chunk = this.#lower();
    while (this.prototypes.length < chunk.functions.length) {
      this.prototypes.push(new Prototype(this, this.prototypes.length));
    }
    const functions = chunk.functions.map((lowered) => plainForm(lowered, maxDepth));
    const names = functions.map((_, index) => `f${index}`);
    const text = `${functions.join("\n")}\nreturn [${names.join()}];`;
    this.#codes = this.#evaluate(chunk, text, []) as Code[];
    return this.#codes[0];
  }

  lowered(index: number): LoweredFunction {
    return this.#again().functions[index];
  }

  /** The chunk lowered once more, as long as nobody needs its memory. */
  #again(): LoweredChunk {
    let chunk = this.#lowered?.deref();
    if (chunk === undefined) this.#lowered = new WeakRef(chunk = this.#lower());
    return chunk;
  }

  resumable(lowered: LoweredFunction): ResumableCode {
    const chunk = this.#again();
    const names = this.#codes.map((_, index) => `f${index}=C[${index}]`);
    const text = `return ${resumableForm(lowered)};`;
    return this.#evaluate(chunk, text, names) as ResumableCode;
  }

  #parse(): FunctionNode {
    return parseChunk(this.#source, this.#loadedName, this.#options.level);
  }

  #lower(): LoweredChunk {
    return lowerChunk(this.#parse(), this.#source, this.#options.fixedGlobals);
  }

  /** Runs a text that has the runtime, the prototypes and the host's values under their names. */
  #evaluate(
    { hostValues, hintCount, sharedClosures }: LoweredChunk,
    text: string,
    codes: readonly string[],
  ): unknown {
    const prototypes = this.prototypes.map((_, at) => `p${at}=P[${at}]`);
    const constants = hostValues.flatMap((_, at) => [`k${at}=K[${at}]`, `c${at}=k${at}.code`]);
    const hints = hintCount === 0
      ? ""
      : `let ${Array.from({ length: hintCount }, (_, at) => `h${at}=0`).join()};`;
    const shared = sharedClosures.map((at) => `g${at}=G[${at}]??=new F(f${at},[],E,p${at})`);
    const runtime = `{${RUNTIME_NAMES.join()}}=R`;
    const names = [runtime, ...prototypes, ...constants, ...codes, ...shared];
    const make = new Function(
      "R",
      "P",
      "K",
      "C",
      "G",
      "E",
      `"use strict";const ${names.join()};${hints}${text}`,
    );
    return make(
      this.#runtime,
      this.prototypes,
      hostValues,
      this.#codes,
      this.#closures,
      this.#options.env,
    );
  }
}
