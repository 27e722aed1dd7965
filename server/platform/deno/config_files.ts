/** Configuration files on disk, by Deno. */

import { type ConfigFiles, FileError } from "../config_files.ts";

/** What a new file may be done with: all may read it, as with Redis's. */
const DEFAULT_MODE = 0o644;

export const denoConfigFiles: ConfigFiles = {
  read(path, maxBytes) {
    return guarded(() => {
      const bytes = new Uint8Array(maxBytes + 1);
      let length = 0;
      const file = path === "-" ? undefined : Deno.openSync(path);
      const source = file ?? Deno.stdin;
      try {
        while (length < bytes.length) {
          const count = source.readSync(bytes.subarray(length));
          if (count === null) break;
          length += count;
        }
      } finally {
        file?.close();
      }
      return bytes.subarray(0, length);
    });
  },

  names(directory) {
    return guarded(() => Array.from(Deno.readDirSync(directory), ({ name }) => name));
  },

  replace(path, bytes) {
    guarded(() => {
      const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}`;
      for (const file of [path, temporary]) {
        for (const name of ["read", "write"] as const) {
          if (!isPermitted(name, file)) throw new FileError("not permitted", `${name} ${file}`);
        }
      }
      const mode = modeOf(path);
      try {
        const file = Deno.openSync(temporary, { write: true, createNew: true, mode });
        try {
          for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
          file.syncSync();
        } finally {
          file.close();
        }
        Deno.renameSync(temporary, path);
      } catch (error) {
        removeIfThere(temporary);
        throw error;
      }
    });
  },

  workingDirectory() {
    if (!isPermitted("read", ".")) return undefined;
    try {
      return Deno.cwd();
    } catch {
      // It has been removed.
      return undefined;
    }
  },
};

/** Deno would stop a running server to ask its terminal for what is not permitted; so it is not tried. */
function isPermitted(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}

/** A file with a password in it may be its owner's alone; it stays so. */
function modeOf(path: string): number {
  try {
    return (Deno.statSync(path).mode ?? DEFAULT_MODE) & 0o777;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return DEFAULT_MODE;
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made, or is the new file already.
  }
}

function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof FileError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Deno.errors.NotCapable) throw new FileError("not permitted", message);
    if (error instanceof Deno.errors.NotFound) throw new FileError("missing", message);
    throw new FileError("other", message);
  }
}
