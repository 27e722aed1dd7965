/**
 * A user's own command modules. A module registers its commands as it loads, which it does once in a
 * process, so what it registered is kept for the next server that asks for it:
 *
 * ```
 * server 1: greet.ts ─▶ import ─▶ registers greet ─┬─▶ commands of server 1
 * server 2: greet.ts ─▶ known ─────────────────────┴─▶ commands of server 2
 * server 3                                              knows nothing of it
 * ```
 */

import { ConfigError } from "./config/config_error.ts";
import { process } from "./platform/platform.ts";

/** Runs what registers commands, and answers those. Never twice at a time. */
export type Recorder<D> = (load: () => Promise<unknown>) => Promise<readonly D[]>;

export class PluginLoader<D> {
  readonly #record: Recorder<D>;
  readonly #loaded = new Map<string, readonly D[]>();
  /** Settles when the module before has been loaded, or has failed to. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(record: Recorder<D>) {
    this.#record = record;
  }

  /**
   * Imports the modules, in order. A path is relative to the working directory.
   *
   * @returns what they have registered, each once
   * @throws {ConfigError} where one cannot be loaded
   */
  async load(files: readonly string[]): Promise<readonly D[]> {
    const all = new Set<D>();
    for (const file of files) {
      try {
        for (const declaration of await this.#loadOne(moduleUrl(file))) all.add(declaration);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const isUnpermitted = /requires read access/i.test(reason);
        const hint = isUnpermitted
          ? `; start with "${process.invocationWith({ read: "" })} serve"`
          : "";
        throw new ConfigError(`plugin '${file}' cannot be loaded: ${reason}${hint}`);
      }
    }
    return [...all];
  }

  #loadOne(url: string): Promise<readonly D[]> {
    const loaded = this.#turn.then(async () => {
      let declarations = this.#loaded.get(url);
      if (declarations === undefined) {
        declarations = await this.#record(() => import(url));
        this.#loaded.set(url, declarations);
      }
      return declarations;
    });
    this.#turn = loaded.catch(() => {});
    return loaded;
  }
}

function moduleUrl(file: string): string {
  if (/^(file|https?|npm|jsr):/.test(file)) return file;
  const from = file.startsWith("/") ? "" : process.workingDirectory();
  if (from === undefined) throw new Error("to find it requires read access to this folder");
  const path = from === "" ? file : `${from}/${file}`;
  return `file://${path.split("/").map(encodeURIComponent).join("/")}`;
}
