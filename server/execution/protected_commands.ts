/**
 * Commands that a setting has to allow, because who may call them can do more than use the server:
 * DEBUG can stop it, MODULE can load code into it.
 */

import type { Config } from "../config/config.ts";
import type { Check } from "./admission.ts";

/** The check of protected commands, by `enable-debug-command` and its like. */
export function protectedCommands(config: Config): Check {
  return ({ client }, { fullName }) => {
    const [name] = fullName.split("|");
    const setting = config.enableDebugCommand;
    if (setting === "yes" || (setting === "local" && client.transport.isLocal)) return undefined;
    return `ERR ${name.toUpperCase()} command not allowed. If the enable-${name}-command option is ` +
      'set to "local", you can run it from a local connection, otherwise you need to set this ' +
      "option in the configuration file, and then restart the server.";
  };
}
