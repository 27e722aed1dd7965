/**
 * What a setting has to allow, because who may do it can do more than use the server: DEBUG can stop
 * it, MODULE would load code, some settings say where files are written.
 */

import type { ActionSource, Settings } from "../config/settings.ts";
import type { Check } from "./admission.ts";
import type { Client } from "./client.ts";

/** Whether a setting of who may do something lets this client do it. */
export function mayAct(source: ActionSource, { transport }: Client): boolean {
  return source === "yes" || source === "local" && transport.isLocal;
}

function notAllowed(command: string, setting: string): string {
  return `ERR ${command} command not allowed. If the ${setting} option is set to "local", you can ` +
    "run it from a local connection, otherwise you need to set this option in the configuration " +
    "file, and then restart the server.";
}

const DEBUG_NOT_ALLOWED = notAllowed("DEBUG", "enable-debug-command");
const MODULE_NOT_ALLOWED = notAllowed("MODULE", "enable-module-command");

/**
 * The check of protected commands: DEBUG, and what loads and unloads modules of Redis, which no setting
 * allows, as they are code for another server.
 */
export function protectedCommands(config: Pick<Settings, "enableDebugCommand">): Check {
  return ({ client }, { fullName }) => {
    if (fullName !== "debug") return MODULE_NOT_ALLOWED;
    return mayAct(config.enableDebugCommand, client) ? undefined : DEBUG_NOT_ALLOWED;
  };
}
