/** The home directory by Deno, which is never asked for a permission it has not given already. */

import type { Home } from "../home.ts";

const OWNER_ALONE = 0o600;

function pathOf(name: string): string | undefined {
  const variable = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  if (!isGranted({ name: "env", variable })) return undefined;
  const home = Deno.env.get(variable);
  if (home === undefined || home === "") return undefined;
  const path = `${home}/${name}`;
  const isAllowed = isGranted({ name: "read", path }) && isGranted({ name: "write", path });
  return isAllowed ? path : undefined;
}

function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

export const home: Home = {
  pathOf,
  read: (path) => Deno.readTextFileSync(path),
  replace: (path, text) => Deno.writeTextFileSync(path, text, { mode: OWNER_ALONE }),
  append: (path, text) => Deno.writeTextFileSync(path, text, { append: true, mode: OWNER_ALONE }),
};
