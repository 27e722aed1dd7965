/** Flags of ACL's subcommands: all of them serve also while data is loaded, and none of them scripts. */

import type { CommandFlag } from "../../registry.ts";

export const OPEN_FLAGS: readonly CommandFlag[] = ["noscript", "loading", "stale", "sentinel"];
/** Of those that are for who runs the server. */
export const ADMIN_FLAGS: readonly CommandFlag[] = ["admin", ...OPEN_FLAGS];

/** Tips of those that are asked of every node of a cluster. */
export const ALL_NODES: readonly string[] = [
  "request_policy:all_nodes",
  "response_policy:all_succeeded",
];
