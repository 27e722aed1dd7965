/** Values as `tostring` shows them without a metamethod. */

import { formatNumber } from "./number_text.ts";
import { type LuaValue, typeName } from "./value.ts";
import { Userdata } from "./userdata.ts";

/** Where the first object seems to lie: it looks like an address, and tells nothing of the process. */
let nextAddress = 0x7f00_0000_1000;

const addresses = new WeakMap<object, string>();

/** A text that no other object has, in the form of an address. */
export function newAddress(): string {
  const address = `0x${nextAddress.toString(16)}`;
  nextAddress += 0x20;
  return address;
}

/** A value as text; tables, functions and threads are told apart by an address. */
export function showValue(value: LuaValue): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return formatNumber(value);
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return "nil";
  }
  if (value instanceof Userdata) return `userdata: ${value.label}`;
  let address = addresses.get(value);
  if (address === undefined) addresses.set(value, address = newAddress());
  return `${typeName(value)}: ${address}`;
}
