/** The library `cmsgpack`, as Redis ships lua-cmsgpack 0.4.0: MessagePack both ways. */

import { builtinOfArray } from "../runtime/builtin.ts";
import { fail } from "../runtime/lua_error.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import type { LuaValue, Results } from "../runtime/value.ts";
import { checkInteger, checkString, failArgument, optionalInteger } from "./arguments.ts";
import { UNFINISHED, workOff } from "./long_work.ts";
import { Packer } from "./message_pack/packer.ts";
import { Unpacker } from "./message_pack/unpacker.ts";

type Args = readonly LuaValue[];

/** Arguments that may be packed: Lua's stack is to hold twice as many values. */
const MAX_PACKED = 4000;

const TEXTS: Readonly<Record<string, string>> = {
  _NAME: "cmsgpack",
  _VERSION: "lua-cmsgpack 0.4.0",
  _COPYRIGHT: "Copyright (C) 2012, Salvatore Sanfilippo",
  _DESCRIPTION: "MessagePack C implementation for Lua",
};

/** Makes the library. */
export function openCmsgpack(machine: Machine): LuaTable {
  const functions: Readonly<Record<string, (args: Args) => Results>> = {
    pack(args) {
      if (args.length === 0) failArgument(0, "MessagePack pack needs input.");
      if (args.length > MAX_PACKED) {
        failArgument(0, "Too many arguments for MessagePack pack.");
      }
      const packer = new Packer(machine, args);
      return workOff(machine, () => packer.work());
    },
    unpack: (args) => unpack(machine, args, args.length, 0, 0),
    unpack_one(args) {
      const offset = optionalInteger(args, 2, 0);
      return unpack(machine, args, 1, 1, offset);
    },
    unpack_limit(args) {
      const limit = checkInteger(args, 2);
      const offset = optionalInteger(args, 3, 0);
      return unpack(machine, args, 1, limit, offset);
    },
  };
  const library = new LuaTable();
  for (const [name, run] of Object.entries(functions)) library.set(name, builtinOfArray(run));
  for (const [name, text] of Object.entries(TEXTS)) library.set(name, text);
  return library;
}

/**
 * Reads values from an offset on; where there is a limit or an offset, the offset behind them comes first,
 * -1 at the end.
 *
 * @param kept arguments that stay on Lua's stack
 */
function unpack(
  machine: Machine,
  args: Args,
  kept: number,
  limit: number,
  offset: number,
): Results {
  const text = checkString(args, 1);
  const { length } = text;
  if (offset < 0 || limit < 0) {
    fail(`Invalid request to unpack with offset of ${offset | 0} and limit of ${length}.`);
  }
  if (offset > length) fail(`Start offset ${offset | 0} greater than input length ${length}.`);
  const isWhole = limit === 0 && offset === 0;
  const most = isWhole ? 2 ** 31 - 1 : limit;
  const unpacker = new Unpacker(machine, text, offset, most, kept);
  return workOff(machine, () => {
    if (unpacker.work() === UNFINISHED) return UNFINISHED;
    const { values, at } = unpacker;
    return isWhole ? values : [at === length ? -1 : at, ...values];
  });
}
