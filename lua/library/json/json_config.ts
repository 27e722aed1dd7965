/** The settings of a `cjson`, and its value for null. */

import { Userdata } from "../../runtime/userdata.ts";

export interface JsonConfig {
  /** Whether an array with too many holes becomes an object, and is no error. */
  convertSparse: boolean;
  /** How many times as long as its elements are many an array may be; 0: as it likes. */
  sparseRatio: number;
  /** Up to this length an array may have any holes. */
  sparseSafe: number;
  maxEncodeDepth: number;
  maxDecodeDepth: number;
  /** What becomes of infinite numbers and what is none. */
  encodeInvalid: "off" | "on" | "null";
  /** Whether infinite, hexadecimal numbers and the like are read. */
  decodeInvalid: boolean;
  /** Digits of a number that count. */
  precision: number;
  /** Kept for who asks for it; there is no buffer. */
  keepBuffer: boolean;
}

export function defaultConfig(): JsonConfig {
  return {
    convertSparse: false,
    sparseRatio: 2,
    sparseSafe: 10,
    maxEncodeDepth: 1000,
    maxDecodeDepth: 1000,
    encodeInvalid: "off",
    decodeInvalid: true,
    precision: 14,
    keepBuffer: true,
  };
}

/** `cjson.null`: in Lua a null pointer. */
export const JSON_NULL: Userdata = new Userdata("(nil)");
