/**
 * A user's own command modules: each is imported once, and registers its commands as it loads.
 */

import { ConfigError } from "./config/config_error.ts";
import { process } from "./platform/platform.ts";

/**
 * Imports the modules, in order. A path is relative to the working directory.
 *
 * @throws {ConfigError} where one cannot be loaded
 */
export async function loadPlugins(files: readonly string[]): Promise<void> {
  for (const file of files) {
    try {
      await import(moduleUrl(file));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const isUnpermitted = /requires read access/i.test(reason);
      const hint = isUnpermitted
        ? `; start with "${process.invocationWith({ read: "" })} serve"`
        : "";
      throw new ConfigError(`plugin '${file}' cannot be loaded: ${reason}${hint}`);
    }
  }
}

function moduleUrl(file: string): string {
  if (/^(file|https?|npm|jsr):/.test(file)) return file;
  const from = file.startsWith("/") ? "" : process.workingDirectory();
  if (from === undefined) throw new Error("to find it requires read access to this folder");
  const path = from === "" ? file : `${from}/${file}`;
  return `file://${path.split("/").map(encodeURIComponent).join("/")}`;
}
