/** The versions that the server reports, from one place each. */

import project from "../deno.json" with { type: "json" };

/** Ravel's own version. */
export const ravelVersion: string = project.version;

/** The version of Redis whose behaviour Ravel follows, for clients that check. */
export const redisVersion = "7.2.4";
