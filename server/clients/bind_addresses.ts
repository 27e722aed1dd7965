/**
 * What Redis's `bind` words ask for. The default asks for every address of both families: one
 * dual-stack IPv6 socket serves them all, and where the system has no IPv6, one IPv4 socket takes its
 * place.
 */

export interface BindAddress {
  readonly hostname: string;
  /** The machine may be without it. */
  readonly isOptional: boolean;
  /** What takes its place where it cannot be opened. */
  readonly substitute: string | undefined;
}

export function bindAddresses(bind: readonly string[]): BindAddress[] {
  const addresses = bind.map((word) => ({
    hostname: hostnameOf(word.replace(/^-/, "")),
    isOptional: word.startsWith("-"),
    substitute: undefined,
  }));
  const hostnames = new Set(addresses.map(({ hostname }) => hostname));
  if (!hostnames.has("::") || !hostnames.has("0.0.0.0")) return addresses;
  return [{ hostname: "::", isOptional: false, substitute: "0.0.0.0" }];
}

/** Redis writes all addresses of a family as `*` and `::*`. */
function hostnameOf(word: string): string {
  if (word === "*") return "0.0.0.0";
  if (word === "::*") return "::";
  return word;
}
