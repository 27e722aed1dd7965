/**
 * Addresses of servers as one word, in the form that clients of Redis share:
 *
 * ```
 * redis://user:password@host:port/database
 * rediss://…                                  the same over TLS
 * ```
 *
 * All but the scheme may be left out. What a URL cannot hold as it is stands there as %XX.
 */

/** What an address says. */
export interface Address {
  readonly isTls: boolean;
  readonly hostname?: string;
  readonly port?: string;
  readonly user?: string;
  readonly password?: string;
  readonly db?: string;
}

/** Undefined where it is no such address. */
export function parseAddress(text: string): Address | undefined {
  const scheme = /^(rediss?):\/\/(.*)$/is.exec(text);
  if (scheme === null) return undefined;
  // Host names follow the rules of http's, which URL reads in no other scheme.
  const asHttp = `http://${scheme[2].replace(/^(?=[/?]|$)/, "none.invalid")}`;
  const port = /:(\d+)(?:[/?#]|$)/.exec(scheme[2].slice(scheme[2].lastIndexOf("@") + 1))?.[1];
  try {
    const url = new URL(asHttp);
    return {
      isTls: scheme[1].toLowerCase() === "rediss",
      hostname: present(url.hostname.replace(/^\[(.*)\]$/, "$1").replace("none.invalid", "")),
      port,
      ...credentialsOf(url),
      db: present(url.pathname.slice(1)) ?? url.searchParams.get("db") ?? undefined,
    };
  } catch {
    return undefined;
  }
}

/** A word alone before the "@" is the password, as redis-cli has it. */
function credentialsOf({ username, password }: URL): { user?: string; password?: string } {
  const [first, second] = [username, password].map((word) => present(decodeURIComponent(word)));
  return second === undefined ? { password: first } : { user: first, password: second };
}

function present(text: string): string | undefined {
  return text === "" ? undefined : text;
}
