/**
 * `redis.register_function`, by which a library registers its functions while it is loaded:
 *
 * ```lua
 * redis.register_function('name', function(keys, args) … end)
 * redis.register_function{
 *   function_name = 'name', callback = function(keys, args) … end,
 *   description = 'what it does', flags = { 'no-writes' },
 * }
 * ```
 */

import { LuaFunction } from "../../../lua/runtime/lua_function.ts";
import { LuaTable } from "../../../lua/runtime/lua_table.ts";
import { formatNumber } from "../../../lua/runtime/number_text.ts";
import type { LuaValue } from "../../../lua/runtime/value.ts";
import type { ByteString } from "../../../structures/bytes/byte_string.ts";
import { scriptFlagNamed } from "../script_flags.ts";
import type { Registration } from "./library.ts";
import { BAD_NAME, isName } from "./library_header.ts";

/** Thrown with what is wrong about a registration. */
export class RegistrationError extends Error {
  override name = "RegistrationError";
}

/** The registrations of a library that is being loaded. */
export class Registrations {
  readonly #byName = new Map<ByteString, Registration>();

  /** In the order of their coming. */
  get all(): readonly Registration[] {
    return [...this.#byName.values()];
  }

  /** Takes the arguments of a call. @throws {RegistrationError} */
  add(args: readonly LuaValue[]): void {
    const registration = read(args);
    const { name } = registration;
    if (!isName(name)) refuse(BAD_NAME);
    // Names that differ in case alone could not be told apart by who calls them.
    const key = name.toLowerCase();
    if (this.#byName.has(key)) refuse("Function already exists in the library");
    this.#byName.set(key, registration);
  }
}

function read(args: readonly LuaValue[]): Registration {
  if (args.length === 1) return readNamed(args[0]);
  if (args.length === 2) return readPositional(args[0], args[1]);
  refuse("wrong number of arguments to redis.register_function");
}

function readPositional(first: LuaValue, code: LuaValue): Registration {
  const name = textOf(first) ??
    refuse("first argument to redis.register_function must be a string");
  if (!(code instanceof LuaFunction)) {
    refuse("second argument to redis.register_function must be a function");
  }
  return { name, description: undefined, flags: 0, code };
}

function readNamed(table: LuaValue): Registration {
  if (!(table instanceof LuaTable)) {
    refuse(
      "calling redis.register_function with a single argument is only applicable to Lua table " +
        "(representing named arguments).",
    );
  }
  let name: ByteString | undefined;
  let description: ByteString | undefined;
  let code: LuaFunction | undefined;
  let flags = 0;
  for (let at = table.occupiedFrom(0); at !== -1; at = table.occupiedFrom(at + 1)) {
    const key = textOf(table.keyAt(at)) ??
      refuse("named argument key given to redis.register_function is not a string");
    const value = table.valueAt(at);
    switch (key.toLowerCase()) {
      case "function_name":
        name = stringArgument("function_name", value);
        break;
      case "description":
        description = stringArgument("description", value);
        break;
      case "callback":
        if (!(value instanceof LuaFunction)) {
          refuse("callback argument given to redis.register_function must be a function");
        }
        code = value;
        break;
      case "flags":
        flags = readFlags(value);
        break;
      default:
        refuse("unknown argument given to redis.register_function");
    }
  }
  if (name === undefined) refuse("redis.register_function must get a function name argument");
  if (code === undefined) refuse("redis.register_function must get a callback argument");
  return { name, description, flags, code };
}

function stringArgument(name: string, value: LuaValue): ByteString {
  return textOf(value) ??
    refuse(`${name} argument given to redis.register_function must be a string`);
}

function readFlags(value: LuaValue): number {
  if (!(value instanceof LuaTable)) {
    refuse("flags argument to redis.register_function must be a table representing function flags");
  }
  let flags = 0;
  for (let i = 1;; i++) {
    const element = value.get(i);
    if (element === undefined) return flags;
    const name = textOf(element);
    const flag = name === undefined ? undefined : scriptFlagNamed(name);
    flags |= flag ?? refuse("unknown flag given");
  }
}

/** A string, or a number as one: what Lua takes for a string. */
function textOf(value: LuaValue): ByteString | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? formatNumber(value) : undefined;
}

function refuse(problem: string): never {
  throw new RegistrationError(problem);
}
