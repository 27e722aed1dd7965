/** FUNCTION LIST: what libraries there are. */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Reply } from "../../../protocol/reply.ts";
import type { Call } from "../../../server/execution/call.ts";
import type { Library, LibraryFunction } from "../../../server/scripting/functions/library.ts";
import { ENGINE_NAME } from "../../../server/scripting/functions/library_header.ts";
import { SCRIPT_FLAG_NAMES } from "../../../server/scripting/script_flags.ts";
import { bytesOfByteString } from "../../../structures/bytes/byte_string.ts";
import { GlobPattern } from "../../../structures/bytes/glob.ts";
import type { CommandDeclaration } from "../../registry.ts";

const NO_NAME = new ErrorReply("ERR library name argument was not given");
const FIRST_OPTION = 2;

/** The options of a call. */
interface ListOptions {
  readonly pattern: GlobPattern | undefined;
  readonly withCode: boolean;
}

export const list: CommandDeclaration = {
  name: "list",
  arity: -2,
  complexity: "O(N) where N is the number of functions",
  group: "scripting",
  since: "7.0.0",
  summary: "Tells of all libraries, or of those whose names match a pattern.",
  flags: ["noscript"],
  tips: ["nondeterministic_output_order"],
  arguments: [
    { name: "library-name-pattern", type: "string", token: "LIBRARYNAME", optional: true },
    { name: "withcode", type: "pure-token", token: "WITHCODE", optional: true },
  ],
  run(call) {
    const { reply, server } = call;
    const { pattern, withCode } = optionsOf(call);
    const libraries = [...server.functions.libraries].filter(({ name }) =>
      pattern === undefined || pattern.matches(bytesOfByteString(name), 0, name.length)
    );
    reply.array(libraries.length);
    for (const library of libraries) writeLibrary(reply, library, withCode);
  },
};

/** @throws {ErrorReply} for what is no option, or is given once more */
function optionsOf({ args, count }: Call): ListOptions {
  let pattern: GlobPattern | undefined;
  let withCode = false;
  for (let i = FIRST_OPTION; i < count; i++) {
    if (!withCode && args.is(i, "WITHCODE")) withCode = true;
    else if (pattern === undefined && args.is(i, "LIBRARYNAME")) {
      if (++i === count) throw NO_NAME;
      pattern = new GlobPattern(args.bytes, args.start(i), args.length(i), true);
    } else throw new ErrorReply(`ERR Unknown argument ${args.quoted(i)}`);
  }
  return { pattern, withCode };
}

function writeLibrary(reply: Reply, { name, functions, code }: Library, withCode: boolean): void {
  reply.map(withCode ? 4 : 3);
  reply.bulk("library_name");
  reply.byteString(name);
  reply.bulk("engine");
  reply.bulk(ENGINE_NAME);
  reply.bulk("functions");
  reply.array(functions.length);
  for (const each of functions) writeFunction(reply, each);
  if (!withCode) return;
  reply.bulk("library_code");
  reply.byteString(code);
}

function writeFunction(reply: Reply, { name, description, flags }: LibraryFunction): void {
  reply.map(3);
  reply.bulk("name");
  reply.byteString(name);
  reply.bulk("description");
  if (description === undefined) reply.nil();
  else reply.byteString(description);
  reply.bulk("flags");
  const names = SCRIPT_FLAG_NAMES.filter(([, flag]) => (flags & flag) !== 0);
  reply.set(names.length);
  for (const [flagName] of names) reply.status(flagName);
}
