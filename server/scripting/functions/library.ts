/**
 * A library: its text, and the functions that this registered when it was loaded. Their closures share
 * its local variables, which so live as long as the library does.
 */

import type { LuaFunction } from "../../../lua/runtime/lua_function.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";

/** What a library takes beside its text, about: objects of its own and of the runtime. */
const LIBRARY_BYTES = 512;
/** What a function takes, about. */
const FUNCTION_BYTES = 512;
/** Bytes of compiled code for a byte of text, about. */
const COMPILED_FACTOR = 8;

/** What a library registers. */
export interface Registration {
  readonly name: ByteString;
  readonly description: ByteString | undefined;
  /** Bits of ScriptFlag. */
  readonly flags: number;
  readonly code: LuaFunction;
}

/** A function that FCALL can call. */
export class LibraryFunction implements Registration {
  readonly isEval = false;
  readonly name: ByteString;
  readonly description: ByteString | undefined;
  readonly flags: number;
  readonly code: LuaFunction;

  constructor({ name, description, flags, code }: Registration) {
    this.name = name;
    this.description = description;
    this.flags = flags;
    this.code = code;
  }
}

export class Library {
  readonly functions: readonly LibraryFunction[];

  /** @param code the whole text, its first line included */
  constructor(
    readonly name: ByteString,
    readonly code: ByteString,
    registrations: readonly Registration[],
  ) {
    this.functions = registrations.map((registration) => new LibraryFunction(registration));
  }

  /** What it takes beside what the engine counts, in bytes, about: its text and what tells of it. */
  get ownBytes(): number {
    return LIBRARY_BYTES + this.code.length + FUNCTION_BYTES * this.functions.length;
  }

  /** What its compiled code takes, in bytes, about. */
  get compiledBytes(): number {
    return COMPILED_FACTOR * this.code.length;
  }
}
