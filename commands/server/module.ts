/**
 * MODULE: Redis's modules are machine code for Redis itself, so none is ever loaded here, and LIST
 * says so. What loads and unloads them is refused as on a server that does not allow it.
 */

import { assert } from "../../structures/assert.ts";
import { withHelp } from "../help.ts";
import type { CommandDeclaration } from "../registry.ts";
import { register } from "../registry.ts";

const list: CommandDeclaration = {
  name: "list",
  arity: 2,
  complexity: "O(N), N being the number of modules",
  group: "server",
  since: "4.0.0",
  summary: "Answers the modules that are loaded: none.",
  flags: ["admin", "noscript"],
  tips: ["nondeterministic_output_order"],
  run: ({ reply }) => reply.array(0),
};

/** A subcommand that admission refuses whoever calls it. */
function refused(
  declared: Pick<CommandDeclaration, "name" | "arity" | "since" | "summary" | "arguments">,
): CommandDeclaration {
  return {
    ...declared,
    complexity: "O(1)",
    group: "server",
    flags: ["admin", "noscript", "no_async_loading", "protected"],
    run: () => assert(false, "a command that is always refused"),
  };
}

register(withHelp({
  name: "module",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "server",
  since: "4.0.0",
  summary: "Holds the commands about modules.",
  flags: [],
  subcommands: [
    list,
    refused({
      name: "load",
      arity: -3,
      since: "4.0.0",
      summary: "Would load a module of Redis; never allowed.",
      arguments: [
        { name: "path", type: "string" },
        { name: "arg", type: "string", optional: true, multiple: true },
      ],
    }),
    refused({
      name: "loadex",
      arity: -3,
      since: "7.0.0",
      summary: "Would load a module of Redis with settings; never allowed.",
      arguments: [
        { name: "path", type: "string" },
        {
          name: "configs",
          type: "block",
          token: "CONFIG",
          optional: true,
          multiple: true,
          multipleToken: true,
          arguments: [{ name: "name", type: "string" }, { name: "value", type: "string" }],
        },
        { name: "args", type: "string", token: "ARGS", optional: true, multiple: true },
      ],
    }),
    refused({
      name: "unload",
      arity: 3,
      since: "4.0.0",
      summary: "Would unload a module of Redis; never allowed.",
      arguments: [{ name: "name", type: "string" }],
    }),
  ],
}, "5.0.0"));
