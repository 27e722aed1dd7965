/** The home directory by Node. */

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import type { Home } from "../home.ts";

const OWNER_ALONE = 0o600;

function pathOf(name: string): string | undefined {
  try {
    const home = homedir();
    return home === "" ? undefined : `${home}/${name}`;
  } catch {
    // The user is not known to the system.
    return undefined;
  }
}

export const home: Home = {
  pathOf,
  read: (path) => readFileSync(path, "utf8"),
  replace: (path, text) => writeFileSync(path, text, { mode: OWNER_ALONE }),
  append: (path, text) => appendFileSync(path, text, { mode: OWNER_ALONE }),
};
