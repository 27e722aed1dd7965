/**
 * The few lines that a server started from the command line opens with: what runs, where, and how
 * to reach it.
 */

import { process } from "../platform/platform.ts";
import type { NetAddress } from "../platform/socket.ts";
import { ravelVersion, redisVersion } from "../version.ts";

/** Where a server is reached. */
export interface ReachedAt {
  readonly addresses: readonly NetAddress[];
  readonly tlsAddresses: readonly NetAddress[];
  /** A path; empty for none. */
  readonly unixSocket: string;
}

/**
 * Three lines and one for each address, without the last line end.
 *
 * @param passwordNeeded whether AUTH comes first
 */
export function banner(reached: ReachedAt, passwordNeeded: boolean): string {
  const { addresses, tlsAddresses, unixSocket } = reached;
  const password = passwordNeeded ? " --askpass" : "";
  return [
    `Ravel ${ravelVersion}, compatible with Redis ${redisVersion}`,
    ...addresses.map((address) => `  listening on  ${shown(address)}`),
    ...tlsAddresses.map((address) => `  listening on  ${shown(address)} (TLS)`),
    ...(unixSocket === "" ? [] : [`  listening on  ${unixSocket}`]),
    `  process id    ${process.id}`,
    `  connect with  redis-cli${wayIn(reached)}${password}`,
  ].join("\n");
}

/** What redis-cli has to be told; plain TCP comes first, as it takes the fewest words. */
function wayIn({ addresses, tlsAddresses, unixSocket }: ReachedAt): string {
  if (addresses.length > 0) return hostAndPort(addresses);
  if (tlsAddresses.length === 0) return ` -s ${unixSocket}`;
  return `${hostAndPort(tlsAddresses)} --tls --cacert FILE`;
}

function hostAndPort(addresses: readonly NetAddress[]): string {
  const { hostname, port } = addresses.find(({ hostname }) => ANY_OR_LOOPBACK.has(hostname)) ??
    addresses[0];
  return `${ANY_OR_LOOPBACK.has(hostname) ? "" : ` -h ${hostname}`} -p ${port}`;
}

function shown({ hostname, port }: NetAddress): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** Hosts that redis-cli reaches without being told one. */
const ANY_OR_LOOPBACK: ReadonlySet<string> = new Set(["::", "0.0.0.0", "::1", "127.0.0.1"]);
