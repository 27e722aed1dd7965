/** Lowers a chunk: each of its functions to nodes. */

import type { LuaTable } from "../runtime/lua_table.ts";
import type { FunctionNode } from "../syntax/ast.ts";
import { ChunkContext } from "./chunk_context.ts";
import { Expressions } from "./expressions.ts";
import { FunctionBuilder } from "./function_builder.ts";
import type { LoweredFunction } from "./ir.ts";
import { Statements } from "./statements.ts";

/** A chunk, lowered. */
export interface LoweredChunk {
  /** By their index. */
  readonly functions: readonly LoweredFunction[];
  /** What the text knows as k0, k1, …. */
  readonly hostValues: ChunkContext["hostValues"];
  /** Functions that the text has one closure of each of, g0, g1, …. */
  readonly sharedClosures: readonly number[];
  /** How many variables h0, h1, … the text has. */
  readonly hintCount: number;
}

/**
 * Lowers a chunk. The same source gives the same registers and pcs each time.
 *
 * @param source the text that `main` was parsed from
 * @param fixedGlobals global variables that are known never to change
 */
export function lowerChunk(
  main: FunctionNode,
  source: string,
  fixedGlobals: LuaTable | undefined,
): LoweredChunk {
  const chunk = new ChunkContext(source, fixedGlobals);
  lowerFunction(chunk, main);
  return chunk;
}

function lowerFunction(chunk: ChunkContext, node: FunctionNode): FunctionBuilder["upvalues"] {
  const builder = new FunctionBuilder(chunk, node);
  const parameters = node.parameters.map(() => builder.register());
  // Counts how often the function begins anew, see FunctionBuilder.restart.
  if (!node.isVararg) builder.register();
  node.parameters.forEach((parameter, at) => builder.declare(parameter, parameters[at]));
  if (node.argVariable !== undefined) {
    const register = builder.register();
    if (node.needsArg) builder.plain(`${register}=argumentTable(va);`);
    builder.declare(node.argVariable, register);
  }
  const expressions = new Expressions(builder, (inner) => lowerFunction(chunk, inner));
  new Statements(expressions).block(node.body);
  builder.return("NOTHING");
  chunk.functions[node.index] = builder.finish(parameters);
  return builder.upvalues;
}
