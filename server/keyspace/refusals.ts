/** What the keyspace says where a value is not what a command needs. Clients match on these texts. */

import { Refusal } from "../../structures/refusal.ts";

export const WRONG_TYPE = new Refusal(
  "WRONGTYPE Operation against a key holding the wrong kind of value",
);
export const NOT_AN_INTEGER = new Refusal("ERR value is not an integer or out of range");
export const SUM_OVERFLOW = new Refusal("ERR increment or decrement would overflow");
