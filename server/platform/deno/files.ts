/** Files by Deno. */

import type { Files } from "../files.ts";
import { isGranted } from "./permissions.ts";

/** What a new file may be done with: all may read it, as with Redis's. */
const DEFAULT_MODE = 0o644;

function read(path: string, maxBytes: number): Uint8Array {
  const bytes = new Uint8Array(maxBytes);
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
}

function replace(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}`;
  for (const file of [path, temporary]) {
    for (const name of ["read", "write"] as const) {
      if (!isGranted({ name, path: file })) throw new Deno.errors.NotCapable(`${name} ${file}`);
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

function removeSocket(path: string): boolean {
  try {
    if (Deno.lstatSync(path).isSocket !== true) return false;
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return true;
}

export const files: Files = {
  standardOutput: Deno.stdout,
  standardError: Deno.stderr,
  openToAppend: (path) => Deno.openSync(path, { append: true, create: true }),
  read,
  names: (directory) => Array.from(Deno.readDirSync(directory), ({ name }) => name),
  removeSocket,
  replace,
};
