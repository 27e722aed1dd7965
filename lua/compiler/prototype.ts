/**
 * The functions of a chunk as their closures know them. What only errors and suspensions want, lines,
 * names and the resumable form, is made when one of them comes: by reading the source once more.
 */

import type { CompiledOrigin, Instruction, ResumableCode } from "../runtime/compiled_frame.ts";
import type { LoweredFunction } from "./ir.ts";

/** What can be asked of a chunk later. */
export interface ChunkOrigin {
  /** The name that positions begin with. */
  readonly chunkName: string;
  /** The function with this index, lowered once more. */
  lowered(index: number): LoweredFunction;
  /** Makes a resumable form of its text. */
  resumable(lowered: LoweredFunction): ResumableCode;
}

/** A function of a chunk. */
export class Prototype implements CompiledOrigin {
  readonly #chunk: ChunkOrigin;
  readonly #index: number;
  #instructions: readonly Instruction[] | undefined;
  #restartRegister = -1;
  #resumable: ResumableCode | undefined;

  constructor(chunk: ChunkOrigin, index: number) {
    this.#chunk = chunk;
    this.#index = index;
  }

  get chunkName(): string {
    return this.#chunk.chunkName;
  }

  get instructions(): readonly Instruction[] {
    return this.#instructions ??= this.#read();
  }

  get restartRegister(): number {
    this.#instructions ??= this.#read();
    return this.#restartRegister;
  }

  get resumable(): ResumableCode {
    return this.#resumable ??= this.#chunk.resumable(this.#chunk.lowered(this.#index));
  }

  #read(): readonly Instruction[] {
    const lowered = this.#chunk.lowered(this.#index);
    this.#restartRegister = lowered.restartRegister;
    return lowered.instructions;
  }
}
