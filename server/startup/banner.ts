/**
 * The few lines that a server started from the command line opens with: what runs, where, and how
 * to reach it.
 */

import { process } from "../platform/platform.ts";
import type { NetAddress } from "../platform/socket.ts";
import { ravelVersion, redisVersion } from "../version.ts";

/**
 * Three lines and one for each address, without the last line end.
 *
 * @param addresses where the server listens; at least one
 * @param passwordNeeded whether AUTH comes first
 */
export function banner(addresses: readonly NetAddress[], passwordNeeded: boolean): string {
  const { hostname, port } = addresses.find(({ hostname }) => ANY_OR_LOOPBACK.has(hostname)) ??
    addresses[0];
  const host = ANY_OR_LOOPBACK.has(hostname) ? "" : ` -h ${hostname}`;
  const password = passwordNeeded ? " --askpass" : "";
  return [
    `Ravel ${ravelVersion}, compatible with Redis ${redisVersion}`,
    ...addresses.map((address) => `  listening on  ${shown(address)}`),
    `  process id    ${process.id}`,
    `  connect with  redis-cli${host} -p ${port}${password}`,
  ].join("\n");
}

function shown({ hostname, port }: NetAddress): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** Hosts that redis-cli reaches without being told one. */
const ANY_OR_LOOPBACK: ReadonlySet<string> = new Set(["::", "0.0.0.0", "::1", "127.0.0.1"]);
