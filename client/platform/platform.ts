/**
 * What the client needs of the runtime, beside what server/platform/ has already. As there, `deno/`
 * provides it on Deno and `node/` on Node and Bun, by files of the same names with the same exports,
 * and a build for the latter puts the one folder in the other's place.
 */

export { access } from "./deno/access.ts";
export { failures } from "./deno/failures.ts";
export { home } from "./deno/home.ts";
export { network } from "./deno/network.ts";
export { terminal } from "./deno/terminal.ts";
