// The few lines that a server started from the command line opens with: what runs, where, and how to
// reach it.

import { ravelVersion, redisVersion } from "../version.ts";

/** Four lines, without the last line end. `passwordNeeded` says whether AUTH comes first. */
export function banner(
  address: { readonly hostname: string; readonly port: number },
  passwordNeeded: boolean,
): string {
  const { hostname, port } = address;
  const shownHost = hostname.includes(":") ? `[${hostname}]` : hostname;
  const host = ANY_OR_LOOPBACK.has(hostname) ? "" : ` -h ${hostname}`;
  const password = passwordNeeded ? " --askpass" : "";
  return [
    `Ravel ${ravelVersion}, compatible with Redis ${redisVersion}`,
    `  listening on  ${shownHost}:${port}`,
    `  process id    ${Deno.pid}`,
    `  connect with  redis-cli${host} -p ${port}${password}`,
  ].join("\n");
}

/** Hosts that redis-cli reaches without being told one. */
const ANY_OR_LOOPBACK: ReadonlySet<string> = new Set(["::", "0.0.0.0", "::1", "127.0.0.1"]);
