/** Files by Deno. */

import type { Files } from "../files.ts";

function replace(path: string, contents: Uint8Array): void {
  const newPath = path + ".new";
  try {
    Deno.writeFileSync(newPath, contents, { mode: modeOf(path) });
    Deno.renameSync(newPath, path);
  } catch (error) {
    try {
      Deno.removeSync(newPath);
    } catch {
      // It was not made.
    }
    throw error;
  }
}

/** A file's mode where it may be read; that of a new file otherwise. */
function modeOf(path: string): number | undefined {
  try {
    return Deno.statSync(path).mode ?? undefined;
  } catch {
    return undefined;
  }
}

export const denoFiles: Files = {
  standardInput: Deno.stdin,
  standardOutput: Deno.stdout,
  standardError: Deno.stderr,
  openToRead: (path) => Deno.openSync(path),
  openToAppend: (path) => Deno.openSync(path, { append: true, create: true }),
  replace,
};
