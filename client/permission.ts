/**
 * Network access. Deno's own question is asked only where somebody can answer it; elsewhere a
 * client that may not connect says so in one line.
 */

/** What is missing and what to do about it, in one line; undefined when all is well. */
export async function missingNetAccess(
  hostname: string,
  port: number,
): Promise<string | undefined> {
  const host = hostPort(hostname, port);
  const permission = { name: "net", host } as const;
  let { state } = await Deno.permissions.query(permission);
  if (state === "prompt" && Deno.stdin.isTerminal() && Deno.stderr.isTerminal()) {
    ({ state } = await Deno.permissions.request(permission));
  }
  if (state === "granted") return undefined;
  return `network access to ${host} was refused; allow it with ` +
    `"deno run --allow-net=${host} main.ts client"`;
}

/** An address as it is written: IPv6 in brackets. */
export function hostPort(hostname: string, port: number): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
