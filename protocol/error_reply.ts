/**
 * Errors that a client is to see. Whatever finds that a request cannot be carried out throws one;
 * the invoker turns it into an error reply and drops what the command had written before. Texts
 * are interface: clients match on their first word, and people on the rest.
 */

import { Refusal as ErrorReply } from "../structures/refusal.ts";

/**
 * An error reply on its way to the client: its code first (`ERR`, `WRONGTYPE`, …), then why. What the
 * keyspace refuses (server/keyspace/refusals.ts) is one as well.
 */
export { ErrorReply };

export const SYNTAX_ERROR: ErrorReply = new ErrorReply("ERR syntax error");
export const NOT_A_FLOAT: ErrorReply = new ErrorReply("ERR value is not a valid float");
export const NO_SUCH_KEY: ErrorReply = new ErrorReply("ERR no such key");
export const OUT_OF_MEMORY: ErrorReply = new ErrorReply(
  "OOM command not allowed when used memory > 'maxmemory'.",
);
export const INVALID_CURSOR: ErrorReply = new ErrorReply("ERR invalid cursor");
export const DB_INDEX_OUT_OF_RANGE: ErrorReply = new ErrorReply("ERR DB index is out of range");
