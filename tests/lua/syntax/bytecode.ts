// Functions as lua5.1 has compiled them, read from what string.dump writes, so that trees can be
// compared with them instruction by instruction.

/** A function of lua5.1's. */
export interface CompiledFunction {
  readonly line: number;
  readonly lastLine: number;
  readonly parameters: number;
  readonly registers: number;
  readonly length: number;
  /** The instructions that may fail, as `NAME line`; with ` named` where the key is told in errors. */
  readonly instructions: readonly string[];
  readonly upvalues: readonly string[];
  readonly functions: readonly CompiledFunction[];
}

const HEADER_LENGTH = 12;
const NAMES =
  ("MOVE LOADK LOADBOOL LOADNIL GETUPVAL GETGLOBAL GETTABLE SETGLOBAL SETUPVAL SETTABLE " +
    "NEWTABLE SELF ADD SUB MUL DIV MOD POW UNM NOT LEN CONCAT JMP EQ LT LE TEST TESTSET CALL TAILCALL " +
    "RETURN FORLOOP FORPREP TFORLOOP SETLIST CLOSE CLOSURE VARARG").split(" ");
const TOLD = new Set(
  ("GETGLOBAL GETTABLE SETGLOBAL SETUPVAL SETTABLE SELF ADD SUB MUL DIV MOD POW UNM LEN CONCAT EQ LT " +
    "LE CALL FORPREP TFORLOOP").split(" "),
);

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = HEADER_LENGTH;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  function(): CompiledFunction {
    this.#string();
    const line = this.#integer();
    const lastLine = this.#integer();
    this.#byte();
    const parameters = this.#byte();
    this.#byte();
    const registers = this.#byte();
    const code = this.#list(() => this.#integer() >>> 0);
    const constants = this.#list(() => this.#constant());
    const functions = this.#list(() => this.function());
    const lines = this.#list(() => this.#integer());
    this.#list(() => [this.#string(), this.#integer(), this.#integer()]);
    const upvalues = this.#list(() => this.#string());
    const instructions: string[] = [];
    for (let at = 0; at < code.length; at++) {
      const name = NAMES[code[at] & 63].replace("TAILCALL", "CALL");
      const key = (code[at] >>> 14) & 511;
      const isNamed = /GETTABLE|SELF/.test(name) && typeof constants[key - 256] === "string";
      if (TOLD.has(name)) instructions.push(`${name} ${lines[at]}${isNamed ? " named" : ""}`);
      // What is behind a closure tells its upvalues.
      if (name === "CLOSURE") at += functions[code[at] >>> 14].upvalues.length;
    }
    const { length } = code;
    return { line, lastLine, parameters, registers, length, instructions, upvalues, functions };
  }

  #byte(): number {
    return this.#bytes[this.#position++];
  }

  #integer(): number {
    this.#position += 4;
    return this.#view.getInt32(this.#position - 4, true);
  }

  #string(): string {
    const length = Number(this.#view.getBigUint64(this.#position, true));
    this.#position += 8 + length;
    const text = this.#bytes.subarray(this.#position - length, this.#position - 1);
    return String.fromCharCode(...text);
  }

  #constant(): unknown {
    switch (this.#byte()) {
      case 0:
        return undefined;
      case 1:
        return this.#byte() !== 0;
      case 3:
        this.#position += 8;
        return this.#view.getFloat64(this.#position - 8, true);
    }
    return this.#string();
  }

  #list<T>(read: () => T): T[] {
    return Array.from({ length: this.#integer() }, read);
  }
}

/** Reads what string.dump wrote on a machine of 64 bits. */
export function readCompiled(bytes: Uint8Array): CompiledFunction {
  return new Reader(bytes).function();
}
