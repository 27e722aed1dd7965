/** Loads libraries by the engine: compiles them, and runs them so that they register their functions. */

import { builtin } from "../../../lua/runtime/builtin.ts";
import type { Engine } from "../../../lua/mod.ts";
import { Abort, asLuaError } from "../../../lua/runtime/lua_error.ts";
import type { LuaFunction } from "../../../lua/runtime/lua_function.ts";
import { LuaTable } from "../../../lua/runtime/lua_table.ts";
import { formatNumber } from "../../../lua/runtime/number_text.ts";
import { type LuaValue, NOTHING } from "../../../lua/runtime/value.ts";
import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import { raise } from "../error_tables.ts";
import type { Sandbox } from "../sandbox.ts";
import type { LibraryLoader } from "./functions.ts";
import type { Registration } from "./library.ts";
import { LibraryEnvironment } from "./library_environment.ts";
import { RegistrationError, Registrations } from "./registration.ts";

/** What positions in libraries begin with. */
const CHUNK_NAME = "@user_function";
/** Registering takes no time; who computes while loading is stopped. */
const MAX_LOADING_MS = 500;

const NOT_LOADING = "redis.register_function can only be called on FUNCTION LOAD command";

/** What runs the code of libraries. */
export interface LibraryHost {
  readonly engine: Pick<Engine, "compile">;
  readonly sandbox: Pick<Sandbox, "closeTable" | "functionGlobals" | "loadParts">;
  /** Runs the text of a library. @throws {LuaError} {@linkcode Abort} where it takes longer */
  runForLoad(code: LuaFunction, limitMs: number): void;
}

export class EngineLoader implements LibraryLoader {
  readonly #host: LibraryHost;
  /** Made when a library is first loaded. */
  #madeEnvironment: LibraryEnvironment | undefined;
  /** Of the library that is being loaded. */
  #registrations: Registrations | undefined;

  constructor(host: LibraryHost) {
    this.#host = host;
  }

  get #environment(): LibraryEnvironment {
    return this.#madeEnvironment ??= this.#makeEnvironment();
  }

  #makeEnvironment(): LibraryEnvironment {
    const { sandbox } = this.#host;
    const redis = new LuaTable();
    for (const [name, value] of sandbox.loadParts) redis.set(name, value);
    redis.set("register_function", builtin((...args) => this.#register(args)));
    sandbox.closeTable(redis);
    return new LibraryEnvironment(sandbox.functionGlobals, redis);
  }

  load(lua: ByteString): readonly Registration[] {
    const registrations = new Registrations();
    this.#registrations = registrations;
    try {
      this.#environment.whileLoading(() => this.#run(this.#compile(lua)));
    } finally {
      this.#registrations = undefined;
    }
    return registrations.all;
  }

  #compile(lua: ByteString): LuaFunction {
    try {
      const env = this.#environment.globals;
      return this.#host.engine.compile(lua, CHUNK_NAME, { env });
    } catch (thrown) {
      const error = asLuaError(thrown);
      if (error === undefined) throw thrown;
      throw new ErrorReply(`ERR Error compiling function: ${textOf(error.value)}`);
    }
  }

  #run(code: LuaFunction): void {
    try {
      this.#host.runForLoad(code, MAX_LOADING_MS);
    } catch (thrown) {
      throw new ErrorReply(`ERR Error registering functions: ${problemOf(thrown)}`);
    }
  }

  #register(args: readonly LuaValue[]): typeof NOTHING {
    if (this.#registrations === undefined) raise(NOT_LOADING);
    try {
      this.#registrations.add(args);
    } catch (error) {
      if (error instanceof RegistrationError) raise(error.message);
      throw error;
    }
    return NOTHING;
  }
}

/** What ended the loading, in words. @throws what is no fault of the library's */
function problemOf(thrown: unknown): ByteString {
  if (thrown instanceof Abort) return `ERR ${thrown.reason}`;
  const error = asLuaError(thrown);
  if (error === undefined) throw thrown;
  const { value } = error;
  return value instanceof LuaTable ? textOf(value.get("err")) : `ERR ${textOf(value)}`;
}

function textOf(value: LuaValue): ByteString {
  if (typeof value === "string") return value;
  return typeof value === "number" ? formatNumber(value) : "unknown error";
}
