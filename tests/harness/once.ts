/**
 * Work that several test files need and one of them does, while the others wait: they run side by
 * side, in threads and in processes of their own.
 */

import { join } from "node:path";

/**
 * Has a folder's contents made, unless they were made from the same before.
 *
 * @param of what they are made from: a text
 * @param make called while nobody else makes anything there
 */
export async function madeOnce(
  folder: string,
  of: string,
  make: () => Promise<unknown>,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const note = join(folder, ".made-of");
  using lock = await Deno.open(join(folder, ".lock"), { create: true, write: true });
  await lock.lock(true);
  if (await textOf(note) === of) return;
  await Deno.remove(note).catch(() => {});
  await make();
  await Deno.writeTextFile(note, of);
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
