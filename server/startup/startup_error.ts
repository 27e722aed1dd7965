// What a user reads when the server cannot start: one line that says what failed, why, and what to
// do about it. Every such phrase that is not about a setting's value is here.

import { ConfigError } from "../config/config_error.ts";

/** Where the server was to listen, for the message. */
export interface ListenTarget {
  readonly port: number;
  readonly bind: readonly string[];
}

/** One line for any error that serve() may throw. */
export function describeStartupError(error: unknown, target: ListenTarget): string {
  return oneLine(`cannot start: ${reasonOf(error, target)}`);
}

function reasonOf(error: unknown, { port, bind }: ListenTarget): string {
  if (error instanceof ConfigError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  const addresses = bind.join(" ");
  if (error instanceof Deno.errors.AddrInUse) {
    return `port ${port} is in use by another program; stop that one, or choose another port with ` +
      "--port";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `no address of this machine is among '${addresses}'; correct --bind`;
  }
  const permission = missingPermission(message);
  if (permission !== undefined) return permission;
  if (error instanceof Deno.errors.PermissionDenied) {
    return `the system does not allow to listen on port ${port}; choose a port of 1024 or more ` +
      "with --port";
  }
  if (/lookup address|invalid host|Invalid argument/i.test(message)) {
    return `'${addresses}' is not an address that can be listened on; correct --bind`;
  }
  return message;
}

/** Deno's message names the kind of access and what it was wanted for. */
function missingPermission(message: string): string | undefined {
  const wanted = /Requires (\w+) access(?: to ("[^"]*"))?/.exec(message);
  if (wanted === null) return undefined;
  const [, kind, resource] = wanted;
  const flags = kind === "net" ? "--allow-net" : `--allow-net --allow-${kind}`;
  const purpose = resource === undefined ? "" : ` to ${resource}`;
  return `Deno was not given ${kind} access${purpose}; start with "deno run ${flags} main.ts serve"`;
}

/** Line ends and colours, which messages of Deno may have, do not belong into one line. */
function oneLine(text: string): string {
  return text.replace(COLOUR, "").replace(/\s*\n\s*/g, " ").slice(0, 1000);
}

const COLOUR = new RegExp(String.fromCharCode(0x1b) + "\\[[0-9;]*m", "g");
