/**
 * Arguments of a request as those see them who watch or look back (MONITOR, SLOWLOG): passwords are
 * not among them.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import type { ExecutableCommand } from "./command_table.ts";

/** What stands in the place of an argument that nobody is to see. */
const REDACTED = "(redacted)";

/** Which arguments are hidden; undefined, as with most commands: none. */
export function hiddenArguments(
  command: Pick<ExecutableCommand, "sensitive">,
  args: Arguments,
): ReadonlySet<number> | undefined {
  if (command.sensitive === undefined) return undefined;
  const hidden = new Set<number>();
  command.sensitive(args, (i) => hidden.add(i));
  return hidden;
}

/** The first bytes of argument `i`, or that it is hidden. O(bytes). */
export function shownArgument(
  args: Arguments,
  i: number,
  hidden: ReadonlySet<number> | undefined,
  maxBytes: number,
): ByteString {
  return hidden?.has(i) ? REDACTED : args.byteString(i, maxBytes);
}
