/** An opaque value of the host's, such as `cjson.null`. */

import type { LuaTable } from "./lua_table.ts";

export class Userdata {
  metatable: LuaTable | undefined;
  constructor(readonly label: string) {}

  get luaType(): "userdata" {
    return "userdata";
  }
}
