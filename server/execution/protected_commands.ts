/**
 * What a setting has to allow, because who may do it can do more than use the server: DEBUG can stop
 * it, some settings say where files are written.
 */

import type { ActionSource, Settings } from "../config/settings.ts";
import type { Check } from "./admission.ts";
import type { Client } from "./client.ts";

/** Whether a setting of who may do something lets this client do it. */
export function mayAct(source: ActionSource, { transport }: Client): boolean {
  return source === "yes" || source === "local" && transport.isLocal;
}

const DEBUG_NOT_ALLOWED =
  'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can ' +
  "run it from a local connection, otherwise you need to set this option in the configuration " +
  "file, and then restart the server.";

/** The check of protected commands, of which DEBUG is the only one. */
export function protectedCommands(config: Pick<Settings, "enableDebugCommand">): Check {
  return ({ client }) => mayAct(config.enableDebugCommand, client) ? undefined : DEBUG_NOT_ALLOWED;
}
