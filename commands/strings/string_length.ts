/** How long commands may make a string. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";

const TOO_LONG = new ErrorReply(
  "ERR string exceeds maximum allowed size (proto-max-bulk-len)",
);

/** Checks the length, in bytes, that a string is to have. @throws {ErrorReply} it is too long */
export function checkStringLength({ server }: Call, length: number): void {
  if (length > server.config.protoMaxBulkBytes) throw TOO_LONG;
}
