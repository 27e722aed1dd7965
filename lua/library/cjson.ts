/**
 * The library `cjson`, as Redis ships lua-cjson 2.1.0: JSON both ways, and its settings, which stay as
 * they are set.
 */

import { builtinOfArray } from "../runtime/builtin.ts";
import { fail } from "../runtime/lua_error.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import type { LuaValue, Results } from "../runtime/value.ts";
import { checkInt32, checkOption, checkString, failArgument } from "./arguments.ts";
import { defaultConfig, JSON_NULL, type JsonConfig } from "./json/json_config.ts";
import { JsonDecoder } from "./json/json_decoder.ts";
import { JsonEncoder } from "./json/json_encoder.ts";
import { workOff } from "./long_work.ts";

type Args = readonly LuaValue[];

const MAX_INT = 2 ** 31 - 1;
const MAX_PRECISION = 14;
const SWITCH = ["off", "on"] as const;
const INVALID_NUMBERS = ["off", "on", "null"] as const;

/** Makes the library, with settings of its own. */
export function openCjson(machine: Machine): LuaTable {
  const config = defaultConfig();
  const functions: Readonly<Record<string, (args: Args) => Results>> = {
    encode(args) {
      if (args.length !== 1) failArgument(1, "expected 1 argument");
      const encoder = new JsonEncoder(machine, config, args[0]);
      return workOff(machine, () => encoder.work());
    },
    decode(args) {
      if (args.length !== 1) failArgument(1, "expected 1 argument");
      const text = checkString(args, 1);
      if (text.length >= 2 && (text[0] === "\0" || text[1] === "\0")) {
        fail("JSON parser does not support UTF-16 or UTF-32");
      }
      const decoder = new JsonDecoder(machine, config, text);
      return workOff(machine, () => decoder.work());
    },
    new: () => openCjson(machine),
    ...settings(config),
  };
  const library = new LuaTable();
  for (const [name, run] of Object.entries(functions)) library.set(name, builtinOfArray(run));
  library.set("null", JSON_NULL);
  library.set("_NAME", "cjson");
  library.set("_VERSION", "2.1.0");
  return library;
}

/** The functions that set something, and answer how it is set. */
function settings(config: JsonConfig): Record<string, (args: Args) => Results> {
  return {
    encode_sparse_array(args) {
      checkCount(args, 3);
      config.convertSparse = switched(args, config.convertSparse);
      config.sparseRatio = integer(args, 2, config.sparseRatio, 0, MAX_INT);
      config.sparseSafe = integer(args, 3, config.sparseSafe, 0, MAX_INT);
      return [config.convertSparse, config.sparseRatio, config.sparseSafe];
    },
    encode_max_depth(args) {
      checkCount(args, 1);
      return config.maxEncodeDepth = integer(args, 1, config.maxEncodeDepth, 1, MAX_INT);
    },
    decode_max_depth(args) {
      checkCount(args, 1);
      return config.maxDecodeDepth = integer(args, 1, config.maxDecodeDepth, 1, MAX_INT);
    },
    encode_number_precision(args) {
      checkCount(args, 1);
      return config.precision = integer(args, 1, config.precision, 1, MAX_PRECISION);
    },
    encode_keep_buffer(args) {
      checkCount(args, 1);
      return config.keepBuffer = switched(args, config.keepBuffer);
    },
    encode_invalid_numbers(args) {
      checkCount(args, 1);
      const [wanted] = args;
      if (typeof wanted === "boolean") config.encodeInvalid = wanted ? "on" : "off";
      else if (wanted !== undefined) {
        config.encodeInvalid = checkOption(args, 1, "off", INVALID_NUMBERS);
      }
      return config.encodeInvalid === "null" ? "null" : config.encodeInvalid === "on";
    },
    decode_invalid_numbers(args) {
      checkCount(args, 1);
      return config.decodeInvalid = switched(args, config.decodeInvalid);
    },
  };
}

function checkCount(args: Args, most: number): void {
  if (args.length > most) failArgument(most + 1, "found too many arguments");
}

/** What the first argument switches a setting to. */
function switched(args: Args, current: boolean): boolean {
  const [wanted] = args;
  if (wanted === undefined || typeof wanted === "boolean") return wanted ?? current;
  return checkOption(args, 1, "off", SWITCH) === "on";
}

/** What an argument sets a number to. Errors name the first argument, whichever it is. */
function integer(args: Args, index: number, current: number, min: number, max: number): number {
  if (args[index - 1] === undefined) return current;
  const value = checkInt32(args, index);
  if (value < min || value > max) failArgument(1, `expected integer between ${min} and ${max}`);
  return value;
}
